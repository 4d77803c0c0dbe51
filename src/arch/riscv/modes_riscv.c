/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RISC-V's paging modes: any level may have a leaf (privileged specification 4.3.2).  Groups:
 * Svnapot, 16 pages.
 */
#include "arch/riscv/riscv.h"

#include "arch/entry.h"

#define RISCV(NAME, VA, LEVELS)                                                                    \
    .name = NAME, .arch = &riscv_paging, .page_shift = 12, .va_bits = (VA), .levels = (LEVELS),    \
    .address_mask = BITS(53, 10), .address_shift = 2, .has_napot = true,                           \
    .reserved_table = BITS(63, 54) | BITS(7, 6) | BITS(4, 4), .reserved_leaf = BITS(60, 54),       \
    .plain_mask = BITS(63, 54) | 3, .plain_value = 3

const struct paging riscv_modes[] = {
    {RISCV("riscv64-sv39", 39, 3),
     .level = {{"PGD", 30, 9, true, 0}, {"PMD", 21, 9, true, 0}, {"PTE", 12, 9, true, 4}}},
    {RISCV("riscv64-sv48", 48, 4), .level = {{"PGD", 39, 9, true, 0},
                                             {"PUD", 30, 9, true, 0},
                                             {"PMD", 21, 9, true, 0},
                                             {"PTE", 12, 9, true, 4}}},
    {RISCV("riscv64-sv57", 57, 5), .level = {{"PGD", 48, 9, true, 0},
                                             {"P4D", 39, 9, true, 0},
                                             {"PUD", 30, 9, true, 0},
                                             {"PMD", 21, 9, true, 0},
                                             {"PTE", 12, 9, true, 4}}},
    {.name = NULL},
};
