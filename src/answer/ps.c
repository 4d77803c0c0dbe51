/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ps`: the tasks, threads too. */
#include "answer/items.h"
#include "answer/subjects.h"
#include "session/handles.h"

#include <stdlib.h>

enum { PID, TGID, PPID, COMM, STATE, NAME, KTHREAD, TASK, MM, PGD, KIND, COLUMNS };

static const char *state_name(unsigned i)
{
    static const char *const names[] = {"R", "S", "D", "T", "t", "X", "Z", "P", "I", "?"};
    return i < sizeof names / sizeof *names ? names[i] : NULL;
}

static const struct column columns[COLUMNS] = {
    [PID] = {"pid", "PID", "number of the task", VALUE_NUMBER, COLUMN_RIGHT, 7},
    [TGID] = {"tgid", "TGID", "number of its process", VALUE_NUMBER, COLUMN_RIGHT | COLUMN_LESSER,
              7, 3},
    [PPID] = {"ppid", "PPID", "number of its parent process", VALUE_NUMBER,
              COLUMN_RIGHT | COLUMN_LESSER, 7, 5},
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
              VALUE_TEXT, COLUMN_NO_JSON | COLUMN_LESSER, 10, 6},
};
static const struct shape shape = SHAPE(columns);

/* The tasks as they were when they were read. */
struct ps {
    struct task *task;
    size_t count;
    bool cut;
    struct error why; /* if cut */
};

/* Of a leader, itself among them: they stand after it. */
static size_t threads_of(const struct ps *ps, size_t leader)
{
    size_t end = leader + 1;
    while (end < ps->count && ps->task[end].tgid == ps->task[leader].pid)
        end++;
    return end - leader;
}

static struct value kind_of(struct query *query, const struct ps *ps, size_t i)
{
    const struct task *task = &ps->task[i];
    if (task->pid != task->tgid)
        return value_text(query_text(query, "of %d", task->tgid));
    if (task->kthread)
        return value_text("kernel");
    size_t threads = threads_of(ps, i);
    return threads > 1 ? value_text(query_text(query, "%zu threads", threads))
                       : (struct value){.type = VALUE_NULL};
}

static void fill(struct query *query, const void *state, size_t i, struct value *row)
{
    const struct ps *ps = state;
    const struct task *task = &ps->task[i];
    const struct space *kernel = space_kernel(session_space(query->session));
    row[PID] = value_number(task->pid);
    row[TGID] = value_number(task->tgid);
    row[PPID] = value_number(task->ppid);
    row[STATE] = value_bytes(VALUE_ENUM, &task->state, 1);
    if (query_needs(query, NAME))
        row[NAME] = value_text(query_text(query, task->kthread ? "[%s]" : "%s", task->comm));
    row[COMM] = value_text(task->comm);
    row[KTHREAD] = value_bool(task->kthread);
    row[TASK] = value_virt(kernel, task->va);
    row[MM] = value_if(task->mm, value_virt(kernel, task->mm));
    row[PGD] = value_if(task->pgd_pa != NO_ROOT, value_phys(task->pgd_pa));
    if (query_needs(query, KIND))
        row[KIND] = kind_of(query, ps, i);
}

static bool load(struct query *query, void *state, struct error *err)
{
    struct ps *ps = state;
    const struct tasks *tasks = session_tasks(query->session, err);
    if (!tasks)
        return false;
    if (*query->arguments)
        return error_at(err, 0, "ps takes no argument");
    if (!tasks->count)
        return error_set(err, "the list of tasks cannot be read: %s", tasks->why.text);
    if (!(ps->task = malloc(tasks->count * sizeof *ps->task)))
        return error_set(err, "out of memory");
    memcpy(ps->task, tasks->task, tasks->count * sizeof *ps->task);
    ps->count = tasks->count;
    ps->cut = tasks->cut;
    ps->why = tasks->why;
    return true;
}

static void unload(void *state)
{
    free(((struct ps *)state)->task);
}

static size_t count(const void *state)
{
    return ((const struct ps *)state)->count;
}

/* A task stays the same by its pid; the idle tasks, which share pid 0, by their addresses. */
static uint64_t key(const void *state, size_t i)
{
    const struct task *task = &((const struct ps *)state)->task[i];
    return task->pid ? (uint64_t)task->pid : task->va;
}

static void note(struct query *query, const void *state)
{
    const struct ps *ps = state;
    if (ps->cut)
        query_note_at(query, ps->why.va, "there may be more: %s", ps->why.text);
}

static const struct items items = {
    .state_size = sizeof(struct ps),
    .load = load,
    .unload = unload,
    .count = count,
    .fill = fill,
    .key = key,
    .note = note,
};

static const struct subject subject = {.shape = &shape, .rows = query_items, .items = &items};

const struct command command_ps = {
    .name = "ps",
    .arguments = "",
    .brief = "the tasks, threads too",
    .subject = &subject,
};
