/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RISC-V as a row.  What VMCOREINFO has of it: arch/riscv/kernel/vmcore_info.c.  Machines: QEMU
 * hw/riscv/virt.c.
 */
#include "arch/arch.h"
#include "arch/riscv/riscv.h"

#include <inttypes.h>
#include <stdio.h>

static const struct arch_machine machines[] = {
    {.base = 0x80000000}, /* virt */
};

static bool kernel(const struct arch_note *note, const struct paging **paging, uint64_t *delta)
{
    uint64_t va_bits, link, ram_base;
    char name[32];
    if (!note->number(note->context, "VA_BITS", &va_bits) ||
        !note->number(note->context, "phys_ram_base", &ram_base))
        return false;
    if (!note->number(note->context, "va_kernel_pa_offset", delta)) {
        if (!note->number(note->context, "KERNEL_LINK_ADDR", &link))
            return false;
        *delta = link - ram_base;
    }
    snprintf(name, sizeof name, "riscv64-sv%" PRIu64, va_bits);
    *paging = arch_mode_named(name);
    return *paging != NULL;
}

const struct arch arch_riscv = {
    .paging = &riscv_paging,
    .modes = riscv_modes,
    .machines = machines,
    .machine_count = sizeof machines / sizeof *machines,
    .table_mask = 0x3ff, /* _PAGE_TABLE: V alone */
    .table_value = 0x001,
    .kernel_root = "swapper_pg_dir",
    .kernel = kernel,
    .windows = riscv_windows,
};
