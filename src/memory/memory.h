/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guest's memory as one thread reads it: the one translation core.
 *
 * A handle is a source and a space: a bare virtual address is of that space, a struct address
 * of the space that it names.  The handles of a thread share what was learnt (caches, the reverse
 * index), and none of it is for another thread.  Every jump, the status line, the tree, the batch
 * mode and the tests ask here.
 */
#ifndef RAMWALK_MEMORY_MEMORY_H
#define RAMWALK_MEMORY_MEMORY_H

#include "base/budget.h"
#include "memory/place.h"
#include "memory/reverse.h"
#include "paging/walk.h"
#include "source/source.h"

struct memory_cache;  /* the last tables seen by memory_translate() */
struct memory_shared; /* what the handles of a thread have in common */

struct memory {
    struct source *source; /* the one that `reader` holds */
    struct source_reader
        *reader;                 /* the thread's; waits, unless whoever owns the handles says not */
    const struct space *space;   /* of bare virtual addresses */
    const struct paging *paging; /* the space's; NULL: not known (yet): no v: space */
    struct table_source tables;  /* read through `reader` */
    struct memory_cache *cache;  /* of the space when last used; NULL: none yet */
    struct memory_shared *shared;
};

/* A handle of the space that is not known yet. */
bool memory_init(struct memory *memory, struct source *source, struct error *err);

/*
 * A handle for another thread, of the same source and space: the indexes of `of` that are complete
 * are shared, and those that it has begun are begun.  Call it where `of` is used.
 */
bool memory_share(struct memory *memory, const struct memory *of, struct error *err);

/* The indexes that `from`, made so, has completed are the handle's, where it still wants them.
 * True: there was one.  Call it where both are used. */
bool memory_take_indexes(struct memory *memory, const struct memory *from);

/* Only for what memory_init() or memory_share() made; the handles that came of it must
 * not be used afterwards. */
void memory_deinit(struct memory *memory);

/* Begins the reverse indexes that the handle's space has part in, where they are not there. */
void memory_want_names(struct memory *memory);

/*
 * What the thread's handles do takes from `budget` from now on, until another one is given; NULL:
 * from one without end, as at first.  Returns the one before (NULL: that).  Once it has ended
 * nothing is mapped and nothing can be read: RANGE_NOT_READ, EXTENT_NOT_READ, at once.
 */
struct budget *memory_spend(struct memory *memory, struct budget *budget);

/* The budget that is in force, for what takes from it explicitly; never NULL. */
struct budget *memory_budget(const struct memory *memory);

/*
 * A budget that all of the guest justifies, whatever one operation asks about it: some seconds of
 * work at most, and more where the guest is large.  It has the handles' cancel flag, and the limit
 * of time of the budget in force.
 */
void memory_make_budget(const struct memory *memory, struct budget *budget);

/* Once *cancel is true nothing is waited for, and the budget in force has ended.  NULL: none. */
void memory_set_cancel(struct memory *memory, const atomic_bool *cancel);
bool memory_is_cancelled(const struct memory *memory);

/* Another handle of the same thread, for another virtual space.  Nothing is to be given back. */
struct memory memory_in(const struct memory *memory, const struct space *space);

/* Bare addresses are of another space from now on; its reverse index is begun. */
void memory_use(struct memory *memory, const struct space *space);

/* The guest may have changed its tables: forgets the cached ones.  For every refresh. */
void memory_forget(struct memory *memory);

/*
 * The reverse indexes, of the kernel's half and of some spaces' user halves: memory_use() and
 * memory_want_names() begin those of the handle's space, memory_reindex() all anew (the old ones
 * answer until the new ones are complete). memory_step() works on them, about `tables` tables at a
 * time.  True: nothing left to do.
 */
void memory_reindex(struct memory *memory);
bool memory_step(struct memory *memory, unsigned tables);
bool memory_is_indexing(const struct memory *memory);

/* The handle's space has virtual names: an index of it answers. */
bool memory_knows_names(const struct memory *memory);

/* Bytes that the indexes hold. */
size_t memory_index_bytes(const struct memory *memory);

/* The full walk.  Needs memory->paging. */
void memory_walk(struct memory *memory, uint64_t va, struct walk *walk);

/*
 * The contiguous group that a step's entry says it belongs to, or one that a run has part in: a
 * broken one where there is any.  count 0: none.  Reads the table of either end.
 */
void memory_group_of_step(struct memory *memory, const struct walk_step *step,
                          struct paging_group *group);
void memory_group_of_run(struct memory *memory, const struct mapping *run,
                         struct paging_group *group);

/* Only the answer, through the cache.  False: not mapped.  *pa need not be in the image. */
bool memory_translate(struct memory *memory, uint64_t va, uint64_t *pa);

/* For p: and f: the VA, of the handle's space, comes from the reverse index where it is ready. */
void memory_locate(struct memory *memory, struct address address, struct place *place);

/* What an extent of the source is called from here up. */
enum range_state range_of_extent(enum extent_kind kind);

/* What lies at an address, and how far on. */
void memory_range(struct memory *memory, struct address address, struct range *range);

/* The same at the price of one walk: `last` is no farther than the span of the entry that v: ends
 * at, however far its neighbours are alike. */
void memory_range_near(struct memory *memory, struct address address, struct range *range);

/*
 * Leaves the range that `address` lies in: the first address after all that is of the same
 * kind (backward: the last address before it).  False: the space ends first.  Works on tables
 * and extents, not on pages: even 1 TiB of one kind is left within milliseconds.
 */
bool memory_skip(struct memory *memory, struct address address, bool backward, uint64_t *to);

/*
 * Reads across pages.  `there` (may be NULL) gets an enum range_state for each byte.  Bytes
 * that cannot be read are zero.  Returns how many bytes are data or hole.
 */
size_t memory_read(struct memory *memory, struct address address, void *buffer, size_t length,
                   uint8_t *there);

/* source_read() for who has an offset in the source: all bytes up to the first that are not there.
 */
size_t memory_read_at(struct memory *memory, uint64_t offset, void *buffer, size_t length);

/*
 * Why a value cannot be read, in words: the state of the first of its bytes that is not there.
 * Looks at MEMORY_MISSING_MAX bytes at most; "not mapped" where each of them is there (by now).
 */
#define MEMORY_MISSING_MAX 256
const char *memory_missing(struct memory *memory, struct address address, size_t length);

/* One little-endian word; false where any byte of it is not data or hole. */
bool memory_read_u64(struct memory *memory, struct address address, uint64_t *value);

/* First and last address of a space: f: 0..size-1; p: 0..2^52-1 (RISC-V: 2^56-1); v: 0..2^64-1. */
void memory_bounds(const struct memory *memory, const struct space *space, uint64_t *first,
                   uint64_t *last);

/*
 * Is this word a pointer?  Takes tags and PAC away (sign extension from the top VA bit), and
 * answers the canonical va where it is mapped.
 */
bool memory_pointer(struct memory *memory, uint64_t word, uint64_t *va);

#endif
