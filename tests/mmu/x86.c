// SPDX-License-Identifier: GPL-3.0-or-later
//
// x86-64: loads, stores and jumps of the kernel and of a user, with CR0.WP and without SMEP, SMAP
// and protection keys.  Answers are the word that was read, or the error code, shifted, and 1.
// QEMU 7.2 has 40 bits of physical addresses: those above are left out.
#include "mmu.h"

#define PRESENT    UINT64_C(1)
#define WRITABLE   UINT64_C(2)
#define USER       UINT64_C(4)
#define PAGE_SIZE  UINT64_C(0x80)
#define ADDRESS    UINT64_C(0x000000fffffff000)
#define NO_EXECUTE UINT64_C(0x8000000000000000)
#define ATTRIBUTES UINT64_C(0x7ff0000000000f78) // memory types, A, D, G, keys, software's

// Intel SDM vol. 3A 2.5, CR4: PAE and LA57.
static uint64_t cr4_of(const struct paging *paging, uint64_t root_pa)
{
    (void)root_pa;
    return 0x20 | (paging->levels == 5 ? 0x1000 : 0);
}

static bool may_miss(const struct paging *paging, unsigned level)
{
    (void)paging;
    (void)level;
    return true;
}

static uint64_t attributes(struct maker *maker)
{
    return (chance(maker, 95) ? PRESENT : 0) | (chance(maker, 80) ? WRITABLE : 0) |
           (chance(maker, 80) ? USER : 0) | (chance(maker, 15) ? NO_EXECUTE : 0) |
           (rng(maker) & ATTRIBUTES);
}

static uint64_t leaf(struct maker *maker, unsigned level)
{
    bool last = is_last(maker->paging, level);
    uint64_t pa = leaf_pa(maker, level, 39) & ADDRESS;
    uint64_t pat = rng(maker) & (last ? PAGE_SIZE : UINT64_C(0x1000));
    return attributes(maker) | pa | pat | (last ? 0 : PAGE_SIZE);
}

static uint64_t entry_of(struct maker *maker, unsigned level, struct table **below)
{
    if (!is_last(maker->paging, level) && chance(maker, level ? 65 : 90))
        *below = below_of(maker, level + 1);
    if (!*below)
        return leaf(maker, level);
    return attributes(maker) | (*below)->pa | (chance(maker, 3) ? PAGE_SIZE : 0);
}

// The program's first 16 MiB, where they lie, for all: a P4D, a PUD and a PMD.
static void prepare(struct maker *maker)
{
    const uint64_t all = PRESENT | WRITABLE | USER;
    maker->identity = maker->next;
    maker->next += 3 * UINT64_C(0x1000);
    put(maker, maker->identity, (maker->identity + 0x1000) | all);
    put(maker, maker->identity + 0x1000, (maker->identity + 0x2000) | all);
    for (uint64_t i = 0; i < 8; i++)
        put(maker, maker->identity + 0x2000 + 8 * i, i * MIB(2) | PAGE_SIZE | all);
}

static void complete(struct maker *maker, uint64_t root_pa)
{
    uint64_t below = maker->identity + (maker->paging->levels == 5 ? 0 : 0x1000);
    put(maker, root_pa, below | PRESENT | WRITABLE | USER);
}

static bool allowed(uint64_t answer)
{
    return !(answer & 1);
}

const struct mmu mmu_x86 = {
    .name = "x86_64",
    .base = 0,
    .first = 1,
    .has_marks = true,
    .question = {{false, ACCESS_R, "the kernel reads"},
                 {false, ACCESS_W, "the kernel writes"},
                 {false, ACCESS_X, "the kernel executes"},
                 {true, ACCESS_R, "a user reads"},
                 {true, ACCESS_W, "a user writes"},
                 {true, ACCESS_X, "a user executes"}},
    .entry = entry_of,
    .control = cr4_of,
    .may_miss = may_miss,
    .prepare = prepare,
    .complete = complete,
    .allowed = allowed,
};
