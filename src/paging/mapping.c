/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mapping iterator: depth first through the tables, leaves merged into runs.  The inner loop
 * compares each entry with its predecessor plus one page; only what differs is decoded.
 */
#include "paging/mapping.h"

#define ACCESS_ALL (ACCESS_R | ACCESS_W | ACCESS_X)

static uint64_t load(const uint64_t *entry)
{
    return __atomic_load_n(entry, __ATOMIC_RELAXED);
}

/* False: nothing of it is to be had, or not yet. */
static bool fetch(struct mapping_iterator *listing, unsigned level)
{
    struct mapping_frame *frame = &listing->frame[level];
    size_t size = paging_table_size(listing->paging, level);
    enum extent_kind why;
    frame->table = table_read(&listing->source, frame->table_pa, size, &why);
    if (frame->table)
        return true;
    listing->waits |= extent_is_open(why);
    return !listing->waits && table_is_partial(&listing->source, frame->table_pa, size);
}

/* False: that entry is not to be had, or not yet. */
static bool entry_at(struct mapping_iterator *listing, const struct mapping_frame *frame,
                     unsigned index, uint64_t *entry)
{
    enum extent_kind why = EXTENT_NONE;
    const uint64_t *word =
        frame->table ? &frame->table[index]
                     : table_read(&listing->source, frame->table_pa + 8 * (uint64_t)index, 8, &why);
    if (word)
        *entry = load(word);
    else
        listing->waits |= extent_is_open(why);
    return word;
}

/* Something is there that no mapping will show. */
static void leave_out(struct mapping_iterator *listing, uint64_t va)
{
    if (va < listing->bad_va)
        listing->bad_va = va;
}

/* The table under the cursor was there a moment ago; should it be gone, it is over. */
static void refetch(struct mapping_iterator *listing)
{
    if (listing->depth == 0)
        return;
    struct mapping_frame *frame = &listing->frame[listing->depth - 1];
    if (!fetch(listing, listing->depth - 1) && !listing->waits)
        frame->index = frame->last + 1;
}

/* Puts the table of `level` on the path, its index range cut to the listing's. */
static void push(struct mapping_iterator *listing, unsigned level, uint64_t table_pa, uint64_t va,
                 struct access access)
{
    const struct paging *paging = listing->paging;
    struct mapping_frame *frame = &listing->frame[level];
    unsigned highest = (1u << paging->level[level].bits) - 1;
    uint64_t last_va = va + (((uint64_t)highest + 1) << paging->level[level].shift) - 1;
    frame->table_pa = table_pa;
    frame->va = va;
    frame->access = access;
    frame->whole = listing->first_va <= va && listing->last_va >= last_va;
    frame->mapped = listing->mapped;
    frame->index = listing->first_va > va ? paging_index(paging, level, listing->first_va) : 0;
    frame->last =
        listing->last_va < last_va ? paging_index(paging, level, listing->last_va) : highest;
    bool is_there = fetch(listing, level);
    if (listing->waits) { /* the entry that leads to it is looked at once more */
        if (level > 0)
            listing->frame[level - 1].index--;
        return;
    }
    listing->opening = false;
    listing->tables++;
    if (is_there && (!listing->may_enter || listing->may_enter(listing->context, frame, level))) {
        listing->depth = level + 1;
        return;
    }
    if (!is_there) {
        listing->lost++;
        leave_out(listing, va);
    }
    refetch(listing);
}

static struct table_key key_of(const struct mapping_frame *frame, unsigned level)
{
    return (struct table_key){frame->table_pa, level, frame->access};
}

static void remember(struct mapping_iterator *listing, const struct mapping_frame *frame,
                     unsigned level)
{
    struct known_table known = {
        .key = key_of(frame, level), .va = frame->va, .mapped = listing->mapped - frame->mapped};
    if (listing->memo && frame->whole)
        table_memo_add(listing->memo, &known);
}

static void pop(struct mapping_iterator *listing)
{
    listing->depth--;
    remember(listing, &listing->frame[listing->depth], listing->depth);
    refetch(listing);
}

/* At the root, again where it is on its way. */
static void push_root(struct mapping_iterator *listing)
{
    struct access all = {ACCESS_ALL, ACCESS_ALL};
    bool kernel_half = paging_is_kernel_half(listing->paging, listing->first_va);
    /* A root of both halves: its entry 0 is VA 0 for the lower, and for the upper half the
     * index arithmetic works modulo the table's size. */
    uint64_t base = kernel_half ? 0 - (UINT64_C(1) << listing->paging->va_bits) : 0;
    push(listing, 0, listing->root_pa, base, all);
}

void mapping_open(struct mapping_iterator *listing, const struct paging *paging,
                  const struct table_source *source, uint64_t root_pa, uint64_t first_va,
                  uint64_t last_va)
{
    *listing = (struct mapping_iterator){.paging = paging,
                                         .source = *source,
                                         .first_va = first_va,
                                         .last_va = last_va,
                                         .root_pa = root_pa,
                                         .bad_va = UINT64_MAX};
    listing->opening = first_va <= last_va && root_pa != NO_ROOT;
}

static bool is_on_path(const struct mapping_iterator *listing, uint64_t table_pa)
{
    for (unsigned i = 0; i < listing->depth; i++)
        if (listing->frame[i].table_pa == table_pa)
            return true;
    return false;
}

bool mapping_is_alike(const struct paging *paging, const struct mapping *a, const struct mapping *b)
{
    return a->page_size == b->page_size && a->level == b->level &&
           access_equal(a->access, b->access) &&
           paging_attributes(paging, a->level, a->entry) ==
               paging_attributes(paging, b->level, b->entry);
}

static bool follows(const struct mapping_iterator *listing, const struct mapping *next)
{
    const struct mapping *run = &listing->pending;
    return run->size && run->va + run->size == next->va && run->pa + run->size == next->pa &&
           mapping_is_alike(listing->paging, run, next);
}

/* The entries after a page that are the same but for the next page's address. */
static void extend(struct mapping_iterator *listing, struct mapping_frame *frame, uint64_t entry,
                   uint64_t page_size)
{
    if (!frame->table)
        return;
    unsigned more = table_run(frame->table, listing->paging, listing->depth - 1, frame->index,
                              frame->last, entry);
    listing->pending.size += more * page_size;
    listing->mapped += more * page_size;
    frame->index += more;
}

/* Takes the leaf under the cursor.  True: *run is complete, the leaf begins the next one. */
static bool take_leaf(struct mapping_iterator *listing, uint64_t entry, struct mapping *run)
{
    const struct paging *paging = listing->paging;
    unsigned level = listing->depth - 1;
    struct mapping_frame *frame = &listing->frame[level];
    uint64_t size = paging_leaf_size(paging, level, entry);
    uint64_t va = frame->va + ((uint64_t)frame->index << paging->level[level].shift);
    uint64_t span = paging_span(paging, level);
    /* Each entry of a Svnapot group maps its own part of the 64 KiB; merging joins them. */
    struct mapping leaf = {.va = va,
                           .pa =
                               paging_target(paging, level, ENTRY_LEAF, entry) | (va & (size - 1)),
                           .size = span,
                           .page_size = size,
                           .entry = entry,
                           .access = frame->access,
                           .level = level};
    paging->arch->narrow(&leaf.access, ENTRY_LEAF, entry);
    frame->index++;
    listing->mapped += span;
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

/* Is all that lies below the table known, and asked for? */
static const struct known_table *known_below(const struct mapping_iterator *listing,
                                             const struct table_key *key, uint64_t va,
                                             uint64_t span)
{
    bool is_whole = listing->first_va <= va && listing->last_va >= va + (span - 1);
    return listing->memo && is_whole ? table_memo_find(listing->memo, key) : NULL;
}

static void pass_over(struct mapping_iterator *listing, const struct known_table *known,
                      uint64_t va, uint64_t span)
{
    listing->repeats++;
    listing->mapped += known->mapped;
    if (known->mapped && listing->tells_shared)
        listing->shared = (struct mapping){.va = va,
                                           .pa = known->key.pa,
                                           .size = span,
                                           .level = known->key.level,
                                           .same_va = known->va};
}

static void enter(struct mapping_iterator *listing, uint64_t entry)
{
    const struct paging *paging = listing->paging;
    unsigned level = listing->depth - 1;
    struct mapping_frame *frame = &listing->frame[level];
    uint64_t va = frame->va + ((uint64_t)frame->index << paging->level[level].shift);
    struct table_key key = {paging_target(paging, level, ENTRY_TABLE, entry), level + 1,
                            frame->access};
    paging->arch->narrow(&key.access, ENTRY_TABLE, entry);
    frame->index++;
    if (is_on_path(listing, key.pa)) {
        listing->loops++;
        leave_out(listing, va);
        return;
    }
    uint64_t span = paging_span(paging, level);
    const struct known_table *known = known_below(listing, &key, va, span);
    if (known)
        pass_over(listing, known, va, span);
    else
        push(listing, level + 1, key.pa, va, key.access);
}

/* The rest of the table under the cursor, up to a table to enter, a complete run, or what is on its
 * way. */
static bool scan_table(struct mapping_iterator *listing, struct mapping *run)
{
    unsigned level = listing->depth - 1;
    struct mapping_frame *frame = &listing->frame[level];
    while (frame->index <= frame->last) {
        uint64_t entry = 0;
        enum entry_kind kind = ENTRY_RESERVED;
        if (entry_at(listing, frame, frame->index, &entry))
            kind = entry ? listing->paging->arch->kind(listing->paging, level, entry) : ENTRY_EMPTY;
        else if (listing->waits)
            return false;
        else
            listing->lost_entries++;
        if (kind == ENTRY_LEAF) {
            if (take_leaf(listing, entry, run))
                return true;
        } else if (kind == ENTRY_TABLE) {
            enter(listing, entry);
            return false;
        } else {
            if (kind == ENTRY_RESERVED)
                leave_out(listing, frame->va + ((uint64_t)frame->index
                                                << listing->paging->level[level].shift));
            frame->index++;
        }
    }
    pop(listing);
    return false;
}

/* The run before the shared table, where there is one, and then that. */
static enum mapping_result take_shared(struct mapping_iterator *listing, struct mapping *run)
{
    bool has_run = listing->pending.size != 0;
    struct mapping *next = has_run ? &listing->pending : &listing->shared;
    *run = *next;
    next->size = 0;
    return has_run ? MAPPING_FOUND : MAPPING_SHARED;
}

enum mapping_result mapping_next(struct mapping_iterator *listing, struct mapping *run,
                                 unsigned *budget)
{
    uint64_t tables = listing->tables;
    listing->waits = false;
    if (listing->shared.size)
        return take_shared(listing, run);
    if (listing->opening)
        push_root(listing);
    else /* someone else may have asked the source in between */
        refetch(listing);
    while (listing->depth && !listing->waits) {
        if (listing->shared.size)
            return take_shared(listing, run);
        if (budget && listing->tables != tables && --*budget == 0)
            return MAPPING_PAUSE;
        tables = listing->tables;
        if (scan_table(listing, run))
            return MAPPING_FOUND;
    }
    if (listing->waits)
        return MAPPING_PAUSE;
    if (!listing->pending.size)
        return MAPPING_END;
    *run = listing->pending;
    listing->pending.size = 0;
    return MAPPING_FOUND;
}
