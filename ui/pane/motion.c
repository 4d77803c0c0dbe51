/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of motions. */
#include "ui/pane/motion.h"

#include <stddef.h>

const struct motion_command motion_commands[] = {
    {"up", "a row up", MOTION_ROW, -1, false},
    {"down", "a row down", MOTION_ROW, 1, false},
    {"left", "a word to the left; in trees: close, or to the parent", MOTION_COLUMN, -1, false},
    {"right", "a word to the right; in trees: open, or go in", MOTION_COLUMN, 1, false},
    {"page-up", "a page up", MOTION_PAGE, -1, false},
    {"page-down", "a page down", MOTION_PAGE, 1, false},
    {"half-page-up", "half a page up", MOTION_HALF_PAGE, -1, false},
    {"half-page-down", "half a page down", MOTION_HALF_PAGE, 1, false},
    {"row-start", "to the start of the row", MOTION_ROW_BOUND, -1, false},
    {"row-end", "to the end of the row", MOTION_ROW_BOUND, 1, false},
    {"first", "to the start", MOTION_BOUND, -1, true},
    {"last", "to the end", MOTION_BOUND, 1, true},
    {NULL, NULL, MOTION_ROW, 0, false},
};
