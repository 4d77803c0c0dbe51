/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What moves a cursor, in every pane and in answers alike: commands such as `down` and `page-up`
 * are rows of one table, and whatever has a cursor carries out six motions.
 */
#ifndef RAMWALK_UI_PANE_MOTION_H
#define RAMWALK_UI_PANE_MOTION_H

#include <stdbool.h>

/* Each by a number of steps: below 0 up, left or to the start; above 0 down, right or to the end.
 */
enum motion {
    MOTION_ROW,
    MOTION_COLUMN, /* a word, or what a pane has instead */
    MOTION_PAGE,
    MOTION_HALF_PAGE,
    MOTION_ROW_BOUND, /* the start or the end of the row */
    MOTION_BOUND,     /* the first or the last row */
};

struct motion_command {
    const char *name, *brief;
    enum motion motion;
    int direction; /* -1 or 1 */
    bool jumps;    /* history remembers where the cursor was */
};

/* The row after the last has name NULL. */
extern const struct motion_command motion_commands[];

#endif
