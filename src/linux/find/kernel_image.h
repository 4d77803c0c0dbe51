/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The range of virtual addresses that the kernel's own image takes. */
#ifndef RAMWALK_LINUX_FIND_KERNEL_IMAGE_H
#define RAMWALK_LINUX_FIND_KERNEL_IMAGE_H

#include "linux/context.h"
#include "linux/find/kernel.h"
#include "memory/memory.h"

/*
 * From the image's start to the end of its last page, in bytes.  Holes are part of it (what is
 * freed after boot).  False: no kernel, no place of its text, or nothing mapped there.
 */
bool kernel_image_range(struct memory *memory, const struct kernel *kernel,
                        struct kernel_image *image);

#endif
