/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Until the worker has ended, only the worker touches the finder.  Whoever comes last, worker or
 * asker, gives the record back. */
#include "session/seeker.h"

#include "session/worker.h"

#include <stdlib.h>

#define SLICE    (UINT64_C(2) << 20) /* bytes between looks at the flag: a millisecond or so */
#define COMPLETE 10000u

struct seeker {
    struct source *source;
    struct finder *finder;
    struct worker *worker;
    atomic_uint progress; /* of COMPLETE */
};

static void seek(void *context, struct worker *worker)
{
    struct seeker *seeker = context;
    finder_set_cancel(seeker->finder, worker_cancelled(worker));
    while (!atomic_load(worker_cancelled(worker)) && !finder_step(seeker->finder, SLICE))
        atomic_store(&seeker->progress, (unsigned)(finder_progress(seeker->finder) * COMPLETE));
}

static void destroy(void *context)
{
    struct seeker *seeker = context;
    if (!seeker)
        return;
    finder_destroy(seeker->finder);
    source_drop(seeker->source);
    free(seeker);
}

struct seeker *seeker_start(struct source *source, struct error *err)
{
    struct seeker *seeker = calloc(1, sizeof *seeker);
    struct worker *worker = NULL;
    if (seeker) {
        seeker->source = source_hold(source);
        seeker->finder = finder_create(source);
    }
    if (!seeker || !seeker->finder)
        error_set(err, "out of memory");
    else
        worker = worker_start(seek, destroy, seeker, err);
    if (!worker) {
        destroy(seeker);
        return NULL;
    }
    seeker->worker = worker; /* the thread has its own */
    return seeker;
}

void seeker_stop(struct seeker *seeker)
{
    if (seeker)
        worker_drop(seeker->worker);
}

double seeker_progress(const struct seeker *seeker)
{
    return (double)atomic_load(&seeker->progress) / COMPLETE;
}

bool seeker_has_ended(struct seeker *seeker)
{
    return worker_has_ended(seeker->worker);
}

const struct finder *seeker_wait(struct seeker *seeker)
{
    worker_wait(seeker->worker);
    return seeker->finder;
}

int seeker_descriptor(const struct seeker *seeker)
{
    return worker_descriptor(seeker->worker);
}
