/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The windows of arm64's kernel half: Documentation/arch/arm64/memory.rst,
 * arch/arm64/include/asm/memory.h.  VMCOREINFO's numbers come first; then the formulas, of which
 * there are several from different times: the one is taken whose vmemmap maps the image's pages.
 */
#include "arch/arm64/arm64.h"

struct windows {
    uint64_t linear, page_end; /* [linear, page_end) */
    uint64_t modules, modules_end;
    uint64_t vmalloc, vmalloc_end;
    uint64_t vmemmap, vmemmap_end;
};

/* PAGE_END: half of what the narrowest CPU has that this kernel runs on (VA_BITS_MIN). */
static uint64_t page_end(const struct paging *paging, unsigned bits)
{
    unsigned least = bits <= 48 ? bits : paging->page_shift == 14 ? 47 : 48;
    return 0 - (UINT64_C(1) << (least - 1));
}

/* VMEMMAP_END is -1 GiB since 6.9; from 5.11 on the start was a power of two below the top. */
static void by_formula(const struct arch_layout *layout, unsigned built_bits, bool new,
                       struct windows *at)
{
    unsigned shift = layout->paging->page_shift - STRUCT_PAGE_SHIFT;
    uint64_t page_offset = 0 - (UINT64_C(1) << built_bits);
    uint64_t size;
    at->page_end = page_end(layout->paging, built_bits);
    size = (at->page_end - page_offset) >> shift;
    at->linear = paging_half_first(layout->paging, true);
    at->modules = at->page_end;
    at->modules_end = at->modules + (new ? GIB(2) : MIB(128));
    at->vmalloc = at->modules_end;
    at->vmemmap = new ? 0 - GIB(1) - size : 0 - (UINT64_C(1) << (built_bits - shift));
    at->vmemmap_end = at->vmemmap + size;
    at->vmalloc_end = at->vmemmap - (new ? MIB(8) : MIB(256));
}

/* virt_to_page() of the lowest RAM is mapped. */
static bool fits(const struct arch_layout *layout, unsigned built_bits, const struct windows *at)
{
    uint64_t page_offset = 0 - (UINT64_C(1) << built_bits), mapped;
    uint64_t page = (arch_linear_first(layout) - page_offset) >> layout->paging->page_shift;
    uint64_t va = at->vmemmap + (page << STRUCT_PAGE_SHIFT);
    return arch_first_mapped(layout, va, va, &mapped);
}

static bool by_numbers(const struct arch_layout *layout, struct windows *at)
{
    if (!arch_number(layout, "MODULES_VADDR", &at->modules) ||
        !arch_number(layout, "MODULES_END", &at->modules_end) ||
        !arch_number(layout, "VMALLOC_END", &at->vmalloc_end) ||
        !arch_number(layout, "VMEMMAP_START", &at->vmemmap) ||
        !arch_number(layout, "VMEMMAP_END", &at->vmemmap_end))
        return false;
    at->linear = paging_half_first(layout->paging, true);
    at->page_end = page_end(layout->paging, layout->paging->va_bits);
    if (!arch_number(layout, "VMALLOC_START", &at->vmalloc))
        at->vmalloc = at->modules_end; /* the note has it no more since 6.9 */
    return true;
}

static bool find_windows(const struct arch_layout *layout, struct windows *at)
{
    unsigned bits = layout->paging->va_bits;
    if (by_numbers(layout, at))
        return true;
    /* A kernel built for 52 bits runs with 48 where the CPU has no more. */
    for (unsigned i = 0; i < 4; i++) {
        unsigned built = i < 2 ? bits : 52;
        if (built < bits)
            continue;
        by_formula(layout, built, i % 2 == 0, at);
        if (arch_linear_first(layout) && fits(layout, built, at))
            return true;
    }
    return false;
}

void arm64_windows(struct arch_layout *layout)
{
    struct windows at;
    uint64_t first = arch_linear_first(layout);
    if (!find_windows(layout, &at)) {
        if (first)
            arch_window(layout, WINDOW_LINEAR, first, first + layout->linear.bytes - 1);
        arch_unknown(layout, "modules, vmalloc and vmemmap are not known: no VMCOREINFO, and no "
                             "layout known fits");
        return;
    }
    /* A kernel built for more bits than it runs with gives vmemmap's unused start to vmalloc. */
    if (at.vmalloc_end > at.vmemmap)
        at.vmemmap = at.vmalloc_end + MIB(8);
    arch_window(layout, WINDOW_LINEAR, at.linear, at.page_end - 1);
    arch_window(layout, WINDOW_MODULES, at.modules, at.modules_end - 1);
    arch_window(layout, WINDOW_VMALLOC, at.vmalloc, at.vmalloc_end - 1);
    arch_window(layout, WINDOW_VMEMMAP, at.vmemmap, at.vmemmap_end - 1);
    if (at.vmemmap_end == 0 - GIB(1)) {
        uint64_t pci = at.vmemmap_end + MIB(8);
        arch_window(layout, WINDOW_PCI_IO, pci, pci + MIB(16) - 1);
        arch_window(layout, WINDOW_FIXMAP, pci + MIB(16) + MIB(8), 0 - MIB(8) - 1);
    } else {
        arch_window(layout, WINDOW_PCI_IO, at.vmemmap - MIB(24), at.vmemmap - MIB(8) - 1);
        arch_window(layout, WINDOW_FIXMAP, at.vmalloc_end, at.vmemmap - MIB(32) - 1);
    }
}
