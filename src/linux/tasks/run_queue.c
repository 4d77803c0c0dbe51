/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An idle task has pid 0, as init_task has, and the name of its CPU: "swapper/1". */
#include "linux/tasks/run_queue.h"

#include "linux/lists/pointer_chain.h"
#include "linux/tasks/task_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void run_queues_of_tasks(uint64_t queue[RUN_QUEUES], const struct linux_context *linux,
                         const struct tasks *tasks)
{
    const struct btf *btf = linux->btf;
    struct memory *memory = linux->memory;
    struct field fair, rq, cpu;
    memset(queue, 0, RUN_QUEUES * sizeof *queue);
    if (!btf || !tasks || !field_of(btf, "task_struct", "se.cfs_rq", &fair) ||
        !field_of(btf, "cfs_rq", "rq", &rq) || !field_of(btf, "rq", "cpu", &cpu))
        return;
    for (size_t i = 0; i < tasks->count; i++) {
        uint64_t va, number;
        if (pointer_read(memory, tasks->task[i].va + fair.offset, &va) && va &&
            pointer_read(memory, va + rq.offset, &va) && va &&
            field_read(memory, va, &cpu, &number) && number < RUN_QUEUES)
            queue[number] = va;
    }
}

/* False: the kernel does not name them, or where the CPUs have theirs is not known. */
static bool queues_by_symbol(uint64_t queue[RUN_QUEUES], const struct linux_context *linux)
{
    const struct percpu *percpu = linux->percpu;
    static const char name[] = "runqueues";
    const struct symbol *symbol = linux->symbols ? symbols_find(linux->symbols, name) : NULL;
    struct error ignored;
    if (!symbol || symbol->module || !percpu || !percpu->cpus ||
        !percpu_holds(percpu, name, symbol->va))
        return false;
    for (unsigned cpu = 0; cpu < RUN_QUEUES; cpu++)
        if (!percpu_address(percpu, name, symbol->va, cpu, &queue[cpu], &ignored))
            queue[cpu] = 0;
    return true;
}

static bool read_idle(struct memory *memory, const struct task_fields *fields, uint64_t va,
                      unsigned cpu, struct task *task)
{
    char name[sizeof task->comm];
    snprintf(name, sizeof name, "swapper/%u", cpu);
    return task_read(memory, fields, va, task) && task->pid == 0 && task->tgid == 0 &&
           strcmp(task->comm, name) == 0;
}

/* Those of `found` after the first, in their order.  Out of memory: none. */
static void insert(struct tasks *tasks, const struct task *found, size_t count)
{
    size_t capacity = tasks->count + count;
    struct task *more =
        capacity > tasks->capacity ? realloc(tasks->task, capacity * sizeof *more) : NULL;
    if (more) {
        tasks->task = more;
        tasks->capacity = capacity;
    }
    if (!count || capacity > tasks->capacity)
        return;
    memmove(&tasks->task[1 + count], &tasks->task[1], (tasks->count - 1) * sizeof *found);
    memcpy(&tasks->task[1], found, count * sizeof *found);
    tasks->count += count;
}

void run_queues_add_idle(struct tasks *tasks, const struct linux_context *linux)
{
    struct memory *memory = linux->memory;
    uint64_t queue[RUN_QUEUES], va;
    struct task_fields fields;
    struct error ignored;
    struct field idle;
    size_t count = 0;
    if (!tasks->count || !field_of(linux->btf, "rq", "idle", &idle) ||
        !task_fields_of(linux->btf, &fields, &ignored))
        return;
    if (!queues_by_symbol(queue, linux))
        run_queues_of_tasks(queue, linux, tasks);
    struct task *found = calloc(RUN_QUEUES, sizeof *found);
    for (unsigned cpu = 1; found && cpu < RUN_QUEUES; cpu++)
        if (queue[cpu] && pointer_read(memory, queue[cpu] + idle.offset, &va) &&
            read_idle(memory, &fields, va, cpu, &found[count]))
            count++;
    insert(tasks, found, count);
    free(found);
}
