/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The types of the loaded modules: each has split BTF, which the kernel keeps in a list of its
 * own (kernel/bpf/btf.c, since 5.11).  struct module's btf_data is of no use: it is NULL once the
 * module runs.
 */
#ifndef RAMWALK_LINUX_MODULES_BTF_MODULES_H
#define RAMWALK_LINUX_MODULES_BTF_MODULES_H

#include "linux/context.h"
#include "linux/types/btf.h"
#include "memory/memory.h"

/* What is known of them; `why` where any could not be had: the first reason. */
struct btf_modules {
    uint64_t list_va; /* of the kernel's list, btf_modules; 0: not found */
    size_t count;     /* modules whose types were added */
    size_t bad;       /* modules whose BTF is there and cannot be read, or is none */
    struct error why;
};

/*
 * Adds the modules' types to the context's btf.  The list's head, btf_modules, is looked for in the
 * image: kernels without CONFIG_KALLSYMS_ALL do not name it.  A kernel without modules, or
 * without this list, is no failure: the count is 0.
 */
void btf_modules_load(struct btf_modules *modules, const struct linux_context *linux);

#endif
