/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The architectures that paging/modes.c refers to: one file each. */
#ifndef RAMWALK_ARCH_H
#define RAMWALK_ARCH_H

#include "paging/paging.h"

extern const struct paging_arch paging_arm64, paging_x86, paging_riscv;

#define IN_TABLE FLAG_TABLE
#define IN_LEAF  (FLAG_BLOCK | FLAG_PAGE)
#define DETAIL   FLAG_DETAIL

static inline bool is_last_level(const struct paging *paging, unsigned level)
{
    return level + 1u == paging->levels;
}

#endif
