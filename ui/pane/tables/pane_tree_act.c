/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the keys do in the tables pane: an action is a row of a table. */
#include "ui/pane/tables/pane_tree.h"

#include <inttypes.h>

#define OPEN_ALL_ROWS 100000

static bool cursor_row(const struct tree_pane *self, struct tree_row *row)
{
    return tree_row(&self->tree, self->list.cursor, row);
}

static void after_scroll(struct tree_pane *self)
{
    tree_pane_move_to(self, self->list.cursor);
}

static void up(struct tree_pane *self, int count)
{
    scroll_move(&self->list, -(int64_t)count);
    after_scroll(self);
}

static void down(struct tree_pane *self, int count)
{
    scroll_move(&self->list, count);
    after_scroll(self);
}

static void page_up(struct tree_pane *self, int count)
{
    scroll_page(&self->list, -(int64_t)count * self->list.height);
    after_scroll(self);
}

static void page_down(struct tree_pane *self, int count)
{
    scroll_page(&self->list, (int64_t)count * self->list.height);
    after_scroll(self);
}

static void half_up(struct tree_pane *self, int count)
{
    scroll_page(&self->list, -(int64_t)count * (self->list.height + 1) / 2);
    after_scroll(self);
}

static void half_down(struct tree_pane *self, int count)
{
    scroll_page(&self->list, (int64_t)count * (self->list.height + 1) / 2);
    after_scroll(self);
}

static void first(struct tree_pane *self, int count)
{
    (void)count;
    tree_pane_move_to(self, 0);
}

static void last(struct tree_pane *self, int count)
{
    (void)count;
    tree_pane_move_to(self, tree_rows(&self->tree));
}

static void parent(struct tree_pane *self, int count)
{
    size_t row = self->list.cursor;
    for (; count > 0; count--)
        row = tree_parent(&self->tree, row);
    tree_pane_move_to(self, row);
}

/* Goes on `count` times, until there is no further row. */
static void go_on(struct tree_pane *self, int count, bool backward,
                  size_t (*next)(const struct tree *, size_t, bool))
{
    size_t row = self->list.cursor;
    for (; count > 0; count--) {
        size_t to = next(&self->tree, row, backward);
        if (to == row)
            break;
        row = to;
    }
    tree_pane_move_to(self, row);
}

static void next_sibling(struct tree_pane *self, int count)
{
    go_on(self, count, false, tree_sibling);
}

static void previous_sibling(struct tree_pane *self, int count)
{
    go_on(self, count, true, tree_sibling);
}

static void next_used(struct tree_pane *self, int count)
{
    go_on(self, count, false, tree_used);
}

static void previous_used(struct tree_pane *self, int count)
{
    go_on(self, count, true, tree_used);
}

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
        app_error(self->app, "the table at p:%" PRIx64 " is not in the image", row->target_pa);
        break;
    case TREE_NO_MEMORY:
        app_error(self->app, "out of memory: not opened");
        break;
    }
    tree_pane_find_place(self);
    return true;
}

/* Opens; where that is done already, goes in. */
static void open_or_enter(struct tree_pane *self, int count)
{
    (void)count;
    struct tree_row row, below;
    if (!cursor_row(self, &row) || !row.openable)
        return;
    if (!row.open)
        open_row(self, &row);
    else if (tree_row(&self->tree, self->list.cursor + 1, &below) && below.depth > row.depth)
        tree_pane_move_to(self, self->list.cursor + 1);
}

static void close_or_leave(struct tree_pane *self, int count)
{
    (void)count;
    struct tree_row row;
    if (!cursor_row(self, &row))
        return;
    if ((row.open || row.unfolded) && tree_close(&self->tree, self->list.cursor))
        tree_pane_find_place(self);
    else
        parent(self, 1);
}

static void toggle(struct tree_pane *self, int count)
{
    (void)count;
    struct tree_row row;
    if (!cursor_row(self, &row))
        return;
    if (row.open && tree_close(&self->tree, self->list.cursor))
        tree_pane_find_place(self);
    else if (!open_row(self, &row))
        app_message(self->app, "there is nothing below this entry");
}

static void open_all(struct tree_pane *self, int count)
{
    (void)count;
    struct tree_row row;
    if (!cursor_row(self, &row) || !row.openable)
        return;
    if (row.kind != ENTRY_TABLE)
        open_row(self, &row);
    else if (!tree_open_all(&self->tree, self->list.cursor, OPEN_ALL_ROWS))
        app_message(self->app, "not everything was opened: %zu rows are shown by now",
                    tree_rows(&self->tree));
    tree_pane_find_place(self);
}

static void close_all(struct tree_pane *self, int count)
{
    (void)count;
    tree_close_all(&self->tree, self->list.cursor);
    tree_pane_find_place(self);
}

static void show_empty(struct tree_pane *self, int count)
{
    (void)count;
    tree_show_empty(&self->tree, !self->tree.show_empty);
    tree_pane_find_place(self);
    tree_pane_move_to(self, self->list.cursor);
    app_message(self->app,
                self->tree.show_empty ? "empty entries are shown" : "empty entries are hidden");
}

static void go(struct tree_pane *self, const struct space *space, uint64_t value)
{
    app_go(self->app, address_in(space, value));
}

static void go_entry(struct tree_pane *self, int count)
{
    (void)count;
    struct tree_row row;
    if (!cursor_row(self, &row))
        return;
    if (row.depth == 0)
        app_message(self->app, "a root is in a register, not in memory");
    else
        go(self, &space_phys, row.table_pa + 8 * (uint64_t)row.index);
}

static void go_table(struct tree_pane *self, int count)
{
    (void)count;
    struct tree_row row;
    if (cursor_row(self, &row))
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

static void follow_phys(struct tree_pane *self, int count)
{
    (void)count;
    struct tree_row row;
    uint64_t pa;
    if (!cursor_row(self, &row))
        return;
    if (target_of(self, &row, &pa))
        go(self, &space_phys, pa);
    else
        app_error(self->app, "this entry holds no address");
}

static void follow_file(struct tree_pane *self, int count)
{
    (void)count;
    struct tree_row row;
    uint64_t pa, offset;
    if (!cursor_row(self, &row))
        return;
    if (!target_of(self, &row, &pa))
        app_error(self->app, "this entry holds no address");
    else if (!session_in_image(self->session, pa, &offset))
        app_error(self->app, "p:%" PRIx64 " is not in the image", pa);
    else
        go(self, &space_file, offset);
}

/* As v:, where the entry maps something; a count of 2 asks for p:. */
static void go_page(struct tree_pane *self, int count)
{
    struct tree_row row;
    if (!cursor_row(self, &row))
        return;
    if (count == 2 || row.kind == ENTRY_NOT_PRESENT)
        follow_phys(self, 1);
    else if (row.kind == ENTRY_LEAF || row.kind == ENTRY_TABLE)
        go(self, self->space, row.va);
    else
        app_error(self->app, "this entry maps nothing");
}

static void follow(struct tree_pane *self, int count)
{
    struct tree_row row;
    if (!cursor_row(self, &row))
        return;
    if (row.openable)
        toggle(self, 1);
    else
        go_page(self, count);
}

static void search_next(struct tree_pane *self, int count)
{
    (void)count;
    tree_pane_search_again(self, false);
}

static void search_previous(struct tree_pane *self, int count)
{
    (void)count;
    tree_pane_search_again(self, true);
}

static void (*const acts[ACTIONS])(struct tree_pane *self, int count) = {
    [ACTION_UP] = up,
    [ACTION_DOWN] = down,
    [ACTION_PAGE_UP] = page_up,
    [ACTION_PAGE_DOWN] = page_down,
    [ACTION_HALF_UP] = half_up,
    [ACTION_HALF_DOWN] = half_down,
    [ACTION_FIRST] = first,
    [ACTION_LAST] = last,
    [ACTION_RIGHT] = open_or_enter,
    [ACTION_OPEN] = open_or_enter,
    [ACTION_LEFT] = close_or_leave,
    [ACTION_CLOSE] = close_or_leave,
    [ACTION_TOGGLE] = toggle,
    [ACTION_OPEN_ALL] = open_all,
    [ACTION_CLOSE_ALL] = close_all,
    [ACTION_PARENT] = parent,
    [ACTION_NEXT_SIBLING] = next_sibling,
    [ACTION_PREVIOUS_SIBLING] = previous_sibling,
    [ACTION_NEXT] = next_used,
    [ACTION_PREVIOUS] = previous_used,
    [ACTION_SHOW_EMPTY] = show_empty,
    [ACTION_FOLLOW] = follow,
    [ACTION_FOLLOW_PHYS] = follow_phys,
    [ACTION_FOLLOW_FILE] = follow_file,
    [ACTION_GO_ENTRY] = go_entry,
    [ACTION_GO_TABLE] = go_table,
    [ACTION_GO_PAGE] = go_page,
    [ACTION_SEARCH_NEXT] = search_next,
    [ACTION_SEARCH_PREVIOUS] = search_previous,
};

bool tree_pane_act(struct pane *pane, enum action action, int count)
{
    struct tree_pane *self = tree_pane_of(pane);
    if ((unsigned)action >= ACTIONS || !acts[action])
        return false;
    if (self->paging)
        acts[action](self, count > 0 ? count : 1);
    return true;
}

/* A click selects, a double click opens, or goes to the page. */
void tree_pane_click(struct pane *pane, int line, int column, bool twice)
{
    struct tree_pane *self = tree_pane_of(pane);
    (void)column;
    if (!self->paging || line < 0 || self->list.top + (uint64_t)line >= self->list.rows)
        return;
    tree_pane_move_to(self, self->list.top + (size_t)line);
    if (twice)
        follow(self, 1);
}
