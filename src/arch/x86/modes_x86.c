/* SPDX-License-Identifier: GPL-3.0-or-later */
/* x86-64's paging modes.  Legal leaves: Intel SDM vol. 3A tables 4-14 ff. */
#include "arch/x86/x86.h"

#include "arch/entry.h"

#define X86(NAME, VA, LEVELS)                                                                      \
    .name = NAME, .arch = &x86_paging, .page_shift = 12, .va_bits = (VA), .levels = (LEVELS),      \
    .address_mask = BITS(51, 12), .plain_mask = 1, .plain_value = 1

const struct paging x86_modes[] = {
    {X86("x86_64-48", 48, 4), .level = {{"PGD", 39, 9, false, 0},
                                        {"PUD", 30, 9, true, 0},
                                        {"PMD", 21, 9, true, 0},
                                        {"PTE", 12, 9, true, 0}}},
    {X86("x86_64-57", 57, 5), .level = {{"PGD", 48, 9, false, 0},
                                        {"P4D", 39, 9, false, 0},
                                        {"PUD", 30, 9, true, 0},
                                        {"PMD", 21, 9, true, 0},
                                        {"PTE", 12, 9, true, 0}}},
    {.name = NULL},
};
