/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scheduler's run queue of each CPU (struct rq, kernel/sched/sched.h), and through these the
 * CPUs' idle tasks.
 */
#ifndef RAMWALK_RUN_QUEUE_H
#define RAMWALK_RUN_QUEUE_H

#include "guest/percpu.h"
#include "guest/task.h"

#define RUN_QUEUES 1024 /* CPUs from 0 on; those beyond are left out */

/*
 * By the tasks alone: each is tied to a queue of its CPU (task_struct.se.cfs_rq->rq), and every
 * CPU has threads of its own.  queue[cpu] is the address of its struct rq; 0: not known, as all
 * are where `btf` or `tasks` is NULL or the kernel lacks the members (CONFIG_FAIR_GROUP_SCHED).
 */
void run_queues_of_tasks(uint64_t queue[RUN_QUEUES], struct memory *memory, const struct btf *btf,
                         const struct tasks *tasks);

/*
 * Adds the idle tasks of CPUs 1 and up ("swapper/1"; rq.idle) behind that of CPU 0, which is
 * init_task: they are in no list of tasks.  The queues are those of the per-CPU variable
 * `runqueues` where `symbols` has it, else those of the tasks.  What is found neither way, or does
 * not look like its CPU's idle task, is left out.
 */
void run_queues_add_idle(struct tasks *tasks, struct memory *memory, const struct btf *btf,
                         const struct symbols *symbols /* or NULL */, const struct percpu *percpu);

#endif
