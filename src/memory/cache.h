/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The last-level tables that memory_translate() has walked: VA bits above one table's span -> where
 * that table is mapped.  Entries are always loaded afresh; only the way to their table is
 * remembered, until cache_forget().
 */
#ifndef RAMWALK_MEMORY_CACHE_H
#define RAMWALK_MEMORY_CACHE_H

#include "memory/space.h"
#include "source/source.h"

#define CACHE_SLOTS 4096 /* 64 KiB: twice the tables of a 4 GiB linear map */

struct cache_slot {
    uint64_t tag; /* VA bits above the span of a last-level table; CACHE_EMPTY: none */
    const uint64_t *table;
};

#define CACHE_EMPTY UINT64_MAX /* no tag is that large: at least 21 bits are shifted out */

struct memory_cache {
    const struct space *space; /* NULL: none yet */
    /* The mode's numbers for the fast path, side by side. */
    uint8_t tag_shift, index_shift, address_shift;
    bool plain_address; /* no address bits elsewhere in the entry */
    uint64_t index_mask, plain_mask, plain_value, address_mask, page_mask;
    struct cache_slot slot[CACHE_SLOTS];
};

struct memory_cache *cache_create(void); /* NULL: out of memory */
void cache_destroy(struct memory_cache *cache);

/* Serves another space; forgets everything. */
void cache_set_space(struct memory_cache *cache, const struct space *space);
void cache_forget(struct memory_cache *cache);

/* Remembers the table in which the walk ended, where it ended at the last level. */
void cache_learn(struct memory_cache *cache, struct source_reader *reader,
                 const struct paging *paging, const struct walk *walk);

static inline struct cache_slot *cache_slot(struct memory_cache *cache, uint64_t tag)
{
    return &cache->slot[tag % CACHE_SLOTS];
}

#endif
