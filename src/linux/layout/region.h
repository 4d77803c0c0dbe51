/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's address space by name: linear map, modules, the image with its parts, vmalloc
 * (and, within it, each area with who asked for it), vmemmap, fixmap, PCI I/O, ...
 * Sources: Documentation/arch/{arm64/memory,x86/x86_64/mm,riscv/vm-layout}.rst; VMCOREINFO's
 * numbers where it has them; what the page tables show where it has not.
 */
#ifndef RAMWALK_LINUX_LAYOUT_REGION_H
#define RAMWALK_LINUX_LAYOUT_REGION_H

#include "linux/context.h"
#include "linux/find/kernel.h"
#include "linux/find/vmcoreinfo.h"
#include "linux/modules/module_list.h"
#include "linux/symbols/symbols.h"
#include "linux/types/object.h"

#define REGION_NONE SIZE_MAX

/*
 * Names: "linear map", "modules", "vmalloc", "vmemmap", "fixmap", "PCI I/O", "kernel image",
 * "image text", "image rodata", "image data", "image bss", "image init", ... and areas of vmalloc
 * by what they are and who asked: "vmalloc: kernel_clone+0xa8", "ioremap p:fed00000: caller",
 * "vmap: caller", "vm_map_ram", "unpurged"; "module tun: load_module+0x7a4" where a module lies.
 */
enum region_kind {
    REGION_OTHER,
    REGION_IMAGE,   /* a part of the kernel image */
    REGION_VMALLOC, /* the window, or an area that vmalloc() allocated */
    REGION_VMEMMAP,
    REGION_PERCPU, /* an area of per-CPU memory */
};

struct region {
    char name[96];
    enum region_kind kind;
    unsigned detail;      /* in name, of all kinds but OTHER: what follows the word for the kind */
    uint64_t start, last; /* both included */
    unsigned depth;       /* 0: a region; 1: a part of the one before it; 2: an area in that */
    size_t parent;        /* what it is a part of; REGION_NONE at depth 0 */
};

struct regions {
    struct region *region; /* by start; parts after what they are part of */
    size_t count, capacity;
    struct error why; /* what could not be known, one sentence; "" nothing */
};

bool regions_load(struct regions *regions, const struct linux_context *linux, struct error *err);
void regions_free(struct regions *regions);

/* The innermost region that holds `va`; NULL: none. */
const struct region *region_at(const struct regions *regions, uint64_t va);

#endif
