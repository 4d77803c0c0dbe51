/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opened tables as nodes, each with the row counts of its pieces summed up: finding row N is a
 * binary search a level, and opening something renumbers one table and those above it.
 */
#include "ui/pane/tables/tree.h"

/* How many tables that moved, and are on no row that is refreshed, one refresh reads. */
#define REFRESH_MOVED 32u

/* A row of the tree: a piece of a node, or one entry of an opened run. */
struct spot {
    struct tree_node *node;
    size_t piece;
    bool is_member;
    unsigned member; /* counted from the run's first entry */
};

static void add_root(struct tree *tree, uint64_t pa, bool user, bool shares)
{
    const struct paging *paging = tree->paging;
    unsigned entries = 1u << paging->level[0].bits;
    struct tree_root *root = &tree->root[tree->roots++];
    *root = (struct tree_root){.pa = pa, .user = user};
    root->span = (struct tree_span){.paging = paging, .last = entries - 1};
    if (paging->arch->split_roots)
        root->span.va = paging_half_first(paging, !user);
    else if (shares && user)
        root->span.last = entries / 2 - 1; /* one table for both halves: each root has its own */
    else if (shares)
        root->span.first = entries / 2;
}

bool tree_init(struct tree *tree, const struct paging *paging, const struct table_source *source,
               const struct roots *roots)
{
    *tree = (struct tree){.paging = paging, .source = *source};
    bool kernel = roots->kernel_pa != NO_ROOT, user = roots->user_pa != NO_ROOT;
    if (kernel)
        add_root(tree, roots->kernel_pa, false, user);
    if (user)
        add_root(tree, roots->user_pa, true, kernel);
    tree->top = node_top(tree);
    if (!tree->top)
        return false;
    for (size_t i = 0; i < tree->roots; i++)
        node_open(tree, tree->top, i);
    node_count_upward(tree, tree->top);
    return true;
}

void tree_deinit(struct tree *tree)
{
    node_free(tree->top);
    *tree = (struct tree){0};
}

size_t tree_rows(const struct tree *tree)
{
    return tree->top ? tree->top->rows : 0;
}

static bool spot_at(const struct tree *tree, size_t n, struct spot *spot)
{
    struct tree_node *node = tree->top;
    if (n >= tree_rows(tree))
        return false;
    for (;;) {
        size_t i = node_piece_of_row(node, n);
        const struct tree_piece *piece = &node->piece[i];
        n -= piece->start;
        *spot = (struct spot){.node = node, .piece = i};
        if (n == 0)
            return true;
        n--;
        if (!piece->child) {
            spot->is_member = true;
            spot->member = (unsigned)n;
            return true;
        }
        node = piece->child;
    }
}

static size_t row_of(const struct spot *spot)
{
    size_t piece = spot->piece;
    while (spot->node->piece[piece].folded)
        piece--;
    size_t n = spot->node->piece[piece].start;
    if (spot->is_member)
        n += 1 + spot->member;
    for (const struct tree_node *node = spot->node; node->parent; node = node->parent)
        n += node->parent->piece[node->parent_piece].start + (size_t)1;
    return n;
}

struct tree_piece *tree_piece_at(const struct tree *tree, size_t n, struct tree_node **node)
{
    struct spot spot;
    if (!spot_at(tree, n, &spot))
        return NULL;
    *node = spot.node;
    return &spot.node->piece[spot.piece];
}

/* Why a table is not there; EXTENT_DATA: it is, or a part of it. */
static enum extent_kind missing_table(const struct tree *tree, uint64_t pa, unsigned level)
{
    struct table_view view;
    enum extent_kind why;
    size_t size = paging_table_size(tree->paging, level);
    return table_view_open(&view, &tree->source, pa, size, &why) ? EXTENT_DATA : why;
}

static void describe_table(const struct tree *tree, const struct tree_node *node,
                           const struct tree_piece *piece, struct tree_row *row)
{
    row->target_pa = node_target(tree, node, piece);
    row->mapped = piece->mapped;
    row->openable = true;
    row->open = piece->child;
    row->loop = node_on_path(node, row->target_pa);
    row->missing =
        piece->child ? piece->child->missing : missing_table(tree, row->target_pa, node->depth);
    row->access = piece->below;
    row->fold = piece->fold;
    row->repeats = piece->fold && !piece->empty;
    row->unfolded = piece->unfolded && !piece->child;
    if (piece->fold) {
        /* The fold ends with a table. */
        const struct tree_piece *last =
            piece + (node_fold(node, (size_t)(piece - node->piece)) - 1);
        row->count = last->first - row->index + 1u;
    }
}

/* Groups that lie within a run agree as the run does; those at its ends may not. */
static void describe_group(const struct tree *tree, struct tree_row *row)
{
    const struct paging *paging = tree->paging;
    if (!(row->entry & paging->arch->contiguous))
        return;
    const uint64_t *table =
        table_read(&tree->source, row->table_pa, paging_table_size(paging, row->level), NULL);
    if (table)
        paging_group(paging, row->level, table, row->index, &row->group);
    if (table && row->group.count && !row->group.broken)
        paging_group(paging, row->level, table, row->index + row->count - 1, &row->group);
}

static void describe_leaf(const struct tree *tree, const struct tree_span *span,
                          struct tree_row *row)
{
    describe_group(tree, row);
    row->target_pa = span_leaf_pa(span, row->index, row->entry);
    row->mapped = (uint64_t)row->count * paging_span(tree->paging, span->level);
    void *image = tree->in_image_context;
    uint64_t span_size = paging_span(tree->paging, span->level);
    uint64_t last_pa = row->target_pa + (row->mapped - span_size);
    if (tree->in_image && !tree->in_image(image, row->target_pa, row->mapped)) {
        row->device = true;
        row->partly = tree->in_image(image, row->target_pa, span_size) ||
                      tree->in_image(image, last_pa, span_size);
    }
    tree->paging->arch->narrow(&row->access, ENTRY_LEAF, row->entry);
}

/* A run's entry is as the table has it now, which need not be what the run was made of. */
static void describe_member(const struct tree *tree, const struct spot *spot, struct tree_row *row)
{
    const struct tree_span *span = &spot->node->span;
    size_t size = paging_table_size(tree->paging, span->level);
    row->member = true;
    row->depth++;
    row->index += spot->member;
    row->count = 1;
    row->entry = 0;
    row->kind = ENTRY_MISSING;
    uint64_t pa = spot->node->pa + 8 * (uint64_t)row->index;
    if (table_entry(&tree->source, pa, size, &row->entry, &row->missing)) {
        row->missing = EXTENT_DATA;
        row->kind = tree->paging->arch->kind(tree->paging, span->level, row->entry);
    }
}

bool tree_row(const struct tree *tree, size_t n, struct tree_row *row)
{
    struct spot spot;
    if (!spot_at(tree, n, &spot))
        return false;
    const struct tree_node *node = spot.node;
    const struct tree_piece *piece = &node->piece[spot.piece];
    size_t root = node_root(node, spot.piece);
    *row = (struct tree_row){.depth = node->depth,
                             .level = node->span.level,
                             .index = piece->first,
                             .count = piece->count,
                             .kind = (enum entry_kind)piece->kind,
                             .missing = (enum extent_kind)piece->missing,
                             .user = tree->root[root].user,
                             .entry = piece->entry,
                             .table_pa = node->pa,
                             .access = node->access,
                             .changed_ms = piece->changed_ms,
                             .openable = piece_is_run(piece),
                             .open = piece->open};
    if (node->depth == 0) {
        row->va = node_va(tree, node, piece);
        describe_table(tree, node, piece, row);
        return true;
    }
    if (spot.is_member) {
        row->openable = row->open = false;
        describe_member(tree, &spot, row);
    }
    row->va = span_va(&node->span, row->index);
    if (row->kind == ENTRY_TABLE && !spot.is_member)
        describe_table(tree, node, piece, row);
    else if (row->kind == ENTRY_TABLE)
        row->target_pa = paging_target(tree->paging, row->level, ENTRY_TABLE, row->entry);
    else if (row->kind == ENTRY_LEAF)
        describe_leaf(tree, &node->span, row);
    return true;
}

enum tree_opened tree_open(struct tree *tree, size_t n)
{
    struct spot spot;
    if (!spot_at(tree, n, &spot) || spot.is_member)
        return TREE_NOTHING;
    enum tree_opened opened = TREE_OPENED;
    struct tree_piece *piece = &spot.node->piece[spot.piece];
    size_t pieces = piece->fold ? node_fold(spot.node, spot.piece) : 0;
    for (size_t i = 0; i < pieces; i++)
        piece[i].unfolded = true;
    if (!pieces)
        opened = node_open(tree, spot.node, spot.piece);
    node_count_upward(tree, spot.node);
    return opened;
}

/* Every table of a piece's fold goes back to it.  False: it was in none. */
static bool fold_again(struct tree_node *node, size_t piece)
{
    bool was_unfolded = node->piece[piece].unfolded;
    size_t first = piece;
    while (was_unfolded && first > 0 &&
           (node->piece[first - 1].unfolded || node->piece[first - 1].kind == ENTRY_EMPTY))
        first--;
    for (size_t i = first; was_unfolded && i < node->pieces &&
                           (node->piece[i].unfolded || node->piece[i].kind == ENTRY_EMPTY);
         i++)
        node->piece[i].unfolded = false;
    return was_unfolded;
}

bool tree_close(struct tree *tree, size_t n)
{
    struct spot spot;
    if (!spot_at(tree, n, &spot) || spot.is_member)
        return false;
    bool was_open = node_close(spot.node, spot.piece) || fold_again(spot.node, spot.piece);
    node_count_upward(tree, spot.node);
    return was_open;
}

void tree_close_all(struct tree *tree, size_t n)
{
    struct spot spot;
    if (!spot_at(tree, n, &spot))
        return;
    struct tree_node *below = spot.node->piece[spot.piece].child;
    for (size_t i = 0; below && i < below->pieces; i++) {
        node_close(below, i);
        below->piece[i].unfolded = false;
    }
    node_count_upward(tree, below ? below : spot.node);
}

enum tree_opened_all tree_open_all(struct tree *tree, size_t n, size_t limit, size_t entries)
{
    struct spot spot;
    if (!spot_at(tree, n, &spot) || spot.is_member)
        return TREE_ALL;
    if (spot.node->piece[spot.piece].fold)
        return tree_open(tree, n) == TREE_OPENED ? TREE_ALL : TREE_FULL;
    struct tree_budget budget = {.entries = entries};
    budget.rows = limit > tree_rows(tree) ? limit - tree_rows(tree) : 0;
    bool all = node_open_all(tree, spot.node, spot.piece, &budget);
    node_count_below(tree, spot.node);
    node_count_upward(tree, spot.node);
    return all ? TREE_ALL : budget.rows == 0 ? TREE_FULL : TREE_MORE;
}

void tree_show_empty(struct tree *tree, bool show)
{
    tree->show_empty = show;
    if (tree->top)
        node_count_below(tree, tree->top);
}

size_t tree_parent(const struct tree *tree, size_t n)
{
    struct spot spot;
    if (!spot_at(tree, n, &spot))
        return n;
    if (spot.is_member)
        spot.is_member = false;
    else if (spot.node->parent)
        spot = (struct spot){.node = spot.node->parent, .piece = spot.node->parent_piece};
    return row_of(&spot);
}

static bool is_hidden(const struct tree *tree, const struct tree_piece *piece)
{
    return piece->folded || (piece->kind == ENTRY_EMPTY && !tree->show_empty);
}

size_t tree_sibling(const struct tree *tree, size_t n, bool backward)
{
    struct spot spot;
    if (!spot_at(tree, n, &spot))
        return n;
    const struct tree_node *node = spot.node;
    size_t step = backward ? (size_t)-1 : 1;
    if (spot.is_member) {
        spot.member += (unsigned)step;
        return spot.member < node->piece[spot.piece].count ? row_of(&spot) : n;
    }
    /* Stepping below 0 wraps to a number that is no piece. */
    for (size_t i = spot.piece + step; i < node->pieces; i += step)
        if (!is_hidden(tree, &node->piece[i])) {
            spot.piece = i;
            return row_of(&spot);
        }
    return n;
}

size_t tree_used(const struct tree *tree, size_t n, bool backward)
{
    size_t step = backward ? (size_t)-1 : 1;
    struct spot spot;
    for (size_t i = n + step; spot_at(tree, i, &spot); i += step)
        if (spot.node->piece[spot.piece].kind != ENTRY_EMPTY && !spot.node->piece[spot.piece].fold)
            return i;
    return n;
}

size_t tree_root_of(const struct tree *tree, uint64_t va)
{
    bool kernel_half = paging_is_kernel_half(tree->paging, va);
    bool covers_both = !tree->paging->arch->split_roots && tree->roots == 1;
    for (size_t i = 0; i < tree->roots; i++)
        if (covers_both || tree->root[i].user == !kernel_half)
            return i;
    return tree->roots;
}

/* The entry of a run, where it is one and is open. */
static void spot_member(struct spot *spot, unsigned index)
{
    const struct tree_piece *run = &spot->node->piece[spot->piece];
    if (!run->open || index < run->first || index - run->first >= run->count)
        return;
    spot->is_member = true;
    spot->member = index - run->first;
}

/*
 * Goes down to a place from its root.  With `open` what is closed is opened on the way; without,
 * the path ends there.
 */
static bool spot_of(const struct tree *tree, struct tree_place place, bool open, struct spot *spot)
{
    struct tree_node *node = tree->top;
    size_t i = node ? tree_root_of(tree, place.va) : 0;
    if (!node || i >= tree->roots)
        return false;
    for (;;) {
        *spot = (struct spot){.node = node, .piece = i};
        struct tree_piece *piece = &node->piece[i];
        bool is_table = piece->kind == ENTRY_TABLE;
        if (place.depth <= node->depth || (is_table && !piece->child && !open))
            return true;
        /* The entries of an empty run have nothing to say that it does not. */
        if (open && (is_table || piece->kind == ENTRY_LEAF))
            node_open(tree, node, i);
        if (!is_table) {
            spot_member(spot, paging_index(tree->paging, node->span.level, place.va));
            return true;
        }
        if (!piece->child || piece->child->pieces == 0)
            return true;
        node = piece->child;
        i = entry_runs_find(node->piece, node->pieces,
                            paging_index(tree->paging, node->span.level, place.va));
        if (is_hidden(tree, &node->piece[i]) && !node->piece[i].folded)
            return true;
    }
}

struct tree_piece *tree_piece_of(const struct tree *tree, struct tree_place place,
                                 struct tree_node **node)
{
    struct spot spot;
    if (!spot_of(tree, place, false, &spot))
        return NULL;
    struct tree_piece *piece = &spot.node->piece[spot.piece];
    *node = spot.node;
    bool is_there = spot.node->depth == place.depth && node_va(tree, spot.node, piece) == place.va;
    return is_there && !spot.is_member ? piece : NULL;
}

size_t tree_find(const struct tree *tree, struct tree_place place)
{
    struct spot spot;
    return spot_of(tree, place, false, &spot) ? row_of(&spot) : 0;
}

bool tree_reveal(struct tree *tree, struct tree_place place, size_t *n)
{
    struct spot spot;
    if (!spot_of(tree, place, true, &spot))
        return false;
    /* A folded table gets its own row. */
    spot.node->piece[spot.piece].unfolded |=
        spot.node->piece[spot.piece].folded || spot.node->piece[spot.piece].fold;
    /* What was opened lies between here and the root; an opened table below holds its own count. */
    node_count_upward(tree, spot.node);
    *n = row_of(&spot);
    return true;
}

bool tree_refresh(struct tree *tree, size_t first, size_t rows, int64_t now_ms)
{
    struct spot spot;
    for (size_t i = 0; i < rows && spot_at(tree, first + i, &spot); i++) {
        /* An opened table without rows, empty or gone, may be back. */
        struct tree_node *child = spot.node->piece[spot.piece].child;
        for (struct tree_node *node = child ? child : spot.node; node && !node->due;
             node = node->parent)
            node->due = true;
    }
    unsigned moved = REFRESH_MOVED;
    return tree->top && tree->top->due && node_refresh(tree, tree->top, now_ms, &moved);
}
