/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting what is mapped below a table: depth first, a frame a level.  Tables are fetched anew
 * whenever a frame is entered again, as a source's pointer is good until the next call only.
 */
#include "ui/pane/tables/tree_measure.h"

/* Tables that lead to each other again and again are counted by so many paths. */
#define AGAIN_MAX 16384

void tree_measure_stop(struct tree_measure *measure)
{
    measure->depth = 0;
    table_memo_free(&measure->memo);
}

/* A table that is on the path already is not counted twice. */
static bool is_loop(const struct tree_measure *measure, uint64_t pa)
{
    for (unsigned i = 0; i < measure->above; i++)
        if (measure->path[i] == pa)
            return true;
    for (unsigned i = 0; i < measure->depth; i++)
        if (measure->frame[i].table.key.pa == pa)
            return true;
    return false;
}

static void push(struct tree_measure *measure, const struct tree *tree, const struct table_key *key)
{
    measure->frame[measure->depth++] = (struct tree_measure_frame){
        .table = {.key = *key}, .last = (1u << tree->paging->level[key->level].bits) - 1};
}

static const struct known_table *known_below(struct tree_measure *measure,
                                             const struct table_key *key)
{
    const struct known_table *known = table_memo_find(&measure->memo, key);
    return known && known->loops && measure->again++ < AGAIN_MAX ? NULL : known;
}

static void start(struct tree_measure *measure, const struct tree *tree,
                  const struct tree_node *node, struct tree_piece *piece)
{
    table_memo_free(&measure->memo);
    *measure = (struct tree_measure){.place = {node_va(tree, node, piece), node->depth},
                                     .target_pa = node_target(tree, node, piece),
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
    struct table_key key = {measure->target_pa, node->depth, node->access};
    if (node->depth > 0)
        tree->paging->arch->narrow(&key.access, ENTRY_TABLE, piece->entry);
    push(measure, tree, &key);
    if (node->depth == 0) {
        measure->frame[0].next = tree->root[piece->first].span.first;
        measure->frame[0].last = tree->root[piece->first].span.last;
    }
}

static void add(struct known_table *table, const struct known_table *below)
{
    table->mapped += below->mapped;
    table->below.kernel |= below->below.kernel;
    table->below.user |= below->below.user;
    table->used |= below->used;
    table->loops |= below->loops;
}

/* So many leaves of the same access, of which `entry` is the first. */
static void count_leaves(struct known_table *table, const struct paging *paging, uint64_t entry,
                         unsigned count)
{
    struct known_table leaf = {.mapped = count * paging_span(paging, table->key.level),
                               .below = table->key.access,
                               .used = true};
    paging->arch->narrow(&leaf.below, ENTRY_LEAF, entry);
    add(table, &leaf);
}

/* True: the table that `entry` leads to is to be counted first. */
static bool enters(struct tree_measure *measure, const struct tree *tree, uint64_t entry)
{
    struct known_table *table = &measure->frame[measure->depth - 1].table;
    struct table_key key = {paging_target(tree->paging, table->key.level, ENTRY_TABLE, entry),
                            table->key.level + 1, table->key.access};
    tree->paging->arch->narrow(&key.access, ENTRY_TABLE, entry);
    bool loops = is_loop(measure, key.pa);
    const struct known_table *known = loops ? NULL : known_below(measure, &key);
    table->used |= loops;
    table->loops |= loops;
    if (known)
        add(table, known);
    if (!known && !loops)
        push(measure, tree, &key);
    return !known && !loops;
}

/* The deepest frame is counted; frame[0] stays for finish(). */
static void end_frame(struct tree_measure *measure)
{
    const struct known_table *table = &measure->frame[--measure->depth].table;
    if (measure->depth == 0)
        return;
    if (!table_memo_find(&measure->memo, &table->key))
        table_memo_add(&measure->memo, table);
    add(&measure->frame[measure->depth - 1].table, table);
}

/* Looks through the deepest frame up to a table to enter, or its end.  Answers the entries. */
static size_t count_frame(struct tree_measure *measure, const struct tree *tree)
{
    const struct paging *paging = tree->paging;
    struct tree_measure_frame *frame = &measure->frame[measure->depth - 1];
    struct known_table *table = &frame->table;
    unsigned level = table->key.level, first = frame->next, last = frame->last;
    struct table_view view;
    enum extent_kind why;
    bool is_there = table_view_open(&view, &tree->source, table->key.pa,
                                    paging_table_size(paging, level), &why);
    measure->waits = !is_there && extent_is_open(why);
    table->used |= !is_there;
    for (unsigned i = first; is_there && i <= last; i++) {
        uint64_t entry = 0;
        bool is_known = table_view_entry(&view, i, &entry, &why);
        table->used |= !is_known;
        if (!is_known && extent_is_open(why)) {
            frame->next = i;
            measure->waits = true;
            break;
        }
        if (entry == 0)
            continue;
        enum entry_kind kind = paging->arch->kind(paging, level, entry);
        if (kind == ENTRY_LEAF) {
            unsigned more =
                view.table ? table_run(view.table, paging, level, i + 1, last, entry) : 0;
            count_leaves(table, paging, entry, more + 1);
            i += more;
        }
        table->used |= kind != ENTRY_TABLE;
        if (kind != ENTRY_TABLE || !enters(measure, tree, entry))
            continue;
        frame->next = i + 1;
        return i - first + 1;
    }
    if (!measure->waits)
        end_frame(measure);
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
    const struct known_table *table = &measure->frame[0].table;
    measure->counted++;
    bool was_empty = piece->empty;
    piece->mapped = table->mapped;
    piece->below = table->below;
    piece->empty = !table->used;
    piece->unfolded &= piece->empty || piece->repeats;
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
            size_t before = tree_rows(tree);
            if (measure->depth == 0)
                finish(measure, tree);
            if (tree_rows(tree) != before) /* others stand in their rows */
                round = (struct round){first, first + rows, 0};
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
