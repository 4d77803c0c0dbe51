/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the struct pane: a row each. */
#include "ui/pane/struct/pane_struct.h"

/* The row under the cursor.  False with the reason. */
static bool cursor_row(const struct struct_pane *self, struct view_row *row, struct error *err)
{
    if (!self->shows || self->list.cursor >= view_rows(self->view))
        return error_set(err, "no struct is shown yet: struct TYPE EXPR shows one");
    view_row(self->view, self->list.cursor, row);
    return true;
}

static void to_parent(struct struct_pane *self, int count)
{
    size_t at = (size_t)self->list.cursor;
    for (; count > 0; count--)
        at = view_parent(self->view, at);
    scroll_to(&self->list, at);
}

static bool parent(struct pane *pane, const struct pane_call *call)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct view_row row;
    if (!cursor_row(self, &row, call->err))
        return false;
    to_parent(self, call->count);
    return true;
}

static bool sibling(struct pane *pane, const struct pane_call *call)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct view_row here, row;
    if (!cursor_row(self, &here, call->err))
        return false;
    size_t at = (size_t)self->list.cursor, rows = view_rows(self->view);
    for (int count = call->count; count > 0 && (call->how > 0 ? at + 1 < rows : at > 0);) {
        at = call->how > 0 ? at + 1 : at - 1;
        view_row(self->view, at, &row);
        if (row.depth < here.depth)
            break;
        if (row.depth == here.depth) {
            scroll_to(&self->list, at);
            count--;
        }
    }
    return true;
}

/* Opens; where that is done already, goes in. */
static void open_or_enter(struct struct_pane *self, const struct view_row *row)
{
    if (!row->can_open)
        return;
    if (!row->open)
        struct_pane_open(self, (size_t)self->list.cursor, true);
    else
        scroll_move(&self->list, 1);
}

static void close_or_leave(struct struct_pane *self, const struct view_row *row)
{
    if (!row->open || !struct_pane_open(self, (size_t)self->list.cursor, false))
        to_parent(self, 1);
}

static bool open_member(struct pane *pane, const struct pane_call *call)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct view_row row;
    if (!cursor_row(self, &row, call->err))
        return false;
    if (call->how > 0)
        open_or_enter(self, &row);
    else
        close_or_leave(self, &row);
    return true;
}

static bool toggle(struct pane *pane, const struct pane_call *call)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct view_row row;
    if (!cursor_row(self, &row, call->err))
        return false;
    if (!struct_pane_open(self, (size_t)self->list.cursor, !row.open))
        app_message(self->app, "there is nothing inside %s", row.name);
    return true;
}

/* The row and what is directly in it. */
static bool open_all(struct pane *pane, const struct pane_call *call)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct view_row here, row;
    size_t from = (size_t)self->list.cursor, last = from;
    if (!cursor_row(self, &here, call->err))
        return false;
    view_open(self->view, from, true);
    while (last + 1 < view_rows(self->view)) {
        view_row(self->view, last + 1, &row);
        if (row.depth <= here.depth)
            break;
        last++;
    }
    for (size_t at = last; at > from; at--) {
        view_row(self->view, at, &row);
        if (row.depth == here.depth + 1)
            view_open(self->view, at, true);
    }
    struct_pane_opened(self, from);
    return true;
}

static bool close_all(struct pane *pane, const struct pane_call *call)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct view_row row;
    if (!cursor_row(self, &row, call->err))
        return false;
    size_t top = (size_t)self->list.cursor;
    while (top < view_rows(self->view) && view_parent(self->view, top) != top)
        top = view_parent(self->view, top);
    for (size_t at = view_rows(self->view); at-- > 0;) {
        if (at >= view_rows(self->view))
            continue;
        view_row(self->view, at, &row);
        size_t before = view_rows(self->view);
        if (row.open && !row.anonymous && view_open(self->view, at, false) && at < top)
            top -= before - view_rows(self->view);
    }
    self->list.rows = view_rows(self->view);
    scroll_to(&self->list, top);
    return true;
}

static bool follow(struct pane *pane, const struct pane_call *call)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct view_row row;
    return cursor_row(self, &row, call->err) && struct_follow(self, call->err);
}

static bool walk_list(struct pane *pane, const struct pane_call *call)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct view_row row;
    return cursor_row(self, &row, call->err) && struct_walk_list(self, call->err);
}

static bool go_entry(struct pane *pane, const struct pane_call *call)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct view_row row;
    if (!cursor_row(self, &row, call->err))
        return false;
    app_go(self->app, address_in(self->space, row.va));
    return true;
}

static bool go_page(struct pane *pane, const struct pane_call *call)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct view_row row;
    if (!cursor_row(self, &row, call->err))
        return false;
    if (!row.has_target && !(row.has_number && row.size == 8 && row.number))
        return error_set(call->err, "%s holds no address", row.name);
    app_go(self->app, address_in(self->space, row.has_target ? row.target_va : row.number));
    return true;
}

const struct pane_command struct_pane_commands[] = {
    {"follow", "", "follow a pointer as its own type; open what is nested", follow, 0, true},
    {"open", "", "open, or go in", open_member, 1, false},
    {"close", "", "close, or to what it is in", open_member, -1, false},
    {"toggle", "", "open or close", toggle, 0, false},
    {"open-all", "", "open what is directly below", open_all, 0, false},
    {"close-all", "", "close everything", close_all, 0, false},
    {"parent", "[N]", "to what it is in", parent, 0, false},
    {"next-sibling", "[N]", "next member at this depth", sibling, 1, false},
    {"previous-sibling", "[N]", "previous member at this depth", sibling, -1, false},
    {"walk-list", "", "walk the list that the member links", walk_list, 0, true},
    {"go-entry", "", "to the member's bytes, in memory", go_entry, 0, true},
    {"go-page", "", "to what it points to, in memory", go_page, 0, true},
    {NULL, NULL, NULL, NULL, 0, false},
};

bool struct_pane_move(struct pane *pane, enum motion motion, int64_t steps)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct view_row row;
    struct error ignored;
    if (motion != MOTION_COLUMN)
        return scroll_motion(&self->list, motion, steps);
    if (!cursor_row(self, &row, &ignored))
        return true;
    if (steps > 0)
        open_or_enter(self, &row);
    else
        close_or_leave(self, &row);
    return true;
}

/* A click selects, a double click follows. */
void struct_pane_click(struct pane *pane, int line, int column, bool twice)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct error err;
    (void)column;
    if (!self->shows || line < 0 || self->list.top + (uint64_t)line >= self->list.rows)
        return;
    scroll_to(&self->list, self->list.top + (uint64_t)line);
    if (twice && !struct_follow(self, &err))
        app_error(self->app, "%s", err.text);
}
