/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The architectures that paging/modes.c refers to: one file each. */
#ifndef RAMWALK_ARCH_ARCH_H
#define RAMWALK_ARCH_ARCH_H

#include "paging/paging.h"

extern const struct paging_arch paging_arm64, paging_x86, paging_riscv;

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
