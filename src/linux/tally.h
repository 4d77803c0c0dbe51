/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a root maps, as the sums that tell a kernel's from others: bytes by distance (va - pa),
 * and under which distances one page of interest, the root's own, is mapped.
 */
#ifndef RAMWALK_TALLY_H
#define RAMWALK_TALLY_H

#include "linux/placement.h"
#include "memory/listing.h"

#define TALLY_DISTANCES 32
#define TALLY_ALIASES   8

struct tally_distance {
    uint64_t delta;      /* va - pa */
    uint64_t bytes;      /* mapped at that distance, in the image */
    uint64_t executable; /* of them by the kernel */
    uint64_t first_va;   /* lowest executable one */
    uint64_t first_pa, last_pa;
};

struct tally {
    uint64_t interest_pa;
    struct tally_distance distance[TALLY_DISTANCES];
    size_t distances;
    uint64_t alias[TALLY_ALIASES]; /* distances at which interest_pa is mapped */
    size_t aliases;
};

void tally_start(struct tally *tally, uint64_t interest_pa);
void tally_add(struct tally *tally, const struct run *run, const struct placement *placement);

/* The distance of the linear map: the one of most bytes.  NULL: nothing is mapped. */
const struct tally_distance *tally_linear(const struct tally *tally);

/*
 * The distance of the kernel image: another than the linear map's, executable, a megabyte at
 * least, and the page of interest is mapped at it.  NULL: none.
 */
const struct tally_distance *tally_image(const struct tally *tally);

#endif
