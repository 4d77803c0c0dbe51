/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where panes are: every cell belongs to one part, at every size, whatever the tree. */
#include "tests/unit/support.h"
#include "ui/app/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 100, COLUMNS = 300, PANES = LAYOUT_LEAVES };

static const struct layout_need needs[PANES] = {{2, 20}, {4, 51}, {3, 24}, {3, 24},
                                                {1, 1},  {4, 51}, {2, 20}, {6, 70}};

/* ---- properties ---- */

static unsigned char cell[ROWS][COLUMNS];

static void fill(struct area area, int rows, int columns)
{
    if (area.rows == 0 || area.columns == 0)
        return;
    assert_true(area.y >= 0 && area.x >= 0 && area.rows > 0 && area.columns > 0);
    assert_true(area.y + area.rows <= rows && area.x + area.columns <= columns);
    for (int y = area.y; y < area.y + area.rows; y++)
        for (int x = area.x; x < area.x + area.columns; x++)
            cell[y][x]++;
}

/* All parts cover the screen, and none lies on another. */
static void check_cover(const struct layout *layout, int rows, int columns)
{
    for (int y = 0; y < rows; y++)
        memset(cell[y], 0, (size_t)columns);
    const struct area parts[] = {layout->title, layout->inspector_rule, layout->inspector,
                                 layout->message};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        fill(parts[i], rows, columns);
    for (int i = 0; i < LAYOUT_NODES; i++) {
        fill(layout->node[i].rule, rows, columns);
        fill(layout->node[i].area, rows, columns);
        fill(layout->node[i].divider, rows, columns);
    }
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < columns; x++)
            if (cell[y][x] != 1)
                fail_msg("%dx%d: %d parts at %d,%d", columns, rows, cell[y][x], x, y);
}

static int latest(const struct layout *layout, int node)
{
    const struct layout_node *n = &layout->node[node];
    if (n->child[0] == LAYOUT_NONE)
        return node;
    int a = latest(layout, n->child[0]), b = latest(layout, n->child[1]);
    return layout->node[b].focused > layout->node[a].focused ? b : a;
}

/* Where both sides of a split are shown, what was used last of each has what it needs. */
static void check_split(const struct layout *layout, const struct layout_node *split)
{
    int a = latest(layout, split->child[0]), b = latest(layout, split->child[1]);
    const int leaves[] = {a, b};
    if (!layout_shows(layout, a) || !layout_shows(layout, b))
        return;
    for (int i = 0; i < 2; i++) {
        const struct layout_node *leaf = &layout->node[leaves[i]];
        const struct layout_need *need = &needs[leaf->pane];
        assert_true(split->divider.rows ? leaf->area.columns >= need->least_columns
                                        : leaf->area.rows >= need->least_rows);
    }
}

/* The leaf in use is on the screen, and each that is can be found by its cells. */
static void check_leaves(const struct layout *layout, int rows, int columns)
{
    if (!layout_shows(layout, layout->focus))
        fail_msg("%dx%d: the pane in use is hidden", columns, rows);
    for (int i = 0; i < LAYOUT_NODES; i++) {
        const struct layout_node *node = &layout->node[i];
        if (node->used && node->child[0] != LAYOUT_NONE && !layout->zoom)
            check_split(layout, node);
        if (!layout_shows(layout, i))
            continue;
        assert_true(node->used && node->child[0] == LAYOUT_NONE);
        assert_int_equal(layout_at(layout, node->area.y, node->area.x), i);
    }
}

static void check_sizes(struct layout *layout, int row_step, int column_step)
{
    for (int rows = 1; rows <= ROWS; rows += row_step)
        for (int columns = 1; columns <= COLUMNS; columns += column_step) {
            layout_compute(layout, rows, columns, needs);
            check_cover(layout, rows, columns);
            check_leaves(layout, rows, columns);
        }
}

/* The links of the tree: each node is the child of its parent, and all can be stepped through. */
static void check_tree(const struct layout *layout)
{
    int leaves = layout_leaves(layout), used = 0, leaf = layout_first(layout);
    bool seen[LAYOUT_NODES] = {false};
    for (int i = 0; i < LAYOUT_NODES; i++) {
        const struct layout_node *node = &layout->node[i];
        used += node->used;
        if (!node->used)
            continue;
        assert_true((node->parent == LAYOUT_NONE) == (layout->root == i));
        for (int side = 0; side < 2 && node->child[0] != LAYOUT_NONE; side++)
            assert_int_equal(layout->node[node->child[side]].parent, i);
    }
    assert_int_equal(used, 2 * leaves - 1);
    for (int i = 0; i < leaves; i++) {
        int next = layout_step(layout, leaf, 1);
        assert_false(seen[leaf]);
        seen[leaf] = true;
        assert_int_equal(layout_step(layout, next, -1), leaf);
        leaf = next;
    }
    assert_int_equal(leaf, layout_first(layout));
    assert_true(seen[layout->focus]);
}

/* The two panes that the program begins with, at every size. */
static void begin(struct layout *layout)
{
    layout_init(layout, 1);
    layout_focus(layout, layout->root);
    assert_true(layout_split(layout, layout->root, LAYOUT_AUTO, layout_first_two, true, 0) >= 0);
}

static void test_first_two(void **state)
{
    struct layout layout;
    (void)state;
    begin(&layout);
    check_tree(&layout);
    check_sizes(&layout, 1, 1);
    layout_focus(&layout, layout_leaf_of(&layout, 0));
    check_sizes(&layout, 1, 3);
    layout_zoom(&layout, true);
    check_sizes(&layout, 7, 11);
    layout_compute(&layout, 0, 0, needs);
    assert_false(layout_shows(&layout, layout.focus));
}

static void test_any_tree(void **state)
{
    struct rng rng = {7};
    (void)state;
    for (int tree = 0; tree < 60; tree++) {
        struct layout layout;
        begin(&layout);
        for (int step = 0; step < 24; step++) {
            int leaf = layout_first(&layout);
            for (uint64_t n = rng_below(&rng, 8); n > 0; n--)
                leaf = layout_step(&layout, leaf, 1);
            int what = (int)rng_below(&rng, 4), pane = (int)rng_below(&rng, PANES);
            if (what == 0)
                layout_close(&layout, leaf);
            else if (what == 1)
                layout_focus(&layout, leaf);
            else
                layout_split(&layout, leaf, (enum layout_direction)rng_below(&rng, 3),
                             layout_halves, rng_below(&rng, 2), pane);
            check_tree(&layout);
        }
        check_sizes(&layout, 9, 13);
        layout_only(&layout);
        check_tree(&layout);
        check_sizes(&layout, 33, 50);
    }
}

/* ---- what is expected where ---- */

static struct area area_of(const struct layout *layout, int pane)
{
    return layout->node[layout_leaf_of(layout, pane)].area;
}

static void assert_area(struct area area, int y, int x, int rows, int columns)
{
    assert_int_equal(area.y, y);
    assert_int_equal(area.x, x);
    assert_int_equal(area.rows, rows);
    assert_int_equal(area.columns, columns);
}

static void test_places(void **state)
{
    struct layout layout;
    (void)state;
    begin(&layout);
    layout_compute(&layout, 24, 80, needs);
    assert_area(area_of(&layout, 0), 2, 0, 6, 80);
    assert_area(area_of(&layout, 1), 9, 0, 9, 80);
    layout_compute(&layout, 32, 120, needs);
    assert_area(area_of(&layout, 0), 2, 0, 23, 53);
    assert_area(area_of(&layout, 1), 2, 54, 23, 66);
    layout_compute(&layout, 60, 200, needs);
    assert_area(area_of(&layout, 0), 2, 0, 49, 80);
    /* A third below the memory: beside the tables on a wide screen. */
    int third =
        layout_split(&layout, layout_leaf_of(&layout, 1), LAYOUT_BELOW, layout_halves, false, 2);
    layout_compute(&layout, 60, 200, needs);
    assert_area(area_of(&layout, 1), 2, 81, 24, 119);
    assert_area(area_of(&layout, 2), 27, 81, 24, 119);
    layout_compute(&layout, 24, 80, needs);
    assert_true(layout_shows(&layout, third));
    /* Too small for all: what was used last stays. */
    layout_compute(&layout, 14, 80, needs);
    assert_false(layout_shows(&layout, third));
    assert_true(layout_shows(&layout, layout_leaf_of(&layout, 1)));
    layout_focus(&layout, third);
    layout_compute(&layout, 14, 80, needs);
    assert_true(layout_shows(&layout, third));
    layout_compute(&layout, 5, 20, needs);
    assert_area(area_of(&layout, 2), 1, 0, 3, 20);
}

static void test_close(void **state)
{
    struct layout layout;
    (void)state;
    begin(&layout);
    int tables = layout_leaf_of(&layout, 0), memory = layout_leaf_of(&layout, 1);
    layout_focus(&layout, tables);
    layout_focus(&layout, memory);
    int third = layout_split(&layout, memory, LAYOUT_RIGHT, layout_halves, false, 2);
    layout_focus(&layout, third);
    assert_int_equal(layout_step(&layout, third, 1), tables);
    assert_true(layout_close(&layout, third));
    assert_int_equal(layout.focus, memory); /* the one before */
    assert_int_equal(layout_leaf_of(&layout, 2), LAYOUT_NONE);
    assert_true(layout_close(&layout, tables));
    assert_false(layout_close(&layout, memory));
    for (int i = 1; i < LAYOUT_LEAVES; i++)
        assert_true(layout_split(&layout, memory, LAYOUT_AUTO, layout_halves, false, 2) >= 0);
    unsigned changes = layout.changes;
    assert_int_equal(layout_split(&layout, memory, LAYOUT_AUTO, layout_halves, false, 2),
                     LAYOUT_NONE);
    assert_int_equal(layout.changes, changes);
    check_tree(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_two),
        cmocka_unit_test(test_any_tree),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
