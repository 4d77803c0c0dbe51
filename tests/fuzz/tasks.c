/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any words as tasks, processes and threads, with the types of new kernels or of old ones (the
 * first byte). */
#include "linux/tasks/task.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/small_guest.h"

#include <string.h>

static void check(const struct tasks *tasks)
{
    FUZZ_HOLDS(tasks->count > 0 && tasks->count <= TASKS_MAX);
    FUZZ_HOLDS(tasks->cut == (tasks->why.text[0] != '\0'));
    for (size_t i = 0; i < tasks->count; i++) {
        const struct task *task = &tasks->task[i];
        FUZZ_HOLDS(fuzz_is_printable(task->comm, "") && strlen(task->comm) < sizeof task->comm);
        FUZZ_HOLDS(strchr("RSDTtXZPI?", task->state) && task->state);
        FUZZ_HOLDS(task->va);
        const struct task *found = tasks_find(tasks, task->pid);
        FUZZ_HOLDS(found && found->pid == task->pid);
        for (size_t before = 0; before < i && i < 64; before++)
            FUZZ_HOLDS(tasks->task[before].va != task->va);
    }
}

bool fuzz_tasks(const uint8_t *data, size_t size)
{
    struct tasks tasks = {0};
    struct error err = {.text = ""};
    if (!size)
        return false;
    struct linux_context linux = *fuzz_memory(data + 1, size - 1);
    linux.btf = fuzz_types(*data & 1);
    bool found = task_find_init(&linux, &linux.init_task_va, &err);
    FUZZ_HOLDS(found == !err.text[0]);
    bool loaded = found && tasks_load(&tasks, &linux, &err);
    if (loaded)
        check(&tasks);
    else
        FUZZ_HOLDS(err.text[0]);
    tasks_free(&tasks);
    return loaded;
}
