/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of panes: splitting, closing and stepping through it. */
#include "ui/app/layout.h"

static bool is_leaf(const struct layout *layout, int node)
{
    return layout->node[node].child[0] == LAYOUT_NONE;
}

/* An unused node made a leaf; LAYOUT_NONE: there is none. */
static int new_node(struct layout *layout, int pane)
{
    for (int i = 0; i < LAYOUT_NODES; i++)
        if (!layout->node[i].used) {
            layout->node[i] = (struct layout_node){.used = true,
                                                   .parent = LAYOUT_NONE,
                                                   .child = {LAYOUT_NONE, LAYOUT_NONE},
                                                   .pane = pane};
            return i;
        }
    return LAYOUT_NONE;
}

void layout_init(struct layout *layout, int pane)
{
    *layout = (struct layout){.zoom = false};
    layout->root = layout->focus = new_node(layout, pane);
}

/* Puts another node in the place that `node` has in the tree. */
static void replace(struct layout *layout, int node, int by)
{
    int parent = layout->node[node].parent;
    layout->node[by].parent = parent;
    if (parent == LAYOUT_NONE)
        layout->root = by;
    else
        layout->node[parent].child[layout->node[parent].child[1] == node] = by;
}

int layout_split(struct layout *layout, int node, enum layout_direction direction,
                 struct layout_share share, bool before, int pane)
{
    if (layout_leaves(layout) == LAYOUT_LEAVES)
        return LAYOUT_NONE;
    int leaf = new_node(layout, pane), split = new_node(layout, pane);
    replace(layout, node, split);
    layout->node[split].direction = direction;
    layout->node[split].share = share;
    layout->node[split].child[before ? 0 : 1] = leaf;
    layout->node[split].child[before ? 1 : 0] = node;
    layout->node[leaf].parent = layout->node[node].parent = split;
    layout->changes++;
    return leaf;
}

static int leftmost(const struct layout *layout, int node)
{
    while (!is_leaf(layout, node))
        node = layout->node[node].child[0];
    return node;
}

static int latest(const struct layout *layout)
{
    int leaf = layout_first(layout), found = leaf;
    for (int i = layout_leaves(layout); i > 0; i--, leaf = layout_step(layout, leaf, 1))
        if (layout->node[leaf].focused > layout->node[found].focused)
            found = leaf;
    return found;
}

bool layout_close(struct layout *layout, int leaf)
{
    int split = layout->node[leaf].parent;
    if (split == LAYOUT_NONE)
        return false;
    replace(layout, split, layout->node[split].child[layout->node[split].child[0] == leaf]);
    layout->node[leaf].used = layout->node[split].used = false;
    if (layout->focus == leaf)
        layout->focus = latest(layout);
    layout->zoom = false;
    layout->changes++;
    return true;
}

void layout_only(struct layout *layout)
{
    for (int i = 0; i < LAYOUT_NODES; i++)
        layout->node[i].used = i == layout->focus;
    layout->root = layout->focus;
    layout->node[layout->root].parent = LAYOUT_NONE;
    layout->zoom = false;
    layout->changes++;
}

void layout_focus(struct layout *layout, int leaf)
{
    if (layout->focus != leaf)
        layout->changes++;
    layout->focus = leaf;
    layout->node[leaf].focused = ++layout->clock;
}

void layout_put(struct layout *layout, int leaf, int pane)
{
    layout->node[leaf].pane = pane;
    layout->changes++;
}

void layout_zoom(struct layout *layout, bool zoom)
{
    layout->zoom = zoom;
    layout->changes++;
}

int layout_first(const struct layout *layout)
{
    return leftmost(layout, layout->root);
}

/* Up to where there is another way in that direction, and down to the nearest leaf of it. */
int layout_step(const struct layout *layout, int leaf, int step)
{
    int side = step > 0 ? 0 : 1, node = leaf, parent = layout->node[node].parent;
    while (parent != LAYOUT_NONE && layout->node[parent].child[side] != node) {
        node = parent;
        parent = layout->node[node].parent;
    }
    node = parent == LAYOUT_NONE ? layout->root : layout->node[parent].child[1 - side];
    while (!is_leaf(layout, node))
        node = layout->node[node].child[side];
    return node;
}

int layout_leaves(const struct layout *layout)
{
    int count = 0;
    for (int i = 0; i < LAYOUT_NODES; i++)
        count += layout->node[i].used && is_leaf(layout, i);
    return count;
}

int layout_leaf_of(const struct layout *layout, int pane)
{
    for (int i = 0; i < LAYOUT_NODES; i++)
        if (layout->node[i].used && is_leaf(layout, i) && layout->node[i].pane == pane)
            return i;
    return LAYOUT_NONE;
}

int layout_at(const struct layout *layout, int row, int column)
{
    for (int i = 0; i < LAYOUT_NODES; i++)
        if (area_has(layout->node[i].area, row, column) ||
            area_has(layout->node[i].rule, row, column))
            return i;
    return LAYOUT_NONE;
}

bool layout_shows(const struct layout *layout, int leaf)
{
    return layout->node[leaf].area.rows > 0;
}
