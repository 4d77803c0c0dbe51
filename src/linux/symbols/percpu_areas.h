/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where each CPU has its copy of the per-CPU variables (mm/percpu.c): by symbols, or, where the
 * kernel does not name its data, by the run queues that its tasks point to.
 */
#ifndef RAMWALK_LINUX_SYMBOLS_PERCPU_AREAS_H
#define RAMWALK_LINUX_SYMBOLS_PERCPU_AREAS_H

#include "linux/layout/region.h"
#include "linux/symbols/run_queue.h"

#define PERCPU_CPUS RUN_QUEUES

struct percpu_areas {
    unsigned cpus;                /* those whose offset is known, from 0 on */
    uint64_t offset[PERCPU_CPUS]; /* __per_cpu_offset: added to a per-CPU pointer */
    uint64_t first, last;         /* the first chunk, in the linear map; both 0: not known */
};

/* What can be known; never fails. */
void percpu_areas_find(struct percpu_areas *areas, const struct linux_context *linux);

#endif
