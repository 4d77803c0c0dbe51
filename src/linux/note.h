/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a VMCOREINFO text to a kernel that has proved itself.
 */
#ifndef RAMWALK_NOTE_H
#define RAMWALK_NOTE_H

#include "linux/kernel.h"
#include "linux/vmcoreinfo.h"

/*
 * Works out paging mode and root from the note's lines, and looks for a place of the image at
 * which the kernel's tables map their own root where the note says it is.  *score says how much
 * agreed (more is better).  False: nothing does; the note is stale, or of another machine.
 */
bool note_judge(struct image *image, const struct vmcoreinfo *info, struct kernel *kernel,
                unsigned *score);

#endif
