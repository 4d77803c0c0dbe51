/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Leaving what is all of one kind.  f: and p: go from extent to extent.  v: goes through the tables
 * as the hardware does, and a table that is all of the kind is passed wherever else it hangs: the
 * work follows the tables that there are, not the paths to them.
 */
#include "memory/memory.h"
#include "paging/table_memo.h"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* --- f: and p: ---------------------------------------------------------------------------------*/

static bool skip_extents(struct memory *memory, struct address address, enum range_state kind,
                         uint64_t last, uint64_t *to)
{
    struct range next;
    do {
        memory_range(memory, address, &next);
        *to = address.value;
        if (next.kind != kind)
            return true;
        address.value = next.last + 1;
    } while (next.last < last);
    return false;
}

/*
 * Extents are only found forward: windows before the address, each larger than the last, are gone
 * through forwards, and the last change of kind in one is the answer.
 */
static bool skip_extents_back(struct memory *memory, struct address address, enum range_state kind,
                              uint64_t *to)
{
    uint64_t start = address.value, window = 65536;
    while (start > 0) {
        uint64_t low = start > window ? start - window : 0;
        bool found = false;
        for (uint64_t at = low; at < start;) {
            struct range piece;
            memory_range(memory, address_in(address.space, at), &piece);
            uint64_t last = least(piece.last, start - 1);
            if (piece.kind != kind) {
                *to = last;
                found = true;
            }
            at = last + 1;
        }
        if (found)
            return true;
        start = low;
        window = window < UINT64_MAX / 4 ? window * 4 : window;
    }
    return false;
}

/* --- v: ----------------------------------------------------------------------------------------*/

struct skip {
    struct memory *memory;
    enum range_state kind; /* what is left */
    bool backward;
    uint64_t first, last;   /* where to look, within one half */
    struct table_memo memo; /* tables that are all of the kind; the access does not matter */
    uint64_t extent_pa;     /* where `extent` begins */
    struct range extent;    /* of p:, as looked up last */
};

/* A part [first, last] has a kind.  True: it is not the one that is left, and *to the nearest. */
static bool differs(const struct skip *skip, enum range_state kind, uint64_t first, uint64_t last,
                    uint64_t *to)
{
    if (kind == skip->kind)
        return false;
    *to = skip->backward ? last : first;
    return true;
}

static enum range_state kind_of_pa(struct skip *skip, uint64_t pa)
{
    if (pa < skip->extent_pa || pa > skip->extent.last) {
        memory_range(skip->memory, address_in(&space_phys, pa), &skip->extent);
        skip->extent_pa = pa;
    }
    return skip->extent.kind == RANGE_OUTSIDE ? RANGE_DEVICE : skip->extent.kind;
}

static bool leaf_differs(struct skip *skip, uint64_t first, uint64_t last, uint64_t pa,
                         uint64_t *to)
{
    bool any = false;
    for (uint64_t at = first, length; !any || skip->backward; at += length) {
        enum range_state kind = kind_of_pa(skip, pa + (at - first));
        length = least(skip->extent.last - (pa + (at - first)), last - at) + 1;
        any |= differs(skip, kind, at, at + (length - 1), to);
        if (last - at < length)
            break;
    }
    return any;
}

/* Where a table is not there; the space may know all the same what it mapped. */
static bool missing_differs(struct skip *skip, uint64_t first, uint64_t last, uint64_t *to)
{
    bool any = false;
    for (uint64_t at = first; !any || skip->backward;) {
        struct range range;
        memory_range_near(skip->memory, address_in(skip->memory->space, at), &range);
        uint64_t end = least(range.last, last);
        any |= differs(skip, range.kind, at, end, to);
        if (end == last)
            break;
        at = end + 1;
    }
    return any;
}

static bool table_differs(struct skip *skip, uint64_t pa, unsigned level, uint64_t va,
                          uint64_t *to);

static bool entry_differs(struct skip *skip, uint64_t table_pa, unsigned level, uint64_t va,
                          uint64_t *to)
{
    const struct paging *paging = skip->memory->paging;
    uint64_t entry, end = va + (paging_span(paging, level) - 1);
    uint64_t first = skip->first > va ? skip->first : va, last = least(skip->last, end);
    uint64_t pa = table_pa + 8 * (uint64_t)paging_index(paging, level, va);
    enum extent_kind why;
    if (!table_entry(&skip->memory->tables, pa, paging_table_size(paging, level), &entry, &why))
        return missing_differs(skip, first, last, to);
    enum entry_kind kind = paging->arch->kind(paging, level, entry);
    if (kind == ENTRY_TABLE)
        return table_differs(skip, paging_target(paging, level, kind, entry), level + 1, va, to);
    if (kind != ENTRY_LEAF)
        return differs(skip, kind == ENTRY_RESERVED ? RANGE_BAD : RANGE_UNMAPPED, first, last, to);
    uint64_t within = paging_leaf_size(paging, level, entry) - 1;
    pa = paging_target(paging, level, kind, entry) | (first & within);
    return leaf_differs(skip, first, last, pa, to);
}

/* `va` is of the table's entry 0. */
static bool table_differs(struct skip *skip, uint64_t pa, unsigned level, uint64_t va, uint64_t *to)
{
    const struct paging *paging = skip->memory->paging;
    unsigned high = (1u << paging->level[level].bits) - 1, low = 0;
    uint64_t end = va + (((uint64_t)high + 1) << paging->level[level].shift) - 1;
    bool is_whole = skip->first <= va && skip->last >= end;
    const struct known_table alike = {.key = {.pa = pa, .level = level}};
    struct table_view view;
    enum extent_kind why;
    if (is_whole && table_memo_find(&skip->memo, &alike.key))
        return false;
    if (skip->first > va)
        low = paging_index(paging, level, skip->first);
    if (skip->last < end)
        high = paging_index(paging, level, skip->last);
    if (!table_view_open(&view, &skip->memory->tables, pa, paging_table_size(paging, level), &why))
        return missing_differs(skip, skip->first > va ? skip->first : va, least(skip->last, end),
                               to);
    for (unsigned i = 0; i <= high - low; i++) {
        uint64_t index = skip->backward ? high - i : low + i;
        if (entry_differs(skip, pa, level, va + (index << paging->level[level].shift), to))
            return true;
    }
    if (is_whole)
        table_memo_add(&skip->memo, &alike);
    return false;
}

/* The half that `va` lies in, from there on. */
static bool half_differs(struct memory *memory, uint64_t va, enum range_state kind, bool backward,
                         uint64_t *to)
{
    const struct paging *paging = memory->paging;
    bool kernel_half = paging_is_kernel_half(paging, va);
    uint64_t root_pa = root_of_half(paging, &memory->space->roots, kernel_half);
    struct skip skip = {.memory = memory,
                        .kind = kind,
                        .backward = backward,
                        .first = backward ? paging_half_first(paging, kernel_half) : va,
                        .last = backward ? va : paging_half_last(paging, kernel_half),
                        .extent_pa = UINT64_MAX};
    /* As in the mapping iterator: indexes of a root of both halves count from the lower one. */
    uint64_t base = kernel_half ? 0 - (UINT64_C(1) << paging->va_bits) : 0;
    bool any = root_pa != NO_ROOT && table_differs(&skip, root_pa, 0, base, to);
    table_memo_free(&skip.memo);
    return any;
}

static bool skip_tables(struct memory *memory, uint64_t va, enum range_state kind, bool backward,
                        uint64_t *to)
{
    struct walk walk;
    memory_walk(memory, va, &walk);
    uint64_t tag = va - walk.va; /* it stays where the user wrote it */
    uint64_t first = walk.first, last = walk.last;
    if (walk.end != WALK_NON_CANONICAL) {
        bool kernel_half = paging_is_kernel_half(memory->paging, walk.va);
        first = paging_half_first(memory->paging, kernel_half);
        last = paging_half_last(memory->paging, kernel_half);
        if (half_differs(memory, walk.va, kind, backward, to)) {
            *to += tag;
            return true;
        }
    }
    /* Beyond its end is another half, or what lies between the two. */
    uint64_t end = (backward ? first : last) + tag;
    *to = backward ? end - 1 : end + 1;
    return end != (backward ? 0 : UINT64_MAX);
}

bool memory_skip(struct memory *memory, struct address address, bool backward, uint64_t *to)
{
    struct memory in = address_is_virtual(address) ? memory_in(memory, address.space) : *memory;
    struct range here;
    uint64_t first, last, block = 65536;
    memory_bounds(&in, address.space, &first, &last);
    memory_range_near(&in, address, &here);
    /* What is on its way may be anything: it is not asked for by the terabyte. */
    if (here.kind == RANGE_PENDING) {
        *to = backward ? (address.value & ~(block - 1)) - 1 : here.last + 1;
        return backward ? address.value >= block : here.last < last;
    }
    bool skipped = address_is_virtual(address)
                       ? in.paging && skip_tables(&in, address.value, here.kind, backward, to)
                   : backward ? skip_extents_back(&in, address, here.kind, to)
                              : skip_extents(&in, address, here.kind, last, to);
    return skipped && !budget_has_ended(memory_budget(memory));
}
