/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's root by nothing but the shape of page tables.
 *
 * A root is a sparse page of valid entries whose tables lie in the image.  The kernel's is the
 * one that maps its own page twice: by the linear map, like all RAM, and by the kernel image's
 * mapping, of which swapper_pg_dir is a part.  A copy of it lies in ordinary RAM and is mapped
 * once; the tables of early boot map the image alone.
 */
#ifndef RAMWALK_STRUCTURE_H
#define RAMWALK_STRUCTURE_H

#include "linux/kernel.h"

struct structure;

struct structure *structure_create(struct image *image); /* NULL: out of memory */
void structure_destroy(struct structure *structure);

/* Looks at 4 KiB of data at `offset` (a multiple of 4 KiB). */
void structure_page(struct structure *structure, uint64_t offset, const uint64_t words[512]);

/* Judges candidates, about `tables` page tables at a time.  True: done. */
bool structure_step(struct structure *structure, unsigned tables);

/* The best; false where no candidate convinced. */
bool structure_result(const struct structure *structure, struct kernel *kernel);

#endif
