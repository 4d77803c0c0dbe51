/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes where, by thresholds in one place: small screens lose parts, never break. */
#include "ui/app/layout.h"

#include <stddef.h>

enum {
    TITLE_FROM = 6,     /* rows from which there is a title bar */
    RULE_FROM = 4,      /* rows from which a pane alone on the screen has a title */
    SIDE_BY_SIDE = 110, /* columns from which two panes stand side by side by themselves */
};

/* 53 columns: the tables with the addresses that entries hold. */
const struct layout_share layout_first_two = {400, 450, 53}, layout_halves = {500, 500, 0};

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

/* ---- the needs of a part of the tree ---- */

struct computing {
    struct layout *layout;
    const struct layout_need *need;
};

static bool is_leaf(const struct layout_node *node)
{
    return node->child[0] == LAYOUT_NONE;
}

/* The leaf below a node that was used last. */
static int latest(const struct layout *layout, int node)
{
    if (is_leaf(&layout->node[node]))
        return node;
    int a = latest(layout, layout->node[node].child[0]);
    int b = latest(layout, layout->node[node].child[1]);
    return layout->node[b].focused > layout->node[a].focused ? b : a;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static const struct layout_need *need_of(const struct computing *c, int leaf)
{
    return &c->need[c->layout->node[leaf].pane];
}

/* Columns to show all leaves below a node: where they may, they stand one above the other. */
static int all_columns(const struct computing *c, int node)
{
    const struct layout_node *n = &c->layout->node[node];
    if (is_leaf(n))
        return need_of(c, node)->least_columns;
    int a = all_columns(c, n->child[0]), b = all_columns(c, n->child[1]);
    return n->direction == LAYOUT_RIGHT ? a + 1 + b : larger(a, b);
}

/* Rows to show all leaves below a node on so many columns. */
static int all_rows(const struct computing *c, int node, int columns)
{
    const struct layout_node *n = &c->layout->node[node];
    if (is_leaf(n))
        return need_of(c, node)->least_rows + 1;
    int a = all_rows(c, n->child[0], columns), b = all_rows(c, n->child[1], columns);
    bool beside =
        n->direction == LAYOUT_RIGHT || (n->direction == LAYOUT_AUTO && columns >= SIDE_BY_SIDE);
    return beside ? larger(a, b) : a + b;
}

/* What the two sides of a split need at least, and to show everything; in rows or columns. */
struct sides {
    int least[2], all[2];
};

static struct sides columns_of(const struct computing *c, const struct layout_node *n)
{
    struct sides sides;
    for (int i = 0; i < 2; i++) {
        sides.least[i] = need_of(c, latest(c->layout, n->child[i]))->least_columns;
        sides.all[i] = all_columns(c, n->child[i]);
    }
    return sides;
}

static struct sides rows_of(const struct computing *c, const struct layout_node *n, int columns)
{
    struct sides sides;
    for (int i = 0; i < 2; i++) {
        sides.least[i] = need_of(c, latest(c->layout, n->child[i]))->least_rows + 1;
        sides.all[i] = all_rows(c, n->child[i], columns);
    }
    return sides;
}

/* The first side's part of `total`: what it is to have, as far as both get what they need. */
static int divide(const struct sides *sides, int total, int first)
{
    const int *need = sides->all[0] + sides->all[1] <= total ? sides->all : sides->least;
    if (first > total - need[1])
        first = total - need[1];
    return larger(first, need[0]);
}

/* ---- areas ---- */

static void put_leaf(struct layout_node *node, struct area area, bool rule)
{
    node->area = area;
    if (!rule || area.rows < 2)
        return;
    node->rule = (struct area){area.y, area.x, 1, area.columns};
    node->area.y++;
    node->area.rows--;
}

static void place(const struct computing *c, int node, struct area area, bool rule);

static bool place_beside(const struct computing *c, struct layout_node *n, struct area area)
{
    struct sides sides = columns_of(c, n);
    if (area.columns <= sides.least[0] + sides.least[1])
        return false;
    int wanted = larger(area.columns * n->share.columns / 1000, n->share.wanted_columns);
    int left = divide(&sides, area.columns - 1, wanted);
    n->divider = (struct area){area.y, area.x + left, area.rows, 1};
    place(c, n->child[0], (struct area){area.y, area.x, area.rows, left}, true);
    place(c, n->child[1],
          (struct area){area.y, area.x + left + 1, area.rows, area.columns - left - 1}, true);
    return true;
}

static bool place_below(const struct computing *c, struct layout_node *n, struct area area)
{
    struct sides sides = rows_of(c, n, area.columns);
    if (area.rows < sides.least[0] + sides.least[1])
        return false;
    int upper = divide(&sides, area.rows, area.rows * n->share.rows / 1000);
    place(c, n->child[0], (struct area){area.y, area.x, upper, area.columns}, true);
    place(c, n->child[1], (struct area){area.y + upper, area.x, area.rows - upper, area.columns},
          true);
    return true;
}

static void place(const struct computing *c, int node, struct area area, bool rule)
{
    struct layout_node *n = &c->layout->node[node];
    if (is_leaf(n)) {
        put_leaf(n, area, rule);
        return;
    }
    bool beside = n->direction == LAYOUT_RIGHT ||
                  (n->direction == LAYOUT_AUTO && area.columns >= SIDE_BY_SIDE);
    if (beside && place_beside(c, n, area))
        return;
    if (n->direction != LAYOUT_RIGHT && place_below(c, n, area))
        return;
    /* No room for both. */
    int first = latest(c->layout, n->child[0]), second = latest(c->layout, n->child[1]);
    const struct layout_node *nodes = c->layout->node;
    place(c, n->child[nodes[second].focused > nodes[first].focused], area, rule);
}

void layout_compute(struct layout *layout, int rows, int columns, const struct layout_need *need)
{
    const struct area none = {0, 0, 0, 0};
    struct area rest = {0, 0, rows > 0 ? rows : 0, columns > 0 ? columns : 0};
    layout->title = layout->inspector_rule = layout->inspector = layout->message = none;
    for (int i = 0; i < LAYOUT_NODES; i++)
        layout->node[i].rule = layout->node[i].area = layout->node[i].divider = none;
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
    struct computing c = {layout, need};
    place(&c, layout->zoom ? layout->focus : layout->root, rest, rows >= RULE_FROM);
}
