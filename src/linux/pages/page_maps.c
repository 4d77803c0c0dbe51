/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What maps a physical page: the kernel's mappings, and those of all processes. */
#include "linux/pages/page_private.h"

#include <stdlib.h>
#include <string.h>

#define MAPS_MAX   8000000
#define DISTANCES  64
#define LINEAR_MIN (UINT64_C(1) << 20) /* shorter runs do not tell where the linear map is */

bool page_maps_add(struct pa_map *map, const struct mapping *run, uint32_t root)
{
    return pa_map_add(map, run, root, MAPS_MAX);
}

const struct pa_mapping *page_maps_at(const struct pa_map *map, uint64_t pa, unsigned *count)
{
    const struct pa_mapping *first = NULL;
    *count = (unsigned)pa_map_find(map, pa, PAGE_USERS_MAX, &first, 1);
    return first;
}

size_t page_users(struct pages *pages, uint64_t pa, struct page_user *user, size_t capacity)
{
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    const struct pa_mapping **found = calloc(capacity + 1, sizeof *found);
    size_t count = found ? pa_map_find(&pages->index.user, pa, PAGE_USERS_MAX, found, capacity) : 0;
    for (size_t i = 0; i < count && i < capacity; i++) {
        const struct page_root *root = &pages->index.root[found[i]->root];
        user[i] = (struct page_user){.pid = root->pid, .va = found[i]->va + (pa - found[i]->pa)};
        memcpy(user[i].comm, root->comm, sizeof user[i].comm);
    }
    free(found);
    return count;
}

/* The distance between virtual and physical at which the kernel maps the most. */
static void find_linear(struct page_index *index)
{
    struct {
        uint64_t distance, bytes;
    } offset[DISTANCES] = {{0}};
    size_t count = 0, best = 0;
    const struct pa_map *maps = &index->kernel;
    for (size_t i = 0; i < maps->count; i++) {
        uint64_t distance = maps->mapping[i].va - maps->mapping[i].pa;
        size_t at = 0;
        while (at < count && offset[at].distance != distance)
            at++;
        if (at == count && (count == DISTANCES || maps->mapping[i].size < LINEAR_MIN))
            continue;
        count += at == count;
        offset[at].distance = distance;
        offset[at].bytes += maps->mapping[i].size;
        if (offset[at].bytes > offset[best].bytes)
            best = at;
    }
    index->has_linear = count != 0;
    index->linear = offset[best].distance;
}

static enum page_kind kind_of_va(const struct pages *pages, uint64_t va)
{
    const struct regions *regions = pages->linux.regions;
    if (va >= pages->vmemmap_va && va <= pages->vmemmap_last)
        return PAGE_VMEMMAP;
    const struct region *region = regions ? region_at(regions, va) : NULL;
    return region && region->kind == REGION_PERCPU ? PAGE_PERCPU : PAGE_VMALLOC;
}

void page_maps_classify(struct pages *pages)
{
    struct page_index *index = &pages->building;
    struct pa_map *maps = &index->kernel;
    size_t kept = 0;
    find_linear(index);
    for (size_t i = 0; i < maps->count; i++) {
        struct pa_mapping map = maps->mapping[i];
        if (kernel_image_holds(&pages->linux.image, map.va) ||
            (index->has_linear && map.va - map.pa == index->linear))
            continue;
        map.kind = (uint8_t)kind_of_va(pages, map.va);
        maps->mapping[kept++] = map;
    }
    maps->count = kept;
}
