/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's root by nothing but the shape of page tables.
 *
 * A root is a sparse page of valid entries whose tables lie in the image.  The kernel's is the
 * one that maps its own page twice: by the linear map, like all RAM, and by the kernel image's
 * mapping, of which swapper_pg_dir is a part.  A copy of it lies in ordinary RAM and is mapped
 * once; the tables of early boot map the image alone.
 */
#ifndef RAMWALK_LINUX_FIND_PGD_SCAN_H
#define RAMWALK_LINUX_FIND_PGD_SCAN_H

#include "linux/find/kernel.h"

struct pgd_scan;

/* NULL: out of memory.  The reader is borrowed. */
struct pgd_scan *pgd_scan_create(struct source_reader *reader);
void pgd_scan_destroy(struct pgd_scan *scan);

/* Looks at 4 KiB of data at `offset` (a multiple of 4 KiB). */
void pgd_scan_page(struct pgd_scan *scan, uint64_t offset, const uint64_t words[512]);

/* Verifies candidates, about `tables` page tables at a time.  True: done. */
bool pgd_scan_step(struct pgd_scan *scan, unsigned tables);

/* The best; false where no candidate was verified. */
bool pgd_scan_result(const struct pgd_scan *scan, struct kernel *kernel);

#endif
