/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opened tables: reading them, reading them again, and keeping the row counts true. */
#include "ui/pane/tables/tree_node.h"

#include "ui/pane/tables/tree.h"

#include <stdlib.h>

static uint32_t piece_rows(const struct tree *tree, const struct tree_piece *piece)
{
    if (piece->kind == ENTRY_EMPTY && !tree->show_empty)
        return 0;
    if (piece->child)
        return 1 + piece->child->rows;
    return 1 + (piece_is_run(piece) && piece->open ? piece->count : 0u);
}

static bool can_fold(const struct tree_piece *piece)
{
    return piece->kind == ENTRY_TABLE && (piece->empty || piece->repeats) && !piece->unfolded &&
           !piece->child;
}

/*
 * Kernels give tables to many root entries long before anything is mapped by them (x86, RISC-V:
 * those of vmalloc), and one table to many entries (KASAN's shadow, x86's espfix): neighbours that
 * are empty, or the same as the one before, take one row.  Answers the piece after the last one, or
 * `first` where there are too few.
 */
static size_t fold_end(const struct tree_node *node, size_t first, uint16_t *tables)
{
    size_t end = first;
    *tables = 0;
    for (size_t i = first; i < node->pieces; i++) {
        const struct tree_piece *piece = &node->piece[i];
        if (can_fold(piece) && piece->empty == node->piece[first].empty) {
            ++*tables;
            end = i + 1;
        } else if (piece->kind != ENTRY_EMPTY)
            break;
    }
    return *tables >= TREE_FOLD_MIN ? end : first;
}

static void node_count(const struct tree *tree, struct tree_node *node)
{
    bool folds = node->depth > 0 && !tree->show_empty;
    node->rows = 0;
    for (size_t i = 0; i < node->pieces;) {
        struct tree_piece *piece = &node->piece[i];
        uint16_t tables = 0;
        size_t end = folds && can_fold(piece) ? fold_end(node, i, &tables) : i;
        piece->folded = false;
        piece->fold = end > i ? tables : 0;
        piece->start = node->rows;
        node->rows += piece_rows(tree, piece);
        for (i++; i < end; i++) {
            node->piece[i].folded = true;
            node->piece[i].fold = 0;
            node->piece[i].start = node->rows;
        }
    }
}

size_t node_fold(const struct tree_node *node, size_t piece)
{
    size_t end = piece + 1;
    while (end < node->pieces && node->piece[end].folded)
        end++;
    return end - piece;
}

void node_count_upward(const struct tree *tree, struct tree_node *node)
{
    for (; node; node = node->parent)
        node_count(tree, node);
}

void node_count_below(const struct tree *tree, struct tree_node *node)
{
    for (size_t i = 0; i < node->pieces; i++)
        if (node->piece[i].child)
            node_count_below(tree, node->piece[i].child);
    node_count(tree, node);
}

/* The last piece that starts at or before the row: pieces without rows share a start. */
size_t node_piece_of_row(const struct tree_node *node, size_t row)
{
    size_t low = 0, high = node->pieces;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (node->piece[middle].start <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void node_free(struct tree_node *node)
{
    if (!node)
        return;
    for (size_t i = 0; i < node->pieces; i++)
        node_free(node->piece[i].child);
    free(node->piece);
    free(node);
}

struct tree_node *node_top(const struct tree *tree)
{
    struct tree_node *top = calloc(1, sizeof *top);
    if (!top)
        return NULL;
    top->access = access_full();
    top->piece = calloc(TREE_ROOTS, sizeof *top->piece);
    if (!top->piece) {
        node_free(top);
        return NULL;
    }
    top->pieces = tree->roots;
    for (size_t i = 0; i < tree->roots; i++)
        top->piece[i] = (struct tree_piece){.mapped = TREE_UNKNOWN,
                                            .changed_ms = TREE_NEVER,
                                            .first = (uint16_t)i,
                                            .count = 1,
                                            .kind = ENTRY_TABLE};
    return top;
}

uint64_t node_target(const struct tree *tree, const struct tree_node *node,
                     const struct tree_piece *piece)
{
    if (node->depth == 0)
        return tree->root[piece->first].pa;
    return paging_target(tree->paging, node->span.level, ENTRY_TABLE, piece->entry);
}

uint64_t node_va(const struct tree *tree, const struct tree_node *node,
                 const struct tree_piece *piece)
{
    const struct tree_span *span = node->depth ? &node->span : &tree->root[piece->first].span;
    return span_va(span, node->depth ? piece->first : span->first);
}

bool node_on_path(const struct tree_node *node, uint64_t pa)
{
    for (; node && node->depth > 0; node = node->parent)
        if (node->pa == pa)
            return true;
    return false;
}

size_t node_root(const struct tree_node *node, size_t piece)
{
    for (; node->parent; node = node->parent)
        piece = node->parent_piece;
    return piece;
}

/* Where a child's table is and how it is reached, from the entry that leads to it. */
static void node_derive(const struct tree *tree, struct tree_node *node)
{
    const struct tree_node *parent = node->parent;
    const struct tree_piece *piece = &parent->piece[node->parent_piece];
    node->depth = parent->depth + 1;
    node->pa = node_target(tree, parent, piece);
    node->access = parent->access;
    if (parent->depth == 0) {
        node->span = tree->root[piece->first].span;
        return;
    }
    tree->paging->arch->narrow(&node->access, ENTRY_TABLE, piece->entry);
    unsigned level = parent->span.level + 1;
    node->span = (struct tree_span){.paging = tree->paging,
                                    .level = level,
                                    .va = span_va(&parent->span, piece->first),
                                    .last = (1u << tree->paging->level[level].bits) - 1};
}

/* Reads the node's table, keeping what was opened.  False: out of memory, nothing changed. */
static bool node_read(const struct tree *tree, struct tree_node *node, int64_t now_ms,
                      bool *changed)
{
    struct tree_piece *piece;
    enum extent_kind missing;
    size_t pieces = entry_runs_read(&node->span, &tree->source, node->pa, &piece, &missing);
    if (!missing && !piece)
        return false;
    if (extent_is_open(missing) && node->piece) /* what was read before shows until then */
        return true;
    bool is_first_time = !node->piece && !node->missing;
    *changed |= !is_first_time && node->missing != missing;
    if (piece && node->piece)
        *changed |=
            entry_runs_inherit(&node->span, node->piece, node->pieces, piece, pieces, now_ms);
    for (size_t i = 0; node->piece && i < node->pieces; i++)
        node_free(node->piece[i].child);
    free(node->piece);
    node->piece = piece;
    node->pieces = pieces;
    node->missing = missing;
    for (size_t i = 0; piece && i < pieces; i++)
        if (piece[i].child)
            piece[i].child->parent_piece = i;
    return true;
}

/* A table that is on its way is not: it is open, and is read again by each refresh. */
static bool is_lost(const struct tree_node *node)
{
    return node->missing && !extent_is_open(node->missing);
}

enum tree_opened node_open(const struct tree *tree, struct tree_node *node, size_t i)
{
    struct tree_piece *piece = &node->piece[i];
    if (piece->kind != ENTRY_TABLE) {
        piece->open |= piece_is_run(piece);
        return piece_is_run(piece) ? TREE_OPENED : TREE_NOTHING;
    }
    if (piece->child)
        return is_lost(piece->child) ? TREE_MISSING : TREE_OPENED;
    struct tree_node *child = calloc(1, sizeof *child);
    if (!child)
        return TREE_NO_MEMORY;
    bool changed = false;
    child->parent = node;
    child->parent_piece = i;
    node_derive(tree, child);
    bool is_read = node_read(tree, child, TREE_NEVER, &changed);
    if (!is_read || is_lost(child)) {
        node_free(child);
        return is_read ? TREE_MISSING : TREE_NO_MEMORY;
    }
    node_count(tree, child);
    piece->child = child;
    return TREE_OPENED;
}

bool node_close(struct tree_node *node, size_t i)
{
    struct tree_piece *piece = &node->piece[i];
    bool was_open = piece->child || piece->open;
    node_free(piece->child);
    piece->child = NULL;
    piece->open = false;
    return was_open;
}

bool node_open_all(const struct tree *tree, struct tree_node *node, size_t i,
                   struct tree_budget *budget)
{
    struct tree_piece *piece = &node->piece[i];
    if (piece->kind != ENTRY_TABLE || piece->empty ||
        node_on_path(node, node_target(tree, node, piece)))
        return true;
    bool was_open = piece->child;
    if (node_open(tree, node, i) != TREE_OPENED)
        return true;
    struct tree_node *child = piece->child;
    size_t entries = (size_t)1 << tree->paging->level[child->span.level].bits;
    if (!was_open) {
        if (budget->rows < child->pieces)
            budget->rows = 0;
        if (budget->rows == 0 || budget->entries < entries)
            return false;
        budget->rows -= child->pieces;
        budget->entries -= entries;
    }
    bool all = true;
    for (size_t k = 0; all && k < child->pieces; k++)
        all = node_open_all(tree, child, k, budget);
    return all;
}

bool node_refresh(const struct tree *tree, struct tree_node *node, int64_t now_ms, unsigned *moved)
{
    bool changed = false;
    node->due = false;
    if (node->depth > 0 && !node_read(tree, node, now_ms, &changed))
        return false;
    for (size_t i = 0; i < node->pieces; i++) {
        struct tree_node *child = node->piece[i].child;
        if (!child)
            continue;
        uint64_t pa_before = child->pa;
        node_derive(tree, child);
        bool is_other = child->pa != pa_before || extent_is_open(child->missing);
        if (child->due || (is_other && *moved > 0 && (*moved)--))
            changed |= node_refresh(tree, child, now_ms, moved);
    }
    node_count(tree, node);
    return changed;
}
