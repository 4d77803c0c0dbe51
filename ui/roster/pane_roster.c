/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all lists do with keys, the mouse, history and time. */
#include "ui/roster/roster.h"

#include <stdlib.h>
#include <string.h>

static struct roster *roster_of(struct pane *pane)
{
    return (struct roster *)(void *)pane;
}

static const struct roster *seen(const struct pane *pane)
{
    return (const struct roster *)(const void *)pane;
}

struct pane *roster_create(const struct pane_type *type, const struct roster_kind *kind,
                           struct app *app, struct session *session)
{
    struct roster *roster = calloc(1, sizeof *roster);
    if (!roster)
        return NULL;
    roster->pane.type = type;
    roster->kind = kind;
    roster->app = app;
    roster->session = session;
    roster->list.height = 1;
    roster->state = calloc(1, kind->state_size ? kind->state_size : 1);
    if (!roster->state) {
        free(roster);
        return NULL;
    }
    error_set(&roster->why, "nothing is known of this guest's Linux yet");
    return &roster->pane;
}

void roster_destroy(struct pane *pane)
{
    struct roster *roster = roster_of(pane);
    if (!roster)
        return;
    roster->kind->unload(roster);
    free(roster->state);
    free(roster->order);
    free(roster->shown);
    free(roster);
}

bool roster_row(const struct roster *roster, size_t *row)
{
    if (!roster->loaded || roster->list.cursor >= roster->matches)
        return false;
    *row = roster->shown[roster->list.cursor];
    return true;
}

struct guest *roster_guest(struct roster *roster, enum guest_part part, struct error *why)
{
    struct guest *guest = session_guest(roster->session);
    if (guest && guest->known[part])
        return guest;
    if (guest) {
        *why = guest->why[part];
        error_context(why, "%s: not known", guest_part_name(part));
    } else {
        error_set(why, "no Linux kernel was found in this guest");
    }
    return NULL;
}

void roster_reload(struct roster *roster)
{
    roster_keep_cursor(roster);
    roster->loaded_ms = roster->now_ms;
    roster->loaded = roster->kind->load(roster, &roster->why);
    if (!roster_sort(roster))
        app_error(roster->app, "out of memory: not all rows are listed");
}

void roster_refresh(struct pane *pane, int64_t now_ms)
{
    struct roster *roster = roster_of(pane);
    int64_t every = roster->kind->live_ms;
    roster->now_ms = now_ms;
    if (!roster->loaded || (every && now_ms - roster->loaded_ms >= every))
        roster_reload(roster);
}

/* Another kernel, process or half of it: what was read is no longer what is there. */
void roster_facts_changed(struct pane *pane)
{
    struct roster *roster = roster_of(pane);
    roster->now_ms = app_now();
    roster_reload(roster);
}

struct address roster_here(const struct pane *pane)
{
    const struct roster *roster = seen(pane);
    size_t row;
    if (!roster_row(roster, &row))
        return address_in(SPACE_VIRT, 0);
    return roster->kind->address(roster, row);
}

uint64_t roster_top(const struct pane *pane)
{
    return seen(pane)->list.cursor - seen(pane)->list.top;
}

void roster_detail(const struct pane *pane, struct visit_detail *detail)
{
    size_t row;
    if (roster_row(seen(pane), &row))
        detail->word[0] = seen(pane)->kind->key(seen(pane), row);
}

void roster_recall(struct pane *pane, const struct visit_detail *detail)
{
    struct roster *roster = roster_of(pane);
    for (size_t i = 0; i < roster->matches; i++)
        if (roster->kind->key(roster, roster->shown[i]) == detail->word[0]) {
            list_to(&roster->list, i);
            return;
        }
}

void roster_restore(struct pane *pane, struct address cursor, uint64_t top)
{
    (void)cursor;
    struct list *list = &roster_of(pane)->list;
    list_place(list, list->cursor, top);
}

bool roster_go(struct pane *pane, struct address address, struct error *err)
{
    struct roster *roster = roster_of(pane);
    for (size_t i = 0; i < roster->matches; i++)
        if (roster->kind->address(roster, roster->shown[i]).value == address.value) {
            list_to(&roster->list, i);
            return true;
        }
    return error_set(err, "no row of this list is there");
}

/* Looks through a slice of the rows.  False: no row has it. */
static bool search_on(struct roster *roster, struct error *err)
{
    char lower[ROSTER_FILTER];
    size_t slice = roster_slice(roster);
    roster_lower(roster->sought, lower);
    for (; slice && roster->search_left; slice--, roster->search_left--) {
        size_t step = roster->search_back ? roster->matches - 1 : 1;
        roster->search_at = (roster->search_at + step) % roster->matches;
        if (roster_has(roster, roster->shown[roster->search_at], lower)) {
            size_t from = (size_t)roster->list.cursor, at = roster->search_at;
            list_to(&roster->list, at);
            if (roster->search_back ? at >= from : at <= from)
                app_message(roster->app, "found round the %s of the list",
                            roster->search_back ? "start" : "end");
            roster->search_left = 0;
            memcpy(roster->searched, roster->sought, sizeof roster->searched);
            return true;
        }
    }
    return roster->search_left || error_set(err, "no row has \"%s\"", roster->sought);
}

static bool search_again(struct roster *roster, bool backward, struct error *err)
{
    if (!roster->sought[0])
        return error_set(err, "nothing was searched for here yet: / asks what");
    roster->search_at = (size_t)roster->list.cursor;
    roster->search_left = roster->matches;
    roster->search_back = backward;
    if (!search_on(roster, err))
        return false;
    if (roster->search_left)
        app_message(roster->app, "searching ...");
    return true;
}

bool roster_search(struct pane *pane, const char *text, bool backward, struct error *err)
{
    struct roster *roster = roster_of(pane);
    roster->sought[0] = '\0';
    strncat(roster->sought, text, sizeof roster->sought - 1);
    roster->backward = backward;
    return search_again(roster, backward, err);
}

const char *roster_filter(struct pane *pane, const char *text)
{
    struct roster *roster = roster_of(pane);
    if (text && strncmp(text, roster->filter, sizeof roster->filter) != 0) {
        roster_keep_cursor(roster);
        list_to(&roster->list, 0);
        roster_narrow(roster, text);
    }
    return roster->filter;
}

void roster_cancel(struct pane *pane)
{
    roster_of(pane)->search_left = 0;
    roster_filter(pane, "");
}

/* Columns that had no room come with their names, for nothing stands above them. */
void roster_status(struct pane *pane, char *text, size_t size)
{
    const struct roster *roster = seen(pane);
    struct text line = text_over(text, size);
    struct roster_layout layout;
    size_t row;
    if (!roster_row(roster, &row))
        return;
    roster_layout(roster, roster->width, &layout);
    for (unsigned i = 0; i < roster->kind->columns; i++) {
        char cell[ROSTER_TEXT];
        struct text part = TEXT_OVER(cell);
        roster->kind->text(roster, row, i, &part);
        const char *start = cell + strspn(cell, " ");
        if (*start)
            text_add(&line, "%s%s%s%s", line.length ? "  " : "",
                     layout.width[i] ? "" : roster->kind->column[i].name,
                     layout.width[i] ? "" : " ", start);
    }
}

bool roster_step(struct pane *pane)
{
    struct roster *roster = roster_of(pane);
    bool more = false;
    if (roster->loaded && roster->kind->step && roster->kind->step(roster)) {
        roster_keep_cursor(roster);
        roster_sort(roster);
        more = true;
    }
    struct error err;
    if (roster->search_left && !search_on(roster, &err))
        app_error(roster->app, "%s", err.text);
    else if (roster->search_left)
        more = true;
    return (roster->scanned < roster->count && roster_scan(roster, roster_slice(roster))) || more;
}

static void sort_by(struct roster *roster, unsigned column)
{
    roster_keep_cursor(roster);
    roster->inverted = roster->sort == column && !roster->inverted;
    roster->sort = column;
    roster_sort(roster);
    app_message(roster->app, "sorted by %s%s", roster->kind->column[column].name,
                roster->inverted ? ", the other way round" : "");
}

static void search_key(struct roster *roster, bool reverse)
{
    struct error err;
    if (roster->searched[0])
        memcpy(roster->sought, roster->searched, sizeof roster->sought);
    if (!search_again(roster, roster->backward != reverse, &err))
        app_error(roster->app, "%s", err.text);
}

static bool scroll(struct roster *roster, enum action action, int count)
{
    struct list *list = &roster->list;
    int64_t page = list->height > 1 ? list->height - 1 : 1, half = (page + 1) / 2;
    const struct {
        enum action action;
        void (*move)(struct list *list, int64_t delta);
        int64_t delta;
    } moves[] = {
        {ACTION_UP, list_move, -1},         {ACTION_DOWN, list_move, 1},
        {ACTION_PAGE_UP, list_page, -page}, {ACTION_PAGE_DOWN, list_page, page},
        {ACTION_HALF_UP, list_page, -half}, {ACTION_HALF_DOWN, list_page, half},
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].action == action) {
            moves[i].move(list, moves[i].delta * count);
            return true;
        }
    if (action == ACTION_FIRST)
        list_to(list, 0);
    else if (action == ACTION_LAST)
        list_to(list, list->rows);
    return action == ACTION_FIRST || action == ACTION_LAST;
}

/* What every list does with the row's address. */
static bool act_on_address(struct roster *roster, size_t row, enum action action)
{
    struct address address = roster->kind->address(roster, row);
    if (action == ACTION_GO_ENTRY)
        app_go(roster->app, address);
    else if (action == ACTION_REVEAL)
        app_reveal(roster->app, address);
    return action == ACTION_GO_ENTRY || action == ACTION_REVEAL;
}

bool roster_act(struct pane *pane, enum action action, int count)
{
    struct roster *roster = roster_of(pane);
    size_t row;
    if (scroll(roster, action, count)) {
        roster->seeking = false;
        roster->search_left = 0;
        return true;
    }
    switch (action) {
    case ACTION_SORT:
        sort_by(roster, (roster->sort + 1) % roster->kind->columns);
        return true;
    case ACTION_INVERT:
        sort_by(roster, roster->sort);
        return true;
    case ACTION_SEARCH_NEXT:
    case ACTION_SEARCH_PREVIOUS:
        search_key(roster, action == ACTION_SEARCH_PREVIOUS);
        return true;
    default:
        break;
    }
    if (!roster_row(roster, &row))
        return true;
    return act_on_address(roster, row, action) || roster->kind->act(roster, row, action);
}

/* A click on a column's name sorts by it. */
void roster_click(struct pane *pane, int line, int column, bool twice)
{
    struct roster *roster = roster_of(pane);
    struct roster_layout layout;
    int head = roster->head;
    roster_layout(roster, roster->width, &layout);
    if (line < head) {
        for (unsigned i = 0; i < roster->kind->columns; i++)
            if (column >= layout.at[i] && column < layout.at[i] + layout.width[i])
                sort_by(roster, i);
        return;
    }
    uint64_t at = roster->list.top + (uint64_t)(line - head);
    if (at >= roster->matches)
        return;
    list_to(&roster->list, at);
    if (twice)
        roster_act(pane, ACTION_FOLLOW, 1);
}
