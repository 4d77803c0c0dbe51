/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session for another thread: what never changes is shared, what a question may change is not. */
#include "session/session_private.h"

#include <stdlib.h>

static bool share_linux(struct session *clone, const struct session *session, struct error *err)
{
    const struct linux_context *linux = session->shared.stages || !session->loader
                                            ? &session->shared
                                            : loader_result(session->loader);
    if (!linux || !linux->stages)
        return true;
    clone->loader = loader_hold(session->loader);
    return linux_share(&clone->shared, linux, &clone->memory) || error_set(err, "out of memory");
}

struct session *session_clone(const struct session *session, struct error *err)
{
    struct session *clone = calloc(1, sizeof *clone);
    if (!clone) {
        error_set(err, "out of memory");
        return NULL;
    }
    *clone = *session;
    clone->source = source_hold(session->source);
    clone->spaces = spaces_hold(session->spaces);
    clone->memory = (struct memory){0};
    clone->budget = NULL;
    clone->seeker = NULL;
    clone->indexer = NULL;
    clone->type_names = NULL;
    clone->loader = clone->retired = NULL;
    clone->shared = (struct linux_context){0};
    clone->nonblocking = clone->wanted = clone->has_turns = false;
    if (memory_share(&clone->memory, &session->memory, err) && share_linux(clone, session, err))
        return clone;
    session_close(clone);
    return NULL;
}

void session_set_cancel(struct session *session, const atomic_bool *cancelled)
{
    memory_set_cancel(&session->memory, cancelled);
}

struct budget *session_spend(struct session *session, struct budget *budget)
{
    struct budget *before = session->budget;
    session->budget = budget;
    memory_spend(&session->memory, budget);
    session_linux(session); /* its memory, too */
    return before;
}

struct budget *session_begin(struct session *session, struct budget *budget)
{
    memory_make_budget(&session->memory, budget);
    return session_spend(session, budget);
}

bool session_is_cancelled(const struct session *session)
{
    return memory_is_cancelled(&session->memory);
}
