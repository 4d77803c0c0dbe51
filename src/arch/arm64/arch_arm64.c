/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arm64 as a row.  What VMCOREINFO has of it: arch/arm64/kernel/vmcore_info.c.  Machines: QEMU
 * hw/arm/virt.c, hw/arm/sbsa-ref.c.
 */
#include "arch/arch.h"
#include "arch/arm64/arm64.h"

#include <inttypes.h>
#include <stdio.h>

static const struct arch_machine machines[] = {
    {.base = 0x40000000},              /* virt */
    {.base = 0x80000000},              /* many boards */
    {.base = 0},                       /* Raspberry Pi */
    {.base = UINT64_C(0x10000000000)}, /* sbsa-ref */
};

static bool kernel(const struct arch_note *note, const struct paging **paging, uint64_t *delta)
{
    uint64_t va_bits, t1sz;
    char name[32];
    if (!note->number(note->context, "kimage_voffset", delta) ||
        !note->number(note->context, "VA_BITS", &va_bits) || !note->page_size)
        return false;
    /* 64K kernels keep the 52-bit table on narrower hardware; 4K and 16K fold a level. */
    if (note->page_size != 65536 && note->number(note->context, "TCR_EL1_T1SZ", &t1sz) && t1sz < 64)
        va_bits = 64 - t1sz;
    snprintf(name, sizeof name, "arm64-%" PRIu64 "k-%" PRIu64, note->page_size / 1024, va_bits);
    *paging = arch_mode_named(name);
    return *paging != NULL;
}

const struct arch arch_arm64 = {
    .paging = &arm64_paging,
    .modes = arm64_modes,
    .machines = machines,
    .machine_count = sizeof machines / sizeof *machines,
    /* PMD_TYPE_TABLE with or without AF, and no UXN, PXN, DBM. */
    .table_mask = UINT64_C(0x07f80000000003ff),
    .table_value = 0x003,
    .kernel_root = "swapper_pg_dir",
    .kernel = kernel,
    .windows = arm64_windows,
};
