/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lies where, and for how long: data, holes, gaps, devices.  Mapped ranges come from the
 * lister (thousands of pages at a step), holes from the file system; nothing goes page by page.
 */
#include "memory/memory.h"

const char *stretch_name(enum stretch_kind kind)
{
    static const char *const name[] = {
        [STRETCH_DATA] = "data",
        [STRETCH_HOLE] = "never touched",
        [STRETCH_UNMAPPED] = "not mapped",
        [STRETCH_BAD] = "bad table entry",
        [STRETCH_DEVICE] = "not in the file",
        [STRETCH_OUTSIDE] = "outside",
    };
    return name[kind];
}

/* Tables beside its own that an address, a stretch on screen, or a skip may look at in one go. */
#define TABLES_NONE    0
#define TABLES_SHOWN   64
#define TABLES_SKIPPED 4096

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void stretch_file(struct memory *memory, uint64_t offset, struct stretch *stretch)
{
    uint64_t end, left;
    enum extent_kind kind = image_extent(memory->image, offset, &end);
    if (kind == EXTENT_NONE) {
        *stretch = (struct stretch){STRETCH_OUTSIDE, UINT64_MAX, 0, UINT64_MAX};
        return;
    }
    *stretch = (struct stretch){kind == EXTENT_DATA ? STRETCH_DATA : STRETCH_HOLE, end - 1, offset,
                                UINT64_MAX};
    if (image_offset_to_pa(memory->image, offset, &stretch->pa, &left))
        stretch->last = least(stretch->last, offset + (left - 1));
}

static void stretch_phys(struct memory *memory, uint64_t pa, struct stretch *stretch)
{
    uint64_t offset, left, first, last;
    if (!image_pa_to_offset(memory->image, pa, &offset, &left)) {
        memory_bounds(memory, SPACE_PHYS, &first, &last);
        uint64_t end = left - 1 > UINT64_MAX - pa ? UINT64_MAX : pa + (left - 1);
        *stretch = (struct stretch){pa > last ? STRETCH_OUTSIDE : STRETCH_DEVICE,
                                    pa > last ? UINT64_MAX : least(end, last), 0, pa};
        return;
    }
    stretch_file(memory, offset, stretch);
    stretch->last = pa + least(stretch->last - offset, left - 1);
    stretch->pa = pa;
}

/*
 * Lists from `va` on: the first run, and whether there is one within the budget.  *certain is the
 * last address up to which nothing but that run is mapped or in disorder.  No tables: no look.
 */
static bool first_run(struct memory *memory, uint64_t va, unsigned tables, struct run *run,
                      uint64_t *certain)
{
    struct listing listing;
    bool kernel_half = paging_is_kernel_half(memory->paging, va);
    uint64_t root_pa = root_of_half(memory->paging, &memory->roots, kernel_half);
    uint64_t last = paging_half_last(memory->paging, kernel_half);
    unsigned budget = tables;
    bool found = false;
    *certain = va;
    if (!tables)
        return false;
    listing_open(&listing, memory->paging, &memory->source, root_pa, va, last);
    *certain = last;
    switch (listing_next(&listing, run, &budget)) {
    case LISTING_RUN:
        found = true;
        break;
    case LISTING_PAUSE:
        /* What is pending is certain so far; without it, all before the cursor is empty. */
        *run = listing.pending;
        if (listing.frame[listing.depth - 1].va > va)
            *certain = listing.frame[listing.depth - 1].va - 1;
        else
            *certain = va;
        found = run->size != 0;
        break;
    case LISTING_END:
        break;
    }
    if (listing.bad_va <= *certain)
        *certain = listing.bad_va - 1;
    return found;
}

/* A mapped address: what its physical place is, as far as the mapping is contiguous. */
static void stretch_mapped(struct memory *memory, const struct walk *walk, unsigned tables,
                           struct stretch *stretch)
{
    uint64_t last = walk->last, certain;
    struct run run;
    stretch_phys(memory, walk->pa, stretch);
    uint64_t length = stretch->last - walk->pa;
    bool longer = length > last - walk->va;
    if (longer && first_run(memory, walk->va, tables, &run, &certain) && run.va <= walk->va &&
        walk->va - run.va < run.size)
        last = run.va + (run.size - 1);
    stretch->last = walk->va + least(length, last - walk->va);
    if (stretch->kind == STRETCH_OUTSIDE)
        stretch->kind = STRETCH_DEVICE;
}

/* Nothing is mapped: up to the next run, or to what is in disorder. */
static void stretch_gap(struct memory *memory, const struct walk *walk, unsigned tables,
                        struct stretch *stretch)
{
    struct run run;
    uint64_t certain;
    if (first_run(memory, walk->va, tables, &run, &certain) && run.va - 1 < certain)
        certain = run.va - 1;
    stretch->last = certain > walk->last ? certain : walk->last;
}

static void stretch_virt(struct memory *memory, uint64_t va, unsigned tables,
                         struct stretch *stretch)
{
    struct walk walk;
    *stretch = (struct stretch){STRETCH_UNMAPPED, UINT64_MAX, 0, UINT64_MAX};
    if (!memory->paging)
        return;
    memory_walk(memory, va, &walk);
    stretch->last = walk.last;
    switch (walk.end) {
    case WALK_MAPPED:
        stretch_mapped(memory, &walk, tables, stretch);
        break;
    case WALK_NON_CANONICAL:
        stretch->kind = STRETCH_OUTSIDE;
        break;
    case WALK_RESERVED:
        stretch->kind = STRETCH_BAD;
        break;
    case WALK_NO_TABLE:
        stretch->kind = walk.no_root ? STRETCH_UNMAPPED : STRETCH_BAD;
        break;
    case WALK_NOT_PRESENT:
        stretch_gap(memory, &walk, tables, stretch);
        break;
    }
    /* A tag stays where the reader wrote it. */
    stretch->last += va - walk.va;
}

static void stretch_within(struct memory *memory, struct address address, unsigned tables,
                           struct stretch *stretch)
{
    switch (address.space) {
    case SPACE_FILE:
        stretch_file(memory, address.value, stretch);
        break;
    case SPACE_PHYS:
        stretch_phys(memory, address.value, stretch);
        break;
    case SPACE_VIRT:
        stretch_virt(memory, address.value, tables, stretch);
        break;
    }
}

void memory_stretch(struct memory *memory, struct address address, struct stretch *stretch)
{
    stretch_within(memory, address, TABLES_SHOWN, stretch);
}

void memory_stretch_near(struct memory *memory, struct address address, struct stretch *stretch)
{
    stretch_within(memory, address, TABLES_NONE, stretch);
}

static bool skip_forward(struct memory *memory, struct address address, uint64_t *to)
{
    struct stretch here, next;
    uint64_t first, last;
    memory_bounds(memory, address.space, &first, &last);
    stretch_within(memory, address, TABLES_SKIPPED, &here);
    next = here;
    while (next.kind == here.kind) {
        if (next.last >= last)
            return false;
        address.value = next.last + 1;
        stretch_within(memory, address, TABLES_SKIPPED, &next);
    }
    *to = address.value;
    return true;
}

/*
 * The lister only goes forward: windows before the address, each larger than the last, are gone
 * through forwards, and the last change of kind in one is the answer.
 */
static bool skip_backward(struct memory *memory, struct address address, uint64_t *to)
{
    struct stretch here, piece;
    uint64_t start = address.value, window = 65536;
    stretch_within(memory, address, 1, &here);
    while (start > 0) {
        uint64_t low = start > window ? start - window : 0;
        uint64_t at = low;
        bool found = false;
        while (at < start) {
            struct address place = address_in(address.space, at);
            stretch_within(memory, place, TABLES_SKIPPED, &piece);
            uint64_t last = least(piece.last, start - 1);
            if (piece.kind != here.kind) {
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

bool memory_skip(struct memory *memory, struct address address, bool backward, uint64_t *to)
{
    return backward ? skip_backward(memory, address, to) : skip_forward(memory, address, to);
}
