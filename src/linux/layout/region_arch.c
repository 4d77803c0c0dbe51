/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The windows of each architecture's kernel half.  VMCOREINFO's numbers and the kernel's own
 * variables come first; then the formulas of arch/<arch>/include/asm, of which there are several
 * from different times: the one is taken whose vmemmap maps the image's pages.
 */
#include "linux/layout/region_private.h"

#include <inttypes.h>
#include <string.h>

#define MIB(n) ((UINT64_C(1) << 20) * (n))
#define GIB(n) ((UINT64_C(1) << 30) * (n))
#define TIB(n) ((UINT64_C(1) << 40) * (n))

#define STRUCT_PAGE_SHIFT 6 /* struct page is 64 bytes on all of these */

/* The linear map's window, with the RAM in it that the image holds. */
static void add_linear(struct region_maker *maker, uint64_t first, uint64_t last)
{
    const struct va_offset *linear = va_offsets_linear(&maker->tally);
    size_t count;
    const struct ram_range *range = source_ranges(maker->facts->memory->image, &count);
    region_add(maker, first, last, "linear map");
    if (!linear || !source_is_placed(maker->facts->memory->image))
        return;
    for (size_t i = 0; i < count; i++) {
        uint64_t va = range[i].pa + linear->delta;
        if (va >= first && va <= last && range[i].size && range[i].size - 1 <= last - va)
            region_add(maker, va, va + range[i].size - 1, "RAM p:%" PRIx64, range[i].pa);
    }
}

/* Where the lowest RAM is mapped linearly; 0: not known. */
static uint64_t linear_first(const struct region_maker *maker)
{
    const struct va_offset *linear = va_offsets_linear(&maker->tally);
    return linear ? linear->first_pa + linear->delta : 0;
}

/* --- arm64: Documentation/arch/arm64/memory.rst, arch/arm64/include/asm/memory.h ------------ */

struct arm64_layout {
    uint64_t linear, page_end; /* [linear, page_end) */
    uint64_t modules, modules_end;
    uint64_t vmalloc, vmalloc_end;
    uint64_t vmemmap, vmemmap_end;
};

/* PAGE_END: half of what the narrowest CPU has that this kernel runs on (VA_BITS_MIN). */
static uint64_t arm64_page_end(const struct paging *paging, unsigned bits)
{
    unsigned least = bits <= 48 ? bits : paging->page_shift == 14 ? 47 : 48;
    return 0 - (UINT64_C(1) << (least - 1));
}

/* VMEMMAP_END is -1 GiB since 6.9; from 5.11 on the start was a power of two below the top. */
static void arm64_formula(const struct region_maker *maker, unsigned built_bits, bool new,
                          struct arm64_layout *layout)
{
    unsigned shift = maker->paging->page_shift - STRUCT_PAGE_SHIFT;
    uint64_t page_offset = 0 - (UINT64_C(1) << built_bits);
    uint64_t size;
    layout->page_end = arm64_page_end(maker->paging, built_bits);
    size = (layout->page_end - page_offset) >> shift;
    layout->linear = maker->half_first;
    layout->modules = layout->page_end;
    layout->modules_end = layout->modules + (new ? GIB(2) : MIB(128));
    layout->vmalloc = layout->modules_end;
    layout->vmemmap = new ? 0 - GIB(1) - size : 0 - (UINT64_C(1) << (built_bits - shift));
    layout->vmemmap_end = layout->vmemmap + size;
    layout->vmalloc_end = layout->vmemmap - (new ? MIB(8) : MIB(256));
}

/* virt_to_page() of the lowest RAM is mapped. */
static bool arm64_fits(const struct region_maker *maker, unsigned built_bits,
                       const struct arm64_layout *layout)
{
    uint64_t page_offset = 0 - (UINT64_C(1) << built_bits), pa;
    uint64_t page = (linear_first(maker) - page_offset) >> maker->paging->page_shift;
    return memory_translate(maker->facts->memory, layout->vmemmap + (page << STRUCT_PAGE_SHIFT),
                            &pa);
}

static bool arm64_by_numbers(const struct region_maker *maker, struct arm64_layout *layout)
{
    if (!region_number(maker, "MODULES_VADDR", &layout->modules) ||
        !region_number(maker, "MODULES_END", &layout->modules_end) ||
        !region_number(maker, "VMALLOC_END", &layout->vmalloc_end) ||
        !region_number(maker, "VMEMMAP_START", &layout->vmemmap) ||
        !region_number(maker, "VMEMMAP_END", &layout->vmemmap_end))
        return false;
    layout->linear = maker->half_first;
    layout->page_end = arm64_page_end(maker->paging, maker->paging->va_bits);
    if (!region_number(maker, "VMALLOC_START", &layout->vmalloc))
        layout->vmalloc = layout->modules_end; /* the note has it no more since 6.9 */
    return true;
}

static bool arm64_layout(const struct region_maker *maker, struct arm64_layout *layout)
{
    unsigned bits = maker->paging->va_bits;
    if (arm64_by_numbers(maker, layout))
        return true;
    /* A kernel built for 52 bits runs with 48 where the CPU has no more. */
    for (unsigned i = 0; i < 4; i++) {
        unsigned built = i < 2 ? bits : 52;
        if (built < bits)
            continue;
        arm64_formula(maker, built, i % 2 == 0, layout);
        if (linear_first(maker) && arm64_fits(maker, built, layout))
            return true;
    }
    return false;
}

static void arm64_windows(struct region_maker *maker)
{
    struct arm64_layout at;
    uint64_t first = linear_first(maker);
    if (!arm64_layout(maker, &at)) {
        if (first)
            add_linear(maker, first, first + va_offsets_linear(&maker->tally)->bytes - 1);
        region_unknown(maker, "modules, vmalloc and vmemmap are not known: no VMCOREINFO, and no "
                              "layout known fits");
        return;
    }
    /* A kernel built for more bits than it runs with gives vmemmap's unused start to vmalloc. */
    if (at.vmalloc_end > at.vmemmap)
        at.vmemmap = at.vmalloc_end + MIB(8);
    add_linear(maker, at.linear, at.page_end - 1);
    region_add(maker, at.modules, at.modules_end - 1, "modules");
    region_add(maker, at.vmalloc, at.vmalloc_end - 1, "vmalloc");
    region_add(maker, at.vmemmap, at.vmemmap_end - 1, "vmemmap");
    if (at.vmemmap_end == 0 - GIB(1)) {
        uint64_t pci = at.vmemmap_end + MIB(8);
        region_add(maker, pci, pci + MIB(16) - 1, "PCI I/O");
        region_add(maker, pci + MIB(16) + MIB(8), 0 - MIB(8) - 1, "fixmap");
    } else {
        region_add(maker, at.vmemmap - MIB(24), at.vmemmap - MIB(8) - 1, "PCI I/O");
        region_add(maker, at.vmalloc_end, at.vmemmap - MIB(32) - 1, "fixmap");
    }
}

/* --- x86-64: Documentation/arch/x86/x86_64/mm.rst -------------------------------------------- */

#define X86_IMAGE_MAP   UINT64_C(0xffffffff80000000) /* __START_KERNEL_map */
#define X86_MODULES_END UINT64_C(0xffffffffff000000)
#define X86_FIXMAP_END  UINT64_C(0xffffffffff7ff000) /* FIXADDR_TOP */
#define X86_VSYSCALL    UINT64_C(0xffffffffff600000)

/* With CONFIG_RANDOMIZE_MEMORY each base is at a multiple of 1 GiB, and is mapped from there. */
static bool x86_base(const struct region_maker *maker, const char *name, uint64_t from,
                     uint64_t below, uint64_t *base)
{
    uint64_t va;
    if (region_variable(maker, name, base) && paging_is_kernel_half(maker->paging, *base))
        return true;
    if (!region_first_mapped(maker, from, below - 1, &va))
        return false;
    *base = va & ~(GIB(1) - 1);
    return true;
}

/* The three that memory's randomization moves, each below the next. */
static void x86_bases(struct region_maker *maker)
{
    bool five = maker->paging->va_bits > 48;
    const struct va_offset *linear = va_offsets_linear(&maker->tally);
    uint64_t entry_area = UINT64_C(0xfffffe0000000000), base, vmalloc = 0, vmemmap = 0, last;
    uint64_t ram = linear ? linear->last_pa + TIB(1) : 0;
    if (!region_variable(maker, "page_offset_base", &base)) {
        if (!linear) {
            region_unknown(maker, "the linear map is not known");
            return;
        }
        base = linear->delta; /* it begins with physical 0 */
    }
    bool has_vmalloc =
        x86_base(maker, "vmalloc_base", base + (ram & ~(GIB(1) - 1)), entry_area, &vmalloc);
    uint64_t capacity = five ? TIB(12800) : TIB(32); /* VMALLOC_SIZE_TB */
    bool has_vmemmap =
        has_vmalloc && x86_base(maker, "vmemmap_base", vmalloc + capacity, entry_area, &vmemmap);
    last = base + (five ? TIB(32768) : TIB(64)) - 1;
    if (has_vmalloc && vmalloc > base && last >= vmalloc)
        last = vmalloc - 1;
    add_linear(maker, base, last);
    if (has_vmalloc)
        region_add(maker, vmalloc, vmalloc + capacity - 1, "vmalloc");
    else
        region_unknown(maker, "where vmalloc begins is not known");
    if (!has_vmemmap)
        region_unknown(maker, "where vmemmap begins is not known");
    else {
        last = vmemmap + (five ? TIB(512) : TIB(1)) - 1;
        region_add(maker, vmemmap, last < entry_area ? last : entry_area - 1, "vmemmap");
    }
}

static void x86_windows(struct region_maker *maker)
{
    uint64_t image_size;
    bool five = maker->paging->va_bits > 48;
    x86_bases(maker);
    if (!region_number(maker, "KERNEL_IMAGE_SIZE", &image_size) || image_size > GIB(1))
        image_size = GIB(1); /* with CONFIG_RANDOMIZE_BASE; 512 MiB without */
    region_add(maker, X86_IMAGE_MAP, X86_IMAGE_MAP + image_size - 1, "image window");
    region_add(maker, X86_IMAGE_MAP + image_size, X86_MODULES_END - 1, "modules");
    region_add(maker, X86_MODULES_END, X86_FIXMAP_END - 1, "fixmap");
    region_add(maker, X86_VSYSCALL, X86_VSYSCALL + 0xfff, "vsyscall");
    region_add(maker, UINT64_C(0xfffffe0000000000), UINT64_C(0xfffffe7fffffffff), "cpu_entry_area");
    region_add(maker, UINT64_C(0xffffff0000000000), UINT64_C(0xffffff7fffffffff), "espfix");
    region_add(maker, UINT64_C(0xffffffef00000000), UINT64_C(0xfffffffeffffffff), "EFI");
    if (!five)
        region_add(maker, UINT64_C(0xffff880000000000), UINT64_C(0xffff887fffffffff), "LDT remap");
    else
        region_add(maker, UINT64_C(0xff10000000000000), UINT64_C(0xff10ffffffffffff), "LDT remap");
}

/* --- RISC-V: Documentation/arch/riscv/vm-layout.rst, arch/riscv/include/asm/pgtable.h --------- */

#define RISCV_LINK_ADDRESS UINT64_C(0xffffffff80000000) /* KERNEL_LINK_ADDR */

static void riscv_windows(struct region_maker *maker)
{
    unsigned bits = maker->paging->va_bits;
    uint64_t offset, vmalloc, vmalloc_end, vmemmap, vmemmap_end, modules, modules_end, link;
    uint64_t image = maker->facts->image_va, capacity = UINT64_C(1)
                                                        << (bits - 2); /* KERN_VIRT_SIZE */
    if (!region_number(maker, "PAGE_OFFSET", &offset))
        offset = linear_first(maker) & ~(GIB(1) - 1);
    if (!offset) {
        region_unknown(maker, "the linear map is not known");
        return;
    }
    if (!region_number(maker, "VMALLOC_END", &vmalloc_end))
        vmalloc_end = offset;
    if (!region_number(maker, "VMALLOC_START", &vmalloc))
        vmalloc = vmalloc_end - capacity / 2;
    if (!region_number(maker, "VMEMMAP_END", &vmemmap_end))
        vmemmap_end = vmalloc;
    if (!region_number(maker, "VMEMMAP_START", &vmemmap))
        vmemmap = vmemmap_end -
                  (UINT64_C(1) << (bits - maker->paging->page_shift - 1 + STRUCT_PAGE_SHIFT));
    uint64_t last = offset + capacity - 1;
    add_linear(maker, offset, last > offset && last < 0 - GIB(8) ? last : 0 - GIB(8) - 1);
    region_add(maker, vmalloc, vmalloc_end - 1, "vmalloc");
    region_add(maker, vmemmap, vmemmap_end - 1, "vmemmap");
    region_add(maker, vmemmap - MIB(16), vmemmap - 1, "PCI I/O");
    region_add(maker, vmemmap - MIB(16) - MIB(6), vmemmap - MIB(16) - 1, "fixmap");
    if (!region_number(maker, "KERNEL_LINK_ADDR", &link))
        link = image ? image & ~(MIB(2) - 1) : RISCV_LINK_ADDRESS;
    if (!region_number(maker, "MODULES_END", &modules_end))
        modules_end = link;
    if (!region_number(maker, "MODULES_VADDR", &modules)) {
        /* 2 GiB below the image's end, which may be known to its last large page only. */
        uint64_t end = image ? image + maker->facts->image_size : link, first;
        region_symbol(maker, "_end", &end);
        modules = ((end + 0xfff) & ~UINT64_C(0xfff)) - GIB(2);
        if (region_first_mapped(maker, link - GIB(2), modules - 1, &first))
            modules = first;
    }
    region_add(maker, modules, modules_end - 1, "modules");
}

void region_windows(struct region_maker *maker)
{
    const char *arch = maker->paging->arch->name;
    if (strcmp(arch, "arm64") == 0)
        arm64_windows(maker);
    else if (strcmp(arch, "x86_64") == 0)
        x86_windows(maker);
    else if (strcmp(arch, "riscv64") == 0)
        riscv_windows(maker);
    else
        region_unknown(maker, "the layout of %s is not known", arch);
}
