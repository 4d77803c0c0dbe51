/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each mapping knows the highest end so far: a search backwards knows when to stop. */
#include "memory/pa_map.h"

#include "base/array.h"

#include <stdlib.h>

bool pa_map_add(struct pa_map *map, const struct mapping *mapping, uint32_t root, size_t max)
{
    if (map->count == max || !ARRAY_ROOM(&map->mapping, map->count, &map->capacity))
        return false;
    if (mapping->pa + (mapping->size - 1) < mapping->pa)
        return true;
    map->mapping[map->count++] = (struct pa_mapping){.pa = mapping->pa,
                                                     .va = mapping->va,
                                                     .size = mapping->size,
                                                     .root = root,
                                                     .access = mapping->access};
    return true;
}

static bool is_before(const struct pa_mapping *a, const struct pa_mapping *b)
{
    return a->root != b->root ? a->root < b->root : a->va < b->va;
}

static int by_pa(const void *a, const void *b)
{
    const struct pa_mapping *x = a, *y = b;
    if (x->pa != y->pa)
        return x->pa < y->pa ? -1 : 1;
    return is_before(x, y) ? -1 : is_before(y, x);
}

bool pa_map_complete(struct pa_map *map)
{
    uint64_t reach = 0;
    map->reach = malloc((map->count + 1) * sizeof *map->reach);
    if (!map->reach)
        return false;
    if (map->count)
        qsort(map->mapping, map->count, sizeof *map->mapping, by_pa);
    for (size_t i = 0; i < map->count; i++) {
        uint64_t last = map->mapping[i].pa + (map->mapping[i].size - 1);
        reach = last > reach ? last : reach;
        map->reach[i] = reach;
    }
    return true;
}

void pa_map_free(struct pa_map *map)
{
    free(map->mapping);
    free(map->reach);
    *map = (struct pa_map){0};
}

/* Keeps found[0..count) in order; the last falls out where there is no capacity. */
static void insert(const struct pa_mapping **found, size_t count, size_t capacity,
                   const struct pa_mapping *mapping)
{
    size_t at = count < capacity ? count : capacity;
    for (; at > 0 && is_before(mapping, found[at - 1]); at--)
        if (at < capacity)
            found[at] = found[at - 1];
    if (at < capacity)
        found[at] = mapping;
}

size_t pa_map_find(const struct pa_map *map, uint64_t pa, size_t max,
                   const struct pa_mapping **found, size_t capacity)
{
    size_t count = 0;
    if (!map->reach)
        return 0;
    size_t at = ARRAY_UP_TO(map->mapping, map->count, pa, pa);
    for (; at > 0 && map->reach[at - 1] >= pa && count < max; at--) {
        const struct pa_mapping *mapping = &map->mapping[at - 1];
        if (pa - mapping->pa < mapping->size)
            insert(found, count++, capacity, mapping);
    }
    return count;
}

size_t pa_map_bytes(const struct pa_map *map)
{
    return map->capacity * sizeof *map->mapping +
           (map->reach ? map->count : 0) * sizeof *map->reach;
}
