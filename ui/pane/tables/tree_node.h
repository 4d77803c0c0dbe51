/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An opened table in the tree: its pieces, the tables opened below them, and how many rows all
 * that is.  The tree's own workshop; panes use ui/tree.h.
 *
 * Functions that open or read leave the row counts of the tables above as they were: the caller
 * ends with node_count_upward() or node_count_below().
 */
#ifndef RAMWALK_UI_PANE_TABLES_TREE_NODE_H
#define RAMWALK_UI_PANE_TABLES_TREE_NODE_H

#include "ui/pane/tables/tree_run.h"

struct tree;

struct tree_node {
    struct tree_span span; /* unused in the tree's top, whose pieces are the roots */
    struct tree_node *parent;
    size_t parent_piece;
    struct tree_piece *piece;
    size_t pieces;
    uint64_t pa;
    struct access access;     /* of the path down to this table */
    unsigned depth;           /* of its rows; 0 is the top's */
    uint32_t rows;            /* of all its pieces, opened ones included */
    enum extent_kind missing; /* EXTENT_PENDING to EXTENT_NONE: why there is no table */
    bool due;                 /* to be read again in this refresh */
};

/* How opening something ended. */
enum tree_opened {
    TREE_OPENED,
    TREE_NOTHING, /* nothing is below it */
    TREE_MISSING, /* the table is not in the file */
    TREE_NO_MEMORY,
};

/* The node that has the roots as its pieces.  NULL: out of memory. */
struct tree_node *node_top(const struct tree *tree);

/* With everything below.  Takes NULL. */
void node_free(struct tree_node *node);

/* Opens a piece: a table is read, a run shows its entries. */
enum tree_opened node_open(const struct tree *tree, struct tree_node *node, size_t piece);

/* False: it was closed. */
bool node_close(struct tree_node *node, size_t piece);

/* What opening a whole subtree may cost; counted down.  rows 0: there is no room for more. */
struct tree_budget {
    size_t rows, entries;
};

/* Opens every table below a piece but loops.  False: the budget is used up. */
bool node_open_all(const struct tree *tree, struct tree_node *node, size_t piece,
                   struct tree_budget *budget);

/*
 * Reads every node again that is due, from the top down, and of those whose table came, went or
 * moved (*moved) at most: the others are due when their rows are.  True where anything changed.
 */
bool node_refresh(const struct tree *tree, struct tree_node *node, int64_t now_ms, unsigned *moved);

void node_count_upward(const struct tree *tree, struct tree_node *node);
void node_count_below(const struct tree *tree, struct tree_node *node);

/* The piece with that row of the node. */
size_t node_piece_of_row(const struct tree_node *node, size_t row);

/* How many pieces the row of one stands for, itself included. */
size_t node_fold(const struct tree_node *node, size_t piece);

/* Address of a piece's first entry; a root's, of the first that counts. */
uint64_t node_va(const struct tree *tree, const struct tree_node *node,
                 const struct tree_piece *piece);

/* The table that a piece of kind ENTRY_TABLE leads to. */
uint64_t node_target(const struct tree *tree, const struct tree_node *node,
                     const struct tree_piece *piece);

/* True where `pa` is that of the node's table or of one above it. */
bool node_on_path(const struct tree_node *node, uint64_t pa);

/* The root, as index, under which the piece of the node lies. */
size_t node_root(const struct tree_node *node, size_t piece);

/* A run that can be shown entry by entry; those that are not there have nothing to say. */
static inline bool piece_is_run(const struct tree_piece *piece)
{
    return piece->count > 1 && piece->kind != ENTRY_MISSING;
}

/* Before any entry narrowed it. */
static inline struct access access_full(void)
{
    return (struct access){ACCESS_R | ACCESS_W | ACCESS_X, ACCESS_R | ACCESS_W | ACCESS_X};
}

#endif
