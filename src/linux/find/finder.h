/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the Linux kernel in an image, in steps: one scan of the data (holes skipped) collects
 * VMCOREINFO texts and pages that look like page tables; then each candidate is verified
 * by its tables: the walk of swapper_pg_dir's own address must lead to itself.
 */
#ifndef RAMWALK_LINUX_FIND_FINDER_H
#define RAMWALK_LINUX_FIND_FINDER_H

#include "linux/find/kernel.h"
#include "linux/find/vmcoreinfo.h"

struct finder;

/* NULL: out of memory.  A source that has its place keeps it. */
struct finder *finder_create(struct source *source);
void finder_destroy(struct finder *finder);

/* Once *cancelled is true no step waits for the source.  NULL: none. */
void finder_set_cancel(struct finder *finder, const atomic_bool *cancelled);

/* Works on about `bytes` of data.  True: done, finder_result() is final. */
bool finder_step(struct finder *finder, uint64_t bytes);

/* 0..1 of the data scanned. */
double finder_progress(const struct finder *finder);

/* found == KERNEL_UNKNOWN where nothing was found. */
const struct kernel *finder_result(const struct finder *finder);

/* The note's lines; NULL where none was verified. */
const struct vmcoreinfo *finder_vmcoreinfo(const struct finder *finder);

#endif
