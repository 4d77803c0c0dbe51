/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between vma.c (what is taken), vma_tree.c (the maple tree) and vma_name.c (names). */
#ifndef RAMWALK_LINUX_TASKS_VMA_PRIVATE_H
#define RAMWALK_LINUX_TASKS_VMA_PRIVATE_H

#include "linux/tasks/path.h"
#include "linux/tasks/vma.h"

struct vma_fields {
    struct field start, end, mm, flags, offset, file; /* vm_area_struct */
    struct field next, first;                         /* the older list: vm_next, mm->mmap */
    struct field root;                                /* mm_mt.ma_root */
    struct field operations, operation_name, private, special_name;
    struct field start_brk, brk, start_stack;
    struct field anon_name, anon_text;
    bool has_mm, has_list, has_tree, has_special, has_heap, has_stack, has_anon;
    bool anon_beside_file; /* anon_name is not in a union with what files need */
    bool heap_is_strict;
    bool has_paths;
    struct path_fields path;
};

struct vma_walk {
    struct vmas *vmas;
    struct memory *memory;
    const struct btf *btf;
    struct vma_fields fields;
    uint64_t mm_va;
    uint64_t brk, start_brk, start_stack;
    uint64_t last_end;  /* of the mapping before */
    uint64_t last_file; /* its struct file, whose path is kept */
    size_t nodes;       /* of the tree, entered so far */
};

/* Says that there may be more, and why; the first reason stays.  Always returns false. */
bool vma_cut(struct vma_walk *walk, const char *what, uint64_t va);

/* Adds the vm_area_struct at `va`.  False: not one, or out of memory; vmas->why is set. */
bool vma_take(struct vma_walk *walk, uint64_t va, struct vma **added);

/* In vma_tree.c: all of the maple tree. */
void vma_walk_tree(struct vma_walk *walk);

/* In vma_name.c: what /proc/PID/maps writes at the end of the line. */
void vma_name_fields(const struct btf *btf, struct vma_fields *fields);
void vma_name(struct vma_walk *walk, struct vma *vma, uint64_t file);

#endif
