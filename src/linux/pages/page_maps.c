/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What maps a physical page: runs of mappings sorted by physical address, each with the highest
 * address reached so far, so that a search may stop.
 */
#include "linux/pages/page_private.h"

#include <stdlib.h>
#include <string.h>

#define MAPS_MAX   8000000
#define DISTANCES  64
#define LINEAR_MIN (UINT64_C(1) << 20) /* shorter runs do not tell where the linear map is */

bool page_maps_add(struct page_maps *maps, const struct mapping *run, uint32_t root)
{
    if (maps->count == MAPS_MAX || !ARRAY_ROOM(&maps->map, maps->count, &maps->capacity))
        return false;
    /* The lister says nothing of what would pass the end; neither shall a search. */
    if (run->pa + (run->size - 1) < run->pa)
        return true;
    maps->map[maps->count++] =
        (struct page_map){.pa = run->pa, .va = run->va, .size = run->size, .root = root};
    return true;
}

static int by_pa(const void *a, const void *b)
{
    const struct page_map *x = a, *y = b;
    if (x->pa != y->pa)
        return x->pa < y->pa ? -1 : 1;
    if (x->root != y->root)
        return x->root < y->root ? -1 : 1;
    return x->va < y->va ? -1 : x->va > y->va;
}

bool page_maps_complete(struct page_maps *maps)
{
    uint64_t reach = 0;
    maps->reach = malloc((maps->count + 1) * sizeof *maps->reach);
    if (!maps->reach)
        return false;
    if (maps->count)
        qsort(maps->map, maps->count, sizeof *maps->map, by_pa);
    for (size_t i = 0; i < maps->count; i++) {
        uint64_t last = maps->map[i].pa + (maps->map[i].size - 1);
        reach = last > reach ? last : reach;
        maps->reach[i] = reach;
    }
    return true;
}

void page_maps_free(struct page_maps *maps)
{
    free(maps->map);
    free(maps->reach);
    *maps = (struct page_maps){0};
}

static size_t starts_until(const struct page_maps *maps, uint64_t pa)
{
    return maps->reach ? ARRAY_UP_TO(maps->map, maps->count, pa, pa) : 0;
}

/* The next of the mappings of `pa`, in no order: maps->map[*at].  *at is SIZE_MAX to start.  NULL:
 * no more. */
static const struct page_map *next_map(const struct page_maps *maps, uint64_t pa, size_t *at)
{
    if (*at == SIZE_MAX)
        *at = starts_until(maps, pa);
    while (*at > 0 && maps->reach[*at - 1] >= pa) {
        const struct page_map *map = &maps->map[--*at];
        if (pa - map->pa < map->size)
            return map;
    }
    return NULL;
}

/* Of two mappings the one to be named first: by root, then by address. */
static bool is_before(const struct page_map *map, const struct page_map *other)
{
    return map->root != other->root ? map->root < other->root : map->va < other->va;
}

const struct page_map *page_maps_at(const struct page_maps *maps, uint64_t pa, unsigned *count)
{
    const struct page_map *first = NULL, *map;
    size_t at = SIZE_MAX;
    for (*count = 0; *count < PAGE_USERS_MAX && (map = next_map(maps, pa, &at)); ++*count)
        if (!first || is_before(map, first))
            first = map;
    return first;
}

size_t page_users(struct pages *pages, uint64_t pa, struct page_user *user, size_t capacity)
{
    const struct page_maps *maps = &pages->index.user;
    const struct page_map *map;
    size_t *first = calloc(capacity + 1, sizeof *first); /* places in maps->map */
    size_t at = SIZE_MAX, count = 0, kept = 0;
    for (; first && count < PAGE_USERS_MAX && (map = next_map(maps, pa, &at)); count++) {
        size_t place = kept < capacity ? kept++ : capacity; /* [room] is for what falls out */
        for (; place && is_before(map, &maps->map[first[place - 1]]); place--)
            first[place] = first[place - 1];
        first[place] = at;
    }
    for (size_t i = 0; i < kept; i++) {
        map = &maps->map[first[i]];
        const struct page_root *root = &pages->index.root[map->root];
        user[i] = (struct page_user){.pid = root->pid, .va = map->va + (pa - map->pa)};
        memcpy(user[i].comm, root->comm, sizeof user[i].comm);
    }
    free(first);
    return count;
}

/* The distance between virtual and physical at which the kernel maps the most. */
static void find_linear(struct page_index *index)
{
    struct {
        uint64_t distance, bytes;
    } tally[DISTANCES] = {{0}};
    size_t count = 0, best = 0;
    const struct page_maps *maps = &index->kernel;
    for (size_t i = 0; i < maps->count; i++) {
        uint64_t distance = maps->map[i].va - maps->map[i].pa;
        size_t at = 0;
        while (at < count && tally[at].distance != distance)
            at++;
        if (at == count && (count == DISTANCES || maps->map[i].size < LINEAR_MIN))
            continue;
        count += at == count;
        tally[at].distance = distance;
        tally[at].bytes += maps->map[i].size;
        if (tally[at].bytes > tally[best].bytes)
            best = at;
    }
    index->has_linear = count != 0;
    index->linear = tally[best].distance;
}

static enum page_kind kind_of_va(const struct pages *pages, uint64_t va)
{
    const struct regions *regions = pages->linux.regions;
    if (va >= pages->vmemmap_va && va <= pages->vmemmap_last)
        return PAGE_VMEMMAP;
    const struct region *region = regions ? region_at(regions, va) : NULL;
    if (region && (strstr(region->name, "pcpu_get_vm_areas") || strstr(region->name, "per-CPU")))
        return PAGE_PERCPU;
    return PAGE_VMALLOC;
}

void page_maps_judge(struct pages *pages)
{
    struct page_index *index = &pages->building;
    struct page_maps *maps = &index->kernel;
    size_t kept = 0;
    find_linear(index);
    for (size_t i = 0; i < maps->count; i++) {
        struct page_map map = maps->map[i];
        if (kernel_image_holds(&pages->linux.image, map.va) ||
            (index->has_linear && map.va - map.pa == index->linear))
            continue;
        map.kind = (uint8_t)kind_of_va(pages, map.va);
        maps->map[kept++] = map;
    }
    maps->count = kept;
}
