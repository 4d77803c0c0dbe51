/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the folders of the architectures share about entries: bits, and where flags are shown. */
#ifndef RAMWALK_ARCH_ENTRY_H
#define RAMWALK_ARCH_ENTRY_H

#include "paging/paging.h"

#define BIT(n)          (UINT64_C(1) << (n))
#define BITS(high, low) ((UINT64_MAX >> (63 - (high))) & (UINT64_MAX << (low)))

#define IN_TABLE FLAG_TABLE
#define IN_LEAF  (FLAG_BLOCK | FLAG_PAGE)
#define DETAIL   FLAG_DETAIL

/*
 * Of the 32 types of a swap entry the last are migration, device memory and markers, 11 at most
 * by configuration (include/linux/swap.h, MAX_SWAPFILES); all before them are swap areas.
 */
static inline bool is_swap_area(uint64_t type)
{
    return (type & 31) < 32 - 11;
}

static inline bool is_last_level(const struct paging *paging, unsigned level)
{
    return level + 1u == paging->levels;
}

#endif
