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
    [PID] = {.name = "pid",
             .heading = "PID",
             .brief = "number of the task",
             .type = VALUE_NUMBER,
             .flags = COLUMN_RIGHT,
             .width = 7},
    [TGID] = {.name = "tgid",
              .heading = "TGID",
              .brief = "number of its process",
              .type = VALUE_NUMBER,
              .flags = COLUMN_RIGHT,
              .width = 7,
              .priority = 3},
    [PPID] = {.name = "ppid",
              .heading = "PPID",
              .brief = "number of its parent process",
              .type = VALUE_NUMBER,
              .flags = COLUMN_RIGHT,
              .width = 7,
              .priority = 5},
    [COMM] = {.name = "comm",
              .heading = "COMM",
              .brief = "its name",
              .type = VALUE_TEXT,
              .flags = COLUMN_NO_TEXT,
              .width = 16},
    [STATE] = {.name = "state",
               .heading = "S",
               .brief = "R running, S sleeping, D waiting for a device, ... as ps writes it",
               .type = VALUE_ENUM,
               .width = 1,
               .names = state_name},
    [NAME] = {.name = "name",
              .heading = "NAME",
              .brief = "its name, a kernel thread's in brackets",
              .type = VALUE_TEXT,
              .flags = COLUMN_NO_JSON,
              .width = 17},
    [KTHREAD] = {.name = "kthread",
                 .heading = "KTHREAD",
                 .brief = "is it a thread of the kernel",
                 .type = VALUE_BOOL,
                 .flags = COLUMN_NO_TEXT,
                 .width = 7},
    [TASK] = {.name = "task",
              .heading = "TASK",
              .brief = "its task_struct",
              .type = VALUE_ADDRESS,
              .width = 18,
              .priority = 4},
    [MM] = {.name = "mm",
            .heading = "MM",
            .brief = "its mm_struct; a kernel thread has none",
            .type = VALUE_ADDRESS,
            .flags = COLUMN_WIDE,
            .width = 18,
            .priority = 1},
    [PGD] = {.name = "pgd",
             .heading = "PGD",
             .brief = "its root table",
             .type = VALUE_ADDRESS,
             .letter = 'p',
             .flags = COLUMN_WIDE,
             .width = 13,
             .priority = 2},
    [KIND] = {.name = "kind",
              .heading = "KIND",
              .brief = "kernel, a thread of which process, or how many threads it has",
              .type = VALUE_TEXT,
              .flags = COLUMN_NO_JSON,
              .width = 10,
              .priority = 6},
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
    struct value *row = query_row(query);
    row[PID] = value_number(task->pid);
    row[TGID] = value_number(task->tgid);
    row[PPID] = value_number(task->ppid);
    row[STATE] = value_bytes(VALUE_ENUM, &task->state, 1);
    row[NAME] = value_text(query_text(query, task->kthread ? "[%s]" : "%s", task->comm));
    row[COMM] = value_text(task->comm);
    row[KTHREAD] = value_bool(task->kthread);
    row[TASK] = value_virt(task->va);
    row[MM] = value_if(task->mm, value_virt(task->mm));
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
