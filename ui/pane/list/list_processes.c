/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes and their threads, live: what is new and what changed its state lights up, and
 * that the one under the cursor is gone is said.
 */
#include "ui/pane/list/list_pane.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LIVE_MS = 500, NOW_MS = 900, OLD_MS = 2500 };
#define NEVER (-OLD_MS)

struct process {
    struct task task;
    unsigned threads; /* of a leader, beside itself */
    int64_t born_ms, state_ms;
};

struct processes {
    struct linux_context *linux;
    struct process *process;
    size_t count;
};

enum { PID, TGID, PPID, STATE, NAME, TASK, MM, PGD, KIND, COLUMNS };

static const struct list_column columns[COLUMNS] = {
    [PID] = {"PID", 7, 0, true, STYLE_TEXT},     [TGID] = {"TGID", 7, 3, true, STYLE_DIM},
    [PPID] = {"PPID", 7, 5, true, STYLE_DIM},    [STATE] = {"S", 1, 0, false, STYLE_TEXT},
    [NAME] = {"NAME", 17, 0, false, STYLE_TEXT}, [TASK] = {"TASK", 16, 4, false, STYLE_ADDRESS},
    [MM] = {"MM", 16, 1, false, STYLE_ADDRESS},  [PGD] = {"PGD", 11, 2, false, STYLE_ADDRESS},
    [KIND] = {"KIND", -10, 6, false, STYLE_DIM},
};

static const struct processes *state_of(const struct list_pane *list)
{
    return list->state;
}

static const struct process *process_at(const struct list_pane *list, size_t row)
{
    return &state_of(list)->process[row];
}

static void unload(struct list_pane *list)
{
    struct processes *self = list->state;
    free(self->process);
    *self = (struct processes){0};
}

/* A task stays the same by its pid; the idle tasks, which share pid 0, by their addresses. */
static uint64_t key_of(const struct process *process)
{
    return process->task.pid ? (uint64_t)process->task.pid : process->task.va;
}

static const struct process *find(const struct processes *self, uint64_t key)
{
    for (size_t i = 0; i < self->count; i++)
        if (key_of(&self->process[i]) == key)
            return &self->process[i];
    return NULL;
}

static void count_threads(struct processes *self)
{
    struct process *leader = NULL;
    for (size_t i = 0; i < self->count; i++) {
        struct process *process = &self->process[i];
        if (process->task.pid == process->task.tgid)
            leader = process;
        else if (leader && leader->task.pid == process->task.tgid)
            leader->threads++;
    }
}

/* The rows come in the same order mostly: the one at the same place is tried first. */
static void compare_with(struct processes *self, const struct processes *old, int64_t now_ms)
{
    size_t at = 0;
    for (size_t i = 0; i < self->count; i++) {
        struct process *process = &self->process[i];
        const struct process *before =
            at < old->count && key_of(&old->process[at]) == key_of(process)
                ? &old->process[at]
                : find(old, key_of(process));
        bool is_new = old->count && !before;
        process->born_ms = is_new ? now_ms : before ? before->born_ms : NEVER;
        process->state_ms = before ? before->state_ms : NEVER;
        if (before && before->task.state != process->task.state)
            process->state_ms = now_ms;
        at = before ? (size_t)(before - old->process) + 1 : at;
    }
}

static void say_gone(struct list_pane *list, const struct processes *old)
{
    uint64_t key = list->sought_key;
    const struct process *before = list->seeking ? find(old, key) : NULL;
    if (before && !find(state_of(list), key))
        app_message(list->app, "%s (%d) is gone", before->task.comm, before->task.pid);
}

static bool load(struct list_pane *list, struct error *why)
{
    struct processes *self = list->state, old = *self;
    struct linux_context *linux = list_pane_guest(list, LINUX_TASKS, why);
    if (!linux) {
        unload(list);
        return false;
    }
    linux_refresh_tasks(linux);
    if (!linux->tasks->count)
        return error_set(why, "the list of tasks cannot be read any more: %s",
                         linux->tasks->why.text);
    struct process *process = calloc(linux->tasks->count, sizeof *process);
    if (!process)
        return error_set(why, "out of memory");
    *self = (struct processes){linux, process, linux->tasks->count};
    for (size_t i = 0; i < self->count; i++)
        process[i].task = linux->tasks->task[i];
    count_threads(self);
    compare_with(self, &old, list->now_ms);
    say_gone(list, &old);
    free(old.process);
    return true;
}

static size_t count(const struct list_pane *list)
{
    return state_of(list)->count;
}

static void text(const struct list_pane *list, size_t row, unsigned column, struct text *text)
{
    const struct process *process = process_at(list, row);
    const struct task *task = &process->task;
    switch (column) {
    case PID:
        text_add(text, "%" PRId32, task->pid);
        break;
    case TGID:
        text_add(text, "%" PRId32, task->tgid);
        break;
    case PPID:
        text_add(text, "%" PRId32, task->ppid);
        break;
    case STATE:
        text_add(text, "%c", task->state);
        break;
    case NAME:
        text_add(text, task->kthread ? "[%s]" : "%s", task->comm);
        break;
    case KIND:
        if (task->pid != task->tgid)
            text_add(text, "of %" PRId32, task->tgid);
        else if (task->kthread)
            text_add(text, "kernel");
        else if (process->threads)
            text_add(text, "%u threads", process->threads + 1);
        break;
    case MM:
        if (task->mm)
            text_add(text, "%" PRIx64, task->mm);
        break;
    case PGD:
        if (task->pgd_pa != NO_ROOT)
            text_add(text, "p:%" PRIx64, task->pgd_pa);
        break;
    default:
        text_add(text, "%" PRIx64, task->va);
        break;
    }
}

static int by_number(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int by_address(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare(const struct list_pane *list, size_t a, size_t b, unsigned column)
{
    const struct process *left = process_at(list, a), *right = process_at(list, b);
    switch (column) {
    case PID:
        return by_number(left->task.pid, right->task.pid);
    case TGID:
        return by_number(left->task.tgid, right->task.tgid);
    case PPID:
        return by_number(left->task.ppid, right->task.ppid);
    case STATE:
        return left->task.state - right->task.state;
    case NAME:
        return strcasecmp(left->task.comm, right->task.comm);
    case KIND:
        if (left->task.kthread != right->task.kthread)
            return left->task.kthread - right->task.kthread;
        return by_number(left->task.tgid, right->task.tgid);
    case MM:
        return by_address(left->task.mm, right->task.mm);
    case PGD:
        return by_address(left->task.pgd_pa, right->task.pgd_pa);
    default:
        return by_address(left->task.va, right->task.va);
    }
}

static uint64_t key(const struct list_pane *list, size_t row)
{
    return key_of(process_at(list, row));
}

static struct address address(const struct list_pane *list, size_t row)
{
    return address_in(app_space(list->app), process_at(list, row)->task.va);
}

static enum freshness fresh(const struct list_pane *list, size_t row, unsigned column)
{
    const struct process *process = process_at(list, row);
    int64_t since = column == STATE && process->state_ms > process->born_ms ? process->state_ms
                                                                            : process->born_ms;
    int64_t age = list->now_ms - since;
    return age < NOW_MS ? FRESH_NOW : age < OLD_MS ? FRESH_OLD : FRESH_NOT;
}

static bool follow(struct list_pane *list, size_t row, struct error *err)
{
    (void)err;
    struct task task = process_at(list, row)->task;
    app_open_process(list->app, &task);
    return true;
}

static bool show_mappings(struct pane *pane, const struct pane_call *call)
{
    size_t row;
    struct list_pane *list = list_pane_call(pane, call, &row);
    if (!list)
        return false;
    struct task task = process_at(list, row)->task;
    if (app_enter(list->app, &task))
        app_show_pane(list->app, &mappings_pane_type);
    return true;
}

static bool show_struct(struct pane *pane, const struct pane_call *call)
{
    size_t row;
    struct list_pane *list = list_pane_call(pane, call, &row);
    if (!list)
        return false;
    app_show_struct(list->app, btf_find(state_of(list)->linux->btf, "task_struct", BTF_STRUCT),
                    address(list, row));
    return true;
}

static const struct pane_command commands[] = {
    {"show-mappings", "", "the mappings of this process", show_mappings, 0, true},
    {"show-struct", "", "its task_struct", show_struct, 0, true},
    {NULL, NULL, NULL, NULL, 0, false},
};

static void caption(const struct list_pane *list, struct text *text)
{
    if (state_of(list)->linux->tasks->cut)
        text_add(text, "  (the list is broken: there may be more)");
}

static const struct list_source kind = {
    .title = "Processes",
    .column = columns,
    .columns = COLUMNS,
    .state_size = sizeof(struct processes),
    .live_ms = LIVE_MS,
    .load = load,
    .unload = unload,
    .count = count,
    .text = text,
    .compare = compare,
    .key = key,
    .address = address,
    .follow = follow,
    .fresh = fresh,
    .caption = caption,
};

static struct pane *create(struct app *app, struct session *session)
{
    return list_pane_create(&processes_pane_type, &kind, app, session);
}

const struct pane_type processes_pane_type = {
    .name = "processes", .create = create, .commands = commands, LIST_PANE_OPERATIONS};
