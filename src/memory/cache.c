/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the translation remembers. */
#include "memory/cache.h"

#include <stdlib.h>
#include <string.h>

struct memory_cache *cache_create(void)
{
    return calloc(1, sizeof(struct memory_cache));
}

void cache_destroy(struct memory_cache *cache)
{
    free(cache);
}

void cache_forget(struct memory_cache *cache)
{
    memset(cache, 0, sizeof *cache);
}

void cache_learn(struct memory_cache *cache, struct image *image, const struct paging *paging,
                 const struct walk *walk)
{
    if (walk->steps != paging->levels)
        return;
    const struct walk_step *step = &walk->step[walk->steps - 1];
    const uint64_t *table =
        image_table(image, step->table_pa, paging_table_size(paging, step->level));
    if (!table || !image_table_stays(image, table))
        return;
    *cache_slot(cache, paging, walk->va) =
        (struct cache_slot){.tag = cache_tag(paging, walk->va), .table = table};
}
