/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RISC-V Sv39/48/57 entries: privileged specification 4.3.1 ff.; Svnapot, Svpbmt.
 * What Linux keeps in invalid ones: arch/riscv/include/asm/pgtable.h (PROT_NONE is the G bit).
 */
#include "arch/riscv/riscv.h"

#include "arch/entry.h"

#define VALID     BIT(0)
#define READ      BIT(1)
#define WRITE     BIT(2)
#define EXECUTE   BIT(3)
#define USER      BIT(4)
#define PROT_NONE BIT(5)
#define PBMT      (BIT(62) | BIT(61))
#define NAPOT     BIT(63)

static bool is_misaligned(const struct paging *paging, unsigned level, uint64_t entry)
{
    uint64_t ppn = (entry & paging->address_mask) >> 10;
    if (entry & NAPOT) /* only 64 KiB pages exist: PPN[3:0] is 1000 */
        return !is_last_level(paging, level) || (ppn & 0xf) != 8;
    return ppn & ((UINT64_C(1) << (paging->level[level].shift - 12)) - 1);
}

static enum entry_kind riscv_kind(const struct paging *paging, unsigned level, uint64_t entry)
{
    if (!(entry & VALID))
        return entry ? ENTRY_NOT_PRESENT : ENTRY_EMPTY;
    if (!(entry & (READ | WRITE | EXECUTE)))
        return is_last_level(paging, level) || (entry & paging->reserved_table) ? ENTRY_RESERVED
                                                                                : ENTRY_TABLE;
    if (!(entry & READ) && (entry & WRITE))
        return ENTRY_RESERVED;
    bool bad_memory_type = (entry & PBMT) == PBMT;
    if ((entry & paging->reserved_leaf) || bad_memory_type || is_misaligned(paging, level, entry))
        return ENTRY_RESERVED;
    return ENTRY_LEAF;
}

/* Permissions are the leaf's alone.  A user page is not the kernel's to execute; it may read and
 * write it while SUM is set, which is not counted here. */
static void riscv_narrow(struct access *access, enum entry_kind kind, uint64_t entry)
{
    if (kind == ENTRY_TABLE)
        return;
    uint8_t bits = (uint8_t)((entry & READ ? ACCESS_R : 0) | (entry & WRITE ? ACCESS_W : 0) |
                             (entry & EXECUTE ? ACCESS_X : 0));
    access->user = entry & USER ? bits : 0;
    access->kernel = entry & USER ? 0 : bits;
}

static const char *riscv_absent(uint64_t entry)
{
    if (entry & PROT_NONE)
        return "PROT_NONE";
    return is_swap_area(entry >> 7) ? "swap" : "swap-or-migration";
}

static bool riscv_absent_pa(const struct paging *paging, unsigned level, uint64_t entry,
                            uint64_t *pa)
{
    if ((entry & VALID) || !(entry & PROT_NONE))
        return false;
    *pa = paging_target(paging, level, ENTRY_LEAF, entry);
    return true;
}

static const struct paging_flag riscv_flags[] = {
    {VALID, VALID, IN_TABLE | IN_LEAF | DETAIL, "V", "valid"},
    {READ, READ, IN_LEAF, "R", "readable"},
    {WRITE, WRITE, IN_LEAF, "W", "writable"},
    {EXECUTE, EXECUTE, IN_LEAF, "X", "executable"},
    {USER, USER, IN_LEAF, "U", "the user's"},
    {BIT(5), BIT(5), IN_TABLE | IN_LEAF, "G", "global: in every address space"},
    {BIT(6), BIT(6), IN_LEAF, "A", "accessed"},
    {BIT(7), BIT(7), IN_LEAF, "D", "dirty: written to"},
    /* Linux: asm/pgtable-bits.h, _PAGE_SPECIAL and _PAGE_SOFT. */
    {BIT(8), BIT(8), IN_LEAF | DETAIL, "RSW[0]", "software: no struct page"},
    {BIT(9), BIT(9), IN_LEAF | DETAIL, "RSW[1]", "software"},
    {PBMT, BIT(61), IN_LEAF, "PBMT=NC", "not cached"},
    {PBMT, BIT(62), IN_LEAF, "PBMT=IO", "a device: not cached, in order"},
    {NAPOT, NAPOT, IN_LEAF, "NAPOT", "N: one of a group of 64K"},
    {0, 0, 0, NULL, NULL},
};

/* Svnapot: any member may be used for all of the group; A and D as the hardware left them. */
static uint64_t riscv_shared(uint64_t attributes)
{
    return attributes & ~(BIT(6) | BIT(7) | BIT(8) | BIT(9));
}

const struct paging_arch riscv_paging = {
    .name = "riscv64",
    .kind = riscv_kind,
    .narrow = riscv_narrow,
    .absent = riscv_absent,
    .absent_pa = riscv_absent_pa,
    .flags = riscv_flags,
    .contiguous = NAPOT,
    .shared = riscv_shared,
    .pa_bits = 56,
    .pointer_tag = BITS(63, 57), /* pointer masking: Smnpm, Ssnpm */
};
