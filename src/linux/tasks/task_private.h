/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between task.c (lists) and task_read.c (one task_struct). */
#ifndef RAMWALK_LINUX_TASKS_TASK_PRIVATE_H
#define RAMWALK_LINUX_TASKS_TASK_PRIVATE_H

#include "linux/tasks/task.h"

struct task_fields {
    struct field tasks, pid, tgid, comm;
    struct field parent, mm, flags, state, exit_state, pgd;
    bool has_parent, has_mm, has_flags, has_state, has_exit_state, has_pgd;
    struct field signal, thread_head, thread_node; /* 6.7 and later have these only */
    struct field thread_group;                     /* the older ring */
    bool has_thread_head, has_thread_group;
};

/* False: without these members no task can be described. */
bool task_fields_of(const struct btf *btf, struct task_fields *fields, struct error *err);

/* Reads the task_struct at `va`.  False: not readable, or nothing that could be a task. */
bool task_read(struct memory *memory, const struct task_fields *fields, uint64_t va,
               struct task *task);

#endif
