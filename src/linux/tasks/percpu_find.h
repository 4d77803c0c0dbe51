/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where each CPU has its copy of the per-CPU variables (mm/percpu.c): what the symbols name is
 * checked against the run queues that the tasks point to, and what they do not name is found by
 * these.
 */
#ifndef RAMWALK_LINUX_TASKS_PERCPU_FIND_H
#define RAMWALK_LINUX_TASKS_PERCPU_FIND_H

#include "linux/context.h"
#include "linux/symbols/percpu.h"

/*
 * Completes *percpu, which percpu_load() has filled: checked_cpus, the first chunk, and where no
 * symbol names the table of offsets, that.  Needs the context's tasks and types; without them it
 * changes nothing.
 */
void percpu_find(struct percpu *percpu, const struct linux_context *linux);

#endif
