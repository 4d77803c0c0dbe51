/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process's mappings: the maple tree (6.1 and later), or the list of vm_area_structs before it,
 * whichever BTF says mm_struct has.
 */
#ifndef RAMWALK_LINUX_TASKS_VMA_H
#define RAMWALK_LINUX_TASKS_VMA_H

#include "base/error.h"
#include "linux/context.h"

#define VMA_FILE 256
#define VMAS_MAX 1000000

struct vma {
    uint64_t va;         /* of the vm_area_struct */
    uint64_t start, end; /* as /proc/PID/maps: end is excluded */
    char perm[5];        /* "r-xp" */
    uint64_t offset;     /* bytes into the file */
    uint64_t inode;      /* address of the struct inode; 0: none */
    uint64_t number;     /* the inode's, as ls -i shows it; 0: none */
    uint32_t device;     /* of its file system: major << 20 | minor */
    char file[VMA_FILE]; /* path, "[heap]", "[stack]", "[vdso]", "[anon:name]", ... ""; printable */
};

struct vmas {
    struct vma *vma; /* by address */
    size_t count, capacity;
    bool cut;         /* broken or too long: there may be more */
    struct error why; /* if cut: what was wrong, where */
};

/* All mappings of the mm_struct at `mm_va`.  False with a reason. */
bool vmas_load(struct vmas *vmas, const struct linux_context *linux, uint64_t mm_va,
               struct error *err);
void vmas_free(struct vmas *vmas);

/* The path of a struct file (`file_va`), over mount points, " (deleted)" where it is. */
bool file_path(const struct linux_context *linux, uint64_t file_va, char *text, size_t size);

/* The path of an inode by one of its dentries, within its file system.  False: no dentry. */
bool inode_path(const struct linux_context *linux, uint64_t inode_va, char *text, size_t size);

#endif
