/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The last-level tables that memory_translate() met: VA bits above one table's span -> where that
 * table is mapped.  Entries are always loaded afresh; only the way to their table is remembered,
 * until cache_forget().
 */
#ifndef RAMWALK_CACHE_H
#define RAMWALK_CACHE_H

#include "image/image.h"
#include "paging/walk.h"

#define CACHE_SLOTS 4096 /* 64 KiB: twice the tables of a 4 GiB linear map */

struct cache_slot {
    uint64_t tag; /* cache_tag() */
    const uint64_t *table;
};

struct memory_cache {
    struct cache_slot slot[CACHE_SLOTS];
};

struct memory_cache *cache_create(void); /* NULL: out of memory */
void cache_destroy(struct memory_cache *cache);
void cache_forget(struct memory_cache *cache);

/* Remembers the table in which the walk ended, where it ended at the last level. */
void cache_learn(struct memory_cache *cache, struct image *image, const struct paging *paging,
                 const struct walk *walk);

/* All VA bits above the span of a last-level table: non-canonical ones never match. */
static inline uint64_t cache_tag(const struct paging *paging, uint64_t va)
{
    return va >> paging->level[paging->levels - 2].shift;
}

static inline struct cache_slot *cache_slot(struct memory_cache *cache, const struct paging *paging,
                                            uint64_t va)
{
    return &cache->slot[cache_tag(paging, va) % CACHE_SLOTS];
}

#endif
