/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of mappings in the order of show_map_vma(), fs/proc/task_mmu.c. */
#include "linux/tasks/vma_private.h"

#include "base/text.h"
#include "linux/lists/pointer_chain.h"

#include <stdio.h>
#include <string.h>

#define ANON_NAME 80 /* ANON_VMA_NAME_MAX_LEN */

void vma_name_fields(const struct btf *btf, struct vma_fields *fields)
{
    static const char area[] = "vm_area_struct", mm[] = "mm_struct";
    struct field shared, changed;
    fields->has_special = field_of(btf, area, "vm_ops", &fields->operations) &&
                          field_of(btf, "vm_operations_struct", "name", &fields->operation_name) &&
                          field_of(btf, area, "vm_private_data", &fields->private) &&
                          field_of(btf, "vm_special_mapping", "name", &fields->special_name);
    fields->has_heap = field_of(btf, mm, "start_brk", &fields->start_brk) &&
                       field_of(btf, mm, "brk", &fields->brk);
    fields->has_stack = field_of(btf, mm, "start_stack", &fields->start_stack);
    fields->has_anon = field_of(btf, area, "anon_name", &fields->anon_name) &&
                       field_of(btf, "anon_vma_name", "name", &fields->anon_text);
    fields->anon_beside_file = fields->has_anon && field_of(btf, area, "shared", &shared) &&
                               fields->anon_name.offset - shared.offset >= shared.size;
    /* A mapping that only touches the heap is not the heap since vma_is_initial_heap() of 6.6;
     * the same release renamed i_ctime. */
    fields->heap_is_strict = field_of(btf, "inode", "__i_ctime", &changed);
}

static bool guest_text(struct memory *memory, uint64_t va, char *text, size_t size)
{
    char raw[VMA_FILE];
    if (!va || !memory_string(memory, va, raw, sizeof raw) || !raw[0])
        return false;
    struct text clean = text_over(text, size);
    text_add_printable(&clean, raw, strlen(raw));
    return true;
}

/*
 * special_mapping_name(): [vdso], [vvar], [vectors], [uprobes], ...  Their vm_operations are the
 * only ones with a `name` for mappings without a file.
 */
static bool special_name(struct vma_walk *walk, struct vma *vma)
{
    const struct vma_fields *fields = &walk->fields;
    uint64_t operations, function, mapping, name;
    return fields->has_special &&
           pointer_read(walk->memory, vma->va + fields->operations.offset, &operations) &&
           operations &&
           pointer_read(walk->memory, operations + fields->operation_name.offset, &function) &&
           function && pointer_read(walk->memory, vma->va + fields->private.offset, &mapping) &&
           mapping && pointer_read(walk->memory, mapping + fields->special_name.offset, &name) &&
           guest_text(walk->memory, name, vma->file, sizeof vma->file);
}

static bool is_heap(const struct vma_walk *walk, const struct vma *vma)
{
    if (!walk->fields.has_heap)
        return false;
    if (walk->fields.heap_is_strict)
        return vma->start < walk->brk && vma->end > walk->start_brk;
    return vma->start <= walk->brk && vma->end >= walk->start_brk;
}

/* prctl(PR_SET_VMA_ANON_NAME), 5.17. */
static bool anon_name(struct vma_walk *walk, struct vma *vma, const char *format_start)
{
    uint64_t name;
    char text[ANON_NAME + 1];
    if (!walk->fields.has_anon ||
        !pointer_read(walk->memory, vma->va + walk->fields.anon_name.offset, &name) || !name ||
        !guest_text(walk->memory, name + walk->fields.anon_text.offset, text, sizeof text))
        return false;
    snprintf(vma->file, sizeof vma->file, "[%s:%s]", format_start, text);
    return true;
}

static void file_name(struct vma_walk *walk, struct vma *vma, uint64_t file)
{
    const struct path_fields *path = &walk->fields.path;
    struct memory *memory = walk->memory;
    uint64_t super, device;
    if (!walk->fields.has_paths)
        return;
    if (pointer_read(memory, file + path->inode.offset, &vma->inode) && vma->inode) {
        field_read(memory, vma->inode, &path->number, &vma->number);
        if (pointer_read(memory, vma->inode + path->super_of_inode.offset, &super) && super &&
            field_read(memory, super, &path->device, &device))
            vma->device = (uint32_t)device;
    }
    if (walk->fields.anon_beside_file && anon_name(walk, vma, "anon_shmem")) {
        walk->last_file = 0;
        return;
    }
    const struct vma *before = vma > walk->vmas->vma ? vma - 1 : NULL;
    if (before && walk->last_file == file) /* one file's parts mostly lie side by side */
        memcpy(vma->file, before->file, sizeof vma->file);
    else
        path_of_file(memory, path, file, vma->file, sizeof vma->file);
    walk->last_file = file;
}

void vma_name(struct vma_walk *walk, struct vma *vma, uint64_t file)
{
    if (file) {
        file_name(walk, vma, file);
        return;
    }
    if (special_name(walk, vma))
        return;
    if (is_heap(walk, vma))
        snprintf(vma->file, sizeof vma->file, "[heap]");
    else if (walk->fields.has_stack && vma->start <= walk->start_stack &&
             vma->end >= walk->start_stack)
        snprintf(vma->file, sizeof vma->file, "[stack]");
    else
        anon_name(walk, vma, "anon");
}
