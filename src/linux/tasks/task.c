/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of processes and each one's threads.  A torn list is gone through from both ends:
 * what lies on either side of the tear is found.
 */
#include "linux/tasks/task.h"

#include "base/array.h"
#include "base/hash.h"
#include "linux/lists/pointer_chain.h"
#include "linux/tasks/task_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct task_loader {
    struct tasks *tasks;
    struct memory *memory;
    struct task_fields fields;
    struct hash seen; /* of tasks->task[], by the address of the task_struct */
    bool full;        /* out of memory, or more than TASKS_MAX */
};

static void say_cut(struct tasks *tasks, const struct error *why)
{
    if (!tasks->cut)
        tasks->why = *why;
    tasks->cut = true;
}

static bool was_seen(const struct task_loader *loader, uint64_t va)
{
    return HASH_FIND(&loader->seen, loader->tasks->task, va, va) != HASH_NONE;
}

static bool add(struct task_loader *loader, const struct task *task)
{
    struct tasks *tasks = loader->tasks;
    if (tasks->count >= TASKS_MAX ||
        !budget_take_bytes(memory_budget(loader->memory), sizeof *task) ||
        !ARRAY_ROOM(&tasks->task, tasks->count, &tasks->capacity) ||
        !hash_add(&loader->seen, hash_number(task->va), tasks->count))
        return false;
    tasks->task[tasks->count++] = *task;
    return true;
}

/* False: what lies there is no task; tasks->why is set. */
static bool add_at(struct task_loader *loader, uint64_t va, bool is_process, int32_t tgid)
{
    struct task task;
    struct error why;
    if (!task_read(loader->memory, &loader->fields, va, &task) || !task.pid ||
        (is_process ? task.pid != task.tgid : task.tgid != tgid)) {
        error_set(&why, "after %zu tasks, what lies at v:%" PRIx64 " is no %s",
                  loader->tasks->count, va, is_process ? "process" : "thread of its process");
        why.va = va;
        say_cut(loader->tasks, &why);
        return false;
    }
    if (!add(loader, &task)) {
        error_set(&why, "more than %zu tasks, or out of memory", loader->tasks->count);
        say_cut(loader->tasks, &why);
        loader->full = true;
        return false;
    }
    return true;
}

static void add_threads(struct task_loader *loader, uint64_t leader_va, int32_t tgid)
{
    const struct task_fields *fields = &loader->fields;
    uint64_t head, node, link;
    struct pointer_chain chain;
    if (fields->has_thread_head) {
        /* A process that is being reaped has neither signal_struct nor threads. */
        if (!pointer_read(loader->memory, leader_va + fields->signal.offset, &head) || !head)
            return;
        head += fields->thread_head.offset;
        link = fields->thread_node.offset;
    } else if (fields->has_thread_group) {
        link = fields->thread_group.offset;
        head = leader_va + link;
    } else
        return;
    pointer_chain_start(&chain, loader->memory, head, false, TASKS_MAX);
    while (!loader->full && pointer_chain_next(&chain, &node)) {
        if (!was_seen(loader, node - link) && !add_at(loader, node - link, false, tgid))
            return;
    }
    if (chain.why.text[0])
        say_cut(loader->tasks, &chain.why);
}

/* The processes in one direction.  True: the whole ring, with every link sound. */
static bool add_processes(struct task_loader *loader, uint64_t init_va, bool backward)
{
    uint64_t link = loader->fields.tasks.offset, node;
    struct pointer_chain chain;
    pointer_chain_start(&chain, loader->memory, init_va + link, backward, TASKS_MAX);
    while (!loader->full && pointer_chain_next(&chain, &node)) {
        uint64_t va = node - link;
        if (was_seen(loader, va)) {
            if (backward)
                return false; /* reached what the way forward knows */
            continue;
        }
        if (!add_at(loader, va, true, 0))
            return false;
        add_threads(loader, va, loader->tasks->task[loader->tasks->count - 1].tgid);
    }
    if (chain.why.text[0])
        say_cut(loader->tasks, &chain.why);
    return chain.ended && !chain.strays;
}

static void reverse(struct task *task, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct task swapped = task[i];
        task[i] = task[count - 1 - i];
        task[count - 1 - i] = swapped;
    }
}

/* What was found from the end on is in reverse; each process's threads are not. */
static void put_in_order(struct tasks *tasks, size_t first)
{
    reverse(tasks->task + first, tasks->count - first);
    for (size_t end; first < tasks->count; first = end) {
        for (end = first + 1; end < tasks->count; end++)
            if (tasks->task[end].tgid != tasks->task[first].tgid)
                break;
        reverse(tasks->task + first, end - first);
    }
}

bool tasks_load(struct tasks *tasks, const struct linux_context *linux, struct error *err)
{
    struct task_loader loader = {.tasks = tasks, .memory = linux->memory};
    uint64_t init_task_va = linux->init_task_va;
    struct task init;
    tasks->count = 0;
    tasks->cut = false;
    tasks->why = (struct error){0};
    if (!task_fields_of(linux->btf, &loader.fields, err))
        return false;
    if (!task_read(linux->memory, &loader.fields, init_task_va, &init))
        return error_set(err, "init_task at v:%" PRIx64 " cannot be read", init_task_va);
    if (!add(&loader, &init)) {
        hash_free(&loader.seen);
        return error_set(err, "out of memory");
    }
    if (!add_processes(&loader, init_task_va, false) && !loader.full) {
        size_t middle = tasks->count;
        add_processes(&loader, init_task_va, true);
        put_in_order(tasks, middle);
    }
    hash_free(&loader.seen);
    return true;
}

void tasks_free(struct tasks *tasks)
{
    free(tasks->task);
    *tasks = (struct tasks){0};
}

const struct task *tasks_find(const struct tasks *tasks, int32_t pid)
{
    for (size_t i = 0; i < tasks->count; i++)
        if (tasks->task[i].pid == pid)
            return &tasks->task[i];
    return NULL;
}

/* Of the processes, or else of the threads, of that name: the first, and how many there are. */
static const struct task *by_comm(const struct tasks *tasks, const char *name, bool threads,
                                  size_t *count)
{
    const struct task *first = NULL;
    *count = 0;
    for (size_t i = 0; i < tasks->count; i++) {
        const struct task *task = &tasks->task[i];
        if ((task->pid != task->tgid) != threads || strcmp(task->comm, name) != 0)
            continue;
        first = first ? first : task;
        (*count)++;
    }
    return first;
}

/* The task may be missing because the list is broken. */
static void add_cut(const struct tasks *tasks, struct error *err)
{
    size_t used = strlen(err->text);
    if (tasks->cut)
        snprintf(err->text + used, sizeof err->text - used, "; there may be more: %s",
                 tasks->why.text);
}

const struct task *tasks_named(const struct tasks *tasks, const char *name, struct error *err)
{
    char *end;
    size_t count;
    errno = 0;
    bool hex = name[0] == '0' && (name[1] == 'x' || name[1] == 'X');
    const char *digits = name + (name[0] == '.'); /* decimal, as an expression writes it */
    long pid = strtol(digits, &end, hex ? 16 : 10);
    if (digits[0] >= '0' && digits[0] <= '9' && !*end) {
        const struct task *task =
            !errno && pid <= INT32_MAX ? tasks_find(tasks, (int32_t)pid) : NULL;
        if (!task) {
            error_set(err, "no task has the number %.20s", name);
            add_cut(tasks, err);
        }
        return task;
    }
    const struct task *task = by_comm(tasks, name, false, &count);
    if (!task)
        task = by_comm(tasks, name, true, &count);
    if (!task) {
        error_set(err, "no task is called %.64s", name);
        add_cut(tasks, err);
    } else if (count > 1) {
        error_set(err, "%zu tasks are called %.64s: say which by its number (%d, ...)", count, name,
                  task->pid);
        task = NULL;
    }
    return task;
}
