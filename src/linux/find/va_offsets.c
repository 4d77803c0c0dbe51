/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over the mappings of a candidate root. */
#include "linux/find/va_offsets.h"

#define MAPPING_MIN UINT64_C(0x10000)  /* smaller mappings are not counted as an offset */
#define IMAGE_MIN   UINT64_C(0x100000) /* no kernel image is smaller */

void va_offsets_start(struct va_offsets *offsets, uint64_t interest_pa)
{
    *offsets = (struct va_offsets){.interest_pa = interest_pa};
}

/* The row of a distance; a new one where the mapping is large enough. */
static struct va_offset *distance_of(struct va_offsets *offsets, const struct mapping *mapping)
{
    uint64_t delta = mapping->va - mapping->pa;
    for (size_t i = 0; i < offsets->distances; i++)
        if (offsets->distance[i].delta == delta)
            return &offsets->distance[i];
    if (mapping->size < MAPPING_MIN)
        return NULL;
    struct va_offset *new = &offsets->distance[0];
    if (offsets->distances < VA_OFFSETS_DISTANCES)
        new = &offsets->distance[offsets->distances++];
    else /* the least gives way: vmalloc has hundreds of small ones */
        for (size_t i = 1; i < VA_OFFSETS_DISTANCES; i++)
            if (offsets->distance[i].bytes < new->bytes)
                new = &offsets->distance[i];
    *new = (struct va_offset){.delta = delta, .first_va = UINT64_MAX, .first_pa = UINT64_MAX};
    return new;
}

void va_offsets_add(struct va_offsets *offsets, const struct mapping *mapping,
                    const struct ram_layout *layout)
{
    uint64_t inside = offsets->interest_pa - mapping->pa;
    if (inside < mapping->size && offsets->aliases < VA_OFFSETS_ALIASES)
        offsets->alias[offsets->aliases++] = mapping->va - mapping->pa;
    uint64_t left = ram_layout_left(layout, mapping->pa);
    uint64_t size = mapping->size < left ? mapping->size : left;
    if (size == 0)
        return;
    struct va_offset *distance = distance_of(offsets, mapping);
    if (!distance)
        return;
    uint64_t last_pa = mapping->pa + (size - 1);
    distance->bytes += size;
    distance->first_pa = mapping->pa < distance->first_pa ? mapping->pa : distance->first_pa;
    distance->last_pa = last_pa > distance->last_pa ? last_pa : distance->last_pa;
    if (mapping->access.kernel & ACCESS_X) {
        distance->executable += size;
        distance->first_va = mapping->va < distance->first_va ? mapping->va : distance->first_va;
    }
}

const struct va_offset *va_offsets_linear(const struct va_offsets *offsets)
{
    const struct va_offset *most = NULL;
    for (size_t i = 0; i < offsets->distances; i++)
        if (!most || offsets->distance[i].bytes > most->bytes)
            most = &offsets->distance[i];
    return most;
}

const struct va_offset *va_offsets_image(const struct va_offsets *offsets)
{
    const struct va_offset *linear = va_offsets_linear(offsets);
    for (size_t i = 0; i < offsets->aliases; i++)
        for (size_t j = 0; j < offsets->distances; j++) {
            const struct va_offset *distance = &offsets->distance[j];
            if (distance->delta == offsets->alias[i] && distance != linear &&
                distance->executable && distance->bytes >= IMAGE_MIN)
                return distance;
        }
    return NULL;
}
