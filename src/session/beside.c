/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record is the worker's context: whoever comes last, worker or asker, gives it back. */
#include "session/beside.h"

#include "session/worker.h"

#include <poll.h>
#include <stdlib.h>

struct beside {
    struct worker *worker;
    struct session *clone;
    const struct beside_question *question;
    void *context;
};

static void run(void *context, struct worker *worker)
{
    struct beside *beside = context;
    session_set_cancel(beside->clone, worker_cancelled(worker));
    beside->question->run(beside->context, beside->clone);
}

static void destroy(void *context)
{
    struct beside *beside = context;
    beside->question->destroy(beside->context); /* it may hold what is of the clone */
    session_close(beside->clone);
    free(beside);
}

bool beside_ask(struct beside **asked, const struct beside_question *question, void *context,
                const struct session *session, struct error *err)
{
    beside_drop(asked);
    struct beside *beside = calloc(1, sizeof *beside);
    if (!beside) {
        question->destroy(context);
        return error_set(err, "out of memory");
    }
    beside->question = question;
    beside->context = context;
    beside->clone = session_clone(session, err);
    struct worker *worker = beside->clone ? worker_start(run, destroy, beside, err) : NULL;
    if (!worker) {
        destroy(beside);
        return false;
    }
    beside->worker = worker; /* the thread has its own */
    *asked = beside;
    return true;
}

void *beside_context(const struct beside *beside)
{
    return beside ? beside->context : NULL;
}

void *beside_answer(const struct beside *beside)
{
    return beside && worker_has_ended(beside->worker) ? beside->context : NULL;
}

void *beside_await(const struct beside *beside, const struct session *session)
{
    for (int left; beside && !beside_answer(beside) && (left = session_patience(session)) > 0;) {
        struct pollfd end = {beside_descriptor(beside), POLLIN, 0};
        poll(&end, 1, left);
    }
    return beside_answer(beside);
}

struct session *beside_clone(const struct beside *beside)
{
    return beside->clone;
}

int beside_descriptor(const struct beside *beside)
{
    return beside ? worker_descriptor(beside->worker) : -1;
}

void beside_drop(struct beside **beside)
{
    if (*beside)
        worker_drop((*beside)->worker);
    *beside = NULL;
}
