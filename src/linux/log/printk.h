/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's log: the printk ring buffer (kernel/printk/printk_ringbuffer.h, 5.10 and later),
 * by VMCOREINFO's offsets or by BTF and the symbol prb.
 */
#ifndef RAMWALK_LINUX_LOG_PRINTK_H
#define RAMWALK_LINUX_LOG_PRINTK_H

#include "linux/context.h"
#include "linux/find/vmcoreinfo.h"
#include "linux/symbols/symbols.h"
#include "linux/types/object.h"

#define PRINTK_TEXT 1024
#define PRINTK_CPU  0x80000000u /* in `caller` */

struct printk_record {
    uint64_t seq, time_ns;
    uint32_t caller;        /* task number; with PRINTK_CPU a CPU's; ~0 unknown */
    uint8_t level;          /* 0 emerg ... 7 debug; 8 unknown */
    uint8_t facility;       /* 0 the kernel */
    char text[PRINTK_TEXT]; /* printable, the rest as \xHH; newlines and tabs stay */
};

/* False: no more records are wanted. */
typedef bool printk_visitor(void *context, const struct printk_record *record);

/*
 * Calls `each` for every record, oldest first, until it answers false.  By the context's
 * VMCOREINFO, else by its types and symbols.  *lost: how many records cannot be read (those that
 * later ones have overwritten do not count).  False with a reason.
 */
bool printk_each(const struct linux_context *linux, printk_visitor *each, void *context,
                 uint64_t *lost, struct error *err);

#endif
