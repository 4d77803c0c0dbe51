/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the kernel's BTF in its image as it lies in RAM: between __start_BTF and __stop_BTF of
 * its read-only data, with no symbol needed, by the header and by what it describes.
 */
#ifndef RAMWALK_BTF_SCAN_H
#define RAMWALK_BTF_SCAN_H

#include "guest/btf.h"
#include "memory/memory.h"

/*
 * Looks through image_va .. image_va+image_size, holes allowed.  Takes the largest BTF that
 * opens and knows task_struct and mm_struct, and stops early at one that cannot be but the
 * kernel's.  *va: where it lies.
 */
bool btf_scan(struct memory *memory, uint64_t image_va, uint64_t image_size, struct btf **btf,
              uint64_t *va, struct error *err);

/* BTF at a known place, of at most `size` bytes: __start_BTF, or with its base a split one. */
bool btf_load_at(struct memory *memory, uint64_t va, size_t size, const struct btf *base,
                 struct btf **btf, struct error *err);

#define BTF_MODULE_NAME 64 /* MODULE_NAME_LEN is 56 */

/*
 * A module's split BTF, by the kernel's struct btf_module at `va`.  (struct module's btf_data is
 * NULL once the module is loaded: its .BTF section is not kept.)  name: the module's.
 */
bool btf_load_module(struct memory *memory, uint64_t va, const struct btf *base, struct btf **btf,
                     char name[BTF_MODULE_NAME], struct error *err);

/*
 * Where the list of the struct btf_modules starts (the symbol btf_modules, which kernels without
 * CONFIG_KALLSYMS_ALL do not name): looks for it in the image.  False: no module has BTF, or the
 * kernel knows no such struct.  Walk it with view_list_start("btf_module", "list", *list).
 */
bool btf_modules_find(struct memory *memory, const struct btf *base, uint64_t image_va,
                      uint64_t image_size, uint64_t *list);

#endif
