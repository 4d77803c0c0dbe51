/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arm64 stage 1 descriptors: Arm ARM DDI 0487 D8.3; hierarchical permissions D8.4.
 * What Linux keeps in invalid ones: arch/arm64/include/asm/pgtable-prot.h and pgtable.h.
 */
#include "arch/arm64/arm64.h"

#include "arch/entry.h"

#define VALID UINT64_C(1)

/* AP[2:1] of a leaf, and what tables above may take away. */
#define AP_EL0         BIT(6)
#define AP_READ_ONLY   BIT(7)
#define PXN            BIT(53)
#define UXN            BIT(54)
#define ACCESSED       BIT(10)
#define DBM            BIT(51)
#define CONTIGUOUS     BIT(52)
#define TABLE_PXN      BIT(59)
#define TABLE_UXN      BIT(60)
#define TABLE_NO_EL0   BIT(61)
#define TABLE_NO_WRITE BIT(62)

static enum entry_kind arm64_kind(const struct paging *paging, unsigned level, uint64_t entry)
{
    if (!(entry & VALID))
        return entry ? ENTRY_NOT_PRESENT : ENTRY_EMPTY;
    bool type = entry & 2;
    if (is_last_level(paging, level))
        return type ? ENTRY_LEAF : ENTRY_RESERVED;
    if (type)
        return ENTRY_TABLE;
    return paging->level[level].leaf ? ENTRY_LEAF : ENTRY_RESERVED;
}

static void arm64_narrow(struct access *access, enum entry_kind kind, uint64_t entry)
{
    if (kind == ENTRY_TABLE) {
        if (entry & TABLE_NO_WRITE) {
            access->kernel &= (uint8_t)~ACCESS_W;
            access->user &= (uint8_t)~ACCESS_W;
        }
        /* APTable[0] takes data access at EL0 away; execution is UXNTable's. */
        if (entry & TABLE_NO_EL0)
            access->user &= (uint8_t) ~(ACCESS_R | ACCESS_W);
        if (entry & TABLE_PXN)
            access->kernel &= (uint8_t)~ACCESS_X;
        if (entry & TABLE_UXN)
            access->user &= (uint8_t)~ACCESS_X;
        return;
    }
    if (entry & AP_READ_ONLY) {
        access->kernel &= (uint8_t)~ACCESS_W;
        access->user &= (uint8_t)~ACCESS_W;
    }
    if (!(entry & AP_EL0))
        access->user &= (uint8_t) ~(ACCESS_R | ACCESS_W);
    if (entry & UXN)
        access->user &= (uint8_t)~ACCESS_X;
    /* What EL0 can write is never executable at EL1 (D8.4.2). */
    if ((entry & PXN) || (access->user & ACCESS_W))
        access->kernel &= (uint8_t)~ACCESS_X;
}

/*
 * PROT_NONE: bit 58 with VALID clear up to about 6.10, then bit 11 (PTE_PRESENT_INVALID); the
 * attributes stay.  A swap entry keeps bits 1:0 clear, and bit 58 (type 7:3, offset 57:8, older)
 * or bit 11 (type 10:6, offset 61:12, newer) too.
 */
static bool is_prot_none(uint64_t entry)
{
    if ((entry & VALID) || !(entry & BIT(10)))
        return false;
    return (entry & (BIT(58) | BIT(1))) || (entry & (BIT(11) | PXN | UXN)) == (BIT(11) | PXN | UXN);
}

static const char *arm64_absent(uint64_t entry)
{
    if (is_prot_none(entry))
        return "PROT_NONE";
    /* Which of the two layouts it is, the entry does not say. */
    return is_swap_area(entry >> 3) && is_swap_area(entry >> 6) ? "swap" : "swap-or-migration";
}

static bool arm64_absent_pa(const struct paging *paging, unsigned level, uint64_t entry,
                            uint64_t *pa)
{
    if (!is_prot_none(entry))
        return false;
    *pa = paging_target(paging, level, ENTRY_LEAF, entry);
    return true;
}

/* AttrIndx is an index into MAIR_EL1, which is not in RAM: shown as a number.  Bits 58:55 are
 * software's: PTE_DIRTY, PTE_SPECIAL, PTE_DEVMAP (pgtable-prot.h); DBM is Linux's PTE_WRITE. */
static const struct paging_flag arm64_flags[] = {
    {VALID, VALID, IN_TABLE | IN_LEAF | DETAIL, "valid", NULL},
    {BIT(1), BIT(1), IN_TABLE | DETAIL, "table", NULL},
    {BIT(1), BIT(1), FLAG_PAGE | DETAIL, "page", NULL},
    {BIT(1), 0, FLAG_BLOCK | DETAIL, "block", NULL},
    {TABLE_NO_WRITE | TABLE_NO_EL0, TABLE_NO_EL0, IN_TABLE, "APTable=noEL0",
     "below, EL0 may not access"},
    {TABLE_NO_WRITE | TABLE_NO_EL0, TABLE_NO_WRITE, IN_TABLE, "APTable=RO",
     "below, nobody may write"},
    {TABLE_NO_WRITE | TABLE_NO_EL0, TABLE_NO_WRITE | TABLE_NO_EL0, IN_TABLE, "APTable=RO,noEL0",
     "below, nobody may write, EL0 not access"},
    {TABLE_UXN, TABLE_UXN, IN_TABLE, "UXNTable", "below, EL0 may not execute"},
    {TABLE_PXN, TABLE_PXN, IN_TABLE, "PXNTable", "below, EL1 may not execute"},
    {BIT(63), BIT(63), IN_TABLE, "NSTable", "non-secure below"},
    {BIT(7) | BIT(6), 0, IN_LEAF, "AP=EL1rw", "EL1 may write, EL0 not access"},
    {BIT(7) | BIT(6), BIT(6), IN_LEAF, "AP=rw", "EL1 and EL0 may write"},
    {BIT(7) | BIT(6), BIT(7), IN_LEAF, "AP=EL1ro", "EL1 may read, EL0 not access"},
    {BIT(7) | BIT(6), BIT(7) | BIT(6), IN_LEAF, "AP=ro", "EL1 and EL0 may read"},
    {UXN, UXN, IN_LEAF, "UXN", "EL0 may not execute"},
    {PXN, PXN, IN_LEAF, "PXN", "EL1 may not execute"},
    {DBM, DBM, IN_LEAF, "DBM", "dirty state by hardware; Linux: writable"},
    {ACCESSED, ACCESSED, IN_LEAF, "AF", "accessed"},
    {ACCESSED, 0, IN_LEAF, "AF=0", "the first access faults"},
    {BIT(11), BIT(11), IN_LEAF, "nG", "of one address space (ASID)"},
    {BIT(9) | BIT(8), 0, IN_LEAF | DETAIL, "SH=0", "not shareable"},
    {BIT(9) | BIT(8), BIT(9) | BIT(8), IN_LEAF, "ISH", "inner shareable"},
    {BIT(9) | BIT(8), BIT(9), IN_LEAF, "OSH", "outer shareable"},
    {BIT(4) | BIT(3) | BIT(2), 0, IN_LEAF | FLAG_NUMBER, "AttrIndx", "memory type, by MAIR_EL1"},
    {CONTIGUOUS, CONTIGUOUS, IN_LEAF, "CONT", "contiguous with its group"},
    {BIT(50), BIT(50), IN_LEAF, "GP", "guarded: branch targets only"},
    {BIT(5), BIT(5), IN_LEAF, "NS", "non-secure"},
    {BIT(16), BIT(16), FLAG_BLOCK | DETAIL, "nT", "not cached while it changes"},
    {BIT(55), BIT(55), IN_LEAF, "DIRTY", "software: written to"},
    {BIT(56), BIT(56), IN_LEAF, "SPECIAL", "software: no struct page"},
    {BIT(57), BIT(57), IN_LEAF, "DEVMAP", "software: device memory"},
    {0, 0, 0, NULL, NULL},
};

/*
 * DDI 0487, "The Contiguous bit": all members must be alike but for what hardware sets in one of
 * them alone, the access flag and the dirty state (AP[2] where DBM is set; contpte.c gathers
 * both).  Bits 63:55 are software's, or ignored.
 */
static uint64_t arm64_shared(uint64_t attributes)
{
    attributes &= BIT(55) - 1;
    return attributes & ~(ACCESSED | (attributes & DBM ? AP_READ_ONLY : 0));
}

const struct paging_arch arm64_paging = {
    .name = "arm64",
    .kind = arm64_kind,
    .narrow = arm64_narrow,
    .absent = arm64_absent,
    .absent_pa = arm64_absent_pa,
    .flags = arm64_flags,
    .contiguous = CONTIGUOUS,
    .shared = arm64_shared,
    .split_roots = true,
    .top_byte_ignored_user = true,
    .pa_bits = 52,
    .pointer_tag = BITS(63, 56), /* TBI: KASAN, MTE */
};
