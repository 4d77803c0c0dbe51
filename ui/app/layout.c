/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes where, by thresholds in one place: small screens lose parts, never break. */
#include "ui/app/layout.h"

enum {
    TITLE_FROM = 6,     /* rows from which there is a title bar */
    RULE_FROM = 4,      /* rows from which a pane has a title */
    SIDE_BY_SIDE = 110, /* columns from which the panes stand side by side */
    LEFT_MIN = 53,      /* columns of the tables with the addresses that entries hold */
};

/* Lines of the inspector by rows of the screen. */
static const struct {
    int rows, lines;
} inspector_lines[] = {{44, 7}, {40, 6}, {30, 5}, {22, 4}, {16, 3}, {12, 1}};

bool area_has(struct area area, int row, int column)
{
    return row >= area.y && row < area.y + area.rows && column >= area.x &&
           column < area.x + area.columns;
}

static int inspector_rows(int rows)
{
    for (size_t i = 0; i < sizeof inspector_lines / sizeof *inspector_lines; i++)
        if (rows >= inspector_lines[i].rows)
            return inspector_lines[i].lines;
    return 0;
}

static void put_pane(struct layout *layout, int which, struct area area, bool rule)
{
    layout->pane[which] = area;
    if (!rule || area.rows < 2)
        return;
    layout->rule[which] = (struct area){area.y, area.x, 1, area.columns};
    layout->pane[which].y++;
    layout->pane[which].rows--;
}

static void split_columns(struct layout *layout, struct area area, int least_right)
{
    int left = area.columns * 2 / 5;
    if (left < LEFT_MIN)
        left =
            LEFT_MIN < area.columns - 1 - least_right ? LEFT_MIN : area.columns - 1 - least_right;
    layout->side_by_side = true;
    put_pane(layout, 0, (struct area){area.y, area.x, area.rows, left}, true);
    put_pane(layout, 1,
             (struct area){area.y, area.x + left + 1, area.rows, area.columns - left - 1}, true);
    layout->divider = (struct area){area.y, area.x + left, area.rows, 1};
}

static void split_rows(struct layout *layout, struct area area)
{
    int upper = area.rows * 9 / 20;
    put_pane(layout, 0, (struct area){area.y, area.x, upper, area.columns}, true);
    put_pane(layout, 1, (struct area){area.y + upper, area.x, area.rows - upper, area.columns},
             true);
}

void layout_compute(struct layout *layout, int rows, int columns,
                    const struct layout_need need[LAYOUT_PANES], int focus, bool zoom)
{
    *layout = (struct layout){0};
    struct area rest = {0, 0, rows > 0 ? rows : 0, columns > 0 ? columns : 0};
    if (rows >= 2) {
        rest.rows--;
        layout->message = (struct area){rest.rows, 0, 1, rest.columns};
    }
    int lines = inspector_rows(rows);
    if (lines > 1) {
        rest.rows -= lines + 1;
        layout->inspector_rule = (struct area){rest.rows, 0, 1, rest.columns};
        layout->inspector = (struct area){rest.rows + 1, 0, lines, rest.columns};
    } else if (lines) {
        rest.rows -= lines;
        layout->inspector = (struct area){rest.rows, 0, lines, rest.columns};
    }
    if (rows >= TITLE_FROM) {
        layout->title = (struct area){0, 0, 1, rest.columns};
        rest.y++;
        rest.rows--;
    }
    int both_rows = need[0].least_rows + need[1].least_rows + 2;
    if (!zoom && columns >= SIDE_BY_SIDE && columns > need[0].least_columns + need[1].least_columns)
        split_columns(layout, rest, need[1].least_columns);
    else if (!zoom && rest.rows >= both_rows)
        split_rows(layout, rest);
    else
        put_pane(layout, focus, rest, rows >= RULE_FROM);
}
