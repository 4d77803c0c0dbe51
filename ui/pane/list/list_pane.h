/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of what the guest has: processes, symbols, mappings, the elements of a list.  A list shows
 * the rows of an answer (src/answer/), whose columns say all about them; a kind (struct list_kind)
 * says which answer, and what else can be done with a row.  Everything else is the same for all and
 * done once: scrolling, sorting, the filter, searching, drawing, live refresh.
 */
#ifndef RAMWALK_UI_PANE_LIST_LIST_PANE_H
#define RAMWALK_UI_PANE_LIST_LIST_PANE_H

#include "base/text.h"
#include "session/beside.h"
#include "session/guest.h"
#include "ui/app/app.h"
#include "ui/pane/hex/changes.h"
#include "ui/widget/row_view.h"

struct list_pane;

/* What to ask: the rows of a subject for its arguments. */
struct list_question {
    const struct subject *subject;
    char arguments[512];
};

struct list_kind {
    const char *title;
    const char *sort;  /* the column by which rows are sorted at first; NULL: as they come */
    size_t state_size; /* of list->state, all zero at first */
    int64_t live_ms;   /* read anew so often while it is shown; 0: never by itself */
    /* False with the reason: there is nothing to show. */
    bool (*ask)(struct list_pane *list, struct list_question *question, struct error *why);
    /* The rows were read anew; `cursor` is the key of the one that the cursor was on (0: none).
     * May be NULL. */
    void (*loaded)(struct list_pane *list, uint64_t cursor);
    /* Frees what list->state has.  May be NULL. */
    void (*unload)(struct list_pane *list);
    /* Where a row is; NULL: its first address. */
    struct address (*address)(const struct list_pane *list, size_t row);
    /* `follow` on a row: Enter, or a double click; NULL: goes there, in memory. */
    bool (*follow)(struct list_pane *list, size_t row, struct error *err);
    /* How fresh what a cell says is.  May be NULL. */
    enum freshness (*fresh)(const struct list_pane *list, size_t row, unsigned column);
    /* More for the title: whose they are.  May be NULL. */
    void (*caption)(const struct list_pane *list, struct text *text);
};

struct list_pane {
    struct pane pane;
    const struct list_kind *kind;
    struct app *app;
    struct session *session;
    void *state;               /* the kind's */
    struct row_view view;      /* view.browser NULL: nothing is loaded */
    struct error why;          /* where not loaded */
    struct beside *asked;      /* rows that are being read; NULL: none */
    struct beside *loaded;     /* what those that are shown were read into; NULL: none are */
    const struct shape *shape; /* of the rows that were there last; NULL: none yet */
    int width, head;           /* as last drawn: cells, lines above the rows */
    int64_t now_ms, loaded_ms;
    struct {
        bool is_underway;
        uint64_t address;
        size_t from; /* rows before it have been looked at */
    } going;         /* to the row of an address */
};

/* For a kind's pane_type.create; the rest of a pane_type is LIST_PANE_OPERATIONS, and commands for
 * more than what all lists have. */
struct pane *list_pane_create(const struct pane_type *type, const struct list_kind *kind,
                              struct app *app, struct session *session);

#define LIST_PANE_OPERATIONS                                                                       \
    .family = "lists", .least_rows = 3, .least_columns = 24, .destroy = list_pane_destroy,         \
    .title = list_pane_title, .draw = list_pane_draw, .shared_commands = list_pane_commands,       \
    .move = list_pane_move, .click = list_pane_click, .go = list_pane_go, .here = list_pane_here,  \
    .top = list_pane_top, .restore = list_pane_restore, .detail = list_pane_detail,                \
    .recall = list_pane_recall, .search = list_pane_search,                                        \
    .search_again = list_pane_search_again, .filter = list_pane_filter,                            \
    .status = list_pane_status, .step = list_pane_step, .descriptor = list_pane_descriptor,        \
    .cancel = list_pane_cancel, .refresh = list_pane_refresh,                                      \
    .facts_changed = list_pane_facts_changed

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
int list_pane_descriptor(const struct pane *pane);
void list_pane_cancel(struct pane *pane);
void list_pane_refresh(struct pane *pane, int64_t now_ms);
void list_pane_facts_changed(struct pane *pane);

/* Reads everything anew; the cursor stays on its row, and the rows that are shown stay until the
 * others have come, soon or later. */
void list_pane_reload(struct list_pane *list);

/* What was read is no longer what is there: nothing is shown until the rows have come. */
void list_pane_forget(struct list_pane *list);

/* The row that the cursor is on.  False: the list is empty. */
bool list_pane_row(const struct list_pane *list, size_t *row);

/* The same for a kind's command.  NULL with the reason in *call->err. */
struct list_pane *list_pane_call(struct pane *pane, const struct pane_call *call, size_t *row);

/* A cell of a row by its column's name.  NULL: there is no such column, or nothing is known. */
const struct value *list_pane_cell(const struct list_pane *list, size_t row, const char *column);

/* Where a row is; `column` NULL: its first address.  Of the kernel: as of whoever is looked at. */
struct address list_pane_address(const struct list_pane *list, size_t row, const char *column);

/* ---- list_draw.c ---- */

/* Where the columns begin and how wide they are (0: left out) on `width` cells, by their places
 * among those shown. */
struct list_layout {
    int at[COLUMNS_MAX], width[COLUMNS_MAX];
};
void list_pane_layout(const struct list_pane *list, int width, struct list_layout *layout);

#endif
