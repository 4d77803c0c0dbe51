/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lies where, and for how long: data, holes, gaps, devices.  Mapped ranges come from the
 * mapping iterator (thousands of pages at a step), holes from the file system; nothing goes page by
 * page.
 */
#include "memory/memory.h"

const char *range_state_name(enum range_state kind)
{
    static const char *const name[] = {
        [RANGE_DATA] = "data",           [RANGE_HOLE] = "never touched",
        [RANGE_NOT_SAVED] = "not saved", [RANGE_UNREADABLE] = "unreadable",
        [RANGE_PENDING] = "on its way",  [RANGE_UNMAPPED] = "not mapped",
        [RANGE_BAD] = "no usable table", [RANGE_DEVICE] = "not in the file",
        [RANGE_OUTSIDE] = "outside",     [RANGE_NOT_READ] = "not read",
    };
    return name[kind];
}

enum range_state range_of_extent(enum extent_kind kind)
{
    static const enum range_state state[] = {
        [EXTENT_DATA] = RANGE_DATA,           [EXTENT_HOLE] = RANGE_HOLE,
        [EXTENT_NOT_SAVED] = RANGE_NOT_SAVED, [EXTENT_UNREADABLE] = RANGE_UNREADABLE,
        [EXTENT_PENDING] = RANGE_PENDING,     [EXTENT_NONE] = RANGE_OUTSIDE,
        [EXTENT_NOT_READ] = RANGE_NOT_READ,
    };
    return state[kind];
}

/* Tables beside its own that an address, or a range on screen, may look at. */
#define TABLES_NONE  0
#define TABLES_SHOWN 64

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void range_file(struct memory *memory, uint64_t offset, struct range *range)
{
    uint64_t end, left;
    enum extent_kind kind = source_extent(memory->reader, offset, &end);
    if (kind == EXTENT_NONE) {
        *range = (struct range){RANGE_OUTSIDE, UINT64_MAX, 0, UINT64_MAX};
        return;
    }
    *range = (struct range){range_of_extent(kind), end - 1, offset, UINT64_MAX};
    if (!source_offset_to_pa(memory->source, offset, &range->pa, &left))
        range->pa = UINT64_MAX;
    range->last = least(range->last, offset + (left - 1));
}

static void range_phys(struct memory *memory, uint64_t pa, struct range *range)
{
    uint64_t offset, left, first, last;
    if (!source_pa_to_offset(memory->source, pa, &offset, &left)) {
        memory_bounds(memory, &space_phys, &first, &last);
        uint64_t end = left - 1 > UINT64_MAX - pa ? UINT64_MAX : pa + (left - 1);
        *range = (struct range){pa > last ? RANGE_OUTSIDE : RANGE_DEVICE,
                                pa > last ? UINT64_MAX : least(end, last), 0, pa};
        return;
    }
    range_file(memory, offset, range);
    range->last = pa + least(range->last - offset, left - 1);
    range->pa = pa;
}

/*
 * Lists from `va` on: the first run, and whether there is one within the budget.  *certain is the
 * last address up to which nothing but that run is mapped or in disorder.  No tables: no look.
 */
static bool first_run(struct memory *memory, uint64_t va, unsigned tables, struct mapping *run,
                      uint64_t *certain)
{
    struct mapping_iterator listing;
    struct table_memo memo = {0};
    bool kernel_half = paging_is_kernel_half(memory->paging, va);
    uint64_t root_pa = root_of_half(memory->paging, &memory->space->roots, kernel_half);
    uint64_t last = paging_half_last(memory->paging, kernel_half);
    unsigned budget = tables;
    bool found = false;
    *certain = va;
    if (!tables)
        return false;
    mapping_open(&listing, memory->paging, &memory->tables, root_pa, va, last);
    listing.memo = &memo;
    *certain = last;
    switch (mapping_next(&listing, run, &budget)) {
    case MAPPING_FOUND:
        found = true;
        break;
    case MAPPING_PAUSE:
        /* What is pending is certain so far; without it, all before the cursor is empty. */
        *run = listing.pending;
        if (listing.depth && listing.frame[listing.depth - 1].va > va)
            *certain = listing.frame[listing.depth - 1].va - 1;
        else
            *certain = va;
        found = run->size != 0;
        break;
    case MAPPING_SHARED: /* not told */
    case MAPPING_END:
        break;
    }
    table_memo_free(&memo);
    if (listing.bad_va != UINT64_MAX && listing.bad_va <= *certain)
        *certain = listing.bad_va - 1;
    return found;
}

/* A mapped address: what its physical place is, as far as the mapping is contiguous. */
static void range_mapped(struct memory *memory, const struct walk *walk, unsigned tables,
                         struct range *range)
{
    uint64_t last = walk->last, certain;
    struct mapping run;
    range_phys(memory, walk->pa, range);
    uint64_t length = range->last - walk->pa;
    bool longer = length > last - walk->va;
    if (longer && first_run(memory, walk->va, tables, &run, &certain) && run.va <= walk->va &&
        walk->va - run.va < run.size)
        last = run.va + (run.size - 1);
    range->last = walk->va + least(length, last - walk->va);
    if (range->kind == RANGE_OUTSIDE)
        range->kind = RANGE_DEVICE;
}

/* Nothing is mapped: up to the next run, or to what is in disorder. */
static void range_gap(struct memory *memory, const struct walk *walk, unsigned tables,
                      struct range *range)
{
    struct mapping run;
    uint64_t certain;
    if (first_run(memory, walk->va, tables, &run, &certain) && run.va - 1 < certain)
        certain = run.va - 1;
    range->last = certain > walk->last ? certain : walk->last;
}

static void range_virt(struct memory *memory, uint64_t va, unsigned tables, struct range *range)
{
    struct walk walk;
    *range = (struct range){RANGE_UNMAPPED, UINT64_MAX, 0, UINT64_MAX};
    if (!memory->paging)
        return;
    memory_walk(memory, va, &walk);
    range->last = walk.last;
    switch (walk.end) {
    case WALK_MAPPED:
        range_mapped(memory, &walk, tables, range);
        break;
    case WALK_NON_CANONICAL:
        range->kind = RANGE_OUTSIDE;
        break;
    case WALK_RESERVED:
        range->kind = RANGE_BAD;
        break;
    case WALK_NO_TABLE:
        range->kind = walk.no_root                   ? RANGE_UNMAPPED
                      : extent_is_open(walk.missing) ? range_of_extent(walk.missing)
                                                     : RANGE_BAD;
        break;
    case WALK_NOT_PRESENT:
        range_gap(memory, &walk, tables, range);
        break;
    }
    /* A tag stays where the user wrote it. */
    range->last += va - walk.va;
}

static void range_within(struct memory *memory, struct address address, unsigned tables,
                         struct range *range)
{
    struct memory other;
    if (!budget_take(memory_budget(memory), 1)) {
        *range = (struct range){RANGE_NOT_READ, UINT64_MAX, 0, UINT64_MAX};
        return;
    }
    switch (address.space->kind) {
    case SPACE_FILE:
        if (address.value >= source_size(memory->source))
            *range = (struct range){RANGE_OUTSIDE, UINT64_MAX, 0, UINT64_MAX};
        else
            range_file(memory, address.value, range);
        break;
    case SPACE_PHYS:
        range_phys(memory, address.value, range);
        break;
    case SPACE_VIRT:
        other = memory_in(memory, address.space);
        range_virt(&other, address.value, tables, range);
        break;
    }
}

void memory_range(struct memory *memory, struct address address, struct range *range)
{
    range_within(memory, address, TABLES_SHOWN, range);
}

void memory_range_near(struct memory *memory, struct address address, struct range *range)
{
    range_within(memory, address, TABLES_NONE, range);
}
