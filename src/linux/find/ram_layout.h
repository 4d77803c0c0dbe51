/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guess at where the image lies in physical space, to be verified by the kernel's own tables.
 */
#ifndef RAMWALK_LINUX_FIND_RAM_LAYOUT_H
#define RAMWALK_LINUX_FIND_RAM_LAYOUT_H

#include "arch/arch.h"
#include "paging/walk.h"
#include "source/source.h"

#define RAM_LAYOUT_RANGES SOURCE_SEGMENTS

struct ram_layout {
    struct source_reader *reader; /* borrowed */
    struct segment range[RAM_LAYOUT_RANGES];
    size_t ranges;
};

/* Where the image already is; false where that is not known, or takes too many ranges. */
bool ram_layout_given(struct ram_layout *layout, struct source_reader *reader);

/* All of it from `base` on. */
void ram_layout_linear(struct ram_layout *layout, struct source_reader *reader, uint64_t base);

/*
 * Row `i` of the layouts that machines of this architecture are known to have.  False after the
 * last.
 */
bool ram_layout_known(struct ram_layout *layout, struct source_reader *reader,
                      const struct arch *arch, size_t i);

bool ram_layout_offset(const struct ram_layout *layout, uint64_t pa, uint64_t *offset);
/* How many bytes from `pa` on are in the image without a break; 0: it is not there. */
uint64_t ram_layout_left(const struct ram_layout *layout, uint64_t pa);
bool ram_layout_pa(const struct ram_layout *layout, uint64_t offset, uint64_t *pa);

/* Reads tables as if the image lay there.  `layout` must outlive the source. */
struct table_source ram_layout_source(const struct ram_layout *layout);

#endif
