/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the kernel's search share. */
#ifndef RAMWALK_UNIT_SUPPORT_FINDER_H
#define RAMWALK_UNIT_SUPPORT_FINDER_H

#include "linux/find/finder.h"
#include "tests/unit/support_guest.h"

#define SIZE     MIB(128)
#define ODD_BASE UINT64_C(0x768000000) /* of no machine; a multiple of 128 MiB */

/* The result of steps of `slice` bytes. */
struct kernel run_finder(struct source *image, uint64_t slice);

/* The kernel in a file, which stays as it is. */
struct kernel find_in(const struct file *file);

/* The kernel of that guest, found that way. */
void assert_kernel(const struct kernel *kernel, const struct made_guest *linux,
                   enum kernel_found found);

/* The guest's note, at an offset of the file. */
void put_note(const struct made_guest *linux, const struct file *file, uint64_t offset);

#endif
