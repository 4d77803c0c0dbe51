/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The windows of RISC-V's kernel half: Documentation/arch/riscv/vm-layout.rst,
 * arch/riscv/include/asm/pgtable.h.  VMCOREINFO's numbers come first, then the formulas.
 */
#include "arch/riscv/riscv.h"

#define LINK_ADDRESS UINT64_C(0xffffffff80000000) /* KERNEL_LINK_ADDR */

void riscv_windows(struct arch_layout *layout)
{
    unsigned bits = layout->paging->va_bits;
    uint64_t offset, vmalloc, vmalloc_end, vmemmap, vmemmap_end, modules, modules_end, link;
    uint64_t image = layout->image_va, capacity = UINT64_C(1) << (bits - 2); /* KERN_VIRT_SIZE */
    if (!arch_number(layout, "PAGE_OFFSET", &offset))
        offset = arch_linear_first(layout) & ~(GIB(1) - 1);
    if (!offset) {
        arch_unknown(layout, "the linear map is not known");
        return;
    }
    if (!arch_number(layout, "VMALLOC_END", &vmalloc_end))
        vmalloc_end = offset;
    if (!arch_number(layout, "VMALLOC_START", &vmalloc))
        vmalloc = vmalloc_end - capacity / 2;
    if (!arch_number(layout, "VMEMMAP_END", &vmemmap_end))
        vmemmap_end = vmalloc;
    if (!arch_number(layout, "VMEMMAP_START", &vmemmap))
        vmemmap = vmemmap_end -
                  (UINT64_C(1) << (bits - layout->paging->page_shift - 1 + STRUCT_PAGE_SHIFT));
    uint64_t last = offset + capacity - 1;
    arch_window(layout, WINDOW_LINEAR, offset,
                last > offset && last < 0 - GIB(8) ? last : 0 - GIB(8) - 1);
    arch_window(layout, WINDOW_VMALLOC, vmalloc, vmalloc_end - 1);
    arch_window(layout, WINDOW_VMEMMAP, vmemmap, vmemmap_end - 1);
    arch_window(layout, WINDOW_PCI_IO, vmemmap - MIB(16), vmemmap - 1);
    arch_window(layout, WINDOW_FIXMAP, vmemmap - MIB(16) - MIB(6), vmemmap - MIB(16) - 1);
    if (!arch_number(layout, "KERNEL_LINK_ADDR", &link))
        link = image ? image & ~(MIB(2) - 1) : LINK_ADDRESS;
    if (!arch_number(layout, "MODULES_END", &modules_end))
        modules_end = link;
    if (!arch_number(layout, "MODULES_VADDR", &modules)) {
        /* 2 GiB below the image's end, which may be known to its last large page only. */
        uint64_t end = image ? image + layout->image_size : link, first;
        arch_symbol(layout, "_end", &end);
        modules = ((end + 0xfff) & ~UINT64_C(0xfff)) - GIB(2);
        if (arch_first_mapped(layout, link - GIB(2), modules - 1, &first))
            modules = first;
    }
    arch_window(layout, WINDOW_MODULES, modules, modules_end - 1);
}
