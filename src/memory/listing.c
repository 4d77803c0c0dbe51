/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lister: depth first through the tables, leaves merged into runs.  The inner loop compares
 * each entry with its predecessor plus one page; only what differs is decoded.
 */
#include "memory/listing.h"

#define ACCESS_ALL (ACCESS_R | ACCESS_W | ACCESS_X)

static uint64_t load(const uint64_t *entry)
{
    return __atomic_load_n(entry, __ATOMIC_RELAXED);
}

static void fetch(struct listing *listing, unsigned level)
{
    struct listing_frame *frame = &listing->frame[level];
    frame->table = listing->source.table(listing->source.context, frame->table_pa,
                                         paging_table_size(listing->paging, level));
}

/* Something is there that no run will tell of. */
static void leave_out(struct listing *listing, uint64_t va)
{
    if (va < listing->bad_va)
        listing->bad_va = va;
}

/* Puts the table of `level` on the path, its index range cut to the listing's. */
static void push(struct listing *listing, unsigned level, uint64_t table_pa, uint64_t va,
                 struct access access)
{
    const struct paging *paging = listing->paging;
    struct listing_frame *frame = &listing->frame[level];
    unsigned highest = (1u << paging->level[level].bits) - 1;
    uint64_t last_va = va + (((uint64_t)highest + 1) << paging->level[level].shift) - 1;
    frame->table_pa = table_pa;
    frame->va = va;
    frame->access = access;
    frame->index = listing->first_va > va ? paging_index(paging, level, listing->first_va) : 0;
    frame->last =
        listing->last_va < last_va ? paging_index(paging, level, listing->last_va) : highest;
    frame->whole = source_has(&listing->source, table_pa, paging_table_size(paging, level));
    listing->tables++;
    fetch(listing, level);
    if (frame->table)
        listing->depth = level + 1;
    else {
        listing->lost++;
        leave_out(listing, va);
        if (level > 0)
            fetch(listing, level - 1);
    }
}

static void pop(struct listing *listing)
{
    listing->depth--;
    if (listing->depth == 0)
        return;
    fetch(listing, listing->depth - 1);
    /* It was there a moment ago; should it be gone, this table is over. */
    struct listing_frame *frame = &listing->frame[listing->depth - 1];
    if (!frame->table)
        frame->index = frame->last + 1;
}

void listing_open(struct listing *listing, const struct paging *paging,
                  const struct table_source *source, uint64_t root_pa, uint64_t first_va,
                  uint64_t last_va)
{
    *listing = (struct listing){.paging = paging,
                                .source = *source,
                                .first_va = first_va,
                                .last_va = last_va,
                                .bad_va = UINT64_MAX};
    bool kernel_half = paging_is_kernel_half(paging, first_va);
    /* A root of both halves: its entry 0 is VA 0 for the lower, and for the upper half the
     * index arithmetic works modulo the table's size. */
    uint64_t base = kernel_half ? 0 - (UINT64_C(1) << paging->va_bits) : 0;
    struct access all = {ACCESS_ALL, ACCESS_ALL};
    if (first_va <= last_va && root_pa != NO_ROOT)
        push(listing, 0, root_pa, base, all);
}

static bool is_on_path(const struct listing *listing, uint64_t table_pa)
{
    for (unsigned i = 0; i < listing->depth; i++)
        if (listing->frame[i].table_pa == table_pa)
            return true;
    return false;
}

static bool follows(const struct listing *listing, const struct run *next)
{
    const struct run *run = &listing->pending;
    return run->size && run->va + run->size == next->va && run->pa + run->size == next->pa &&
           run->page_size == next->page_size && run->level == next->level &&
           run->access.kernel == next->access.kernel && run->access.user == next->access.user &&
           paging_attributes(listing->paging, run->level, run->entry) ==
               paging_attributes(listing->paging, next->level, next->entry);
}

/* The entries behind a page that are the same but for the next page's address. */
static void extend(struct listing *listing, struct listing_frame *frame, uint64_t entry,
                   uint64_t page_size)
{
    const struct paging *paging = listing->paging;
    uint64_t step = page_size >> paging->address_shift;
    uint64_t expected = entry + step;
    uint64_t address = paging->address_mask & ~(step - 1);
    const uint64_t *table = frame->table;
    unsigned index = frame->index;
    /* An address field that runs over would carry into the attributes. */
    while (index <= frame->last && load(&table[index]) == expected && (expected & address)) {
        expected += step;
        index++;
    }
    listing->pending.size += (index - frame->index) * page_size;
    frame->index = index;
}

/* Takes the leaf under the cursor.  True: *run is complete, the leaf begins the next one. */
static bool take_leaf(struct listing *listing, uint64_t entry, struct run *run)
{
    const struct paging *paging = listing->paging;
    unsigned level = listing->depth - 1;
    struct listing_frame *frame = &listing->frame[level];
    uint64_t size = paging_leaf_size(paging, level, entry);
    uint64_t va = frame->va + ((uint64_t)frame->index << paging->level[level].shift);
    uint64_t span = paging_span(paging, level);
    /* Each entry of a Svnapot group maps its own part of the 64 KiB; merging joins them. */
    struct run leaf = {.va = va,
                       .pa = paging_target(paging, level, ENTRY_LEAF, entry) | (va & (size - 1)),
                       .size = span,
                       .page_size = size,
                       .entry = entry,
                       .access = frame->access,
                       .level = level};
    paging->arch->narrow(&leaf.access, ENTRY_LEAF, entry);
    frame->index++;
    bool complete = false;
    if (follows(listing, &leaf))
        listing->pending.size += leaf.size;
    else {
        complete = listing->pending.size != 0;
        *run = listing->pending;
        listing->pending = leaf;
    }
    if (size == span)
        extend(listing, frame, entry, size);
    return complete;
}

static void enter(struct listing *listing, uint64_t entry)
{
    const struct paging *paging = listing->paging;
    unsigned level = listing->depth - 1;
    struct listing_frame *frame = &listing->frame[level];
    uint64_t va = frame->va + ((uint64_t)frame->index << paging->level[level].shift);
    uint64_t table_pa = paging_target(paging, level, ENTRY_TABLE, entry);
    struct access access = frame->access;
    bool repeats = frame->index > 0 && load(&frame->table[frame->index - 1]) == entry;
    frame->index++;
    if (repeats && listing->skip_repeats) {
        listing->repeats++;
        return;
    }
    if (is_on_path(listing, table_pa)) {
        listing->loops++;
        leave_out(listing, va);
        return;
    }
    paging->arch->narrow(&access, ENTRY_TABLE, entry);
    push(listing, level + 1, table_pa, va, access);
}

static uint64_t cursor_va(const struct listing *listing, unsigned level)
{
    const struct listing_frame *frame = &listing->frame[level];
    return frame->va + ((uint64_t)frame->index << listing->paging->level[level].shift);
}

/* Passes the empty entry under the cursor; where it is empty because it is not to be had, all that
 * follow it and are not. */
static void pass_empty(struct listing *listing, unsigned level)
{
    struct listing_frame *frame = &listing->frame[level];
    uint64_t pa = frame->table_pa + 8 * (uint64_t)frame->index, run;
    uint64_t left = frame->last - frame->index + 1u, missing = 1;
    if (frame->whole || source_has(&listing->source, pa, 8)) {
        frame->index++;
        return;
    }
    if (!listing->source.there(listing->source.context, pa, &run))
        missing = run / 8 < left ? (run + 7) / 8 : left;
    leave_out(listing, cursor_va(listing, level));
    listing->missing += missing;
    frame->index += (unsigned)missing;
}

/* The rest of the table under the cursor, up to a table to enter or a complete run. */
static bool scan_table(struct listing *listing, struct run *run)
{
    unsigned level = listing->depth - 1;
    struct listing_frame *frame = &listing->frame[level];
    while (frame->table && frame->index <= frame->last) {
        uint64_t entry = load(&frame->table[frame->index]);
        enum entry_kind kind =
            entry ? listing->paging->arch->kind(listing->paging, level, entry) : ENTRY_EMPTY;
        if (kind == ENTRY_LEAF) {
            if (take_leaf(listing, entry, run))
                return true;
        } else if (kind == ENTRY_TABLE) {
            enter(listing, entry);
            return false;
        } else if (kind == ENTRY_EMPTY) {
            pass_empty(listing, level);
        } else {
            if (kind == ENTRY_RESERVED)
                leave_out(listing, cursor_va(listing, level));
            frame->index++;
        }
    }
    pop(listing);
    return false;
}

enum listing_result listing_next(struct listing *listing, struct run *run, unsigned *budget)
{
    /* Someone else may have asked the source in between. */
    if (listing->depth)
        fetch(listing, listing->depth - 1);
    while (listing->depth) {
        uint64_t tables = listing->tables;
        if (scan_table(listing, run))
            return LISTING_RUN;
        if (budget && listing->tables != tables && --*budget == 0)
            return LISTING_PAUSE;
    }
    if (!listing->pending.size)
        return LISTING_END;
    *run = listing->pending;
    listing->pending.size = 0;
    return LISTING_RUN;
}
