/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The areas of vmalloc as /proc/vmallocinfo lists them (mm/vmalloc.c): from vmap_area_list, or
 * since 6.9 from vmap_nodes.
 */
#ifndef RAMWALK_LINUX_LAYOUT_VMALLOC_H
#define RAMWALK_LINUX_LAYOUT_VMALLOC_H

#include "linux/layout/region.h"

#define VMALLOC_AREAS_MAX 1000000

enum vmalloc_kind {
    VMALLOC_PLAIN, /* vmalloc() */
    VMALLOC_IOREMAP,
    VMALLOC_VMAP,
    VMALLOC_DMA,
    VMALLOC_MAP_RAM,  /* vm_map_ram(): nobody's name is on it */
    VMALLOC_UNPURGED, /* freed, not yet unmapped everywhere */
    VMALLOC_OTHER,
};

struct vmalloc_area {
    uint64_t start, last; /* with the guard page, both included */
    enum vmalloc_kind kind;
    uint64_t caller; /* 0: not known */
    uint64_t pa;     /* of what is mapped; 0: not known */
};

struct vmalloc_areas {
    struct vmalloc_area *area; /* by address */
    size_t count, capacity;
    struct error why; /* a list was broken: there may be more */
};

/* False: the areas are not known, with the reason. */
bool vmalloc_load(struct vmalloc_areas *areas, const struct linux_context *linux,
                  struct error *err);
void vmalloc_free(struct vmalloc_areas *areas);

/*
 * "vmalloc: kernel_clone+0xa8", "ioremap p:fed00000: hpet_enable+0xef"; `what` in the place of
 * "vmalloc" where the caller knows better (else NULL).  *detail: where in the text follows what
 * such areas do not have in common.  Returns text.
 */
char *vmalloc_text(const struct vmalloc_area *area, const char *what, const struct symbols *symbols,
                   char *text, size_t size, size_t *detail);

#endif
