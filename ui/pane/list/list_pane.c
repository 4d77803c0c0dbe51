/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all lists do with keys, the mouse, history and time. */
#include "ui/pane/list/list_pane.h"

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

struct pane *list_pane_create(const struct pane_type *type, const struct list_source *kind,
                              struct app *app, struct session *session)
{
    struct list_pane *list = calloc(1, sizeof *list);
    if (!list)
        return NULL;
    list->pane.type = type;
    list->kind = kind;
    list->app = app;
    list->session = session;
    list->scroll.height = 1;
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
    list->kind->unload(list);
    free(list->state);
    free(list->order);
    free(list->shown);
    free(list);
}

bool list_pane_row(const struct list_pane *list, size_t *row)
{
    if (!list->loaded || list->scroll.cursor >= list->matches)
        return false;
    *row = list->shown[list->scroll.cursor];
    return true;
}

struct linux_context *list_pane_guest(struct list_pane *list, enum linux_stage part,
                                      struct error *why)
{
    struct linux_context *linux = session_linux(list->session);
    if (linux && linux_knows(linux, part))
        return linux;
    if (linux) {
        *why = *linux_why(linux, part);
        error_context(why, "%s: not known", linux_stage_name(part));
    } else {
        error_set(why, "no Linux kernel was found in this guest");
    }
    return NULL;
}

void list_pane_reload(struct list_pane *list)
{
    list_pane_keep_cursor(list);
    list->loaded_ms = list->now_ms;
    list->loaded = list->kind->load(list, &list->why);
    if (!list_pane_sort(list))
        app_error(list->app, "out of memory: not all rows are listed");
}

void list_pane_refresh(struct pane *pane, int64_t now_ms)
{
    struct list_pane *list = list_pane_of(pane);
    int64_t every = list->kind->live_ms;
    list->now_ms = now_ms;
    if (!list->loaded || (every && now_ms - list->loaded_ms >= every))
        list_pane_reload(list);
}

/* Another kernel, process or half of it: what was read is no longer what is there. */
void list_pane_facts_changed(struct pane *pane)
{
    struct list_pane *list = list_pane_of(pane);
    list->now_ms = clock_ms();
    list_pane_reload(list);
}

struct address list_pane_here(const struct pane *pane)
{
    const struct list_pane *list = seen(pane);
    size_t row;
    if (!list_pane_row(list, &row))
        return address_in(app_space(list->app), 0);
    return list->kind->address(list, row);
}

uint64_t list_pane_top(const struct pane *pane)
{
    return seen(pane)->scroll.cursor - seen(pane)->scroll.top;
}

void list_pane_detail(const struct pane *pane, struct visit_detail *detail)
{
    size_t row;
    if (list_pane_row(seen(pane), &row))
        detail->word[0] = seen(pane)->kind->key(seen(pane), row);
}

void list_pane_recall(struct pane *pane, const struct visit_detail *detail)
{
    struct list_pane *list = list_pane_of(pane);
    for (size_t i = 0; i < list->matches; i++)
        if (list->kind->key(list, list->shown[i]) == detail->word[0]) {
            scroll_to(&list->scroll, i);
            return;
        }
}

void list_pane_restore(struct pane *pane, struct address cursor, uint64_t top)
{
    (void)cursor;
    struct scroll *scroll = &list_pane_of(pane)->scroll;
    scroll_place(scroll, scroll->cursor, top);
}

bool list_pane_go(struct pane *pane, struct address address, struct error *err)
{
    struct list_pane *list = list_pane_of(pane);
    for (size_t i = 0; i < list->matches; i++)
        if (list->kind->address(list, list->shown[i]).value == address.value) {
            scroll_to(&list->scroll, i);
            return true;
        }
    return error_set(err, "no row of this list is there");
}

/* Looks through a slice of the rows.  False: no row has it. */
static bool search_on(struct list_pane *list, struct error *err)
{
    char lower[LIST_PANE_FILTER];
    size_t slice = list_pane_slice(list);
    list_pane_lower(list->sought, lower);
    for (; slice && list->search_left; slice--, list->search_left--) {
        size_t step = list->search_back ? list->matches - 1 : 1;
        list->search_at = (list->search_at + step) % list->matches;
        if (list_pane_has(list, list->shown[list->search_at], lower)) {
            size_t from = (size_t)list->scroll.cursor, at = list->search_at;
            scroll_to(&list->scroll, at);
            if (list->search_back ? at >= from : at <= from)
                app_message(list->app, "found round the %s of the list",
                            list->search_back ? "start" : "end");
            list->search_left = 0;
            memcpy(list->searched, list->sought, sizeof list->searched);
            return true;
        }
    }
    return list->search_left || error_set(err, "no row has \"%s\"", list->sought);
}

static bool search_again(struct list_pane *list, bool backward, struct error *err)
{
    if (!list->sought[0])
        return error_set(err, "nothing was searched for here yet: search TEXT");
    list->search_at = (size_t)list->scroll.cursor;
    list->search_left = list->matches;
    list->search_back = backward;
    if (!search_on(list, err))
        return false;
    if (list->search_left)
        app_message(list->app, "searching ...");
    return true;
}

bool list_pane_search(struct pane *pane, const char *text, bool backward, struct error *err)
{
    struct list_pane *list = list_pane_of(pane);
    list->sought[0] = '\0';
    strncat(list->sought, text, sizeof list->sought - 1);
    list->backward = backward;
    return search_again(list, backward, err);
}

const char *list_pane_filter(struct pane *pane, const char *text)
{
    struct list_pane *list = list_pane_of(pane);
    if (text && strncmp(text, list->filter, sizeof list->filter) != 0) {
        list_pane_keep_cursor(list);
        scroll_to(&list->scroll, 0);
        list_pane_narrow(list, text);
    }
    return list->filter;
}

void list_pane_cancel(struct pane *pane)
{
    list_pane_of(pane)->search_left = 0;
    list_pane_filter(pane, "");
}

/* Columns that had no room come with their names, for nothing stands above them. */
void list_pane_status(struct pane *pane, char *text, size_t size)
{
    const struct list_pane *list = seen(pane);
    struct text line = text_over(text, size);
    struct list_layout layout;
    size_t row;
    if (!list_pane_row(list, &row))
        return;
    list_pane_layout(list, list->width, &layout);
    for (unsigned i = 0; i < list->kind->columns; i++) {
        char cell[LIST_PANE_TEXT];
        struct text part = TEXT_OVER(cell);
        list->kind->text(list, row, i, &part);
        const char *start = cell + strspn(cell, " ");
        if (*start)
            text_add(&line, "%s%s%s%s", line.length ? "  " : "",
                     layout.width[i] ? "" : list->kind->column[i].name, layout.width[i] ? "" : " ",
                     start);
    }
}

bool list_pane_step(struct pane *pane)
{
    struct list_pane *list = list_pane_of(pane);
    bool more = false;
    if (list->loaded && list->kind->step && list->kind->step(list)) {
        list_pane_keep_cursor(list);
        list_pane_sort(list);
        more = true;
    }
    struct error err;
    if (list->search_left && !search_on(list, &err))
        app_error(list->app, "%s", err.text);
    else if (list->search_left)
        more = true;
    return (list->scanned < list->count && list_pane_scan(list, list_pane_slice(list))) || more;
}

static void sort_by(struct list_pane *list, unsigned column)
{
    list_pane_keep_cursor(list);
    list->inverted = list->sort == column && !list->inverted;
    list->sort = column;
    list_pane_sort(list);
    app_message(list->app, "sorted by %s%s", list->kind->column[column].name,
                list->inverted ? ", the other way round" : "");
}

bool list_pane_search_again(struct pane *pane, bool reverse, struct error *err)
{
    struct list_pane *list = list_pane_of(pane);
    if (list->searched[0])
        memcpy(list->sought, list->searched, sizeof list->sought);
    return search_again(list, list->backward != reverse, err);
}

bool list_pane_move(struct pane *pane, enum motion motion, int64_t steps)
{
    struct list_pane *list = list_pane_of(pane);
    list->seeking = false;
    list->search_left = 0;
    return scroll_motion(&list->scroll, motion, steps);
}

struct list_pane *list_pane_call(struct pane *pane, const struct pane_call *call, size_t *row)
{
    struct list_pane *list = list_pane_of(pane);
    if (list_pane_row(list, row))
        return list;
    error_set(call->err, "there is no row to act on");
    return NULL;
}

static bool follow(struct pane *pane, const struct pane_call *call)
{
    size_t row;
    struct list_pane *list = list_pane_call(pane, call, &row);
    return list && list->kind->follow(list, row, call->err);
}

static bool go_entry(struct pane *pane, const struct pane_call *call)
{
    size_t row;
    struct list_pane *list = list_pane_call(pane, call, &row);
    if (list)
        app_go(list->app, list->kind->address(list, row));
    return list != NULL;
}

static bool sort_next(struct pane *pane, const struct pane_call *call)
{
    struct list_pane *list = list_pane_of(pane);
    sort_by(list, (list->sort + (unsigned)call->how) % list->kind->columns);
    return true;
}

const struct pane_command list_pane_commands[] = {
    {"follow", "", "processes: enter; list: show as a struct; else go there, in memory", follow, 0,
     true},
    {"go-entry", "", "to its bytes, in memory", go_entry, 0, true},
    {"sort-next", "", "sort by the next column", sort_next, 1, false},
    {"sort-reverse", "", "the other way round", sort_next, 0, false},
    {NULL, NULL, NULL, NULL, 0, false},
};

/* A click on a column's name sorts by it. */
void list_pane_click(struct pane *pane, int line, int column, bool twice)
{
    struct list_pane *list = list_pane_of(pane);
    struct list_layout layout;
    int head = list->head;
    list_pane_layout(list, list->width, &layout);
    if (line < head) {
        for (unsigned i = 0; i < list->kind->columns; i++)
            if (column >= layout.at[i] && column < layout.at[i] + layout.width[i])
                sort_by(list, i);
        return;
    }
    uint64_t at = list->scroll.top + (uint64_t)(line - head);
    if (at >= list->matches)
        return;
    scroll_to(&list->scroll, at);
    struct error err;
    if (twice && !list->kind->follow(list, list->shown[at], &err))
        app_error(list->app, "%s", err.text);
}
