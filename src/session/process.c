/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The spaces of processes, and what becomes of them while the guest runs. */
#include "session/session_private.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* What is to be known of a process to find it again. */
static struct task task_of(const struct space *space)
{
    const struct space_process *process = &space->process;
    return (struct task){.va = process->task_va,
                         .pid = process->pid,
                         .tgid = process->tgid,
                         .mm = process->mm_va,
                         .pgd_pa = process->pgd_pa,
                         .user_pa = space->roots.user_pa};
}

/* The space of a task, also of one without a user half. */
static const struct space *space_of(struct session *session, const struct task *task)
{
    const struct space *kernel = session_kernel_space(session);
    struct space space = {.kind = SPACE_VIRT,
                          .paging = kernel->paging,
                          .roots = {kernel->roots.kernel_pa, task->user_pa},
                          .window = kernel->window,
                          .kernel = kernel,
                          .process = {.pid = task->pid,
                                      .tgid = task->tgid,
                                      .task_va = task->va,
                                      .mm_va = task->mm,
                                      .pgd_pa = task->pgd_pa}};
    static_assert(sizeof space.process.comm == sizeof task->comm, "a name fits");
    memcpy(space.process.comm, task->comm, sizeof task->comm);
    return spaces_get(session->spaces, &space);
}

const struct space *session_space_of(struct session *session, const struct task *task,
                                     struct error *err)
{
    const struct space *space = NULL;
    if (task->user_pa == NO_ROOT)
        error_set(err, "%s (%d) has no user memory", task->comm, task->pid);
    else if (!(space = space_of(session, task)))
        error_set(err, "out of memory: %d spaces are known already", SPACES_MAX);
    return space;
}

const struct space *session_space_named(struct session *session, const char *name,
                                        struct error *err)
{
    const struct task *task = session_task(session, name, err);
    return task ? session_space_of(session, task, err) : NULL;
}

const struct space *session_space_at(struct session *session, uint64_t task_va, struct error *err)
{
    const struct tasks *tasks = session_tasks(session, err);
    for (size_t i = 0; tasks && i < tasks->count; i++)
        if (tasks->task[i].va == task_va)
            return session_space_of(session, &tasks->task[i], err);
    if (tasks)
        error_set(err, "it has ended");
    return NULL;
}

static bool has_memory_of(const struct task *task, const struct task *of)
{
    return task->tgid == of->tgid && task->mm == of->mm && task->pgd_pa == of->pgd_pa;
}

/* *process becomes what it is now; where its memory lives on in another thread, that one. */
static enum space_fate fate_of(struct session *session, struct linux_context *linux,
                               struct task *process)
{
    struct task now = *process;
    uint64_t late = linux->memory->reader->late;
    bool is_there = task_reread(&now, linux);
    if (linux->memory->reader->late != late || budget_has_ended(memory_budget(linux->memory)))
        return SPACE_LIVES; /* what became of it is on its way, or was not read */
    if (!is_there || !has_memory_of(&now, process)) {
        if (is_there && now.user_pa != NO_ROOT) {
            *process = now;
            return SPACE_EXECUTED;
        }
        session_read_tasks(session, linux);
        if (budget_has_ended(memory_budget(linux->memory)))
            return SPACE_LIVES;
        size_t i = 0;
        while (i < linux->tasks->count && !has_memory_of(&linux->tasks->task[i], process))
            i++;
        if (i == linux->tasks->count)
            return SPACE_ENDED;
        now = linux->tasks->task[i];
    }
    *process = now;
    return SPACE_LIVES;
}

/* What its tables were may be anything by now. */
static const struct space *ended(struct session *session, const struct space *space)
{
    struct task task = task_of(space);
    memcpy(task.comm, space->process.comm, sizeof task.comm);
    task.mm = 0;
    task.pgd_pa = task.user_pa = NO_ROOT;
    return space_of(session, &task);
}

enum space_fate session_fate(struct session *session, const struct space *space,
                             const struct space **now)
{
    struct linux_context *linux = session_linux(session);
    struct task process = task_of(space);
    enum space_fate fate = SPACE_LIVES;
    *now = space;
    if (space_has_ended(space))
        return SPACE_ENDED;
    /* Of a kernel that was left nothing is known. */
    if (!process.pid || !linux || space->kernel != session_kernel_space(session))
        return SPACE_LIVES;
    fate = fate_of(session, linux, &process);
    const struct space *is =
        fate == SPACE_ENDED ? ended(session, space) : space_of(session, &process);
    *now = is ? is : session_kernel_space(session);
    return fate;
}

bool session_is_there(struct session *session, struct address address, struct error *err)
{
    const struct space *space = address_canonical(address).space, *now;
    const struct space_process *process = &space->process;
    enum space_fate fate = session_fate(session, space, &now);
    if (fate == SPACE_LIVES)
        return true;
    return error_set(err,
                     fate == SPACE_ENDED ? "%s (%d) has ended: there is no user half to show"
                                         : "%s (%d) has executed another program since: what was "
                                           "here is gone",
                     process->comm, process->pid);
}

char *session_walk_reason(const struct space *space, const struct walk *walk, char *text,
                          size_t size)
{
    const struct space_process *process = &space->process;
    if (!space_has_ended(space) || !walk->no_root || space_is_shared(space, walk->va))
        return walk_reason(walk, space->paging, text, size);
    snprintf(text, size, "%s (%d) has ended, and its user half with it", process->comm,
             process->pid);
    return text;
}
