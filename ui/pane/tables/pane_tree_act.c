/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the tables pane: a row each. */
#include "ui/pane/tables/pane_tree.h"

#include <inttypes.h>

#define OPEN_ALL_ROWS    100000
#define OPEN_ALL_ENTRIES ((size_t)8 << 20) /* of 16,384 tables of 512 */
#define OPEN_ALL_SLICE   ((size_t)1 << 17) /* a millisecond or two */

/* The row under the cursor.  False with the reason. */
static bool cursor_row(const struct tree_pane *self, struct tree_row *row, struct error *err)
{
    if (!self->paging)
        return error_set(err,
                         "no page tables are known yet; set them: paging MODE, then root EXPR");
    return tree_row(&self->tree, self->list.cursor, row) ||
           error_set(err, "there is no entry to act on");
}

static void to_parent(struct tree_pane *self, int count)
{
    size_t row = self->list.cursor;
    for (; count > 0; count--)
        row = tree_parent(&self->tree, row);
    tree_pane_move_to(self, row);
}

static bool parent(struct pane *pane, const struct pane_call *call)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row row;
    if (!cursor_row(self, &row, call->err))
        return false;
    to_parent(self, call->count);
    return true;
}

/* Goes on `count` times, until there is no further row. */
static bool go_on(struct pane *pane, const struct pane_call *call,
                  size_t (*next)(const struct tree *, size_t, bool))
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row here;
    if (!cursor_row(self, &here, call->err))
        return false;
    size_t row = self->list.cursor;
    for (int count = call->count; count > 0; count--) {
        size_t to = next(&self->tree, row, call->how < 0);
        if (to == row)
            break;
        row = to;
    }
    tree_pane_move_to(self, row);
    return true;
}

static bool sibling(struct pane *pane, const struct pane_call *call)
{
    return go_on(pane, call, tree_sibling);
}

static bool used(struct pane *pane, const struct pane_call *call)
{
    return go_on(pane, call, tree_used);
}

/* False where there is nothing below the entry. */
static bool open_row(struct tree_pane *self, const struct tree_row *row)
{
    switch (tree_open(&self->tree, self->list.cursor)) {
    case TREE_OPENED:
        if (row->loop)
            app_message(self->app,
                        "p:%" PRIx64
                        " is on this path already: what is below repeats what is above",
                        row->target_pa);
        break;
    case TREE_NOTHING:
        return false;
    case TREE_MISSING:
        app_error(self->app, "the table at p:%" PRIx64 " is %s", row->target_pa,
                  extent_name(row->missing ? row->missing : EXTENT_NONE));
        break;
    case TREE_NO_MEMORY:
        app_error(self->app, "out of memory: not opened");
        break;
    }
    tree_pane_find_place(self);
    return true;
}

/* Opens; where that is done already, goes in. */
static void open_or_enter(struct tree_pane *self, const struct tree_row *row)
{
    struct tree_row below;
    if (!row->openable)
        return;
    if (!row->open)
        open_row(self, row);
    else if (tree_row(&self->tree, self->list.cursor + 1, &below) && below.depth > row->depth)
        tree_pane_move_to(self, self->list.cursor + 1);
}

static void close_or_leave(struct tree_pane *self, const struct tree_row *row)
{
    if ((row->open || row->unfolded) && tree_close(&self->tree, self->list.cursor))
        tree_pane_find_place(self);
    else
        to_parent(self, 1);
}

static bool open_entry(struct pane *pane, const struct pane_call *call)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row row;
    if (!cursor_row(self, &row, call->err))
        return false;
    if (call->how > 0)
        open_or_enter(self, &row);
    else
        close_or_leave(self, &row);
    return true;
}

static void toggle_row(struct tree_pane *self, const struct tree_row *row)
{
    if (row->open && tree_close(&self->tree, self->list.cursor))
        tree_pane_find_place(self);
    else if (!open_row(self, row))
        app_message(self->app, "there is nothing below this entry");
}

static bool toggle(struct pane *pane, const struct pane_call *call)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row row;
    if (!cursor_row(self, &row, call->err))
        return false;
    toggle_row(self, &row);
    return true;
}

void tree_pane_open_more(struct tree_pane *self)
{
    size_t slice = self->opening.entries < OPEN_ALL_SLICE ? self->opening.entries : OPEN_ALL_SLICE;
    enum tree_opened_all result = tree_open_all(
        &self->tree, tree_find(&self->tree, self->opening.place), OPEN_ALL_ROWS, slice);
    self->opening.entries -= slice;
    if (result == TREE_FULL || (result == TREE_MORE && !self->opening.entries))
        app_message(self->app, "not everything was opened: %zu rows are shown by now",
                    tree_rows(&self->tree));
    if (result != TREE_MORE)
        self->opening.entries = 0;
    tree_pane_find_place(self);
    app_redraw(self->app);
}

static bool open_all(struct pane *pane, const struct pane_call *call)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row row;
    if (!cursor_row(self, &row, call->err))
        return false;
    if (!row.openable)
        return true;
    if (row.kind != ENTRY_TABLE)
        open_row(self, &row);
    else {
        self->opening.entries = OPEN_ALL_ENTRIES;
        self->opening.place = tree_place(&row);
        tree_pane_open_more(self);
    }
    tree_pane_find_place(self);
    return true;
}

static bool close_all(struct pane *pane, const struct pane_call *call)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row row;
    if (!cursor_row(self, &row, call->err))
        return false;
    self->opening.entries = 0;
    tree_close_all(&self->tree, self->list.cursor);
    tree_pane_find_place(self);
    return true;
}

static bool show_empty(struct pane *pane, const struct pane_call *call)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row row;
    if (!cursor_row(self, &row, call->err))
        return false;
    tree_show_empty(&self->tree, !self->tree.show_empty);
    tree_pane_find_place(self);
    tree_pane_move_to(self, self->list.cursor);
    app_message(self->app,
                self->tree.show_empty ? "empty entries are shown" : "empty entries are hidden");
    return true;
}

static bool go(struct tree_pane *self, const struct space *space, uint64_t value)
{
    app_go(self->app, address_in(space, value));
    return true;
}

static bool go_entry(struct pane *pane, const struct pane_call *call)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row row;
    if (!cursor_row(self, &row, call->err))
        return false;
    if (row.depth > 0)
        return go(self, &space_phys, row.table_pa + 8 * (uint64_t)row.index);
    app_message(self->app, "a root is in a register, not in memory");
    return true;
}

static bool go_table(struct pane *pane, const struct pane_call *call)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row row;
    return cursor_row(self, &row, call->err) &&
           go(self, &space_phys, row.kind == ENTRY_TABLE ? row.target_pa : row.table_pa);
}

/* The physical address an entry holds, mapped or kept for later. */
static bool target_of(const struct tree_pane *self, const struct tree_row *row, uint64_t *pa)
{
    if (row->kind == ENTRY_NOT_PRESENT)
        return self->paging->arch->absent_pa(self->paging, row->level, row->entry, pa);
    *pa = row->target_pa;
    return row->kind == ENTRY_LEAF || row->kind == ENTRY_TABLE;
}

static bool go_target(struct tree_pane *self, const struct tree_row *row, enum space_kind kind,
                      struct error *err)
{
    uint64_t pa, offset, first, last;
    if (!target_of(self, row, &pa))
        return error_set(err, "this entry holds no address");
    if (kind == SPACE_PHYS)
        return go(self, &space_phys, pa);
    session_bounds(self->session, &space_file, &first, &last);
    if (!session_in_image(self->session, pa, &offset) || offset > last)
        return error_set(err, "p:%" PRIx64 " has no place in the file", pa);
    return go(self, &space_file, offset);
}

/* As v:, where the entry maps something; a count of 2 asks for p:. */
static bool go_mapped(struct tree_pane *self, const struct tree_row *row, int count,
                      struct error *err)
{
    if (count == 2 || row->kind == ENTRY_NOT_PRESENT)
        return go_target(self, row, SPACE_PHYS, err);
    if (row->kind == ENTRY_LEAF || row->kind == ENTRY_TABLE)
        return go(self, self->space, row->va);
    return error_set(err, "this entry maps nothing");
}

static bool go_page(struct pane *pane, const struct pane_call *call)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row row;
    return cursor_row(self, &row, call->err) && go_mapped(self, &row, call->count, call->err);
}

static bool follow_row(struct tree_pane *self, const struct tree_row *row, int count,
                       struct error *err)
{
    if (!row->openable)
        return go_mapped(self, row, count, err);
    toggle_row(self, row);
    return true;
}

static bool follow(struct pane *pane, const struct pane_call *call)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row row;
    enum space_kind kind;
    if (!cursor_row(self, &row, call->err))
        return false;
    if (!*call->arguments)
        return follow_row(self, &row, call->count, call->err);
    return pane_call_space(call, &kind) &&
           (kind == SPACE_VIRT ? go_mapped(self, &row, 1, call->err)
                               : go_target(self, &row, kind, call->err));
}

const struct pane_command tree_pane_commands[] = {
    {"follow", "[v:|p:|f:]", "open or close, or go to the page; v:, p:, f: the page as that",
     follow, 0, true},
    {"open", "", "open, or go in", open_entry, 1, false},
    {"close", "", "close, or to the parent", open_entry, -1, false},
    {"toggle", "", "open or close", toggle, 0, false},
    {"open-all", "", "open everything below", open_all, 0, false},
    {"close-all", "", "close everything below", close_all, 0, false},
    {"parent", "[N]", "to the parent", parent, 0, false},
    {"next-sibling", "[N]", "next entry at this depth", sibling, 1, false},
    {"previous-sibling", "[N]", "previous entry at this depth", sibling, -1, false},
    {"next", "[N]", "next used entry", used, 1, true},
    {"previous", "[N]", "previous used entry", used, -1, true},
    {"show-empty", "", "show or hide empty entries and tables", show_empty, 0, false},
    {"go-entry", "", "to the entry itself, in memory", go_entry, 0, true},
    {"go-table", "", "to the table it is in or leads to, in memory", go_table, 0, true},
    {"go-page", "[N]", "to the page it maps, in memory; 2: as p:", go_page, 0, true},
    {NULL, NULL, NULL, NULL, 0, false},
};

bool tree_pane_move(struct pane *pane, enum motion motion, int64_t steps)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row row;
    struct error ignored;
    if (motion == MOTION_COLUMN) {
        if (!cursor_row(self, &row, &ignored))
            return true;
        if (steps > 0)
            open_or_enter(self, &row);
        else
            close_or_leave(self, &row);
        return true;
    }
    if (!self->paging)
        return motion != MOTION_ROW_BOUND;
    bool moved = scroll_motion(&self->list, motion, steps);
    tree_pane_move_to(self, self->list.cursor);
    return moved;
}

/* A click selects, a double click opens, or goes to the page. */
void tree_pane_click(struct pane *pane, int line, int column, bool twice)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row row;
    struct error err;
    (void)column;
    if (!self->paging || line < 0 || self->list.top + (uint64_t)line >= self->list.rows)
        return;
    tree_pane_move_to(self, self->list.top + (size_t)line);
    if (twice && !(cursor_row(self, &row, &err) && follow_row(self, &row, 1, &err)))
        app_error(self->app, "%s", err.text);
}
