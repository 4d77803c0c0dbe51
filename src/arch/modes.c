/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every paging mode as a row.
 *
 * Level names follow Linux's folding: with three levels PGD PMD PTE, with two PGD PTE.
 * Legal leaves: Arm ARM DDI 0487 table D8-15 ff.; Intel SDM vol. 3A tables 4-14 ff.; RISC-V
 * privileged 4.3.2 (any level).  Contiguous groups: DDI 0487, "The Contiguous bit" (16 entries,
 * 16K: 128 pages or 32 blocks, 64K: 32); Svnapot: 16 pages.
 */
#include "arch/arch.h"

#define BITS(high, low) ((UINT64_MAX >> (63 - (high))) & (UINT64_MAX << (low)))

/* arm64: the address field is 47:granule; LPA puts PA[51:48] into 15:12 (64K), LPA2 into 49:48
 * (in place) and 9:8 (PA[51:50]; shareability moves to TCR_EL1). */
#define ARM64(NAME, GRANULE, VA, LEVELS)                                                           \
    .name = NAME, .arch = &paging_arm64, .page_shift = (GRANULE), .va_bits = (VA),                 \
    .levels = (LEVELS), .plain_mask = 3, .plain_value = 3
#define X86(NAME, VA, LEVELS)                                                                      \
    .name = NAME, .arch = &paging_x86, .page_shift = 12, .va_bits = (VA), .levels = (LEVELS),      \
    .address_mask = BITS(51, 12), .plain_mask = 1, .plain_value = 1
#define RISCV(NAME, VA, LEVELS)                                                                    \
    .name = NAME, .arch = &paging_riscv, .page_shift = 12, .va_bits = (VA), .levels = (LEVELS),    \
    .address_mask = BITS(53, 10), .address_shift = 2, .has_napot = true,                           \
    .reserved_table = BITS(63, 54) | BITS(7, 6) | BITS(4, 4), .reserved_leaf = BITS(60, 54),       \
    .plain_mask = BITS(63, 54) | 3, .plain_value = 3

const struct paging paging_modes[] = {
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
     .level = {{"PGD", 42, 6, false, 0}, {"PMD", 29, 13, true, 5}, {"PTE", 16, 13, true, 5}},
     .address_mask = BITS(47, 16), .high = {{12, 48, 4}}},
    {ARM64("arm64-64k-52", 16, 52, 3),
     .level = {{"PGD", 42, 10, true, 0}, {"PMD", 29, 13, true, 5}, {"PTE", 16, 13, true, 5}},
     .address_mask = BITS(47, 16), .high = {{12, 48, 4}}},
    {X86("x86_64-48", 48, 4), .level = {{"PGD", 39, 9, false, 0},
                                        {"PUD", 30, 9, true, 0},
                                        {"PMD", 21, 9, true, 0},
                                        {"PTE", 12, 9, true, 0}}},
    {X86("x86_64-57", 57, 5), .level = {{"PGD", 48, 9, false, 0},
                                        {"P4D", 39, 9, false, 0},
                                        {"PUD", 30, 9, true, 0},
                                        {"PMD", 21, 9, true, 0},
                                        {"PTE", 12, 9, true, 0}}},
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
