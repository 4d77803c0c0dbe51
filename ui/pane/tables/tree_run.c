/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One table as pieces: which neighbours say the same, and what became of them on re-reading. */
#include "ui/pane/tables/tree_run.h"

#include <stdlib.h>

uint64_t span_va(const struct tree_span *span, unsigned index)
{
    uint64_t va = span->va + ((uint64_t)index << span->paging->level[span->level].shift);
    return paging_canonical(span->paging, va);
}

uint64_t span_leaf_pa(const struct tree_span *span, unsigned index, uint64_t entry)
{
    uint64_t within = paging_leaf_size(span->paging, span->level, entry) - 1;
    return paging_target(span->paging, span->level, ENTRY_LEAF, entry) |
           (span_va(span, index) & within);
}

/* Do two entries say the same, the later one being where the earlier one's run would lead? */
static bool agrees(const struct tree_span *span, enum entry_kind kind, unsigned first,
                   uint64_t entry, unsigned later_index, uint64_t later)
{
    if (kind == ENTRY_EMPTY || kind == ENTRY_MISSING)
        return true;
    if (kind != ENTRY_LEAF)
        return later_index == first && later == entry;
    uint64_t step = (uint64_t)(later_index - first) * paging_span(span->paging, span->level);
    return paging_attributes(span->paging, span->level, entry) ==
               paging_attributes(span->paging, span->level, later) &&
           span_leaf_pa(span, first, entry) + step == span_leaf_pa(span, later_index, later);
}

/*
 * The common case of agrees() for leaves, without taking them apart: the entry counts on by one
 * page, and nothing outside the address field differs.
 */
static bool counts_on(const struct tree_span *span, uint64_t entry, uint64_t next)
{
    const struct paging *paging = span->paging;
    uint64_t step = paging_span(paging, span->level) >> paging->address_shift;
    return next == entry + step && ((entry ^ next) & ~paging->address_mask) == 0;
}

/* A kind of which neighbours may say the same. */
static bool makes_runs(enum entry_kind kind)
{
    return kind == ENTRY_LEAF || kind == ENTRY_EMPTY || kind == ENTRY_MISSING;
}

size_t entry_runs_read(const struct tree_span *span, const struct table_source *source, uint64_t pa,
                       struct tree_piece **pieces, enum extent_kind *missing)
{
    size_t count = 0;
    uint64_t previous = 0;
    struct table_view view;
    *pieces = NULL;
    if (!table_view_open(&view, source, pa, paging_table_size(span->paging, span->level), missing))
        return 0;
    *missing = EXTENT_DATA;
    struct tree_piece *piece = malloc((span->last - span->first + 1) * sizeof *piece);
    if (!piece)
        return 0;
    for (unsigned i = span->first; i <= span->last; i++) {
        uint64_t entry = 0;
        enum extent_kind why = EXTENT_DATA;
        enum entry_kind kind = ENTRY_MISSING;
        if (table_view_entry(&view, i, &entry, &why))
            kind = span->paging->arch->kind(span->paging, span->level, entry);
        struct tree_piece *run = count ? &piece[count - 1] : NULL;
        bool goes_on = run && run->kind == kind && run->missing == why && makes_runs(kind);
        if (goes_on && ((kind == ENTRY_LEAF && counts_on(span, previous, entry)) ||
                        agrees(span, kind, run->first, run->entry, i, entry))) {
            run->count++;
            previous = entry;
            continue;
        }
        previous = entry;
        if (run && run->kind == ENTRY_EMPTY && count > 1)
            run--;
        bool repeats = run && kind == ENTRY_TABLE && run->kind == kind && run->entry == entry;
        piece[count++] = (struct tree_piece){.entry = entry,
                                             .mapped = TREE_UNKNOWN,
                                             .changed_ms = TREE_NEVER,
                                             .first = (uint16_t)i,
                                             .count = 1,
                                             .kind = (uint8_t)kind,
                                             .repeats = repeats,
                                             .missing = (uint8_t)why};
    }
    /* A table has at least one entry, so there is at least one piece. */
    struct tree_piece *fitting = realloc(piece, (count ? count : 1) * sizeof *piece);
    *pieces = fitting ? fitting : piece;
    return count;
}

/* Were all entries of `piece` that `old` covers the same before? */
static bool same_as_before(const struct tree_span *span, const struct tree_piece *old,
                           const struct tree_piece *piece)
{
    if (old->kind == ENTRY_MISSING) /* it was not known */
        return true;
    if (old->kind != piece->kind)
        return false;
    /* Compared from the earlier start: a run may have been cut off at either end. */
    if (old->first <= piece->first)
        return agrees(span, (enum entry_kind)piece->kind, old->first, old->entry, piece->first,
                      piece->entry);
    return agrees(span, (enum entry_kind)piece->kind, piece->first, piece->entry, old->first,
                  old->entry);
}

static uint64_t table_of(const struct tree_span *span, const struct tree_piece *piece)
{
    return paging_target(span->paging, span->level, ENTRY_TABLE, piece->entry);
}

bool entry_runs_inherit(const struct tree_span *span, struct tree_piece *old, size_t olds,
                        struct tree_piece *piece, size_t pieces, int64_t now_ms)
{
    bool any = false;
    size_t j = 0;
    for (size_t i = 0; i < pieces; i++) {
        struct tree_piece *new = &piece[i];
        unsigned end = (unsigned)new->first + new->count;
        bool changed = false;
        while (j + 1 < olds && old[j + 1].first <= new->first)
            j++;
        for (size_t k = j; k < olds && old[k].first < end; k++) {
            changed |= !same_as_before(span, &old[k], new);
            new->open |= old[k].open &&new->count > 1 && new->kind != ENTRY_MISSING;
            if (old[k].changed_ms > new->changed_ms)
                new->changed_ms = old[k].changed_ms;
        }
        if (changed)
            new->changed_ms = now_ms;
        any |= changed;
        if (j < olds && new->kind == ENTRY_TABLE && old[j].kind == ENTRY_TABLE) {
            bool same = table_of(span, new) == table_of(span, &old[j]);
            new->empty = old[j].empty &&same;
            new->unfolded = old[j].unfolded &&same;
            new->child = old[j].child;
            new->mapped = old[j].mapped;
            new->measured = old[j].measured;
            new->below = old[j].below;
            old[j].child = NULL;
        }
    }
    return any;
}

size_t entry_runs_find(const struct tree_piece *piece, size_t pieces, unsigned index)
{
    size_t low = 0, high = pieces;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (piece[middle].first <= index)
            low = middle;
        else
            high = middle;
    }
    return low;
}
