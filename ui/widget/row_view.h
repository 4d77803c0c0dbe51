/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of an answer on a screen: which of them, in which order, and where the cursor is.
 * What a key asks to be sorted is sorted in a worker, filtering and searching is done in slices, so
 * that a list of 200,000 rows answers each key.  Rows are items of the browser; `shown` is which of
 * them are there, in order.
 */
#ifndef RAMWALK_UI_WIDGET_ROW_VIEW_H
#define RAMWALK_UI_WIDGET_ROW_VIEW_H

#include "answer/arranger.h"
#include "ui/widget/scroll.h"

#define ROW_FILTER 160  /* bytes of a filter */
#define ROW_TEXT   512  /* of a cell */
#define ROW_SLICE  2048 /* rows looked into in one go, before the next key: about a millisecond */

struct row_view {
    struct browser *browser; /* NULL: nothing is there */
    struct scroll scroll;
    uint32_t *order, *shown; /* all rows, sorted; those that the filter lets through */
    size_t count, capacity;  /* rows in order[]; entries of both arrays */
    size_t scanned, matches; /* of order[] so far; rows in shown[] */
    bool seeking;            /* `sought_key` is where the cursor is to go when it comes by */
    uint64_t sought_key;
    unsigned sort; /* a column of the shape, or BROWSER_UNSORTED */
    bool inverted;
    struct arranger *arranger; /* sorts by these; NULL: order[] is so */
    uint32_t *coming;          /* its order[] */
    unsigned sorted;           /* what order[] is by meanwhile */
    bool sorted_inverted;
    /* "where TERM ... sort= columns=", terms alone, or any text that a row is to have in it. */
    char filter[ROW_FILTER];
    char lower[ROW_FILTER];    /* the text to look for; "": none */
    struct error wrong;        /* why the filter cannot be taken; "" it can */
    char sought[ROW_FILTER];   /* the text of the search under way */
    char searched[ROW_FILTER]; /* that was found last, for the next one */
    bool backward;
    size_t search_at, search_left; /* the last row looked at; rows still to be looked at */
    bool search_back;
};

void row_view_deinit(struct row_view *view);

/* Takes other rows (the browser is the view's from here on; NULL: none), and the filter for them;
 * row_view_sort() is to follow. */
void row_view_take(struct row_view *view, struct browser *browser);

/* The order of all of its rows, of malloc: the view's from here on, in the place of
 * row_view_sort().  False: out of memory, and it is not taken. */
bool row_view_take_order(struct row_view *view, uint32_t *order);

/* The item that the cursor is on.  False: there is none. */
bool row_view_item(const struct row_view *view, size_t *item);

/* Sorts all rows (whose number may have changed) and filters them anew.  False: out of memory. */
bool row_view_sort(struct row_view *view);

/* The same in a worker: the rows stay as they are until they are sorted, a part of a frame later or
 * by row_view_settle(). */
void row_view_sort_soon(struct row_view *view);

/* By another column; the same once more: reversed.  By row_view_sort_soon(). */
void row_view_sort_by(struct row_view *view, unsigned column);

/* Takes over what was sorted, if that ends within so many milliseconds.  True: it has not. */
bool row_view_settle(struct row_view *view, int within_ms);

/* Gives up what is being sorted: the order is what it was. */
void row_view_stop(struct row_view *view);

/* Another filter; what is on screen at once, the rest by row_view_scan().  The cursor stays on its
 * row where that is still there. */
void row_view_filter(struct row_view *view, const char *text);

/* Filters on, `rows` of them.  True while there is more. */
bool row_view_scan(struct row_view *view, size_t rows);

/* Notes where the cursor is, for row_view_scan() to bring it back there. */
void row_view_keep_cursor(struct row_view *view);

/* Begins to search; row_view_search_on() looks through a slice.  False: no row has it. */
void row_view_search(struct row_view *view, bool backward);
enum row_found { ROW_LOOKING, ROW_FOUND, ROW_FOUND_ROUND, ROW_NOT_FOUND };
enum row_found row_view_search_on(struct row_view *view);

/* A cell as a screen shows it: addresses of the space that v: means anyway without a prefix. */
void row_cell_text(const struct column *column, const struct value *value, struct text *text);

/* Has a cell of the row that text, in lower case, in it? */
bool row_view_has(const struct row_view *view, size_t item, const char *lower);

/* Writes `text` in lower case to lower[ROW_FILTER]. */
void row_lower(const char *text, char *lower);

/* strstr() where `lower` is in lower case and `text` in any. */
bool text_has(const char *text, const char *lower);

#endif
