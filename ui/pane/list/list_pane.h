/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of what the guest has: processes, symbols, mappings, the elements of a list.  A list is a
 * row of operations (struct list_source) and its columns; everything else is the same for all and
 * done once: scrolling, sorting, the filter, searching, drawing, live refresh.
 *
 * The rows of a kind are numbered as it likes; `shown` is which of them are on the list, in order.
 */
#ifndef RAMWALK_UI_PANE_LIST_LIST_PANE_H
#define RAMWALK_UI_PANE_LIST_LIST_PANE_H

#include "base/text.h"
#include "ui/app/app.h"
#include "ui/pane/hex/changes.h"
#include "ui/widget/scroll.h"

#define LIST_PANE_TEXT    512 /* of a cell */
#define LIST_PANE_FILTER  80
#define LIST_PANE_COLUMNS 10

struct list_column {
    const char *name;
    int width;    /* cells; not above 0: what is left over, at least -width */
    int priority; /* the lowest gives way first where there is no room; 0: never */
    bool right;
    enum style style;
};

struct list_pane;

struct list_source {
    const char *title;
    const struct list_column *column;
    unsigned columns;
    size_t state_size; /* of roster->state, all zero at first */
    int64_t live_ms;   /* read anew so often while it is shown; 0: never by itself */
    /* Reads everything anew.  False with the reason: there is nothing to show. */
    bool (*load)(struct list_pane *list, struct error *why);
    void (*unload)(struct list_pane *list);
    /* Reads on, where load() only began.  True while there is more.  May be NULL. */
    bool (*step)(struct list_pane *list);
    size_t (*count)(const struct list_pane *list);
    void (*text)(const struct list_pane *list, size_t row, unsigned column, struct text *text);
    /* True: no row has anything in that column, which then takes no room.  May be NULL. */
    bool (*blank)(const struct list_pane *list, unsigned column);
    /* As strcmp.  Equal rows keep the order of their numbers. */
    int (*compare)(const struct list_pane *list, size_t a, size_t b, unsigned column);
    /* Fills order[count] at once, where that is faster.  False: not for this column.  May be
     * NULL. */
    bool (*order)(const struct list_pane *list, unsigned column, uint32_t *order);
    /* Has the row that text, in lower case, in it?  NULL: the cells are looked through. */
    bool (*has)(const struct list_pane *list, size_t row, const char *lower);
    /* What stays the same when the rows are read anew. */
    uint64_t (*key)(const struct list_pane *list, size_t row);
    struct address (*address)(const struct list_pane *list, size_t row);
    /* `follow` on a row: Enter, or a double click. */
    bool (*follow)(struct list_pane *list, size_t row, struct error *err);
    /* How fresh what a cell says is.  May be NULL. */
    enum freshness (*fresh)(const struct list_pane *list, size_t row, unsigned column);
    /* More for the title: whose they are.  May be NULL. */
    void (*caption)(const struct list_pane *list, struct text *text);
};

struct list_pane {
    struct pane pane;
    const struct list_source *kind;
    struct app *app;
    struct session *session;
    void *state; /* the kind's own */
    bool loaded;
    struct error why; /* where not loaded */
    struct scroll scroll;
    int width, head;         /* as last drawn: cells, lines above the rows */
    uint32_t *order, *shown; /* all rows, sorted; those that the filter lets through */
    size_t count, capacity;  /* rows in order[]; entries of both arrays */
    size_t scanned, matches; /* of order[] so far; rows in shown[] */
    bool seeking;            /* `sought_key` is where the cursor is to go when it comes by */
    uint64_t sought_key;
    unsigned sort; /* a column */
    bool inverted;
    char filter[LIST_PANE_FILTER], lower[LIST_PANE_FILTER];
    char sought[LIST_PANE_FILTER];   /* the text of the search under way */
    char searched[LIST_PANE_FILTER]; /* that was found last, for the next one */
    bool backward;
    size_t search_at, search_left; /* the last row looked at; rows still to be looked at */
    bool search_back;
    int64_t now_ms, loaded_ms;
};

/* For a kind's pane_type.create; the rest of a pane_type is LIST_PANE_OPERATIONS, and commands for
 * more than what all lists have. */
struct pane *list_pane_create(const struct pane_type *type, const struct list_source *kind,
                              struct app *app, struct session *session);

#define LIST_PANE_OPERATIONS                                                                       \
    .family = "lists", .least_rows = 3, .least_columns = 24, .destroy = list_pane_destroy,         \
    .title = list_pane_title, .draw = list_pane_draw, .shared_commands = list_pane_commands,       \
    .move = list_pane_move, .click = list_pane_click, .go = list_pane_go, .here = list_pane_here,  \
    .top = list_pane_top, .restore = list_pane_restore, .detail = list_pane_detail,                \
    .recall = list_pane_recall, .search = list_pane_search,                                        \
    .search_again = list_pane_search_again, .filter = list_pane_filter,                            \
    .status = list_pane_status, .step = list_pane_step, .cancel = list_pane_cancel,                \
    .refresh = list_pane_refresh, .facts_changed = list_pane_facts_changed

extern const struct pane_command list_pane_commands[];

void list_pane_destroy(struct pane *pane);
void list_pane_title(struct pane *pane, char *text, size_t size);
void list_pane_draw(struct pane *pane, struct area area, bool focused);
bool list_pane_move(struct pane *pane, enum motion motion, int64_t steps);
void list_pane_click(struct pane *pane, int row, int column, bool twice);
bool list_pane_go(struct pane *pane, struct address address, struct error *err);
struct address list_pane_here(const struct pane *pane);
uint64_t list_pane_top(const struct pane *pane);
void list_pane_restore(struct pane *pane, struct address cursor, uint64_t top);
void list_pane_detail(const struct pane *pane, struct visit_detail *detail);
void list_pane_recall(struct pane *pane, const struct visit_detail *detail);
bool list_pane_search(struct pane *pane, const char *text, bool backward, struct error *err);
bool list_pane_search_again(struct pane *pane, bool reverse, struct error *err);
const char *list_pane_filter(struct pane *pane, const char *text);
void list_pane_status(struct pane *pane, char *text, size_t size);
bool list_pane_step(struct pane *pane);
void list_pane_cancel(struct pane *pane);
void list_pane_refresh(struct pane *pane, int64_t now_ms);
void list_pane_facts_changed(struct pane *pane);

/* For a kind's load(): the guest, where that part of it is known; else NULL with the reason. */
struct linux_context *list_pane_guest(struct list_pane *list, enum linux_stage part,
                                      struct error *why);

/* Reads everything anew; the cursor stays on its row. */
void list_pane_reload(struct list_pane *list);

/* The row of the kind that the cursor is on.  False: the list is empty. */
bool list_pane_row(const struct list_pane *list, size_t *row);

/* The same for a kind's command.  NULL with the reason in *call->err. */
struct list_pane *list_pane_call(struct pane *pane, const struct pane_call *call, size_t *row);

/* ---- list_pane_order.c: which rows, in which order ---- */

/* Sorts all rows (whose number may have changed) and filters them anew.  False: out of memory. */
bool list_pane_sort(struct list_pane *list);

/* Filters anew; what is on screen at once, the rest by list_pane_scan(). */
void list_pane_narrow(struct list_pane *list, const char *text);

/* How many rows it may look into at a time. */
size_t list_pane_slice(const struct list_pane *list);

/* Filters on.  True while there is more. */
bool list_pane_scan(struct list_pane *list, size_t rows);

/* Notes where the cursor is, for list_pane_scan() to bring it back there. */
void list_pane_keep_cursor(struct list_pane *list);

bool list_pane_has(const struct list_pane *list, size_t row, const char *lower);

/* Writes `text` in lower case to lower[LIST_PANE_FILTER]. */
void list_pane_lower(const char *text, char *lower);

/* strstr() where `lower` is in lower case and `text` in any. */
bool text_has(const char *text, const char *lower);

/* ---- list_pane_draw.c ---- */

/* Where the columns begin and how wide they are (0: left out) on `width` cells. */
struct list_layout {
    int at[LIST_PANE_COLUMNS], width[LIST_PANE_COLUMNS];
};
void list_pane_layout(const struct list_pane *list, int width, struct list_layout *layout);

#endif
