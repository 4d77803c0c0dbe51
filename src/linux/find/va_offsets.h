/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a root maps, as the sums that tell a kernel's from others: bytes by distance (va - pa),
 * and under which distances one page of interest, the root's own, is mapped.
 */
#ifndef RAMWALK_LINUX_FIND_VA_OFFSETS_H
#define RAMWALK_LINUX_FIND_VA_OFFSETS_H

#include "linux/find/ram_layout.h"
#include "paging/mapping.h"

#define VA_OFFSETS_DISTANCES 32
#define VA_OFFSETS_ALIASES   8

struct va_offset {
    uint64_t delta;      /* va - pa */
    uint64_t bytes;      /* mapped at that distance, in the image */
    uint64_t executable; /* of them by the kernel */
    uint64_t first_va;   /* lowest executable one */
    uint64_t first_pa, last_pa;
};

struct va_offsets {
    uint64_t interest_pa;
    struct va_offset distance[VA_OFFSETS_DISTANCES];
    size_t distances;
    uint64_t alias[VA_OFFSETS_ALIASES]; /* distances at which interest_pa is mapped */
    size_t aliases;
};

void va_offsets_start(struct va_offsets *offsets, uint64_t interest_pa);
void va_offsets_add(struct va_offsets *offsets, const struct mapping *mapping,
                    const struct ram_layout *layout);

/* The distance of the linear map: the one of most bytes.  NULL: nothing is mapped. */
const struct va_offset *va_offsets_linear(const struct va_offsets *offsets);

/*
 * The distance of the kernel image: another than the linear map's, executable, a megabyte at
 * least, and the page of interest is mapped at it.  NULL: none.
 */
const struct va_offset *va_offsets_image(const struct va_offsets *offsets);

#endif
