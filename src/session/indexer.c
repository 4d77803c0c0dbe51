/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An index is the clone's until it is complete; then the session has it, too. */
#include "session/indexer.h"

#include "base/clock.h"
#include "session/session_private.h"

#define PAGES_EVERY  5000 /* milliseconds: who maps what, where the guest was looked at since */
#define TABLES_SLICE 256  /* between looks at the flag */

struct kind {
    void (*build)(struct session *session);
    bool (*take)(struct session *session, const struct session *clone);
};

void indexer_build_names(struct session *session)
{
    struct budget budget, *before = session_begin(session, &budget);
    while (!session_is_cancelled(session) && !memory_step(&session->memory, TABLES_SLICE))
        ;
    session_spend(session, before);
}

void indexer_build_pages(struct session *session)
{
    struct linux_context *linux = session_linux(session);
    struct budget budget, *before;
    session_read_tasks(session, linux);
    pages_reindex(linux->pages);
    before = session_begin(session, &budget);
    while (!session_is_cancelled(session) && !pages_step(linux->pages))
        ;
    session_spend(session, before);
}

static bool take_names(struct session *session, const struct session *clone)
{
    return memory_take_indexes(&session->memory, &clone->memory);
}

static bool take_pages(struct session *session, const struct session *clone)
{
    struct linux_context *linux = session_linux(session);
    return linux && linux->pages && pages_take(linux->pages, clone->shared.pages);
}

static struct kind names = {indexer_build_names, take_names},
                   pages = {indexer_build_pages, take_pages};

static void build(void *context, struct session *clone)
{
    const struct kind *kind = context;
    kind->build(clone);
}

static void keep(void *context)
{
    (void)context; /* a row of this file */
}

static void ask(struct session *session, struct kind *kind)
{
    static const struct beside_question question = {build, keep};
    struct error ignored; /* the next step asks again */
    beside_ask(&session->indexer, &question, kind, session, &ignored);
}

static bool pages_are_due(struct session *session)
{
    const struct linux_context *linux = session_linux(session);
    if (!linux || !linux->pages)
        return false;
    return !pages_ready(linux->pages) || (session->refreshed_ms > session->pages_ms &&
                                          clock_ms() - session->pages_ms >= PAGES_EVERY);
}

bool indexer_step(struct session *session)
{
    const struct kind *kind = beside_answer(session->indexer);
    bool taken = kind && kind->take(session, beside_clone(session->indexer));
    if (kind)
        beside_drop(&session->indexer);
    if (session->indexer)
        return false;
    if (memory_is_indexing(&session->memory)) {
        ask(session, &names);
    } else if (pages_are_due(session)) {
        session->pages_ms = clock_ms();
        ask(session, &pages);
    }
    return taken;
}
