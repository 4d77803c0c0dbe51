/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scheduler's run queue of each CPU (struct rq, kernel/sched/sched.h), and through these the
 * CPUs' idle tasks.
 */
#ifndef RAMWALK_LINUX_TASKS_RUN_QUEUE_H
#define RAMWALK_LINUX_TASKS_RUN_QUEUE_H

#include "linux/symbols/percpu.h"
#include "linux/tasks/task.h"

#define RUN_QUEUES 1024 /* CPUs from 0 on; those beyond are left out */

/*
 * By the tasks alone: each is tied to a queue of its CPU (task_struct.se.cfs_rq->rq), and every
 * CPU has such threads.  queue[cpu] is the address of its struct rq; 0: not known, as all
 * are where the types or `tasks` are not known or the kernel lacks the members
 * (CONFIG_FAIR_GROUP_SCHED).
 */
void run_queues_of_tasks(uint64_t queue[RUN_QUEUES], const struct linux_context *linux,
                         const struct tasks *tasks);

/*
 * Adds the idle tasks of CPUs 1 and up ("swapper/1"; rq.idle) after that of CPU 0, which is
 * init_task: they are in no list of tasks.  The queues are those of the per-CPU variable
 * `runqueues` where the context's symbols have it, else those of the tasks.  What is found neither
 * way, or does not look like its CPU's idle task, is left out.
 */
void run_queues_add_idle(struct tasks *tasks, const struct linux_context *linux);

#endif
