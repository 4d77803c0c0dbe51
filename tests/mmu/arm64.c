// SPDX-License-Identifier: GPL-3.0-or-later
//
// arm64: AT instructions, whose answers are PAR_EL1.  They do not ask for execution, which is not
// compared.
#include "mmu.h"

static bool has_lpa2(const struct paging *paging)
{
    return paging->va_bits > 48 && paging->page_shift < 16;
}

// Arm ARM D19.2, TCR_EL1: 52-bit physical addresses, TBI for user addresses, access flags set by
// hardware, as Linux has it.
static uint64_t tcr_of(const struct paging *paging, uint64_t root_pa)
{
    (void)root_pa;
    static const uint64_t tg0[] = {[12] = 0, [14] = 2, [16] = 1};
    static const uint64_t tg1[] = {[12] = 2, [14] = 1, [16] = 3};
    uint64_t size = 64u - paging->va_bits;
    return size | size << 16 | tg0[paging->page_shift] << 14 | tg1[paging->page_shift] << 30 |
           UINT64_C(6) << 32 | UINT64_C(1) << 37 | UINT64_C(1) << 39 |
           (has_lpa2(paging) ? UINT64_C(1) << 59 : 0);
}

// Bits of a table entry that are the next table's address beyond bit 47.
static uint64_t high_bits(const struct paging *paging)
{
    if (has_lpa2(paging))
        return UINT64_C(3) << 48 | UINT64_C(3) << 8;
    return paging->page_shift == 16 ? UINT64_C(0xf000) : 0;
}

// The bits 1:0 of a descriptor.
enum { INVALID = 0, BLOCK = 1, TABLE = 3 };

static uint64_t leaf(struct maker *maker, unsigned type)
{
    uint64_t entry = (rng(maker) & ~UINT64_C(3)) | type;
    if (chance(maker, 60)) // RAM, and few attributes
        entry &= UINT64_C(0x00f000007fffffff);
    return chance(maker, 80) ? entry | UINT64_C(1) << 10 : entry;
}

// All but the address is noise: what is ignored must be, and permissions are taken away.
static uint64_t table_entry_of(struct maker *maker, const struct table *below)
{
    uint64_t address =
        UINT64_C(0x0000fffffffff000) & ~((UINT64_C(1) << maker->paging->page_shift) - 1);
    uint64_t noise = rng(maker) & ~(address | high_bits(maker->paging));
    if (chance(maker, 60))
        noise &= ~(UINT64_C(0x78) << 56);
    return noise | below->pa | TABLE;
}

// Arm ARM, AArch64.BlockDescSupported(), where physical addresses have 52 bits.  QEMU 7.2 takes
// blocks anywhere: it is asked only where they are legal.
static bool may_be_block(const struct paging *paging, unsigned level)
{
    int arm_level = (int)level + 4 - paging->levels;
    switch (paging->page_shift) {
    case 12:
        return arm_level > 0 || (arm_level == 0 && has_lpa2(paging));
    case 14:
        return arm_level == 2 || (arm_level == 1 && has_lpa2(paging));
    default:
        return arm_level == 2 || arm_level == 1;
    }
}

// QEMU 7.2 gives up on faults of level -1: there all is well, and only used entries are asked for.
static bool may_miss(const struct paging *paging, unsigned level)
{
    return level > 0 || paging->levels < 5;
}

static uint64_t entry_of(struct maker *maker, unsigned level, struct table **below)
{
    const struct paging *paging = maker->paging;
    bool last = is_last(paging, level);
    // Reserved types too, and noise for a table.
    bool is_odd = chance(maker, 12), leads_on = !last && !is_odd && chance(maker, 70);
    unsigned type = is_odd ? (unsigned)(rng(maker) & 3) : last ? TABLE : BLOCK;
    if (leads_on || !may_miss(paging, level))
        *below = below_of(maker, level + 1);
    if (*below)
        return table_entry_of(maker, *below);
    if (!last && type == BLOCK && !may_be_block(paging, level))
        type = INVALID;
    uint64_t entry = leaf(maker, type);
    return !last && type == TABLE ? entry | UINT64_C(1) << 40 : entry; // beyond RAM, no device
}

static bool allowed(uint64_t par)
{
    return !(par & 1);
}

const struct mmu mmu_arm64 = {
    .name = "arm64",
    .base = 0x40000000,
    .has_two_halves = true,
    .question = {{false, ACCESS_R, "EL1 reads"},
                 {false, ACCESS_W, "EL1 writes"},
                 {true, ACCESS_R, "EL0 reads"},
                 {true, ACCESS_W, "EL0 writes"}},
    .entry = entry_of,
    .control = tcr_of,
    .may_miss = may_miss,
    .allowed = allowed,
};
