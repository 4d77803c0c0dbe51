/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTF of a kernel in small: what tasks, mappings, pages, paths, the log, vmalloc are read with. */
#ifndef RAMWALK_UNIT_KERNEL_TYPES_H
#define RAMWALK_UNIT_KERNEL_TYPES_H

#include "linux/types/btf.h"

/* `old`: mappings as a list (before 6.1), threads by thread_group (before 6.7). */
struct btf *kernel_types(bool old);
/* The same as it lies in a kernel's image; returns the length. */
size_t kernel_types_bytes(bool old, uint8_t *bytes, size_t size);

/*
 * A struct by its text: "member:type@offset ...", where the type is i4 or uN (bytes), p (a
 * pointer to anything), c (char), cN (N of them), a struct that stands before, "*type" or
 * "type[count]".  Of size 0 it is an enum: "NAME=value ...".
 */
struct type_text {
    const char *name;
    unsigned size;
    const char *members;
};
struct btf *types_of_text(const struct type_text *text, size_t count);
size_t types_of_text_bytes(const struct type_text *text, size_t count, uint8_t *bytes, size_t size);

/* The byte offset of a member of it. */
uint64_t kernel_offset(const struct btf *btf, const char *type, const char *path);

#endif
