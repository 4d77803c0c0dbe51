/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between vmalloc.c (lists of areas) and vmalloc_find.c (finding them without symbols). */
#ifndef RAMWALK_LINUX_LAYOUT_VMALLOC_PRIVATE_H
#define RAMWALK_LINUX_LAYOUT_VMALLOC_PRIVATE_H

#include "linux/layout/vmalloc.h"

struct vmalloc_reader {
    struct vmalloc_areas *areas;
    struct memory *memory;
    struct field start, end, list, vm;          /* vmap_area */
    struct field addr, size, flags, pa, caller; /* vm_struct */
    bool has_nodes; /* 6.9 and later: vmap_node, with lists of what is in use, and freed */
    struct field busy, lazy;
    uint64_t node_size;
};

/* False: nothing that could be a vmap_area lies there. */
bool vmalloc_read_range(const struct vmalloc_reader *reader, uint64_t va,
                        struct vmalloc_area *area);

/* The vm_struct of an area in use.  False: it has none. */
bool vmalloc_read_vm(const struct vmalloc_reader *reader, uint64_t va,
                     const struct vmalloc_area *area, uint64_t *vm);

/*
 * Looks through the image's writable pages for vmap_area_list, or for what vmap_nodes points to;
 * *count: how many nodes there are, 0 for a list.  False: neither is there.
 */
bool vmalloc_find(const struct vmalloc_reader *reader, const struct linux_context *linux,
                  uint64_t *va, uint64_t *count);

#endif
