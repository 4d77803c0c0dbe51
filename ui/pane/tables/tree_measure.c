/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting what is mapped below a table: depth first, a frame a level.  Tables are fetched anew
 * whenever a frame is entered again, as a source's pointer is good until the next call only.
 */
#include "ui/pane/tables/tree_measure.h"

void tree_measure_stop(struct tree_measure *measure)
{
    measure->depth = 0;
}

/* A table that is on the path already is not counted twice. */
static bool is_loop(const struct tree_measure *measure, uint64_t pa)
{
    for (unsigned i = 0; i < measure->above; i++)
        if (measure->path[i] == pa)
            return true;
    for (unsigned i = 0; i < measure->depth; i++)
        if (measure->frame[i].pa == pa)
            return true;
    return false;
}

static void start(struct tree_measure *measure, const struct tree *tree,
                  const struct tree_node *node, struct tree_piece *piece)
{
    *measure = (struct tree_measure){.place = {node_va(tree, node, piece), node->depth},
                                     .target_pa = node_target(tree, node, piece),
                                     .level = node->depth,
                                     .generation = tree->generation,
                                     .counted = measure->counted};
    for (const struct tree_node *up = node; up->depth > 0; up = up->parent)
        measure->path[measure->above++] = up->pa;
    if (is_loop(measure, measure->target_pa)) {
        piece->mapped = 0;
        piece->empty = false;
        piece->measured = tree->generation;
        measure->counted++;
        return;
    }
    measure->depth = 1;
    measure->frame[0].pa = measure->target_pa;
    measure->frame[0].access = node->access;
    if (node->depth > 0)
        tree->paging->arch->narrow(&measure->frame[0].access, ENTRY_TABLE, piece->entry);
    measure->frame[0].last = (1u << tree->paging->level[measure->level].bits) - 1;
    if (node->depth == 0) {
        measure->frame[0].next = tree->root[piece->first].span.first;
        measure->frame[0].last = tree->root[piece->first].span.last;
    }
}

static void count_leaf(struct tree_measure *measure, const struct paging *paging, unsigned level,
                       uint64_t entry)
{
    struct access access = measure->frame[measure->depth - 1].access;
    paging->arch->narrow(&access, ENTRY_LEAF, entry);
    measure->sum += paging_span(paging, level);
    measure->below.kernel |= access.kernel;
    measure->below.user |= access.user;
}

/* Looks through the deepest frame up to a table to enter, or its end.  Answers the entries. */
static size_t count_frame(struct tree_measure *measure, const struct tree *tree)
{
    const struct paging *paging = tree->paging;
    unsigned level = measure->level + measure->depth - 1;
    unsigned first = measure->frame[measure->depth - 1].next;
    unsigned last = measure->frame[measure->depth - 1].last;
    struct table_view view;
    enum extent_kind why;
    bool is_there = table_view_open(&view, &tree->source, measure->frame[measure->depth - 1].pa,
                                    paging_table_size(paging, level), &why);
    measure->waits = !is_there && why == EXTENT_PENDING;
    measure->used |= !is_there;
    for (unsigned i = first; is_there && i <= last; i++) {
        uint64_t entry = 0;
        bool is_known = table_view_entry(&view, i, &entry, &why);
        measure->used |= !is_known;
        if (!is_known && why == EXTENT_PENDING) {
            measure->frame[measure->depth - 1].next = i;
            measure->waits = true;
            break;
        }
        if (entry == 0)
            continue;
        enum entry_kind kind = paging->arch->kind(paging, level, entry);
        if (kind == ENTRY_LEAF)
            count_leaf(measure, paging, level, entry);
        uint64_t pa = paging_target(paging, level, kind, entry);
        if (kind != ENTRY_TABLE || is_loop(measure, pa)) {
            measure->used = true;
            continue;
        }
        measure->frame[measure->depth - 1].next = i + 1;
        measure->frame[measure->depth].pa = pa;
        measure->frame[measure->depth].access = measure->frame[measure->depth - 1].access;
        paging->arch->narrow(&measure->frame[measure->depth].access, kind, entry);
        measure->frame[measure->depth].next = 0;
        measure->frame[measure->depth].last = (1u << paging->level[level + 1].bits) - 1;
        measure->depth++;
        return i - first + 1;
    }
    if (!measure->waits)
        measure->depth--;
    return last + 1 - first + 1;
}

static bool is_wanted(const struct tree *tree, const struct tree_piece *piece)
{
    return piece->kind == ENTRY_TABLE &&
           (piece->mapped == TREE_UNKNOWN || piece->measured != tree->generation);
}

/* Keeps the sum, if the table still is what it was when counting began. */
static void finish(struct tree_measure *measure, struct tree *tree)
{
    struct tree_node *node;
    struct tree_piece *piece = tree_piece_of(tree, measure->place, &node);
    if (!piece || piece->kind != ENTRY_TABLE ||
        node_target(tree, node, piece) != measure->target_pa)
        return;
    measure->counted++;
    bool was_empty = piece->empty;
    piece->mapped = measure->sum;
    piece->below = measure->below;
    piece->empty = !measure->used;
    piece->unfolded &= piece->empty;
    piece->measured = measure->generation;
    if (piece->empty != was_empty)
        node_count_upward(tree, node);
}

/* Pieces of the rows on screen, one after the other; a fold's row has many. */
struct round {
    size_t row, end, part;
};

static struct tree_piece *next_wanted(const struct tree *tree, struct round *round,
                                      struct tree_node **node)
{
    for (; round->row < round->end; round->row++, round->part = 0) {
        struct tree_piece *piece = tree_piece_at(tree, round->row, node);
        size_t parts = piece ? node_fold(*node, (size_t)(piece - (*node)->piece)) : 0;
        while (round->part < parts) {
            struct tree_piece *part = &piece[round->part++];
            if (is_wanted(tree, part))
                return part;
        }
    }
    return NULL;
}

bool tree_measure_step(struct tree_measure *measure, struct tree *tree, size_t first, size_t rows,
                       size_t entries)
{
    size_t looked = 0;
    /* Each piece once a call, whatever becomes of it. */
    struct round round = {first, first + rows, 0};
    for (;;) {
        measure->waits = false;
        while (measure->depth > 0 && looked < entries) {
            looked += count_frame(measure, tree);
            if (measure->waits)
                return false;
            if (measure->depth == 0)
                finish(measure, tree);
        }
        if (measure->depth > 0)
            return true;
        struct tree_node *node;
        struct tree_piece *piece = next_wanted(tree, &round, &node);
        if (!piece)
            return false;
        if (looked >= entries)
            return true;
        start(measure, tree, node, piece);
    }
}
