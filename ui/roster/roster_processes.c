/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes and their threads, live: what is new and what changed its state lights up, and
 * that the one under the cursor is gone is said.
 */
#include "ui/roster/roster.h"

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
    struct guest *guest;
    struct process *process;
    size_t count;
};

enum { PID, TGID, PPID, STATE, NAME, TASK, MM, PGD, KIND, COLUMNS };

static const struct roster_column columns[COLUMNS] = {
    [PID] = {"PID", 7, 0, true, STYLE_TEXT},     [TGID] = {"TGID", 7, 3, true, STYLE_DIM},
    [PPID] = {"PPID", 7, 5, true, STYLE_DIM},    [STATE] = {"S", 1, 0, false, STYLE_TEXT},
    [NAME] = {"NAME", 17, 0, false, STYLE_TEXT}, [TASK] = {"TASK", 16, 4, false, STYLE_ADDRESS},
    [MM] = {"MM", 16, 1, false, STYLE_ADDRESS},  [PGD] = {"PGD", 11, 2, false, STYLE_ADDRESS},
    [KIND] = {"KIND", -10, 6, false, STYLE_DIM},
};

static const struct processes *state_of(const struct roster *roster)
{
    return roster->state;
}

static const struct process *process_at(const struct roster *roster, size_t row)
{
    return &state_of(roster)->process[row];
}

static void unload(struct roster *roster)
{
    struct processes *self = roster->state;
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

static void say_gone(struct roster *roster, const struct processes *old)
{
    uint64_t key = roster->sought_key;
    const struct process *before = roster->seeking ? find(old, key) : NULL;
    if (before && !find(state_of(roster), key))
        app_message(roster->app, "%s (%d) is gone", before->task.comm, before->task.pid);
}

static bool load(struct roster *roster, struct error *why)
{
    struct processes *self = roster->state, old = *self;
    struct guest *guest = roster_guest(roster, GUEST_TASKS, why);
    if (!guest) {
        unload(roster);
        return false;
    }
    guest_refresh_tasks(guest);
    if (!guest->tasks.count)
        return error_set(why, "the list of tasks cannot be read any more: %s",
                         guest->tasks.why.text);
    struct process *process = calloc(guest->tasks.count, sizeof *process);
    if (!process)
        return error_set(why, "out of memory");
    *self = (struct processes){guest, process, guest->tasks.count};
    for (size_t i = 0; i < self->count; i++)
        process[i].task = guest->tasks.task[i];
    count_threads(self);
    compare_with(self, &old, roster->now_ms);
    say_gone(roster, &old);
    free(old.process);
    return true;
}

static size_t count(const struct roster *roster)
{
    return state_of(roster)->count;
}

static void text(const struct roster *roster, size_t row, unsigned column, struct text *text)
{
    const struct process *process = process_at(roster, row);
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

static int compare(const struct roster *roster, size_t a, size_t b, unsigned column)
{
    const struct process *left = process_at(roster, a), *right = process_at(roster, b);
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

static uint64_t key(const struct roster *roster, size_t row)
{
    return key_of(process_at(roster, row));
}

static struct address address(const struct roster *roster, size_t row)
{
    return address_in(SPACE_VIRT, process_at(roster, row)->task.va);
}

static enum freshness fresh(const struct roster *roster, size_t row, unsigned column)
{
    const struct process *process = process_at(roster, row);
    int64_t since = column == STATE && process->state_ms > process->born_ms ? process->state_ms
                                                                            : process->born_ms;
    int64_t age = roster->now_ms - since;
    return age < NOW_MS ? FRESH_NOW : age < OLD_MS ? FRESH_OLD : FRESH_NOT;
}

static bool act(struct roster *roster, size_t row, enum action action)
{
    const struct processes *self = state_of(roster);
    struct task task = process_at(roster, row)->task;
    switch (action) {
    case ACTION_FOLLOW:
        app_open_process(roster->app, &task);
        return true;
    case ACTION_MAPPINGS:
        if (app_enter(roster->app, &task))
            app_show_pane(roster->app, PANE_MAPPINGS);
        return true;
    case ACTION_STRUCT:
        app_show_struct(roster->app, btf_find(self->guest->btf, "task_struct", BTF_STRUCT),
                        task.va);
        return true;
    default:
        return false;
    }
}

static void caption(const struct roster *roster, struct text *text)
{
    if (state_of(roster)->guest->tasks.cut)
        text_add(text, "  (the list is broken: there may be more)");
}

static const struct roster_kind kind = {
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
    .act = act,
    .fresh = fresh,
    .caption = caption,
};

static struct pane *create(struct app *app, struct session *session)
{
    return roster_create(&processes_pane_type, &kind, app, session);
}

const struct pane_type processes_pane_type = {.name = "processes", .create = create, ROSTER_PANE};
