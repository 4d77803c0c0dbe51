/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of vmap_areas, each with the vm_struct that says what it is for. */
#include "linux/layout/vmalloc.h"

#include "base/array.h"
#include "base/text.h"
#include "linux/layout/vmalloc_private.h"
#include "linux/lists/pointer_chain.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* include/linux/vmalloc.h */
#define VM_IOREMAP       0x01u
#define VM_ALLOC         0x02u
#define VM_MAP           0x04u
#define VM_DMA_COHERENT  0x10u
#define VM_UNINITIALIZED 0x20u

#define NODES_MAX    65536u              /* vmap_nodes: one for each CPU at most */
#define NEIGHBOURS   0x200u              /* bytes around vmap_area_list where its siblings lie */
#define UNPURGED_MAX (UINT64_C(1) << 32) /* lazy_max_pages() is far below that */

static bool find_fields(struct vmalloc_reader *reader, const struct btf *btf)
{
    static const char area[] = "vmap_area", vm[] = "vm_struct";
    reader->node_size = btf_size(btf, btf_find(btf, "vmap_node", BTF_STRUCT));
    reader->has_nodes = reader->node_size &&
                        field_of(btf, "vmap_node", "busy.head", &reader->busy) &&
                        field_of(btf, "vmap_node", "lazy.head", &reader->lazy);
    return field_of(btf, area, "va_start", &reader->start) &&
           field_of(btf, area, "va_end", &reader->end) &&
           field_of(btf, area, "list", &reader->list) && field_of(btf, area, "vm", &reader->vm) &&
           field_of(btf, vm, "addr", &reader->addr) && field_of(btf, vm, "size", &reader->size) &&
           field_of(btf, vm, "flags", &reader->flags) &&
           field_of(btf, vm, "phys_addr", &reader->pa) &&
           field_of(btf, vm, "caller", &reader->caller);
}

static bool add(struct vmalloc_areas *areas, const struct vmalloc_area *area)
{
    if (!ARRAY_ROOM(&areas->area, areas->count, &areas->capacity))
        return false;
    areas->area[areas->count++] = *area;
    return true;
}

static enum vmalloc_kind kind_of(uint64_t flags)
{
    return flags & VM_IOREMAP        ? VMALLOC_IOREMAP
           : flags & VM_ALLOC        ? VMALLOC_PLAIN
           : flags & VM_MAP          ? VMALLOC_VMAP
           : flags & VM_DMA_COHERENT ? VMALLOC_DMA
                                     : VMALLOC_OTHER;
}

bool vmalloc_read_range(const struct vmalloc_reader *reader, uint64_t va, struct vmalloc_area *area)
{
    uint64_t end;
    *area = (struct vmalloc_area){.kind = VMALLOC_MAP_RAM};
    if (!field_read(reader->memory, va, &reader->start, &area->start) ||
        !field_read(reader->memory, va, &reader->end, &end) || area->start >= end ||
        ((area->start | end) & paging_page_mask(reader->memory->paging)) ||
        !paging_is_canonical(reader->memory->paging, area->start) ||
        !paging_is_kernel_half(reader->memory->paging, area->start))
        return false;
    area->last = end - 1;
    return true;
}

bool vmalloc_read_vm(const struct vmalloc_reader *reader, uint64_t va,
                     const struct vmalloc_area *area, uint64_t *vm)
{
    uint64_t addr;
    return pointer_read(reader->memory, va + reader->vm.offset, vm) && *vm &&
           pointer_read(reader->memory, *vm + reader->addr.offset, &addr) && addr == area->start;
}

/* What is in use has a vm_struct for its address; vm_map_ram() makes areas without. */
static void read_use(const struct vmalloc_reader *reader, uint64_t va, struct vmalloc_area *area)
{
    struct memory *memory = reader->memory;
    uint64_t vm, size, flags;
    if (!vmalloc_read_vm(reader, va, area, &vm) || !field_read(memory, vm, &reader->flags, &flags))
        return;
    area->kind = kind_of(flags);
    /* The area may be longer than what was asked for, by its alignment. */
    if (field_read(memory, vm, &reader->size, &size) && size &&
        size - 1 <= area->last - area->start)
        area->last = area->start + size - 1;
    if (!(flags & VM_UNINITIALIZED)) {
        field_read(memory, vm, &reader->pa, &area->pa);
        pointer_read(memory, vm + reader->caller.offset, &area->caller);
    }
}

static void load_list(struct vmalloc_reader *reader, uint64_t head, bool unpurged)
{
    struct vmalloc_areas *areas = reader->areas;
    struct vmalloc_area area;
    struct pointer_chain chain;
    uint64_t node;
    pointer_chain_start(&chain, reader->memory, head, false, VMALLOC_AREAS_MAX);
    while (areas->count < VMALLOC_AREAS_MAX && pointer_chain_next(&chain, &node)) {
        uint64_t va = node - reader->list.offset;
        if (!vmalloc_read_range(reader, va, &area)) {
            error_set(&chain.why, "after %zu areas, v:%" PRIx64 " is no vmap_area", chain.count,
                      va);
            chain.why.va = va;
            break;
        }
        if (unpurged)
            area.kind = VMALLOC_UNPURGED;
        else
            read_use(reader, va, &area);
        if (!add(areas, &area))
            break;
    }
    if (chain.why.text[0] && !areas->why.text[0])
        areas->why = chain.why;
}

/* A list near vmap_area_list that holds a few areas: purge_vmap_area_list.  Its other neighbour,
 * the list of what is free, holds nearly all of the address space. */
static bool is_purge_list(const struct vmalloc_reader *reader, uint64_t head)
{
    struct vmalloc_area area;
    struct pointer_chain chain;
    uint64_t node, next, bytes = 0;
    if (!pointer_read(reader->memory, head, &next) || next == head)
        return false;
    pointer_chain_start(&chain, reader->memory, head, false, VMALLOC_AREAS_MAX);
    while (pointer_chain_next(&chain, &node)) {
        if (chain.strays || !vmalloc_read_range(reader, node - reader->list.offset, &area) ||
            (bytes += area.last - area.start) > UNPURGED_MAX)
            return false;
    }
    return chain.ended && !chain.strays;
}

static bool symbol_va(const struct linux_context *linux, const char *name, uint64_t *va)
{
    const struct symbol *symbol = linux->symbols ? symbols_find(linux->symbols, name) : NULL;
    if (!symbol || symbol->module)
        return false;
    *va = symbol->va;
    return true;
}

static void load_purge_list(struct vmalloc_reader *reader, const struct linux_context *linux,
                            uint64_t busy)
{
    uint64_t va;
    if (symbol_va(linux, "purge_vmap_area_list", &va)) {
        load_list(reader, va, true);
        return;
    }
    for (va = busy - NEIGHBOURS; va <= busy + NEIGHBOURS; va += 8) {
        if (va != busy && is_purge_list(reader, va)) {
            load_list(reader, va, true);
            return;
        }
    }
}

static void load_nodes(struct vmalloc_reader *reader, uint64_t nodes, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        load_list(reader, nodes + i * reader->node_size + reader->busy.offset, false);
        load_list(reader, nodes + i * reader->node_size + reader->lazy.offset, true);
    }
}

/* vmap_nodes and nr_vmap_nodes, 6.9.  False: not named, or nonsense. */
static bool named_nodes(const struct vmalloc_reader *reader, const struct linux_context *linux,
                        uint64_t *nodes, uint64_t *count)
{
    uint64_t array, number;
    uint32_t value;
    if (!reader->has_nodes || !symbol_va(linux, "vmap_nodes", &array) ||
        !symbol_va(linux, "nr_vmap_nodes", &number) ||
        !pointer_read(reader->memory, array, nodes) || !*nodes ||
        memory_read(reader->memory, address_in(reader->memory->space, number), &value, sizeof value,
                    NULL) != sizeof value)
        return false;
    *count = value;
    return value > 0 && value <= NODES_MAX;
}

static int by_start(const void *a, const void *b)
{
    const struct vmalloc_area *one = a, *other = b;
    if (one->start != other->start)
        return one->start < other->start ? -1 : 1;
    return one->last < other->last ? -1 : one->last > other->last;
}

/* In order, and none twice: a list that loops gives some again. */
static void sort(struct vmalloc_areas *areas)
{
    size_t kept = 0;
    if (areas->count)
        qsort(areas->area, areas->count, sizeof *areas->area, by_start);
    for (size_t i = 0; i < areas->count; i++)
        if (!kept || by_start(&areas->area[kept - 1], &areas->area[i]) != 0)
            areas->area[kept++] = areas->area[i];
    areas->count = kept;
}

bool vmalloc_load(struct vmalloc_areas *areas, const struct linux_context *linux, struct error *err)
{
    struct vmalloc_reader reader = {.areas = areas, .memory = linux->memory};
    uint64_t va, count = 0;
    *areas = (struct vmalloc_areas){0};
    if (!linux->btf || !linux->memory->paging || !find_fields(&reader, linux->btf))
        return error_set(err, "areas of vmalloc are not known: the kernel's types are missing");
    if (!(linux->info && vmcoreinfo_symbol(linux->info, "vmap_area_list", &va)) &&
        !symbol_va(linux, "vmap_area_list", &va) && !named_nodes(&reader, linux, &va, &count) &&
        !vmalloc_find(&reader, linux, &va, &count))
        return error_set(err, "areas of vmalloc are not known: neither vmap_area_list nor "
                              "vmap_nodes is named or found");
    if (count)
        load_nodes(&reader, va, count);
    else {
        load_list(&reader, va, false);
        load_purge_list(&reader, linux, va);
    }
    sort(areas);
    return true;
}

void vmalloc_free(struct vmalloc_areas *areas)
{
    free(areas->area);
    *areas = (struct vmalloc_areas){0};
}

char *vmalloc_text(const struct vmalloc_area *area, const char *what, const struct symbols *symbols,
                   char *text, size_t size, size_t *detail)
{
    static const char *const kinds[] = {"vmalloc",    "ioremap",  "vmap", "dma",
                                        "vm_map_ram", "unpurged", "area"};
    char caller[SYMBOL_NAME + 64] = "";
    struct text all = text_over(text, size);
    text_add(&all, "%s", what ? what : kinds[area->kind]);
    *detail = all.length;
    if (area->pa)
        text_add(&all, " p:%" PRIx64, area->pa);
    if (area->caller && symbols)
        symbols_text(symbols, area->caller, caller, sizeof caller);
    if (area->caller && !caller[0])
        text_add(&all, ": v:%" PRIx64, area->caller);
    else if (caller[0])
        text_add(&all, ": %s", caller);
    *detail += strspn(text + *detail, ": ");
    return text;
}
