/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * x86-64 as a row.  What VMCOREINFO has of it: arch/x86/kernel/vmcore_info_64.c.  Machines: QEMU
 * hw/i386/pc_q35.c and pc_piix.c (lowmem), microvm.c.
 */
#include "arch/arch.h"
#include "arch/x86/x86.h"

static const struct arch_machine machines[] = {
    {.below = GIB(2), .least = 0xb0000000},     /* q35 */
    {.below = GIB(3), .least = 0xc0000000},     /* i440fx from 3.5 GiB on, microvm */
    {.below = 0xe0000000, .least = 0xe0000000}, /* without GiB alignment */
    {.base = 0, .most = 0xe0000000},            /* small PCs */
};

static bool kernel(const struct arch_note *note, const struct paging **paging, uint64_t *delta)
{
    static const uint64_t start_kernel_map = UINT64_C(0xffffffff80000000);
    uint64_t phys_base, five_levels = 0;
    if (!note->number(note->context, "phys_base", &phys_base))
        return false;
    note->number(note->context, "pgtable_l5_enabled", &five_levels);
    *paging = arch_mode_named(five_levels ? "x86_64-57" : "x86_64-48");
    *delta = start_kernel_map - phys_base;
    return true;
}

const struct arch arch_x86 = {
    .paging = &x86_paging,
    .modes = x86_modes,
    .machines = machines,
    .machine_count = sizeof machines / sizeof *machines,
    /* _KERNPG_TABLE: A is set, and neither G nor NX. */
    .table_mask = UINT64_C(0x80000000000001a1),
    .table_value = 0x021,
    .kernel_root = "init_top_pgt",
    .kernel = kernel,
    .windows = x86_windows,
};
