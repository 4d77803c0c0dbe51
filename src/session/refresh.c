/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guest may be running: what was learnt of it has an age.  What is cheap is forgotten at every
 * look, and what has to be collected (tasks, indexes) is collected anew when it is too old.
 */
#include "base/clock.h"
#include "session/indexer.h"
#include "session/session_private.h"

/* Milliseconds. */
#define LOOK_EVERY    100   /* between questions that come without ticks */
#define TASKS_EVERY   200   /* who names a process means one of now */
#define STRUCTS_EVERY 1000  /* learning the free lists anew takes milliseconds */
#define REINDEX_EVERY 2000  /* the reverse index, by ticks */
#define PAGES_OLDEST  10000 /* where nobody calls that */

static void forget(struct session *session, struct linux_context *linux, int64_t now)
{
    memory_forget(linux->memory);
    if (!linux->pages || now - session->structs_ms < STRUCTS_EVERY)
        return;
    session->structs_ms = now;
    pages_forget(linux->pages);
}

enum source_state session_refresh(struct session *session, struct error *message)
{
    struct linux_context *linux = session_linux(session);
    int64_t now = clock_ms();
    session->refreshed_ms = now;
    memory_forget(&session->memory);
    enum source_state state = source_refresh(session->source, message);
    if (linux)
        forget(session, linux, now);
    return state;
}

void session_renew(struct session *session)
{
    if (!session->memory.paging || memory_is_indexing(&session->memory) ||
        session->refreshed_ms - session->indexed_ms < REINDEX_EVERY)
        return;
    session->indexed_ms = session->refreshed_ms;
    memory_reindex(&session->memory);
}

void session_catch_up(struct session *session)
{
    if (clock_ms() - session->refreshed_ms >= LOOK_EVERY)
        session_refresh(session, NULL);
    session_renew(session);
}

void session_read_tasks(struct session *session, struct linux_context *linux)
{
    linux_refresh_tasks(linux);
    session->tasks_ms = clock_ms();
}

const struct tasks *session_tasks(struct session *session, struct error *err)
{
    struct linux_context *linux = session_need(session, LINUX_TASKS, err);
    if (linux && clock_ms() - session->tasks_ms >= TASKS_EVERY)
        session_read_tasks(session, linux);
    return linux ? linux->tasks : NULL;
}

const struct task *session_task(struct session *session, const char *name, struct error *err)
{
    const struct tasks *tasks = session_tasks(session, err);
    const struct task *task = tasks ? tasks_named(tasks, name, err) : NULL;
    struct linux_context *linux = session_linux(session);
    struct task now = task ? *task : (struct task){0};
    bool is_same = task && task_reread(&now, linux) && now.mm == task->mm;
    if (!tasks || is_same)
        return task;
    session_read_tasks(session, linux);
    return tasks_named(tasks, name, err);
}

struct pages *session_pages(struct session *session, struct error *err)
{
    struct linux_context *linux = session_need(session, LINUX_PAGES, err);
    if (!linux)
        return NULL;
    bool is_old = clock_ms() - session->pages_ms >= PAGES_OLDEST;
    if (session->nonblocking || (!is_old && pages_ready(linux->pages)))
        return linux->pages;
    session->pages_ms = clock_ms();
    indexer_build_pages(session);
    return linux->pages;
}
