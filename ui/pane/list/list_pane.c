/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all lists do with keys, the mouse, history and time. */
#include "ui/pane/list/list_pane.h"
#include "ui/pane/list/list_load.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

static struct list_pane *list_pane_of(struct pane *pane)
{
    return (struct list_pane *)(void *)pane;
}

static const struct list_pane *seen(const struct pane *pane)
{
    return (const struct list_pane *)(const void *)pane;
}

struct pane *list_pane_create(const struct pane_type *type, const struct list_kind *kind,
                              struct app *app, struct session *session)
{
    struct list_pane *list = calloc(1, sizeof *list);
    if (!list)
        return NULL;
    list->pane.type = type;
    list->kind = kind;
    list->app = app;
    list->session = session;
    list->view.scroll.height = 1;
    list->view.sort = BROWSER_UNSORTED;
    list->state = calloc(1, kind->state_size ? kind->state_size : 1);
    if (!list->state) {
        free(list);
        return NULL;
    }
    error_set(&list->why, "nothing is known of this guest's Linux yet");
    return &list->pane;
}

void list_pane_destroy(struct pane *pane)
{
    struct list_pane *list = list_pane_of(pane);
    if (!list)
        return;
    if (list->kind->unload)
        list->kind->unload(list);
    row_view_deinit(&list->view);
    beside_drop(&list->asked);
    beside_drop(&list->loaded);
    free(list->state);
    free(list);
}

bool list_pane_row(const struct list_pane *list, size_t *row)
{
    return row_view_item(&list->view, row);
}

static unsigned column_named(const struct list_pane *list, const char *name)
{
    const struct shape *shape = browser_shape(list->view.browser);
    unsigned column = name ? shape_find(shape, name, strlen(name)) : shape->columns;
    return column < shape->columns ? column : BROWSER_UNSORTED;
}

/* Remarks on the rows as a whole, once all are there. */
static void show_note(struct list_pane *list)
{
    const char *note = list_load_note(list);
    if (note && !list->kind->live_ms)
        app_error(list->app, "%s", note);
}

/* Of the row that the cursor is on; 0: there is none. */
static uint64_t key_here(const struct list_pane *list)
{
    size_t row;
    return list_pane_row(list, &row) ? browser_key(list->view.browser, row) : 0;
}

/* Rows that have been read, if there are any by now. */
static void take_rows(struct list_pane *list, bool wait)
{
    uint64_t cursor;
    if (list_load_take(list, wait, &cursor) == LIST_LOAD_NONE)
        return;
    if (list->view.browser && list->kind->loaded)
        list->kind->loaded(list, cursor);
    show_note(list);
    app_redraw(list->app);
}

void list_pane_forget(struct list_pane *list)
{
    row_view_take(&list->view, NULL);
    row_view_sort(&list->view);
    beside_drop(&list->asked);
    beside_drop(&list->loaded);
}

void list_pane_reload(struct list_pane *list)
{
    struct list_question question = {.arguments = ""};
    list->loaded_ms = list->now_ms;
    if (!list->kind->ask(list, &question, &list->why) || !list_load_ask(list, &question))
        list_pane_forget(list);
    else
        take_rows(list, true);
}

void list_pane_refresh(struct pane *pane, int64_t now_ms)
{
    struct list_pane *list = list_pane_of(pane);
    int64_t every = list->kind->live_ms;
    list->now_ms = now_ms;
    bool is_due = !list->view.browser || (every && now_ms - list->loaded_ms >= every);
    if (is_due && !list->asked)
        list_pane_reload(list);
}

/* Another kernel, process or half of it: what was read is no longer what is there. */
void list_pane_facts_changed(struct pane *pane)
{
    struct list_pane *list = list_pane_of(pane);
    list->now_ms = clock_ms();
    list_pane_forget(list);
    list_pane_reload(list);
}

const struct value *list_pane_cell(const struct list_pane *list, size_t row, const char *column)
{
    unsigned at = column_named(list, column);
    const struct value *value =
        at == BROWSER_UNSORTED ? NULL : browser_cell(list->view.browser, row, at);
    return value && value_is_known(value) ? value : NULL;
}

/* The first column of addresses, by its name. */
static const char *address_column(const struct shape *shape)
{
    for (unsigned i = 0; i < shape->columns; i++)
        if (shape->column[i].type == VALUE_ADDRESS)
            return shape->column[i].name;
    return NULL;
}

struct address list_pane_address(const struct list_pane *list, size_t row, const char *column)
{
    const struct space *space = app_space(list->app);
    const char *name = column ? column : address_column(browser_shape(list->view.browser));
    const struct value *value = list_pane_cell(list, row, name);
    if (!value || value->type != VALUE_ADDRESS)
        return address_in(space, 0);
    struct address address = value->address;
    if (address.space == space_kernel(space) && space_is_shared(space, address.value))
        address.space = space;
    return address;
}

static struct address address_of(const struct list_pane *list, size_t row)
{
    return list->kind->address ? list->kind->address(list, row)
                               : list_pane_address(list, row, NULL);
}

struct address list_pane_here(const struct pane *pane)
{
    const struct list_pane *list = seen(pane);
    size_t row;
    if (!list_pane_row(list, &row))
        return address_in(app_space(list->app), 0);
    return address_of(list, row);
}

uint64_t list_pane_top(const struct pane *pane)
{
    const struct scroll *scroll = &seen(pane)->view.scroll;
    return scroll->cursor - scroll->top;
}

void list_pane_detail(const struct pane *pane, struct visit_detail *detail)
{
    detail->word[0] = key_here(seen(pane));
}

void list_pane_recall(struct pane *pane, const struct visit_detail *detail)
{
    struct row_view *view = &list_pane_of(pane)->view;
    for (size_t i = 0; i < view->matches; i++)
        if (browser_key(view->browser, view->shown[i]) == detail->word[0]) {
            scroll_to(&view->scroll, i);
            return;
        }
    if (!list_pane_of(pane)->asked)
        return;
    view->seeking = true; /* it may be among those that are being read */
    view->sought_key = detail->word[0];
}

void list_pane_restore(struct pane *pane, struct address cursor, uint64_t top)
{
    (void)cursor;
    struct scroll *scroll = &list_pane_of(pane)->view.scroll;
    scroll_place(scroll, scroll->cursor, top);
}

/* Looks for the address in a slice of the rows.  False: no row has it. */
static bool go_on(struct list_pane *list)
{
    enum { GO_SLICE = 16384 }; /* rows: about three milliseconds */
    const struct row_view *view = &list->view;
    size_t from = list->going.from, left = view->matches > from ? view->matches - from : 0;
    size_t end = from + (left < GO_SLICE ? left : GO_SLICE);
    for (size_t i = from; i < end; i++)
        if (address_of(list, view->shown[i]).value == list->going.address) {
            list->going.is_underway = false;
            scroll_to(&list->view.scroll, i);
            app_redraw(list->app);
            return true;
        }
    list->going.from = end;
    list->going.is_underway = end < view->matches;
    return list->going.is_underway;
}

bool list_pane_go(struct pane *pane, struct address address, struct error *err)
{
    struct list_pane *list = list_pane_of(pane);
    list->going.address = address.value;
    list->going.from = 0;
    return go_on(list) || error_set(err, "address not in this list");
}

/* Looks through a slice of the rows.  False: no row has it. */
static bool search_on(struct list_pane *list, struct error *err)
{
    enum row_found found = row_view_search_on(&list->view);
    if (found == ROW_FOUND_ROUND)
        app_message(list->app, "found (search wrapped at the %s)",
                    list->view.search_back ? "start" : "end");
    return found != ROW_NOT_FOUND || error_set(err, "no row has \"%s\"", list->view.sought);
}

static bool search_again(struct list_pane *list, bool backward, struct error *err)
{
    if (!list->view.sought[0])
        return error_set(err, "nothing was searched for here yet: search TEXT");
    row_view_search(&list->view, backward);
    if (!search_on(list, err))
        return false;
    if (list->view.search_left)
        app_message(list->app, "searching ...");
    return true;
}

bool list_pane_search(struct pane *pane, const char *text, bool backward, struct error *err)
{
    struct list_pane *list = list_pane_of(pane);
    list->view.sought[0] = '\0';
    strncat(list->view.sought, text, sizeof list->view.sought - 1);
    list->view.backward = backward;
    return search_again(list, backward, err);
}

const char *list_pane_filter(struct pane *pane, const char *text)
{
    struct row_view *view = &list_pane_of(pane)->view;
    if (text && strncmp(text, view->filter, sizeof view->filter) != 0)
        row_view_filter(view, text);
    return view->filter;
}

static void stop_reading(struct list_pane *list)
{
    beside_drop(&list->asked);
    if (!list->view.browser)
        error_set(&list->why, "reading was stopped");
    app_message(list->app, "reading was stopped");
}

void list_pane_cancel(struct pane *pane)
{
    struct row_view *view = &list_pane_of(pane)->view;
    view->search_left = 0;
    if (list_pane_of(pane)->asked)
        stop_reading(list_pane_of(pane));
    else if (view->arranger)
        row_view_stop(view);
    else
        list_pane_filter(pane, "");
}

/* Columns that had no room come with their names, for nothing stands above them. */
void list_pane_status(struct pane *pane, char *text, size_t size)
{
    const struct list_pane *list = seen(pane);
    struct text line = text_over(text, size);
    struct list_layout layout;
    const unsigned *shown;
    size_t row;
    if (!list_pane_row(list, &row))
        return;
    list_pane_layout(list, list->width, &layout);
    const struct shape *shape = browser_shape(list->view.browser);
    const struct value *cells = browser_row(list->view.browser, row);
    unsigned count = browser_shown(list->view.browser, &shown);
    for (unsigned i = 0; i < count; i++) {
        char cell[ROW_TEXT];
        struct text part = TEXT_OVER(cell);
        const struct column *column = &shape->column[shown[i]];
        row_cell_text(column, &cells[shown[i]], &part);
        const char *start = cell + strspn(cell, " ");
        if (*start)
            text_add(&line, "%s%s%s%s", line.length ? "  " : "",
                     layout.width[i] ? "" : column->heading, layout.width[i] ? "" : " ", start);
    }
}

bool list_pane_step(struct pane *pane)
{
    struct list_pane *list = list_pane_of(pane);
    struct row_view *view = &list->view;
    enum { TURN_MS = 1 }; /* before the next key is looked for */
    take_rows(list, false);
    if (row_view_settle(view, TURN_MS))
        return true;
    if (list->going.is_underway) {
        go_on(list);
        return true;
    }
    bool more = false;
    struct error err;
    if (view->search_left && !search_on(list, &err))
        app_error(list->app, "%s", err.text);
    else if (view->search_left)
        more = true;
    return (view->scanned < view->count && row_view_scan(view, ROW_SLICE)) || more;
}

int list_pane_descriptor(const struct pane *pane)
{
    return beside_descriptor(seen(pane)->asked);
}

static void sort_by(struct list_pane *list, unsigned column)
{
    row_view_sort_by(&list->view, column);
    const char *name = column == BROWSER_UNSORTED
                           ? NULL
                           : browser_shape(list->view.browser)->column[column].heading;
    app_message(list->app, name ? "sorted by %s%s" : "as they come%s%s", name ? name : "",
                list->view.inverted ? ", reversed" : "");
}

bool list_pane_search_again(struct pane *pane, bool reverse, struct error *err)
{
    struct list_pane *list = list_pane_of(pane);
    struct row_view *view = &list->view;
    if (view->searched[0])
        memcpy(view->sought, view->searched, sizeof view->sought);
    return search_again(list, view->backward != reverse, err);
}

bool list_pane_move(struct pane *pane, enum motion motion, int64_t steps)
{
    struct list_pane *list = list_pane_of(pane);
    list->view.seeking = false;
    list->view.search_left = 0;
    list->going.is_underway = false;
    return scroll_motion(&list->view.scroll, motion, steps);
}

struct list_pane *list_pane_call(struct pane *pane, const struct pane_call *call, size_t *row)
{
    struct list_pane *list = list_pane_of(pane);
    if (list_pane_row(list, row))
        return list;
    error_set(call->err, "there is no row to act on");
    return NULL;
}

static bool follow_row(struct list_pane *list, size_t row, struct error *err)
{
    if (list->kind->follow)
        return list->kind->follow(list, row, err);
    app_go(list->app, address_of(list, row));
    return true;
}

static bool follow(struct pane *pane, const struct pane_call *call)
{
    size_t row;
    struct list_pane *list = list_pane_call(pane, call, &row);
    return list && follow_row(list, row, call->err);
}

static bool go_entry(struct pane *pane, const struct pane_call *call)
{
    size_t row;
    struct list_pane *list = list_pane_call(pane, call, &row);
    if (list)
        app_go(list->app, address_of(list, row));
    return list != NULL;
}

static bool sort_next(struct pane *pane, const struct pane_call *call)
{
    struct list_pane *list = list_pane_of(pane);
    const struct row_view *view = &list->view;
    if (view->browser)
        sort_by(list,
                call->how ? browser_next_column(view->browser, view->sort, call->how) : view->sort);
    return true;
}

const struct pane_command list_pane_commands[] = {
    {"follow", "", "processes: enter; list: show as a struct; else go there, in memory", follow, 0,
     true},
    {"go-entry", "", "to its bytes, in memory", go_entry, 0, true},
    {"sort-next", "", "sort by the next column", sort_next, 1, false},
    {"sort-reverse", "", "reverse the order", sort_next, 0, false},
    {NULL, NULL, NULL, NULL, 0, false},
};

/* A click on a column's name sorts by it. */
static void click_head(struct list_pane *list, int column)
{
    struct list_layout layout;
    const unsigned *shown;
    unsigned count = browser_shown(list->view.browser, &shown);
    list_pane_layout(list, list->width, &layout);
    for (unsigned i = 0; i < count; i++)
        if (column >= layout.at[i] && column < layout.at[i] + layout.width[i])
            sort_by(list, shown[i]);
}

void list_pane_click(struct pane *pane, int line, int column, bool twice)
{
    struct list_pane *list = list_pane_of(pane);
    if (!list->view.browser)
        return;
    if (line < list->head) {
        click_head(list, column);
        return;
    }
    uint64_t at = list->view.scroll.top + (uint64_t)(line - list->head);
    if (at >= list->view.matches)
        return;
    scroll_to(&list->view.scroll, at);
    struct error err;
    if (twice && !follow_row(list, list->view.shown[at], &err))
        app_error(list->app, "%s", err.text);
}
