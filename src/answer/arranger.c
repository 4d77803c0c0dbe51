/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker's browser is on a clone of the session: it reads memory by itself, and may wait. */
#include "answer/arranger.h"

#include "session/worker.h"

#include <poll.h>
#include <stdlib.h>

struct arranger {
    struct worker *worker;
    struct session *session; /* NULL: the browser has none */
    struct browser *browser;
    arranger_run *run;
    void *context;
};

static void destroy(void *context)
{
    struct arranger *arranger = context;
    browser_close(arranger->browser);
    session_close(arranger->session);
    free(arranger);
}

static void run(void *context, struct worker *worker)
{
    struct arranger *arranger = context;
    const atomic_bool *cancelled = worker_cancelled(worker);
    if (arranger->session)
        session_set_cancel(arranger->session, cancelled);
    arranger->run(arranger->context, arranger->browser, cancelled);
}

/* A browser for the worker.  False: *err says why. */
static bool take_browser(struct arranger *arranger, const struct browser *browser,
                         struct error *err)
{
    const struct session *session = browser_session(browser);
    if (session && !(arranger->session = session_clone(session, err)))
        return false;
    arranger->browser = browser_share(browser, arranger->session, err);
    return arranger->browser;
}

struct arranger *arranger_start(const struct browser *browser, arranger_run *how, void *context,
                                struct error *err)
{
    struct arranger *arranger = calloc(1, sizeof *arranger);
    if (!arranger) {
        error_set(err, "out of memory");
        return NULL;
    }
    arranger->run = how;
    arranger->context = context;
    struct worker *worker = NULL;
    if (take_browser(arranger, browser, err))
        worker = worker_start(run, destroy, arranger, err);
    if (!worker) {
        destroy(arranger);
        return NULL;
    }
    arranger->worker = worker; /* the thread has its own */
    return arranger;
}

bool arranger_has_ended(const struct arranger *arranger, int within_ms)
{
    struct pollfd file = {worker_descriptor(arranger->worker), POLLIN, 0};
    return worker_has_ended(arranger->worker) ||
           (within_ms > 0 && poll(&file, 1, within_ms) > 0 && worker_has_ended(arranger->worker));
}

int arranger_descriptor(const struct arranger *arranger)
{
    return arranger ? worker_descriptor(arranger->worker) : -1;
}

void arranger_stop(struct arranger *arranger)
{
    if (!arranger)
        return;
    worker_cancel(arranger->worker);
    worker_wait(arranger->worker);
    worker_drop(arranger->worker);
}
