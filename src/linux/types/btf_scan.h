/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the kernel's BTF in its image as it lies in RAM: between __start_BTF and __stop_BTF of
 * its read-only data, with no symbol needed, by the header and by what it describes.
 */
#ifndef RAMWALK_LINUX_TYPES_BTF_SCAN_H
#define RAMWALK_LINUX_TYPES_BTF_SCAN_H

#include "linux/context.h"
#include "linux/types/btf.h"
#include "memory/memory.h"

/*
 * Looks through the kernel image, holes allowed.  Takes the largest BTF that
 * opens and knows task_struct and mm_struct, and stops early at one that cannot be but the
 * kernel's.  *va: where it lies.
 */
bool btf_scan(const struct linux_context *linux, struct btf **btf, uint64_t *va, struct error *err);

/*
 * The bytes of the BTF at `va`, of which there are at most `size`; the caller frees them.  NULL
 * with a reason.
 */
void *btf_read(struct memory *memory, uint64_t va, uint64_t size, size_t *length,
               struct error *err);

#endif
