/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Puts the layout together: windows, the image's parts and the areas of vmalloc are added in any
 * order; what lies within another becomes its part.
 */
#include "linux/layout/region.h"

#include "base/array.h"
#include "linux/layout/region_private.h"
#include "linux/layout/vmalloc.h"
#include "linux/lists/pointer_chain.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct region *region_add(struct region_maker *maker, uint64_t first, uint64_t last,
                          const char *format, ...)
{
    struct regions *regions = maker->regions;
    va_list args;
    if (last <= first || maker->full)
        return NULL;
    maker->full = !ARRAY_ROOM(&regions->region, regions->count, &regions->capacity);
    if (maker->full)
        return NULL;
    struct region *region = &regions->region[regions->count];
    /* `parent` is the order of adding until all are there: of two that are equal the earlier
     * is the outer one. */
    *region = (struct region){.start = first, .last = last, .parent = regions->count++};
    va_start(args, format);
    vsnprintf(region->name, sizeof region->name, format, args);
    va_end(args);
    return region;
}

void region_unknown(struct region_maker *maker, uint64_t va, const char *format, ...)
{
    va_list args;
    if (maker->regions->why.text[0])
        return;
    maker->regions->why.column = -1;
    maker->regions->why.va = va;
    va_start(args, format);
    vsnprintf(maker->regions->why.text, sizeof maker->regions->why.text, format, args);
    va_end(args);
}

bool region_number(const struct region_maker *maker, const char *name, uint64_t *value)
{
    return maker->linux->info && vmcoreinfo_number(maker->linux->info, name, value);
}

bool region_symbol(const struct region_maker *maker, const char *name, uint64_t *va)
{
    const struct symbol *symbol =
        maker->linux->symbols ? symbols_find(maker->linux->symbols, name) : NULL;
    if (!symbol || symbol->module)
        return false;
    *va = symbol->va;
    return true;
}

/* What the kernel maps, by the offset of its addresses; see find/va_offsets.h. */
static void count_offsets(struct region_maker *maker)
{
    const struct linux_context *linux = maker->linux;
    struct ram_layout layout;
    struct mapping_iterator listing;
    struct table_memo memo = {0};
    struct mapping run;
    va_offsets_start(&maker->offsets, linux->kernel->root_pa);
    if (!ram_layout_given(&layout, linux->memory->reader))
        return;
    mapping_open(&listing, maker->paging, &linux->memory->tables, linux->kernel->root_pa,
                 maker->half_first, maker->half_last);
    listing.memo = &memo;
    while (mapping_next(&listing, &run, NULL) == MAPPING_FOUND)
        va_offsets_add(&maker->offsets, &run, &layout);
    table_memo_free(&memo);
}

/* The module that has a piece there; NULL: none. */
static const struct module *module_in(const struct module_list *modules,
                                      const struct vmalloc_area *area)
{
    for (size_t i = 0; modules && i < modules->count; i++)
        for (size_t j = 0; j < modules->module[i].ranges; j++)
            if (modules->module[i].range[j].first - area->start <= area->last - area->start)
                return &modules->module[i];
    return NULL;
}

/* Per-CPU memory beyond the first chunk: mm/percpu-vm.c has its areas from this function. */
static bool is_percpu(const struct region_maker *maker, const struct vmalloc_area *area)
{
    const struct symbols *symbols = maker->linux->symbols;
    const struct symbol *caller =
        area->caller && symbols ? symbols_at(symbols, area->caller) : NULL;
    return caller && strcmp(caller->name, "pcpu_get_vm_areas") == 0;
}

static void add_area(struct region_maker *maker, const struct vmalloc_area *area)
{
    const struct module *module = module_in(maker->linux->modules, area);
    char text[sizeof maker->regions->region->name], what[MODULE_NAME + 16];
    size_t detail;
    if (module)
        snprintf(what, sizeof what, "module %s", module->name);
    vmalloc_text(area, module ? what : NULL, maker->linux->symbols, text, sizeof text, &detail);
    struct region *region = region_add(maker, area->start, area->last, "%s", text);
    if (is_percpu(maker, area))
        region_set_kind(region, REGION_PERCPU, 0);
    else if (!module && area->kind == VMALLOC_PLAIN)
        region_set_kind(region, REGION_VMALLOC, detail);
}

static void add_areas(struct region_maker *maker)
{
    struct vmalloc_areas areas;
    struct error err;
    if (!vmalloc_load(&areas, maker->linux, &err)) {
        region_unknown(maker, 0, "%s", err.text);
        return;
    }
    for (size_t i = 0; i < areas.count; i++)
        add_area(maker, &areas.area[i]);
    if (areas.why.text[0])
        region_unknown(maker, areas.why.va, "areas of vmalloc may be missing: %s", areas.why.text);
    vmalloc_free(&areas);
}

/* By start, the longer first, and the earlier added. */
static int by_place(const void *a, const void *b)
{
    const struct region *one = a, *other = b;
    if (one->start != other->start)
        return one->start < other->start ? -1 : 1;
    if (one->last != other->last)
        return one->last > other->last ? -1 : 1;
    return one->parent < other->parent ? -1 : one->parent > other->parent;
}

static void nest(struct regions *regions)
{
    if (regions->count)
        qsort(regions->region, regions->count, sizeof *regions->region, by_place);
    size_t outer = REGION_NONE;
    for (size_t i = 0; i < regions->count; i++) {
        struct region *region = &regions->region[i];
        while (outer != REGION_NONE && regions->region[outer].last < region->last)
            outer = regions->region[outer].parent;
        region->parent = outer;
        region->depth = outer == REGION_NONE ? 0 : regions->region[outer].depth + 1;
        outer = i;
    }
}

bool regions_load(struct regions *regions, const struct linux_context *linux, struct error *err)
{
    struct region_maker maker = {.regions = regions, .linux = linux};
    regions->count = 0;
    regions->why = (struct error){0};
    if (!linux->kernel || !linux->kernel->paging || !linux->memory->paging ||
        linux->kernel->root_pa == NO_ROOT)
        return error_set(err, "the kernel's page tables are not known");
    maker.paging = linux->kernel->paging;
    maker.half_first = paging_half_first(maker.paging, true);
    maker.half_last = paging_half_last(maker.paging, true);
    count_offsets(&maker);
    region_windows(&maker);
    region_image(&maker);
    add_areas(&maker);
    if (maker.full)
        return error_set(err, "out of memory");
    nest(regions);
    return regions->count > 0 || error_set(err, "nothing of the kernel's layout is known");
}

void regions_free(struct regions *regions)
{
    free(regions->region);
    *regions = (struct regions){0};
}

const struct region *region_at(const struct regions *regions, uint64_t va)
{
    size_t started = ARRAY_UP_TO(regions->region, regions->count, start, va);
    size_t at = started ? started - 1 : REGION_NONE;
    while (at != REGION_NONE && regions->region[at].last < va)
        at = regions->region[at].parent;
    return at == REGION_NONE ? NULL : &regions->region[at];
}
