/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mappings of a process, taken one by one from the tree or the list: each has to belong to the
 * mm_struct asked for, and to lie after the one before.
 */
#include "linux/tasks/vma.h"

#include "base/array.h"
#include "linux/lists/pointer_chain.h"
#include "linux/tasks/vma_private.h"

#include <inttypes.h>
#include <stdlib.h>

/* include/linux/mm.h */
#define VM_READ     0x01u
#define VM_WRITE    0x02u
#define VM_EXEC     0x04u
#define VM_MAYSHARE 0x80u

bool vma_cut(struct vma_walk *walk, const char *what, uint64_t va)
{
    struct vmas *vmas = walk->vmas;
    if (!vmas->cut) {
        error_set(&vmas->why, "after %zu mappings: %s, v:%" PRIx64, vmas->count, what, va);
        vmas->why.va = va;
    }
    vmas->cut = true;
    return false;
}

bool vma_take(struct vma_walk *walk, uint64_t va, struct vma **added)
{
    const struct vma_fields *fields = &walk->fields;
    struct memory *memory = walk->memory;
    uint64_t page = UINT64_C(1) << memory->paging->page_shift, mm, flags, file = 0;
    struct vma vma = {.va = va};
    if (!field_read(memory, va, &fields->start, &vma.start) ||
        !field_read(memory, va, &fields->end, &vma.end) ||
        !field_read(memory, va, &fields->flags, &flags))
        return vma_cut(walk, "a mapping cannot be read", va);
    if (vma.start >= vma.end || (vma.start | vma.end) & (page - 1) || vma.start < walk->last_end ||
        (fields->has_mm &&
         (!pointer_read(memory, va + fields->mm.offset, &mm) || mm != walk->mm_va)))
        return vma_cut(walk, "not a vm_area_struct", va);
    struct vmas *vmas = walk->vmas;
    if (vmas->count >= VMAS_MAX || !ARRAY_ROOM(&vmas->vma, vmas->count, &vmas->capacity))
        return vma_cut(walk, "too many mappings, or out of memory", va);
    vma.perm[0] = flags & VM_READ ? 'r' : '-';
    vma.perm[1] = flags & VM_WRITE ? 'w' : '-';
    vma.perm[2] = flags & VM_EXEC ? 'x' : '-';
    vma.perm[3] = flags & VM_MAYSHARE ? 's' : 'p';
    pointer_read(memory, va + fields->file.offset, &file);
    if (file && field_read(memory, va, &fields->offset, &vma.offset))
        vma.offset <<= memory->paging->page_shift;
    struct vma *place = &vmas->vma[vmas->count];
    *place = vma;
    vma_name(walk, place, file);
    if (!file)
        walk->last_file = 0;
    walk->last_end = vma.end;
    vmas->count++;
    *added = place;
    return true;
}

/* Before 6.1: a list by address, which therefore cannot loop. */
static void walk_list(struct vma_walk *walk)
{
    const struct vma_fields *fields = &walk->fields;
    uint64_t va;
    struct vma *vma;
    if (!pointer_read(walk->memory, walk->mm_va + fields->first.offset, &va)) {
        vma_cut(walk, "the list's head cannot be read", walk->mm_va);
        return;
    }
    while (va && budget_take(memory_budget(walk->memory), 1) && vma_take(walk, va, &vma)) {
        uint64_t at = va;
        if (!pointer_read(walk->memory, at + fields->next.offset, &va)) {
            vma_cut(walk, "a link of the list cannot be read", at);
            return;
        }
    }
}

static bool find_fields(const struct btf *btf, struct vma_fields *fields)
{
    static const char area[] = "vm_area_struct", mm[] = "mm_struct";
    *fields = (struct vma_fields){0};
    fields->has_mm = field_of(btf, area, "vm_mm", &fields->mm);
    fields->has_tree = field_of(btf, mm, "mm_mt.ma_root", &fields->root);
    fields->has_list =
        field_of(btf, mm, "mmap", &fields->first) && field_of(btf, area, "vm_next", &fields->next);
    vma_name_fields(btf, fields);
    fields->has_paths = path_fields_of(btf, &fields->path);
    return field_of(btf, area, "vm_start", &fields->start) &&
           field_of(btf, area, "vm_end", &fields->end) &&
           field_of(btf, area, "vm_flags", &fields->flags) &&
           field_of(btf, area, "vm_pgoff", &fields->offset) &&
           field_of(btf, area, "vm_file", &fields->file) && (fields->has_tree || fields->has_list);
}

bool vmas_load(struct vmas *vmas, const struct linux_context *linux, uint64_t mm_va,
               struct error *err)
{
    struct memory *memory = linux->memory;
    struct vma_walk walk = {.vmas = vmas, .memory = memory, .btf = linux->btf, .mm_va = mm_va};
    uint64_t word;
    vmas->count = 0;
    vmas->cut = false;
    vmas->why = (struct error){0};
    if (!linux->btf || !memory->paging)
        return error_set(err, "the kernel's types or page tables are not known");
    if (!find_fields(linux->btf, &walk.fields))
        return error_set(err, "this kernel's types do not describe its mappings");
    if (!mm_va)
        return error_set(err, "a kernel thread has no mappings");
    if (!memory_read_u64(memory, address_in(memory->space, mm_va), &word))
        return error_set(err, "the mm_struct at v:%" PRIx64 " cannot be read", mm_va);
    if (walk.fields.has_heap) {
        field_read(memory, mm_va, &walk.fields.start_brk, &walk.start_brk);
        field_read(memory, mm_va, &walk.fields.brk, &walk.brk);
    }
    if (walk.fields.has_stack)
        field_read(memory, mm_va, &walk.fields.start_stack, &walk.start_stack);
    if (walk.fields.has_tree)
        vma_walk_tree(&walk);
    else
        walk_list(&walk);
    return true;
}

void vmas_free(struct vmas *vmas)
{
    free(vmas->vma);
    *vmas = (struct vmas){0};
}
