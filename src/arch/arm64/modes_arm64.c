/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arm64's paging modes.  Legal leaves: Arm ARM DDI 0487 table D8-15 ff. and
 * AArch64.BlockDescSupported(), where physical addresses have 52 bits.  Contiguous groups: "The
 * Contiguous bit" (16 entries; 16K: 128 pages or 32 blocks; 64K: 32).
 *
 * The address field is 47:granule; LPA puts PA[51:48] into 15:12 (64K), LPA2 into 49:48 (in place)
 * and 9:8 (PA[51:50]; shareability moves to TCR_EL1).
 */
#include "arch/arm64/arm64.h"

#include "arch/entry.h"

#define ARM64(NAME, GRANULE, VA, LEVELS)                                                           \
    .name = NAME, .arch = &arm64_paging, .page_shift = (GRANULE), .va_bits = (VA),                 \
    .levels = (LEVELS), .plain_mask = 3, .plain_value = 3

const struct paging arm64_modes[] = {
    {ARM64("arm64-4k-48", 12, 48, 4),
     .level = {{"PGD", 39, 9, false, 0},
               {"PUD", 30, 9, true, 4},
               {"PMD", 21, 9, true, 4},
               {"PTE", 12, 9, true, 4}},
     .address_mask = BITS(47, 12)},
    {ARM64("arm64-4k-39", 12, 39, 3),
     .level = {{"PGD", 30, 9, true, 4}, {"PMD", 21, 9, true, 4}, {"PTE", 12, 9, true, 4}},
     .address_mask = BITS(47, 12)},
    {ARM64("arm64-4k-52", 12, 52, 5),
     .level = {{"PGD", 48, 4, false, 0},
               {"P4D", 39, 9, true, 0},
               {"PUD", 30, 9, true, 4},
               {"PMD", 21, 9, true, 4},
               {"PTE", 12, 9, true, 4}},
     .address_mask = BITS(49, 12), .high = {{8, 50, 2}}},
    {ARM64("arm64-16k-36", 14, 36, 2),
     .level = {{"PGD", 25, 11, true, 5}, {"PTE", 14, 11, true, 7}}, .address_mask = BITS(47, 14)},
    {ARM64("arm64-16k-47", 14, 47, 3),
     .level = {{"PGD", 36, 11, false, 0}, {"PMD", 25, 11, true, 5}, {"PTE", 14, 11, true, 7}},
     .address_mask = BITS(47, 14)},
    {ARM64("arm64-16k-48", 14, 48, 4),
     .level = {{"PGD", 47, 1, false, 0},
               {"PUD", 36, 11, false, 0},
               {"PMD", 25, 11, true, 5},
               {"PTE", 14, 11, true, 7}},
     .address_mask = BITS(47, 14)},
    {ARM64("arm64-16k-52", 14, 52, 4),
     .level = {{"PGD", 47, 5, false, 0},
               {"PUD", 36, 11, true, 0},
               {"PMD", 25, 11, true, 5},
               {"PTE", 14, 11, true, 7}},
     .address_mask = BITS(49, 14), .high = {{8, 50, 2}}},
    {ARM64("arm64-64k-42", 16, 42, 2),
     .level = {{"PGD", 29, 13, true, 5}, {"PTE", 16, 13, true, 5}}, .address_mask = BITS(47, 16),
     .high = {{12, 48, 4}}},
    {ARM64("arm64-64k-48", 16, 48, 3),
     .level = {{"PGD", 42, 6, true, 0}, {"PMD", 29, 13, true, 5}, {"PTE", 16, 13, true, 5}},
     .address_mask = BITS(47, 16), .high = {{12, 48, 4}}},
    {ARM64("arm64-64k-52", 16, 52, 3),
     .level = {{"PGD", 42, 10, true, 0}, {"PMD", 29, 13, true, 5}, {"PTE", 16, 13, true, 5}},
     .address_mask = BITS(47, 16), .high = {{12, 48, 4}}},
    {.name = NULL},
};
