/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the translation remembers. */
#include "memory/cache.h"

#include <stdlib.h>

struct memory_cache *cache_create(void)
{
    struct memory_cache *cache = calloc(1, sizeof *cache);
    if (cache)
        cache_forget(cache);
    return cache;
}

void cache_destroy(struct memory_cache *cache)
{
    free(cache);
}

void cache_forget(struct memory_cache *cache)
{
    for (size_t i = 0; i < CACHE_SLOTS; i++)
        cache->slot[i].tag = CACHE_EMPTY;
}

void cache_set_space(struct memory_cache *cache, const struct space *space)
{
    const struct paging *paging = space->paging;
    cache_forget(cache);
    cache->space = space;
    if (!paging)
        return;
    const struct paging_level *last = &paging->level[paging->levels - 1];
    cache->tag_shift = (uint8_t)(last->shift + last->bits);
    cache->index_shift = last->shift;
    cache->index_mask = (UINT64_C(1) << last->bits) - 1;
    cache->plain_mask = paging->plain_mask;
    cache->plain_value = paging->plain_value;
    cache->plain_address = paging->high[0].bits == 0;
    cache->address_mask = paging->address_mask;
    cache->address_shift = paging->address_shift;
    cache->page_mask = (UINT64_C(1) << paging->page_shift) - 1;
}

void cache_learn(struct memory_cache *cache, struct source_reader *reader,
                 const struct paging *paging, const struct walk *walk)
{
    if (walk->steps != paging->levels)
        return;
    const struct walk_step *step = &walk->step[walk->steps - 1];
    const uint64_t *table =
        source_table(reader, step->table_pa, paging_table_size(paging, step->level), NULL);
    if (!table || !source_table_stays(reader, table))
        return;
    uint64_t tag = walk->va >> cache->tag_shift;
    *cache_slot(cache, tag) = (struct cache_slot){tag, table};
}
