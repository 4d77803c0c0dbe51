/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where everything is on a screen of a given size: pure geometry, no curses.
 *
 * From top to bottom: the title bar, the panes (side by side on a wide screen, one above the
 * other on a narrow one, one alone where there is no room or when zoomed), the inspector, and the
 * line of messages and the prompt.  A part that does not fit has 0 rows.
 */
#ifndef RAMWALK_UI_APP_LAYOUT_H
#define RAMWALK_UI_APP_LAYOUT_H

#include "ui/terminal/screen.h"

#include <stdbool.h>

#define LAYOUT_PANES 2

struct layout_need {
    int least_rows, least_columns; /* of the pane's content */
};

struct layout {
    struct area title;
    struct area rule[LAYOUT_PANES]; /* a pane's title; 0 rows: not shown */
    struct area pane[LAYOUT_PANES]; /* a pane's content; 0 rows: the pane is not shown */
    struct area divider;            /* between panes side by side */
    struct area inspector_rule;
    struct area inspector;
    struct area message;
    bool side_by_side;
};

void layout_compute(struct layout *layout, int rows, int columns,
                    const struct layout_need need[LAYOUT_PANES], int focus, bool zoom);

/* True where the cell is inside the area. */
bool area_has(struct area area, int row, int column);

#endif
