/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tasks of a Linux guest: processes from init_task's list, and their threads.
 */
#ifndef RAMWALK_LINUX_TASKS_TASK_H
#define RAMWALK_LINUX_TASKS_TASK_H

#include "linux/context.h"
#include "linux/types/object.h"

#define TASK_COMM 16
#define TASKS_MAX 1000000 /* PID_MAX_LIMIT is 4 Mi; a list longer than this is broken */

struct task {
    uint64_t va; /* of the task_struct */
    int32_t pid, tgid, ppid;
    char comm[4 * TASK_COMM]; /* printable: other bytes as \ooo, as the kernel's own escape does */
    char state;               /* as ps writes it: R S D T t X Z P I; '?' unknown */
    bool kthread;
    uint64_t mm;      /* 0: none (kernel threads) */
    uint64_t pgd_va;  /* 0: none */
    uint64_t pgd_pa;  /* NO_ROOT: none */
    uint64_t user_pa; /* the root that its user mode runs on: pgd_pa, or a copy (x86's page table
                         isolation); NO_ROOT: none */
};

/* Other CPUs' idle tasks follow init_task once they are added (run_queue.h). */
struct tasks {
    struct task *task; /* in the order of the list: by start; threads after their leader */
    size_t count, capacity;
    bool cut;         /* the list was broken, looped or too long: there may be more */
    struct error why; /* if cut: what was wrong, where */
};

/*
 * Finds init_task: by its symbol, else by "swapper/0" in the kernel image's data where pid 0 and
 * a consistent task list agree with it.  False with a reason.
 */
bool task_find_init(const struct linux_context *linux, uint64_t *init_task_va, struct error *err);

/*
 * Reads all tasks anew into *tasks (its array is reused), from the context's init_task on.  False:
 * nothing could be read.
 */
bool tasks_load(struct tasks *tasks, const struct linux_context *linux, struct error *err);
void tasks_free(struct tasks *tasks);

/*
 * Reads the one task anew.  False, and *task as it was: what lies there now is another one, or
 * none.  A task that has ended has no mm: exit_mm() comes long before its memory is freed.
 */
bool task_reread(struct task *task, const struct linux_context *linux);

/* NULL: no such pid (thread ids are found too). */
const struct task *tasks_find(const struct tasks *tasks, int32_t pid);

/* By number (decimal, ".156" too; "0x9c"), or by comm where only one process has it.  NULL with a
 * reason. */
const struct task *tasks_named(const struct tasks *tasks, const char *name, struct error *err);

#endif
