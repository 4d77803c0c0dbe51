/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ps`: the tasks, threads too. */
#include "answer/subjects.h"

enum { PID, TGID, PPID, COMM, STATE, NAME, KTHREAD, TASK, MM, PGD, KIND, COLUMNS };

static const char *state_name(unsigned i)
{
    static const char *const names[] = {"R", "S", "D", "T", "t", "X", "Z", "P", "I", "?"};
    return i < sizeof names / sizeof *names ? names[i] : NULL;
}

static const struct column columns[COLUMNS] = {
    [PID] = {"pid", "PID", "number of the task", VALUE_NUMBER, COLUMN_RIGHT, 7},
    [TGID] = {"tgid", "TGID", "number of its process", VALUE_NUMBER, COLUMN_RIGHT, 7, 3},
    [PPID] = {"ppid", "PPID", "number of its parent process", VALUE_NUMBER, COLUMN_RIGHT, 7, 5},
    [COMM] = {"comm", "COMM", "its name", VALUE_TEXT, COLUMN_NO_TEXT, 16},
    [STATE] = {"state", "S", "R running, S sleeping, D waiting for a device, ... as ps writes it",
               VALUE_ENUM, 0, 1, .names = state_name},
    [NAME] = {"name", "NAME", "its name, a kernel thread's in brackets", VALUE_TEXT, COLUMN_NO_JSON,
              17},
    [KTHREAD] = {"kthread", "KTHREAD", "is it a thread of the kernel", VALUE_BOOL, COLUMN_NO_TEXT,
                 7},
    [TASK] = {"task", "TASK", "its task_struct", VALUE_ADDRESS, 0, 18, 4},
    [MM] = {"mm", "MM", "its mm_struct; a kernel thread has none", VALUE_ADDRESS, COLUMN_WIDE, 18,
            1},
    [PGD] = {"pgd", "PGD", "its root table", VALUE_ADDRESS, COLUMN_WIDE, 13, 2, .letter = 'p'},
    [KIND] = {"kind", "KIND", "kernel, a thread of which process, or how many threads it has",
              VALUE_TEXT, COLUMN_NO_JSON, 10, 6},
};
static const struct shape shape = SHAPE(columns);

/* Of a leader, itself among them: they stand behind it. */
static size_t threads_of(const struct tasks *tasks, size_t leader)
{
    size_t end = leader + 1;
    while (end < tasks->count && tasks->task[end].tgid == tasks->task[leader].pid)
        end++;
    return end - leader;
}

static struct value kind_of(struct query *query, const struct tasks *tasks, size_t i)
{
    const struct task *task = &tasks->task[i];
    if (task->pid != task->tgid)
        return value_text(query_text(query, "of %d", task->tgid));
    if (task->kthread)
        return value_text("kernel");
    size_t threads = threads_of(tasks, i);
    return threads > 1 ? value_text(query_text(query, "%zu threads", threads))
                       : (struct value){.type = VALUE_NULL};
}

static bool give_task(struct query *query, const struct tasks *tasks, size_t i)
{
    const struct task *task = &tasks->task[i];
    const struct space *kernel = space_kernel(session_space(query->session));
    struct value *row = query_row(query);
    row[PID] = value_number(task->pid);
    row[TGID] = value_number(task->tgid);
    row[PPID] = value_number(task->ppid);
    row[STATE] = value_bytes(VALUE_ENUM, &task->state, 1);
    row[NAME] = value_text(query_text(query, task->kthread ? "[%s]" : "%s", task->comm));
    row[COMM] = value_text(task->comm);
    row[KTHREAD] = value_bool(task->kthread);
    row[TASK] = value_virt(kernel, task->va);
    row[MM] = value_if(task->mm, value_virt(kernel, task->mm));
    row[PGD] = value_if(task->pgd_pa != NO_ROOT, value_phys(task->pgd_pa));
    row[KIND] = kind_of(query, tasks, i);
    return query_emit(query);
}

static bool rows(struct query *query, struct error *err)
{
    const struct tasks *tasks = session_tasks(query->session, err);
    if (!tasks)
        return false;
    if (*query->arguments)
        return error_at(err, 0, "ps takes no argument");
    for (size_t i = 0; i < tasks->count && give_task(query, tasks, i); i++)
        ;
    if (tasks->cut)
        query_note(query, "there may be more: %s", tasks->why.text);
    return true;
}

const struct subject subject_ps = {.shape = &shape, .rows = rows};
