/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of what the guest has: processes, symbols, mappings, the elements of a list.  A list is a
 * row of operations (struct roster_kind) and its columns; everything else is the same for all and
 * done once: scrolling, sorting, the filter, searching, drawing, live refresh.
 *
 * The rows of a kind are numbered as it likes; `shown` is which of them are on the list, in order.
 */
#ifndef RAMWALK_ROSTER_H
#define RAMWALK_ROSTER_H

#include "base/text.h"
#include "ui/app.h"
#include "ui/hex/changes.h"
#include "ui/list.h"

#define ROSTER_TEXT    512 /* of a cell */
#define ROSTER_FILTER  80
#define ROSTER_COLUMNS 10

struct roster_column {
    const char *name;
    int width; /* cells; not above 0: what is left over, at least -width */
    int worth; /* the lowest gives way first where there is no room; 0: never */
    bool right;
    enum style style;
};

struct roster;

struct roster_kind {
    const char *title;
    const struct roster_column *column;
    unsigned columns;
    size_t state_size; /* of roster->state, all zero at first */
    int64_t live_ms;   /* read anew so often while it is shown; 0: never by itself */
    /* Reads everything anew.  False with the reason: there is nothing to show. */
    bool (*load)(struct roster *roster, struct error *why);
    void (*unload)(struct roster *roster);
    /* Reads on, where load() only began.  True while there is more.  May be NULL. */
    bool (*step)(struct roster *roster);
    size_t (*count)(const struct roster *roster);
    void (*text)(const struct roster *roster, size_t row, unsigned column, struct text *text);
    /* True: no row has anything in that column, which then takes no room.  May be NULL. */
    bool (*blank)(const struct roster *roster, unsigned column);
    /* As strcmp.  Equal rows keep the order of their numbers. */
    int (*compare)(const struct roster *roster, size_t a, size_t b, unsigned column);
    /* Fills order[count] at once, where that is faster.  False: not for this column.  May be
     * NULL. */
    bool (*order)(const struct roster *roster, unsigned column, uint32_t *order);
    /* Has the row that text, in lower case, in it?  NULL: the cells are looked through. */
    bool (*has)(const struct roster *roster, size_t row, const char *lower);
    /* What stays the same when the rows are read anew. */
    uint64_t (*key)(const struct roster *roster, size_t row);
    struct address (*address)(const struct roster *roster, size_t row);
    /* FOLLOW, STRUCT, MAPPINGS.  False: no such action. */
    bool (*act)(struct roster *roster, size_t row, enum action action);
    /* How fresh what a cell says is.  May be NULL. */
    enum freshness (*fresh)(const struct roster *roster, size_t row, unsigned column);
    /* More for the title: whose they are.  May be NULL. */
    void (*caption)(const struct roster *roster, struct text *text);
};

struct roster {
    struct pane pane;
    const struct roster_kind *kind;
    struct app *app;
    struct session *session;
    void *state; /* the kind's own */
    bool loaded;
    struct error why; /* where not loaded */
    struct list list;
    int width, head;         /* as last drawn: cells, lines above the rows */
    uint32_t *order, *shown; /* all rows, sorted; those that the filter lets through */
    size_t count, room;      /* rows in order[]; entries of both arrays */
    size_t scanned, matches; /* of order[] so far; rows in shown[] */
    bool seeking;            /* `sought_key` is where the cursor is to go when it comes by */
    uint64_t sought_key;
    unsigned sort; /* a column */
    bool inverted;
    char filter[ROSTER_FILTER], lower[ROSTER_FILTER];
    char sought[ROSTER_FILTER], searched[ROSTER_FILTER]; /* the last text; the last found, for n */
    bool backward;
    size_t search_at, search_left; /* the last row looked at; rows still to be looked at */
    bool search_back;
    int64_t now_ms, loaded_ms;
};

/* For a kind's pane_type.create; the rest of a pane_type is ROSTER_PANE. */
struct pane *roster_create(const struct pane_type *type, const struct roster_kind *kind,
                           struct app *app, struct session *session);

#define ROSTER_PANE                                                                                \
    .least_rows = 3, .least_columns = 24, .destroy = roster_destroy, .title = roster_title,        \
    .draw = roster_draw, .act = roster_act, .click = roster_click, .go = roster_go,                \
    .here = roster_here, .top = roster_top, .restore = roster_restore, .detail = roster_detail,    \
    .recall = roster_recall, .search = roster_search, .filter = roster_filter,                     \
    .status = roster_status, .step = roster_step, .cancel = roster_cancel,                         \
    .refresh = roster_refresh, .facts_changed = roster_facts_changed

void roster_destroy(struct pane *pane);
void roster_title(struct pane *pane, char *text, size_t size);
void roster_draw(struct pane *pane, struct area area, bool focused);
bool roster_act(struct pane *pane, enum action action, int count);
void roster_click(struct pane *pane, int row, int column, bool twice);
bool roster_go(struct pane *pane, struct address address, struct error *err);
struct address roster_here(const struct pane *pane);
uint64_t roster_top(const struct pane *pane);
void roster_restore(struct pane *pane, struct address cursor, uint64_t top);
void roster_detail(const struct pane *pane, struct visit_detail *detail);
void roster_recall(struct pane *pane, const struct visit_detail *detail);
bool roster_search(struct pane *pane, const char *text, bool backward, struct error *err);
const char *roster_filter(struct pane *pane, const char *text);
void roster_status(struct pane *pane, char *text, size_t size);
bool roster_step(struct pane *pane);
void roster_cancel(struct pane *pane);
void roster_refresh(struct pane *pane, int64_t now_ms);
void roster_facts_changed(struct pane *pane);

/* For a kind's load(): the guest, where that part of it is known; else NULL with the reason. */
struct guest *roster_guest(struct roster *roster, enum guest_part part, struct error *why);

/* Reads everything anew; the cursor stays on its row. */
void roster_reload(struct roster *roster);

/* The row of the kind that the cursor is on.  False: the list is empty. */
bool roster_row(const struct roster *roster, size_t *row);

/* ---- roster_order.c: which rows, in which order ---- */

/* Sorts all rows (whose number may have changed) and filters them anew.  False: out of memory. */
bool roster_sort(struct roster *roster);

/* Filters anew; what is on screen at once, the rest by roster_scan(). */
void roster_narrow(struct roster *roster, const char *text);

/* How many rows it may look into at a time. */
size_t roster_slice(const struct roster *roster);

/* Filters on.  True while there is more. */
bool roster_scan(struct roster *roster, size_t rows);

/* Notes where the cursor is, for roster_scan() to bring it back there. */
void roster_keep_cursor(struct roster *roster);

bool roster_has(const struct roster *roster, size_t row, const char *lower);

/* Writes `text` in lower case to lower[ROSTER_FILTER]. */
void roster_lower(const char *text, char *lower);

/* strstr() where `lower` is in lower case and `text` in any. */
bool text_has(const char *text, const char *lower);

/* ---- roster_draw.c ---- */

/* Where the columns begin and how wide they are (0: left out) on `width` cells. */
struct roster_layout {
    int at[ROSTER_COLUMNS], width[ROSTER_COLUMNS];
};
void roster_layout(const struct roster *roster, int width, struct roster_layout *layout);

#endif
