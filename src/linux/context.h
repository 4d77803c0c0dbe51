/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known of the Linux in an image, and the memory that it is read through: what the rooms
 * of src/linux take.  A handle: what it points to belongs to somebody else (linux/linux.h, or a
 * test), and is NULL where it is not known.
 */
#ifndef RAMWALK_LINUX_CONTEXT_H
#define RAMWALK_LINUX_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct btf;
struct btf_modules;
struct kernel;
struct linux_stages;
struct memory;
struct module_list;
struct pages;
struct percpu;
struct regions;
struct symbols;
struct tasks;
struct vmcoreinfo;

/* Where the kernel's own image is mapped: contiguous, holes allowed. */
struct kernel_image {
    uint64_t va, size; /* bytes; size 0: not known */
};

static inline bool kernel_image_holds(const struct kernel_image *image, uint64_t va)
{
    return va - image->va < image->size;
}

struct linux_context {
    struct memory *memory; /* bare virtual addresses are the kernel's */
    const struct kernel *kernel;
    const struct vmcoreinfo *info;
    struct kernel_image image;
    struct btf *btf; /* the kernel's types and the modules' */
    const struct btf_modules *btf_modules;
    const struct symbols *symbols;
    size_t found_symbols;  /* of these: not kallsyms', but found by other means (SYMBOL_FOUND) */
    bool has_data_symbols; /* kallsyms names variables too (CONFIG_KALLSYMS_ALL) */
    const struct percpu *percpu;
    const struct module_list *modules;
    uint64_t init_task_va; /* 0: not known */
    const struct tasks *tasks;
    const struct regions *regions;
    struct pages *pages;
    struct linux_stages *stages; /* of linux/linux.h; NULL: assembled by the caller */
};

/* The same, read through another handle: of what lies in that one's space. */
static inline struct linux_context linux_in(const struct linux_context *linux,
                                            struct memory *memory)
{
    struct linux_context in = *linux;
    in.memory = memory;
    return in;
}

#endif
