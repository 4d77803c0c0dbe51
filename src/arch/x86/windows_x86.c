/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The windows of x86-64's kernel half: Documentation/arch/x86/x86_64/mm.rst.  The kernel's own
 * variables say where they begin; without them the tables do.
 */
#include "arch/x86/x86.h"

#define IMAGE_MAP   UINT64_C(0xffffffff80000000) /* __START_KERNEL_map */
#define MODULES_END UINT64_C(0xffffffffff000000)
#define FIXMAP_END  UINT64_C(0xffffffffff7ff000) /* FIXADDR_TOP */
#define VSYSCALL    UINT64_C(0xffffffffff600000)

/* With CONFIG_RANDOMIZE_MEMORY each base is at a multiple of 1 GiB, and is mapped from there. */
static bool find_base(const struct arch_layout *layout, const char *name, uint64_t from,
                      uint64_t below, uint64_t *base)
{
    uint64_t va;
    if (arch_variable(layout, name, base) && paging_is_kernel_half(layout->paging, *base))
        return true;
    if (!arch_first_mapped(layout, from, below - 1, &va))
        return false;
    *base = va & ~(GIB(1) - 1);
    return true;
}

/* The three that memory's randomization moves, each below the next. */
static void add_bases(struct arch_layout *layout)
{
    bool five = layout->paging->va_bits > 48;
    bool has_linear = layout->linear.bytes;
    uint64_t entry_area = UINT64_C(0xfffffe0000000000), base, vmalloc = 0, vmemmap = 0, last;
    uint64_t ram = has_linear ? layout->linear.last_pa + TIB(1) : 0;
    if (!arch_variable(layout, "page_offset_base", &base)) {
        if (!has_linear) {
            arch_unknown(layout, "the linear map is not known");
            return;
        }
        base = layout->linear.delta; /* it begins with physical 0 */
    }
    bool has_vmalloc =
        find_base(layout, "vmalloc_base", base + (ram & ~(GIB(1) - 1)), entry_area, &vmalloc);
    uint64_t capacity = five ? TIB(12800) : TIB(32); /* VMALLOC_SIZE_TB */
    bool has_vmemmap =
        has_vmalloc && find_base(layout, "vmemmap_base", vmalloc + capacity, entry_area, &vmemmap);
    last = base + (five ? TIB(32768) : TIB(64)) - 1;
    if (has_vmalloc && vmalloc > base && last >= vmalloc)
        last = vmalloc - 1;
    arch_window(layout, WINDOW_LINEAR, base, last);
    if (has_vmalloc)
        arch_window(layout, WINDOW_VMALLOC, vmalloc, vmalloc + capacity - 1);
    else
        arch_unknown(layout, "where vmalloc begins is not known");
    if (!has_vmemmap)
        arch_unknown(layout, "where vmemmap begins is not known");
    else {
        last = vmemmap + (five ? TIB(512) : TIB(1)) - 1;
        arch_window(layout, WINDOW_VMEMMAP, vmemmap, last < entry_area ? last : entry_area - 1);
    }
}

void x86_windows(struct arch_layout *layout)
{
    uint64_t image_size;
    bool five = layout->paging->va_bits > 48;
    add_bases(layout);
    if (!arch_number(layout, "KERNEL_IMAGE_SIZE", &image_size) || image_size > GIB(1))
        image_size = GIB(1); /* with CONFIG_RANDOMIZE_BASE; 512 MiB without */
    arch_own_window(layout, "image window", IMAGE_MAP, IMAGE_MAP + image_size - 1);
    arch_window(layout, WINDOW_MODULES, IMAGE_MAP + image_size, MODULES_END - 1);
    arch_window(layout, WINDOW_FIXMAP, MODULES_END, FIXMAP_END - 1);
    arch_own_window(layout, "vsyscall", VSYSCALL, VSYSCALL + 0xfff);
    arch_own_window(layout, "cpu_entry_area", UINT64_C(0xfffffe0000000000),
                    UINT64_C(0xfffffe7fffffffff));
    arch_own_window(layout, "espfix", UINT64_C(0xffffff0000000000), UINT64_C(0xffffff7fffffffff));
    arch_own_window(layout, "EFI", UINT64_C(0xffffffef00000000), UINT64_C(0xfffffffeffffffff));
    if (!five)
        arch_own_window(layout, "LDT remap", UINT64_C(0xffff880000000000),
                        UINT64_C(0xffff887fffffffff));
    else
        arch_own_window(layout, "LDT remap", UINT64_C(0xff10000000000000),
                        UINT64_C(0xff10ffffffffffff));
}
