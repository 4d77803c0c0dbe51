/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * x86-64 entries: Intel SDM vol. 3A 4.5, tables 4-14 to 4-20.
 * What Linux keeps in non-present ones: arch/x86/include/asm/pgtable_64.h, pgtable-invert.h.
 */
#include "arch/x86/x86.h"

#include "arch/entry.h"
#include "paging/walk.h"

#include <string.h>

#define PRESENT        BIT(0)
#define WRITABLE       BIT(1)
#define USER           BIT(2)
#define PAGE_SIZE      BIT(7)
#define PROT_NONE      BIT(8)
#define PROTECTION_KEY (BIT(62) | BIT(61) | BIT(60) | BIT(59))
#define NO_EXECUTE     BIT(63)
#define PA_FIELD       UINT64_C(0x000ffffffffff000)
#define LARGE_2M_MBZ   UINT64_C(0x1fe000)   /* 20:13; bit 12 is PAT */
#define LARGE_1G_MBZ   UINT64_C(0x3fffe000) /* 29:13 */

static enum entry_kind x86_kind(const struct paging *paging, unsigned level, uint64_t entry)
{
    if (!(entry & PRESENT))
        return entry ? ENTRY_NOT_PRESENT : ENTRY_EMPTY;
    if (is_last_level(paging, level))
        return ENTRY_LEAF;
    if (!(entry & PAGE_SIZE))
        return ENTRY_TABLE;
    if (!paging->level[level].leaf)
        return ENTRY_RESERVED;
    uint64_t must_be_zero = paging->level[level].shift == 21 ? LARGE_2M_MBZ : LARGE_1G_MBZ;
    return entry & must_be_zero ? ENTRY_RESERVED : ENTRY_LEAF;
}

static void x86_narrow(struct access *access, enum entry_kind kind, uint64_t entry)
{
    (void)kind; /* tables and leaves speak alike: every level can only take away */
    if (!(entry & WRITABLE)) {
        access->kernel &= (uint8_t)~ACCESS_W;
        access->user &= (uint8_t)~ACCESS_W;
    }
    if (!(entry & USER))
        access->user = 0;
    if (entry & NO_EXECUTE) {
        access->kernel &= (uint8_t)~ACCESS_X;
        access->user &= (uint8_t)~ACCESS_X;
    }
}

static const char *x86_absent(uint64_t entry)
{
    if (entry & PROT_NONE)
        return "PROT_NONE";
    return is_swap_area(entry >> 59) ? "swap" : "swap-or-migration";
}

/* PROT_NONE keeps the frame number inverted, against L1TF (pgtable-invert.h, 6b28baca9b1f). */
static bool x86_absent_pa(const struct paging *paging, unsigned level, uint64_t entry, uint64_t *pa)
{
    if ((entry & PRESENT) || !(entry & PROT_NONE))
        return false;
    *pa = paging_target(paging, level, ENTRY_LEAF, entry ^ PA_FIELD);
    return true;
}

static const struct paging_flag x86_flags[] = {
    {PRESENT, PRESENT, IN_TABLE | IN_LEAF | DETAIL, "P", "present"},
    {WRITABLE, WRITABLE, IN_TABLE | IN_LEAF, "RW", "writable"},
    {WRITABLE, 0, IN_TABLE | IN_LEAF | DETAIL, "RW=0", "read-only"},
    {USER, USER, IN_TABLE | IN_LEAF, "US", "the user's too"},
    {USER, 0, IN_TABLE | IN_LEAF | DETAIL, "US=0", "the kernel's only"},
    {BIT(3), BIT(3), IN_TABLE | IN_LEAF, "PWT", "write-through; memory type, by the PAT"},
    {BIT(4), BIT(4), IN_TABLE | IN_LEAF, "PCD", "uncached; memory type, by the PAT"},
    {BIT(5), BIT(5), IN_TABLE | IN_LEAF, "A", "accessed"},
    {BIT(6), BIT(6), IN_LEAF, "D", "dirty: written to"},
    {PAGE_SIZE, PAGE_SIZE, FLAG_BLOCK, "PS", "a large page"},
    {BIT(12), BIT(12), FLAG_BLOCK, "PAT", "memory type, by the PAT"},
    {BIT(7), BIT(7), FLAG_PAGE, "PAT", "memory type, by the PAT"},
    {BIT(8), BIT(8), IN_LEAF, "G", "global: of every address space"},
    /* Linux: pgtable_types.h, _PAGE_BIT_SOFTW1 to 4. */
    {BIT(9), BIT(9), IN_LEAF | DETAIL, "SW1", "software: no struct page"},
    {BIT(10), BIT(10), IN_LEAF | DETAIL, "SW2", "software: write-protected by userfaultfd"},
    {BIT(11), BIT(11), IN_LEAF | DETAIL, "SW3", "software: soft-dirty"},
    {BIT(58), BIT(58), IN_LEAF | DETAIL, "SW4", "software: device memory, or saved dirty"},
    {PROTECTION_KEY, 0, IN_LEAF | FLAG_NUMBER | DETAIL, "PK", "protection key"},
    {NO_EXECUTE, NO_EXECUTE, IN_TABLE | IN_LEAF, "XD", "NX: not executable"},
    {0, 0, 0, NULL, NULL},
};

#define USER_COPY UINT64_C(0x1000) /* from a root to its user copy: PTI_USER_PGTABLE_BIT */

/* The same lower half; of the upper one less, as the copy lacks the linear map. */
static bool is_user_copy(const struct paging *paging, const uint64_t *own, const uint64_t *copy,
                         size_t count)
{
    size_t equal = 0, left_out = 0;
    for (size_t i = 0; i < count; i++) {
        bool same = (own[i] & paging->address_mask) == (copy[i] & paging->address_mask);
        if (copy[i] && x86_kind(paging, 0, copy[i]) != ENTRY_TABLE)
            return false;
        if (i < count / 2 && !same)
            return false;
        equal += copy[i] && same;
        left_out += i >= count / 2 && own[i] && !copy[i];
    }
    return equal && left_out;
}

/*
 * Under page table isolation (arch/x86/mm/pti.c) a copy after the kernel's root alone says what a
 * user may execute: in the kernel's all of the lower half is marked NX.
 */
static uint64_t x86_user_root(const struct paging *paging, const struct table_source *source,
                              uint64_t root_pa)
{
    uint64_t own[512];
    if (root_pa & USER_COPY)
        return root_pa;
    const uint64_t *table = table_read(source, root_pa, sizeof own, NULL);
    if (!table)
        return root_pa;
    memcpy(own, table, sizeof own);
    table = table_read(source, root_pa + USER_COPY, sizeof own, NULL);
    return table && is_user_copy(paging, own, table, 512) ? root_pa + USER_COPY : root_pa;
}

const struct paging_arch x86_paging = {
    .name = "x86_64",
    .kind = x86_kind,
    .narrow = x86_narrow,
    .absent = x86_absent,
    .absent_pa = x86_absent_pa,
    .flags = x86_flags,
    .pa_bits = 52,
    .pointer_tag = BITS(62, 57), /* LAM: Intel SDM vol. 1, 8.2 */
    .user_root = x86_user_root,
};
