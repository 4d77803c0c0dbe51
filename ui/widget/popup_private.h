/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the popup share: popup.c (lines) and popup_rows.c (their rows). */
#ifndef RAMWALK_UI_WIDGET_POPUP_PRIVATE_H
#define RAMWALK_UI_WIDGET_POPUP_PRIVATE_H

#include "ui/widget/popup.h"
#include "ui/widget/scroll.h"

#define POPUP_NO_ROW UINT32_MAX

/* A line of text. */
struct popup_line {
    char *text;
    bool heading;
    uint32_t row;           /* the row of the answer that it is of, or POPUP_NO_ROW */
    struct address address; /* where that leads; space NULL: nowhere */
};

struct popup {
    char title[128];
    struct popup_line *line;
    size_t count, capacity, bytes;
    int64_t coming_ms; /* since when; -1: complete */
    struct scroll list;
    int left;                  /* columns scrolled to the right */
    int width;                 /* of the longest line */
    const struct space *space; /* of addresses of the kernel's half */
    char sought[128];
    bool backward;
    struct popup_rows *rows; /* NULL: lines are all there is */
    char filter[POPUP_FILTER];
    bool arranged;   /* `shown` says which lines are there, and in which order */
    uint32_t *shown; /* their numbers */
    size_t matches, shown_capacity;
};

/* How many lines are to be seen, and one of them; NULL: there is none. */
size_t popup_seen(const struct popup *popup);
const struct popup_line *popup_seen_line(const struct popup *popup, size_t at);

/* Forgets all lines. */
void popup_clear(struct popup *popup);

/* ---- popup_rows.c ---- */

/* The row and the address of the line that is being added. */
void popup_rows_mark(const struct popup *popup, struct popup_line *line);

/* Does the filter let a line through that was added just now? */
bool popup_rows_has(const struct popup *popup, const struct popup_line *line);

/* Are there rows, which can be sorted? */
bool popup_has_rows(const struct popup *popup);

/* Stops what is arranged: lines are about to be added. */
void popup_rest(struct popup *popup);

/* All lines anew, by the filter and the order in force. */
void popup_arrange(struct popup *popup);

void popup_rows_destroy(struct popup_rows *rows);

#endif
