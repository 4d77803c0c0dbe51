/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The windows of the kernel's half: the architecture names them, from what is answered here. */
#include "arch/arch.h"
#include "linux/layout/region_private.h"

#include <inttypes.h>
#include <string.h>

/* The linear map's window, with the RAM in it that the image holds. */
static void add_linear(struct region_maker *maker, uint64_t first, uint64_t last)
{
    const struct va_offset *linear = va_offsets_linear(&maker->offsets);
    size_t count;
    const struct segment *range = source_segments(maker->linux->memory->source, &count);
    region_add(maker, first, last, "linear map");
    if (!linear || !source_is_placed(maker->linux->memory->source))
        return;
    for (size_t i = 0; i < count; i++) {
        uint64_t va = range[i].pa + linear->delta;
        if (va >= first && va <= last && range[i].size && range[i].size - 1 <= last - va)
            region_add(maker, va, va + range[i].size - 1, "RAM p:%" PRIx64, range[i].pa);
    }
}

static bool number(const struct arch_layout *layout, const char *name, uint64_t *value)
{
    return region_number(layout->context, name, value);
}

static bool symbol(const struct arch_layout *layout, const char *name, uint64_t *va)
{
    return region_symbol(layout->context, name, va);
}

/* The word that a kernel variable holds. */
static bool variable(const struct arch_layout *layout, const char *name, uint64_t *value)
{
    const struct region_maker *maker = layout->context;
    uint64_t va;
    return region_symbol(maker, name, &va) &&
           memory_read_u64(maker->linux->memory, address_in(maker->linux->memory->space, va),
                           value);
}

static bool first_mapped(const struct arch_layout *layout, uint64_t first, uint64_t last,
                         uint64_t *va)
{
    const struct region_maker *maker = layout->context;
    struct mapping_iterator mappings;
    struct table_memo memo = {0};
    struct mapping mapping;
    if (first > last || first < maker->half_first)
        return false;
    mapping_open(&mappings, maker->paging, &maker->linux->memory->tables,
                 maker->linux->kernel->root_pa, first, last);
    mappings.memo = &memo;
    bool is_found = mapping_next(&mappings, &mapping, NULL) == MAPPING_FOUND;
    table_memo_free(&memo);
    if (is_found)
        *va = mapping.va > first ? mapping.va : first;
    return is_found;
}

static void add_window(struct arch_layout *layout, enum arch_window window, const char *name,
                       uint64_t first, uint64_t last)
{
    static const char *const names[] = {
        [WINDOW_MODULES] = "modules", [WINDOW_VMALLOC] = "vmalloc", [WINDOW_VMEMMAP] = "vmemmap",
        [WINDOW_FIXMAP] = "fixmap",   [WINDOW_PCI_IO] = "PCI I/O",
    };
    if (window == WINDOW_LINEAR)
        add_linear(layout->context, first, last);
    else {
        const char *text = window == WINDOW_OWN ? name : names[window];
        struct region *region = region_add(layout->context, first, last, "%s", text);
        if (window == WINDOW_VMALLOC)
            region_set_kind(region, REGION_VMALLOC, strlen(text));
        if (window == WINDOW_VMEMMAP)
            region_set_kind(region, REGION_VMEMMAP, strlen(text));
    }
}

static void unknown(struct arch_layout *layout, const char *what)
{
    region_unknown(layout->context, 0, "%s", what);
}

void region_windows(struct region_maker *maker)
{
    static const struct arch_layout_ops ops = {number,       symbol,     variable,
                                               first_mapped, add_window, unknown};
    const struct va_offset *linear = va_offsets_linear(&maker->offsets);
    struct arch_layout layout = {.ops = &ops,
                                 .context = maker,
                                 .paging = maker->paging,
                                 .image_va = maker->linux->image.va,
                                 .image_size = maker->linux->image.size};
    if (linear)
        layout.linear =
            (struct arch_linear){linear->delta, linear->first_pa, linear->last_pa, linear->bytes};
    arch_of(maker->paging)->windows(&layout);
}
