/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process whose user half v: is: entering it, coming back to it, and noticing its end. */
#include "paging/walk.h"
#include "session/session_private.h"

#include <stdio.h>

enum fate {
    LIVES,
    EXECUTED, /* another program: another mm */
    ENDED,
};

static bool has_memory_of(const struct task *task, const struct task *of)
{
    return task->tgid == of->tgid && task->mm == of->mm && task->pgd_pa == of->pgd_pa;
}

/* *process becomes what it is now; where its memory lives on in another thread, that one. */
static enum fate fate_of(struct session *session, struct linux_context *linux, struct task *process)
{
    struct task now = *process;
    bool is_there = task_reread(&now, linux->memory, linux->btf);
    if (!is_there || !has_memory_of(&now, process)) {
        if (is_there && now.user_pa != NO_ROOT) {
            *process = now;
            return EXECUTED;
        }
        session_read_tasks(session, linux);
        size_t i = 0;
        while (i < linux->tasks->count && !has_memory_of(&linux->tasks->task[i], process))
            i++;
        if (i == linux->tasks->count)
            return ENDED;
        now = linux->tasks->task[i];
    }
    *process = now;
    return LIVES;
}

bool session_enter(struct session *session, const struct task *task, struct error *err)
{
    if (task->user_pa == NO_ROOT)
        return error_set(err, "%s (%d) has no user memory of its own", task->comm, task->pid);
    session->process = *task;
    if (session->memory.space->roots.user_pa == task->user_pa)
        return true;
    return session_set_paging(session, NULL, session->memory.space->roots.kernel_pa, task->user_pa,
                              err);
}

/* What its tables were may be anything by now. */
static void show_ended(struct session *session, const struct task *process)
{
    struct error ignored;
    session->process = *process;
    session->process.mm = 0;
    session->process.pgd_pa = session->process.user_pa = NO_ROOT;
    session_set_paging(session, NULL, session->memory.space->roots.kernel_pa, NO_ROOT, &ignored);
}

void session_watch_process(struct session *session)
{
    struct linux_context *linux = session_linux(session);
    struct task process = session->process;
    struct error ignored;
    if (!linux || !process.va || process.user_pa == NO_ROOT)
        return;
    if (fate_of(session, linux, &process) == ENDED)
        show_ended(session, &process);
    else
        session_enter(session, &process, &ignored);
}

const struct task *session_process(const struct session *session)
{
    return session->process.va ? &session->process : NULL;
}

struct user_half session_user_half(const struct session *session)
{
    return (struct user_half){session->process, session->memory.space->roots.user_pa};
}

bool session_reenter(struct session *session, const struct user_half *half, struct error *err)
{
    struct linux_context *linux = session_linux(session);
    struct task process = half->process;
    enum fate fate = ENDED;
    if (half->root_pa == session->memory.space->roots.user_pa &&
        process.va == session->process.va && process.mm == session->process.mm)
        return true;
    if (!process.va) {
        session->process = process;
        return session_set_paging(session, NULL, session->memory.space->roots.kernel_pa,
                                  half->root_pa, err);
    }
    if (linux && process.user_pa != NO_ROOT)
        fate = fate_of(session, linux, &process);
    if (fate == LIVES)
        return session_enter(session, &process, err);
    show_ended(session, &half->process);
    return error_set(err,
                     fate == ENDED ? "%s (%d) has ended: there is no user half to show"
                                   : "%s (%d) has executed another program since: what was "
                                     "here is gone",
                     half->process.comm, half->process.pid);
}

char *session_walk_reason(const struct session *session, const struct walk *walk, char *text,
                          size_t size)
{
    const struct task *process = session_process(session);
    if (!process || process->user_pa != NO_ROOT || !walk->no_root ||
        paging_is_kernel_half(session->memory.paging, walk->va))
        return walk_reason(walk, session->memory.paging, text, size);
    snprintf(text, size, "%s (%d) has ended, and its user half with it", process->comm,
             process->pid);
    return text;
}
