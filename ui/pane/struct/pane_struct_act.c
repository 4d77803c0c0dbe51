/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the keys do in the structure pane: an action is a row of a table. */
#include "ui/pane/struct/pane_struct.h"

static bool cursor_row(const struct struct_pane *self, struct view_row *row)
{
    if (self->list.cursor >= view_rows(self->view))
        return false;
    view_row(self->view, self->list.cursor, row);
    return true;
}

static void move(struct struct_pane *self, int count, int how)
{
    scroll_move(&self->list, (int64_t)count * how);
}

static void page(struct struct_pane *self, int count, int how)
{
    int64_t height = self->list.height > 1 ? self->list.height - 1 : 1;
    scroll_page(&self->list, height * count * how);
}

static void half(struct struct_pane *self, int count, int how)
{
    scroll_page(&self->list, ((int64_t)self->list.height + 1) / 2 * count * how);
}

static void bound(struct struct_pane *self, int count, int how)
{
    (void)count;
    scroll_to(&self->list, how > 0 ? self->list.rows : 0);
}

static void parent(struct struct_pane *self, int count, int how)
{
    (void)how;
    size_t at = (size_t)self->list.cursor;
    for (; count > 0; count--)
        at = view_parent(self->view, at);
    scroll_to(&self->list, at);
}

static void sibling(struct struct_pane *self, int count, int how)
{
    struct view_row here, row;
    if (!cursor_row(self, &here))
        return;
    size_t at = (size_t)self->list.cursor, rows = view_rows(self->view);
    while (count > 0 && (how > 0 ? at + 1 < rows : at > 0)) {
        at = how > 0 ? at + 1 : at - 1;
        view_row(self->view, at, &row);
        if (row.depth < here.depth)
            return;
        if (row.depth == here.depth) {
            scroll_to(&self->list, at);
            count--;
        }
    }
}

/* Opens; where that is done already, goes in. */
static void open_or_enter(struct struct_pane *self, int count, int how)
{
    (void)count, (void)how;
    struct view_row row;
    if (!cursor_row(self, &row) || !row.can_open)
        return;
    if (!row.open)
        struct_pane_open(self, (size_t)self->list.cursor, true);
    else
        scroll_move(&self->list, 1);
}

static void close_or_leave(struct struct_pane *self, int count, int how)
{
    (void)count;
    struct view_row row;
    if (!cursor_row(self, &row))
        return;
    if (!row.open || !struct_pane_open(self, (size_t)self->list.cursor, false))
        parent(self, 1, how);
}

static void toggle(struct struct_pane *self, int count, int how)
{
    (void)count, (void)how;
    struct view_row row;
    if (cursor_row(self, &row) && !struct_pane_open(self, (size_t)self->list.cursor, !row.open))
        app_message(self->app, "there is nothing inside %s", row.name);
}

/* The row and what is directly in it. */
static void open_all(struct struct_pane *self, int count, int how)
{
    (void)count, (void)how;
    struct view_row here, row;
    size_t from = (size_t)self->list.cursor, last = from;
    if (!cursor_row(self, &here))
        return;
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
}

static void close_all(struct struct_pane *self, int count, int how)
{
    (void)count, (void)how;
    size_t top = (size_t)self->list.cursor;
    while (top < view_rows(self->view) && view_parent(self->view, top) != top)
        top = view_parent(self->view, top);
    for (size_t at = view_rows(self->view); at-- > 0;) {
        struct view_row row;
        if (at >= view_rows(self->view))
            continue;
        view_row(self->view, at, &row);
        size_t before = view_rows(self->view);
        if (row.open && !row.anonymous && view_open(self->view, at, false) && at < top)
            top -= before - view_rows(self->view);
    }
    self->list.rows = view_rows(self->view);
    scroll_to(&self->list, top);
}

static void follow(struct struct_pane *self, int count, int how)
{
    (void)count, (void)how;
    struct_follow(self);
}

static void walk_list(struct struct_pane *self, int count, int how)
{
    (void)count, (void)how;
    struct_walk_list(self);
}

static void to_bytes(struct struct_pane *self, int count, int how)
{
    (void)count;
    struct view_row row;
    if (!cursor_row(self, &row))
        return;
    struct address address = address_in(session_space(self->session), row.va);
    if (how == ACTION_REVEAL)
        app_reveal(self->app, address);
    else
        app_go(self->app, address);
}

static void to_target(struct struct_pane *self, int count, int how)
{
    (void)count, (void)how;
    struct view_row row;
    if (!cursor_row(self, &row))
        return;
    if (row.has_target || (row.has_number && row.size == 8 && row.number))
        app_go(self->app, address_in(session_space(self->session),
                                     row.has_target ? row.target_va : row.number));
    else
        app_error(self->app, "%s holds no address", row.name);
}

static void search(struct struct_pane *self, int count, int how)
{
    (void)count;
    struct_pane_search_again(self, how < 0);
}

static const struct {
    void (*run)(struct struct_pane *self, int count, int how);
    int how;
} acts[ACTIONS] = {
    [ACTION_UP] = {move, -1},
    [ACTION_DOWN] = {move, 1},
    [ACTION_PAGE_UP] = {page, -1},
    [ACTION_PAGE_DOWN] = {page, 1},
    [ACTION_HALF_UP] = {half, -1},
    [ACTION_HALF_DOWN] = {half, 1},
    [ACTION_FIRST] = {bound, -1},
    [ACTION_LAST] = {bound, 1},
    [ACTION_RIGHT] = {open_or_enter, 0},
    [ACTION_OPEN] = {open_or_enter, 0},
    [ACTION_LEFT] = {close_or_leave, 0},
    [ACTION_CLOSE] = {close_or_leave, 0},
    [ACTION_TOGGLE] = {toggle, 0},
    [ACTION_OPEN_ALL] = {open_all, 0},
    [ACTION_CLOSE_ALL] = {close_all, 0},
    [ACTION_PARENT] = {parent, 0},
    [ACTION_NEXT_SIBLING] = {sibling, 1},
    [ACTION_PREVIOUS_SIBLING] = {sibling, -1},
    [ACTION_FOLLOW] = {follow, 0},
    [ACTION_LIST] = {walk_list, 0},
    [ACTION_GO_ENTRY] = {to_bytes, 0},
    [ACTION_GO_PAGE] = {to_target, 0},
    [ACTION_REVEAL] = {to_bytes, ACTION_REVEAL},
    [ACTION_SEARCH_NEXT] = {search, 1},
    [ACTION_SEARCH_PREVIOUS] = {search, -1},
};

bool struct_pane_act(struct pane *pane, enum action action, int count)
{
    struct struct_pane *self = struct_pane_of(pane);
    if (!acts[action].run)
        return false;
    if (self->shows)
        acts[action].run(self, count > 0 ? count : 1, acts[action].how);
    return true;
}

/* A click selects, a double click follows. */
void struct_pane_click(struct pane *pane, int line, int column, bool twice)
{
    struct struct_pane *self = struct_pane_of(pane);
    (void)column;
    if (!self->shows || line < 0 || self->list.top + (uint64_t)line >= self->list.rows)
        return;
    scroll_to(&self->list, self->list.top + (uint64_t)line);
    if (twice)
        struct_follow(self);
}
