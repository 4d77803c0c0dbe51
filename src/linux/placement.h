/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guess at where the image lies in physical space, to be proved by the kernel's own tables.
 */
#ifndef RAMWALK_PLACEMENT_H
#define RAMWALK_PLACEMENT_H

#include "image/image.h"
#include "paging/walk.h"

#define PLACEMENT_RANGES IMAGE_RANGES

struct placement {
    struct image *image; /* borrowed */
    struct ram_range range[PLACEMENT_RANGES];
    size_t ranges;
};

/* Where the image already is; false where that is not known, or takes too many ranges. */
bool placement_given(struct placement *placement, struct image *image);

/* All of it from `base` on. */
void placement_linear(struct placement *placement, struct image *image, uint64_t base);

/*
 * Row `i` of the layouts that machines of this architecture are known to have: linear at the
 * usual bases; the PCs' with RAM split around the hole below 4 GiB.  False behind the last.
 */
bool placement_known(struct placement *placement, struct image *image,
                     const struct paging_arch *arch, size_t i);

bool placement_offset(const struct placement *placement, uint64_t pa, uint64_t *offset);
/* How many bytes from `pa` on are in the image without a break; 0: it is not there. */
uint64_t placement_left(const struct placement *placement, uint64_t pa);
bool placement_pa(const struct placement *placement, uint64_t offset, uint64_t *pa);

/* Reads tables as if the image lay there.  `placement` must outlive the source. */
struct table_source placement_source(const struct placement *placement);

#endif
