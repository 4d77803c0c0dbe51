/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTF of a kernel in small: what tasks, mappings, paths, the log and vmalloc are read with. */
#ifndef RAMWALK_UNIT_KERNEL_TYPES_H
#define RAMWALK_UNIT_KERNEL_TYPES_H

#include "linux/types/btf.h"

/* `old`: mappings as a list (before 6.1), threads by thread_group (before 6.7). */
struct btf *kernel_types(bool old);

/* The byte offset of a member of it. */
uint64_t kernel_offset(const struct btf *btf, const char *type, const char *path);

#endif
