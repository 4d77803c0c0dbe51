/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scrolling arithmetic, once: a cursor in `rows` rows of which `height` are on screen.
 * Nothing is drawn here and nothing allocated; rows are numbered from 0.
 */
#ifndef RAMWALK_UI_WIDGET_SCROLL_H
#define RAMWALK_UI_WIDGET_SCROLL_H

#include "ui/pane/motion.h"

#include <stdint.h>

struct scroll {
    uint64_t rows;   /* in all; may be 0 */
    uint64_t cursor; /* < rows, or 0 */
    uint64_t top;    /* row on the screen's first line */
    unsigned height; /* lines on screen; taken as 1 while it is 0 */
};

/* Puts the cursor on a row (the last one where there are fewer) and scrolls as little as shows it.
 */
void scroll_to(struct scroll *list, uint64_t row);

/* Moves the cursor by `delta` rows, stopping at both ends. */
void scroll_move(struct scroll *list, int64_t delta);

/* A page (or half of one) onward: cursor and screen move together, as pagers do. */
void scroll_page(struct scroll *list, int64_t delta);

/* The number of rows changed, or the height: keeps cursor and top inside. */
void scroll_fit(struct scroll *list, uint64_t rows, unsigned height);

/* Puts `row` on line `line` of the screen and the cursor on it, as far as the ends allow. */
void scroll_place(struct scroll *list, uint64_t row, uint64_t line);

/* A motion by rows.  False: it is none of these. */
bool scroll_motion(struct scroll *list, enum motion motion, int64_t steps);

#endif
