/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over the runs of a candidate root. */
#include "linux/find/va_offsets.h"

#define RUN_OF_NOTE UINT64_C(0x10000)  /* smaller runs open no distance of their own */
#define IMAGE_MIN   UINT64_C(0x100000) /* no kernel image is smaller */

void va_offsets_start(struct va_offsets *tally, uint64_t interest_pa)
{
    *tally = (struct va_offsets){.interest_pa = interest_pa};
}

/* The row of a distance; a new one where the run is priority it and there is room. */
static struct va_offset *distance_of(struct va_offsets *tally, const struct mapping *run)
{
    uint64_t delta = run->va - run->pa;
    for (size_t i = 0; i < tally->distances; i++)
        if (tally->distance[i].delta == delta)
            return &tally->distance[i];
    if (run->size < RUN_OF_NOTE)
        return NULL;
    struct va_offset *new = &tally->distance[0];
    if (tally->distances < VA_OFFSETS_DISTANCES)
        new = &tally->distance[tally->distances++];
    else /* the least gives way: vmalloc has hundreds of small ones */
        for (size_t i = 1; i < VA_OFFSETS_DISTANCES; i++)
            if (tally->distance[i].bytes < new->bytes)
                new = &tally->distance[i];
    *new = (struct va_offset){.delta = delta, .first_va = UINT64_MAX, .first_pa = UINT64_MAX};
    return new;
}

void va_offsets_add(struct va_offsets *tally, const struct mapping *run,
                    const struct ram_layout *placement)
{
    uint64_t inside = tally->interest_pa - run->pa;
    if (inside < run->size && tally->aliases < VA_OFFSETS_ALIASES)
        tally->alias[tally->aliases++] = run->va - run->pa;
    uint64_t left = ram_layout_left(placement, run->pa);
    uint64_t size = run->size < left ? run->size : left;
    if (size == 0)
        return;
    struct va_offset *distance = distance_of(tally, run);
    if (!distance)
        return;
    uint64_t last_pa = run->pa + (size - 1);
    distance->bytes += size;
    distance->first_pa = run->pa < distance->first_pa ? run->pa : distance->first_pa;
    distance->last_pa = last_pa > distance->last_pa ? last_pa : distance->last_pa;
    if (run->access.kernel & ACCESS_X) {
        distance->executable += size;
        distance->first_va = run->va < distance->first_va ? run->va : distance->first_va;
    }
}

const struct va_offset *va_offsets_linear(const struct va_offsets *tally)
{
    const struct va_offset *most = NULL;
    for (size_t i = 0; i < tally->distances; i++)
        if (!most || tally->distance[i].bytes > most->bytes)
            most = &tally->distance[i];
    return most;
}

const struct va_offset *va_offsets_image(const struct va_offsets *tally)
{
    const struct va_offset *linear = va_offsets_linear(tally);
    for (size_t i = 0; i < tally->aliases; i++)
        for (size_t j = 0; j < tally->distances; j++) {
            const struct va_offset *distance = &tally->distance[j];
            if (distance->delta == tally->alias[i] && distance != linear && distance->executable &&
                distance->bytes >= IMAGE_MIN)
                return distance;
        }
    return NULL;
}
