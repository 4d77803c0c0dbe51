/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the struct pages are.  Linux's sections say it (mm/sparse.c, via VMCOREINFO), or its
 * symbols and constants; without them the kernel's tables do: a mapping that is neither the
 * linear map nor the image and holds struct pages of the pages that it should.
 */
#include "linux/pages/page_private.h"

#include <string.h>

#define SAMPLES     512
#define SECTION_BIT 27 /* SECTION_SIZE_BITS of 4K kernels */

void page_read_bulk(struct pages *pages, uint64_t va, uint8_t *bytes, size_t length, size_t step,
                    uint8_t *there)
{
    struct memory *memory = pages->memory;
    size_t done = 0;
    memset(there, 1, length / step);
    while (done < length) {
        struct walk walk;
        uint64_t offset, left = 0;
        memory_walk(memory, va + done, &walk);
        uint64_t piece = walk.last - (va + done) + 1;
        bool mapped =
            walk.end == WALK_MAPPED && source_pa_to_offset(memory->source, walk.pa, &offset, &left);
        if (mapped)
            piece = piece < left ? piece : left;
        if (piece > length - done || piece == 0)
            piece = length - done;
        size_t got = mapped ? memory_read_at(memory, offset, bytes + done, (size_t)piece) : 0;
        memset(bytes + done + got, 0, (size_t)piece - got);
        for (size_t at = done + got; at < done + piece;) {
            size_t i = at / step;
            if (i < length / step)
                there[i] = 0;
            at = (i + 1) * step;
        }
        done += (size_t)piece;
    }
}

bool page_struct_pfn(const struct pages *pages, uint64_t va, uint64_t *pfn)
{
    uint64_t distance = va - pages->layout.base;
    uint64_t frame = distance / pages->layout.size;
    if (distance % pages->layout.size || va < pages->vmemmap_va || va > pages->vmemmap_last)
        return false;
    *pfn = frame;
    return true;
}

static bool kernel_address(const struct pages *pages, uint64_t va)
{
    return paging_is_kernel_half(pages->paging, va) && paging_is_canonical(pages->paging, va);
}

/* What every struct page that is in use says of itself, whatever it is used for. */
static bool is_plausible(const struct pages *pages, const struct page_view *view)
{
    const struct page_layout *layout = &pages->layout;
    if (view->refcount < 0 || view->refcount > 1 << 28)
        return false;
    if (view->head & 1) {
        uint64_t distance = view->va - (view->head - 1);
        return distance && distance % layout->size == 0 && distance < view->va;
    }
    uint64_t mapping = view->mapping & ~UINT64_C(3);
    return !mapping || kernel_address(pages, mapping);
}

/* An allocated page of a known kind: kernel image and tables; never free. */
static bool is_in_use(const struct pages *pages, const struct page_view *view)
{
    const struct page_layout *layout = &pages->layout;
    return !page_is_type(&layout->buddy, view->type) &&
           (view->refcount > 0 || (layout->reserved && view->flags & layout->reserved));
}

/* The pages of the kernel's upper tables, which are in use as long as it runs. */
static bool anchors_hold(struct pages *pages)
{
    const struct paging *paging = pages->paging;
    struct memory *memory = pages->memory;
    uint8_t bytes[PAGE_STRUCT_MAX];
    struct page_view view;
    unsigned good = 0, bad = 0;
    uint64_t root_pa = memory->space->roots.kernel_pa;
    size_t size = paging_table_size(paging, 0);
    for (size_t i = 0; i <= size / 8; i++) {
        uint64_t pa = root_pa;
        if (i < size / 8) {
            const uint64_t *table = table_read(&memory->tables, root_pa, size, NULL);
            uint64_t entry = table ? table[i] : 0;
            if (!entry || paging->arch->kind(paging, 0, entry) != ENTRY_TABLE)
                continue;
            pa = paging_target(paging, 0, ENTRY_TABLE, entry);
        }
        if (!page_struct_read(pages, pa >> paging->page_shift, bytes, &view) ||
            !is_in_use(pages, &view))
            bad++;
        else
            good++;
    }
    return good > bad * 4;
}

/* Buddy blocks lie at multiples of their size: shifted struct pages would not. */
static bool is_aligned(const struct pages *pages, uint64_t pfn, const struct page_view *view)
{
    uint64_t order = load_le64(view->bytes + pages->layout.private);
    return order <= pages->layout.order_most && !(pfn & ((UINT64_C(1) << order) - 1));
}

static bool proves_itself(struct pages *pages, uint64_t base)
{
    const struct source *source = pages->memory->source;
    uint8_t bytes[PAGE_STRUCT_MAX];
    struct page_view view;
    uint64_t frames = source_ram_size(source) >> pages->paging->page_shift;
    unsigned good = 0, bad = 0, wild = 0;
    pages->layout.base = base;
    for (uint64_t i = 0; i < SAMPLES && i < frames && bad + wild <= SAMPLES / 8; i++) {
        uint64_t pa, frame = frames > SAMPLES ? frames / SAMPLES * i + i % 8 : i;
        if (!source_ram_pa(source, frame << pages->paging->page_shift, &pa))
            continue;
        uint64_t pfn = pa >> pages->paging->page_shift;
        if (!page_struct_read(pages, pfn, bytes, &view) || !is_plausible(pages, &view))
            bad++;
        else if (page_is_type(&pages->layout.buddy, view.type) && !is_aligned(pages, pfn, &view))
            wild++;
        else
            good++;
    }
    return good > (bad + wild) * 8 && wild <= good / 32 && anchors_hold(pages);
}

/* Sections of the image's pages: their section_mem_map is the base, with flags in low bits. */
static bool base_of_sections(struct pages *pages, uint64_t sections_va, uint64_t *base)
{
    struct memory *memory = pages->memory;
    const struct vmcoreinfo *info = pages->linux.info;
    uint64_t bits = SECTION_BIT, size = 32, root, word, pa = 0;
    char text[24];
    if (info)
        vmcoreinfo_number(info, "SECTION_SIZE_BITS", &bits);
    if (info && vmcoreinfo_text(info, "SIZE(mem_section)", text, sizeof text))
        size = text[0] == '1' ? 16 : 32; /* 16 without page extensions */
    if (bits < 12 || bits > 40 || !source_ram_pa(memory->source, 0, &pa))
        return false;
    uint64_t section = pa >> bits, per_root = (UINT64_C(1) << pages->paging->page_shift) / size;
    struct address at = address_in(memory->space, sections_va + section / per_root * 8);
    if (!memory_read_u64(memory, at, &root) || !kernel_address(pages, root))
        return false;
    at.value = root + section % per_root * size;
    if (!memory_read_u64(memory, at, &word) || !(word & 3))
        return false;
    *base = word & ~UINT64_C(0xfff);
    return true;
}

/* A constant of the architecture, less the struct pages of what lies below RAM. */
static bool base_of_numbers(struct pages *pages, uint64_t *base)
{
    const struct vmcoreinfo *info = pages->linux.info;
    uint64_t start, ram;
    if (!info || !vmcoreinfo_number(info, "VMEMMAP_START", &start))
        return false;
    if (!vmcoreinfo_number(info, "PHYS_OFFSET", &ram) && /* arm64: memstart_addr, signed */
        !vmcoreinfo_number(info, "phys_ram_base", &ram)) /* riscv */
        return false;
    int64_t frames = (int64_t)ram >> pages->paging->page_shift;
    *base = start - (uint64_t)frames * pages->layout.size;
    return true;
}

static bool symbol_value(struct pages *pages, const char *name, uint64_t *value)
{
    const struct symbols *symbols = pages->linux.symbols;
    const struct symbol *symbol = symbols ? symbols_find(symbols, name) : NULL;
    return symbol &&
           memory_read_u64(pages->memory, address_in(pages->memory->space, symbol->va), value);
}

/* The mappings of the kernel's own half that are long enough to hold struct pages. */
static bool base_of_tables(struct pages *pages)
{
    struct memory *memory = pages->memory;
    struct mapping_iterator listing;
    struct mapping run;
    uint64_t first_pa = 0, tried = 0, end = 0;
    unsigned candidates = 0;
    source_ram_pa(memory->source, 0, &first_pa);
    uint64_t first = paging_half_first(pages->paging, true);
    mapping_open(&listing, pages->paging, &memory->tables, memory->space->roots.kernel_pa, first,
                 paging_half_last(pages->paging, true));
    unsigned budget = 1u << 20;
    while (candidates < 64 && mapping_next(&listing, &run, &budget) == MAPPING_FOUND) {
        bool begins = run.va != end;
        end = run.va + run.size;
        if (!begins || !(run.access.kernel & ACCESS_W) || run.access.kernel & ACCESS_X)
            continue;
        /* A section's struct pages are mapped as a whole; x86's start with those of frame 0. */
        uint64_t pa[2] = {first_pa >> SECTION_BIT << SECTION_BIT, first_pa};
        for (int i = 0; i < 2; i++) {
            uint64_t base = run.va - (pa[i] >> pages->paging->page_shift) * pages->layout.size;
            if (base == tried)
                continue;
            tried = base;
            if (proves_itself(pages, base))
                return true;
        }
        candidates += run.size >= UINT64_C(1) << 20;
    }
    return false;
}

/* The struct pages of the image's lowest and highest page. */
static void set_range(struct pages *pages)
{
    size_t count;
    const struct segment *range = source_segments(pages->memory->source, &count);
    uint64_t low = UINT64_MAX, high = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t last = range[i].pa + (range[i].size - 1);
        low = range[i].pa < low ? range[i].pa : low;
        high = last > high ? last : high;
    }
    unsigned shift = pages->paging->page_shift;
    pages->vmemmap_va = page_struct_va(pages, low >> shift);
    pages->vmemmap_last = page_struct_va(pages, high >> shift) + (pages->layout.size - 1);
}

bool page_vmemmap_find(struct pages *pages, struct error *err)
{
    const struct vmcoreinfo *info = pages->linux.info;
    uint64_t value, base[6];
    size_t count = 0;
    if (info && vmcoreinfo_symbol(info, "mem_section", &value) &&
        base_of_sections(pages, value, &base[count]))
        count++;
    if (info && vmcoreinfo_symbol(info, "vmemmap", &base[count]))
        count++;
    if (base_of_numbers(pages, &base[count]))
        count++;
    if (symbol_value(pages, "vmemmap_base", &base[count]))
        count++;
    if (symbol_value(pages, "mem_section", &value) && base_of_sections(pages, value, &base[count]))
        count++;
    bool found = false;
    for (size_t i = 0; i < count && !found; i++)
        found = proves_itself(pages, base[i]);
    if (!found && !base_of_tables(pages))
        return error_set(err, "the struct pages were not found: %s",
                         count ? "where the kernel should have them, there are none"
                               : "neither VMCOREINFO nor symbols nor tables lead to them");
    set_range(pages);
    return true;
}
