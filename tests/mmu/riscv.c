// SPDX-License-Identifier: GPL-3.0-or-later
//
// RISC-V: loads, stores and jumps in S and U mode.  Answers are the word that was read, or the
// cause of the exception, shifted left by one, and 1.
// Left out is what QEMU 7.2 maps although the specification has page faults: bits 60:54 of any
// entry (4.4.1), and memory type 3 of Svpbmt (chapter 6).
#include "mmu.h"

#define VALID    UINT64_C(1)
#define WRITE    UINT64_C(4)
#define READ     UINT64_C(2)
#define EXECUTE  UINT64_C(8)
#define PPN      UINT64_C(0x003ffffffffffc00)
#define NAPOT    UINT64_C(0x8000000000000000)
#define IN_TABLE UINT64_C(0x321) // V, G and the two bits of software

// Privileged specification 4.1.11, SATP.
static uint64_t satp_of(const struct paging *paging, uint64_t root_pa)
{
    return (uint64_t)(paging->levels + 5) << 60 | root_pa >> 12;
}

static bool may_miss(const struct paging *paging, unsigned level)
{
    (void)paging;
    (void)level;
    return true;
}

static uint64_t leaf(struct maker *maker, unsigned level)
{
    uint64_t entry = (leaf_pa(maker, level, 55) >> 2 & PPN) | (rng(maker) & 0x3ff & ~VALID);
    if (chance(maker, 95))
        entry |= VALID;
    if (chance(maker, 60))
        entry |= READ;
    if (chance(maker, 15))
        entry |= UINT64_C(1) << (61 + rng(maker) % 2);
    if (chance(maker, is_last(maker->paging, level) ? 30 : 5)) {
        entry |= NAPOT;
        if (chance(maker, 80)) // 64 KiB, which alone exist
            entry = (entry & ~UINT64_C(0x3c00)) | 0x2000;
    }
    return entry;
}

static uint64_t entry_of(struct maker *maker, unsigned level, struct table **below)
{
    if (!is_last(maker->paging, level) && chance(maker, 75))
        *below = below_of(maker, level + 1);
    if (!*below)
        return leaf(maker, level);
    uint64_t entry = (*below)->pa >> 2 | VALID | (rng(maker) & IN_TABLE);
    if (chance(maker, 8)) // one that must be zero there, or makes a leaf of it
        entry |= UINT64_C(1) << (rng(maker) & 7);
    if (chance(maker, 3))
        entry |= UINT64_C(1) << (61 + rng(maker) % 3);
    return entry;
}

// Beyond RAM there are access faults (1, 5, 7); a mark that is executed is illegal (2).
static bool allowed(uint64_t answer)
{
    uint64_t cause = answer >> 1;
    return !(answer & 1) || cause == 1 || cause == 2 || cause == 5 || cause == 7;
}

const struct mmu mmu_riscv = {
    .name = "riscv64",
    .base = 0x80000000,
    .has_marks = true,
    .question = {{false, ACCESS_R, "S reads"},
                 {false, ACCESS_W, "S writes"},
                 {false, ACCESS_X, "S executes"},
                 {true, ACCESS_R, "U reads"},
                 {true, ACCESS_W, "U writes"},
                 {true, ACCESS_X, "U executes"}},
    .entry = entry_of,
    .control = satp_of,
    .may_miss = may_miss,
    .allowed = allowed,
};
