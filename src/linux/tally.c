/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over the runs of a candidate root. */
#include "linux/tally.h"

#define RUN_OF_NOTE UINT64_C(0x10000)  /* smaller runs open no distance of their own */
#define IMAGE_LEAST UINT64_C(0x100000) /* no kernel image is smaller */

void tally_start(struct tally *tally, uint64_t interest_pa)
{
    *tally = (struct tally){.interest_pa = interest_pa};
}

/* The row of a distance; a new one where the run is worth it and there is room. */
static struct tally_distance *distance_of(struct tally *tally, const struct run *run)
{
    uint64_t delta = run->va - run->pa;
    for (size_t i = 0; i < tally->distances; i++)
        if (tally->distance[i].delta == delta)
            return &tally->distance[i];
    if (run->size < RUN_OF_NOTE)
        return NULL;
    struct tally_distance *new = &tally->distance[0];
    if (tally->distances < TALLY_DISTANCES)
        new = &tally->distance[tally->distances++];
    else /* the least gives way: vmalloc has hundreds of small ones */
        for (size_t i = 1; i < TALLY_DISTANCES; i++)
            if (tally->distance[i].bytes < new->bytes)
                new = &tally->distance[i];
    *new = (struct tally_distance){.delta = delta, .first_va = UINT64_MAX, .first_pa = UINT64_MAX};
    return new;
}

void tally_add(struct tally *tally, const struct run *run, const struct placement *placement)
{
    uint64_t inside = tally->interest_pa - run->pa;
    if (inside < run->size && tally->aliases < TALLY_ALIASES)
        tally->alias[tally->aliases++] = run->va - run->pa;
    uint64_t left = placement_left(placement, run->pa);
    uint64_t size = run->size < left ? run->size : left;
    if (size == 0)
        return;
    struct tally_distance *distance = distance_of(tally, run);
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

const struct tally_distance *tally_linear(const struct tally *tally)
{
    const struct tally_distance *most = NULL;
    for (size_t i = 0; i < tally->distances; i++)
        if (!most || tally->distance[i].bytes > most->bytes)
            most = &tally->distance[i];
    return most;
}

const struct tally_distance *tally_image(const struct tally *tally)
{
    const struct tally_distance *linear = tally_linear(tally);
    for (size_t i = 0; i < tally->aliases; i++)
        for (size_t j = 0; j < tally->distances; j++) {
            const struct tally_distance *distance = &tally->distance[j];
            if (distance->delta == tally->alias[i] && distance != linear && distance->executable &&
                distance->bytes >= IMAGE_LEAST)
                return distance;
        }
    return NULL;
}
