/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scrolling arithmetic, once: a cursor in `rows` rows of which `height` are on screen.
 * Nothing is drawn here and nothing allocated; rows are numbered from 0.
 */
#ifndef RAMWALK_LIST_H
#define RAMWALK_LIST_H

#include <stdint.h>

struct list {
    uint64_t rows;   /* in all; may be 0 */
    uint64_t cursor; /* < rows, or 0 */
    uint64_t top;    /* row on the screen's first line */
    unsigned height; /* lines on screen; taken as 1 while it is 0 */
};

/* Puts the cursor on a row (the last one where there are fewer) and scrolls as little as shows it.
 */
void list_to(struct list *list, uint64_t row);

/* Moves the cursor by `delta` rows, stopping at both ends. */
void list_move(struct list *list, int64_t delta);

/* A page (or half of one) onward: cursor and screen move together, as pagers do. */
void list_page(struct list *list, int64_t delta);

/* The number of rows changed, or the height: keeps cursor and top inside. */
void list_fit(struct list *list, uint64_t rows, unsigned height);

/* Puts `row` on line `line` of the screen and the cursor on it, as far as the ends allow. */
void list_place(struct list *list, uint64_t row, uint64_t line);

#endif
