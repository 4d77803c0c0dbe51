/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker keeps rows, under a lock; the program takes all that are there at a time. */
#include "answer/job.h"

#include "session/worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX  512       /* that wait to be taken */
#define BYTES_MAX (4 << 20) /* of what they hold */

/* What the worker's sink received, in its order: columns, rows, remarks. */
struct coming {
    struct arena arena; /* the shape, and the remarks */
    const struct subject *subject;
    struct shape shape;
    unsigned shown[COLUMNS_MAX], count;
    struct rows rows;
    struct remark remark[QUERY_REMARKS];
    size_t remarks;
};

struct job {
    struct sink worker_sink; /* the first member: the worker's sink is the job */
    struct worker *worker;   /* the program's */
    struct worker *self;     /* the worker's */
    struct session *session; /* the worker's */
    const struct command *command;
    char *arguments;
    struct sink *sink;   /* the program's: where the rows go */
    struct rows taken;   /* the program's: what is given on */
    bool begun, stopped; /* the program's: the sink has its columns; it wants no more */
    pthread_mutex_t lock;
    pthread_cond_t room; /* the rows were taken, or nobody will take them */
    /* Under the lock: */
    struct coming coming;
    bool ended, done, cancelled, out_of_memory;
    struct error err;
};

/* ---- in the worker ---- */

static struct job *job_of(struct sink *sink)
{
    return (struct job *)(void *)sink;
}

static bool begin(struct sink *sink, const struct subject *subject, const struct shape *shape,
                  const unsigned *shown, unsigned count)
{
    struct job *job = job_of(sink);
    struct coming *coming = &job->coming;
    pthread_mutex_lock(&job->lock);
    bool done = shape_copy(&coming->arena, shape, &coming->shape);
    if (done) {
        coming->subject = subject;
        coming->count = count;
        memcpy(coming->shown, shown, count * sizeof *shown);
        coming->rows.shape = &coming->shape;
    }
    job->out_of_memory |= !done;
    pthread_mutex_unlock(&job->lock);
    worker_wake(job->self);
    return done;
}

static bool row(struct sink *sink, const struct value *cell)
{
    struct job *job = job_of(sink);
    struct rows *rows = &job->coming.rows;
    pthread_mutex_lock(&job->lock);
    while ((rows->count >= ROWS_MAX || (rows->count && rows->arena.bytes >= BYTES_MAX)) &&
           !job->cancelled)
        pthread_cond_wait(&job->room, &job->lock);
    bool wanted = !job->cancelled, is_first = !rows->count;
    if (wanted && !rows_add(rows, cell)) {
        job->out_of_memory = true;
        wanted = false;
    }
    pthread_mutex_unlock(&job->lock);
    if (is_first)
        worker_wake(job->self);
    return wanted;
}

static bool remark(struct sink *sink, const struct remark *remark)
{
    struct job *job = job_of(sink);
    struct coming *coming = &job->coming;
    bool has_room = coming->remarks < QUERY_REMARKS;
    pthread_mutex_lock(&job->lock);
    char *copy = has_room ? arena_copy(&coming->arena, remark->text, strlen(remark->text)) : NULL;
    if (copy)
        coming->remark[coming->remarks++] = (struct remark){copy, remark->address, remark->is_note};
    bool wanted = !job->cancelled;
    pthread_mutex_unlock(&job->lock);
    return wanted;
}

static void run(void *context, struct worker *worker)
{
    struct job *job = context;
    struct error err;
    job->self = worker;
    session_set_cancel(job->session, worker_cancelled(worker));
    bool done =
        query_run(job->session, job->command->subject, job->arguments, &job->worker_sink, &err);
    pthread_mutex_lock(&job->lock);
    job->ended = true;
    job->done = done;
    if (!done)
        job->err = err;
    pthread_mutex_unlock(&job->lock);
}

/* ---- whoever comes last ---- */

static void destroy(void *context)
{
    struct job *job = context;
    session_close(job->session);
    pthread_cond_destroy(&job->room);
    pthread_mutex_destroy(&job->lock);
    rows_deinit(&job->coming.rows);
    rows_deinit(&job->taken);
    arena_deinit(&job->coming.arena);
    free(job->arguments);
    free(job);
}

/* ---- in the program ---- */

struct job *job_start(struct session *session, const struct command *command, const char *arguments,
                      struct sink *sink, struct error *err)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job) {
        error_set(err, "out of memory");
        return NULL;
    }
    pthread_mutex_init(&job->lock, NULL);
    pthread_cond_init(&job->room, NULL);
    job->worker_sink = (struct sink){.hides = sink->hides,
                                     .sort_bytes = sink->sort_bytes,
                                     .begin = begin,
                                     .row = row,
                                     .remark = remark};
    job->sink = sink;
    job->command = command;
    job->arguments = strdup(arguments);
    job->session = session_clone(session, err);
    if (job->session && !job->arguments)
        error_set(err, "out of memory");
    if (job->session && job->arguments)
        job->worker = worker_start(run, destroy, job, err);
    if (job->worker)
        return job;
    destroy(job);
    return NULL;
}

int job_descriptor(const struct job *job)
{
    return worker_descriptor(job->worker);
}

static void give_rows(struct job *job)
{
    struct rows *rows = &job->taken;
    for (size_t i = 0; i < rows->count && !job->stopped; i++)
        job->stopped = !job->sink->row(job->sink, rows_at(rows, i));
    rows->count = 0;
    arena_reset(&rows->arena);
}

/* Once the worker has ended: nobody else looks at them. */
static void give_remarks(struct job *job)
{
    const struct coming *coming = &job->coming;
    for (size_t i = 0; i < coming->remarks && !job->stopped; i++)
        job->stopped = !job->sink->remark(job->sink, &coming->remark[i]);
}

enum job_state job_take(struct job *job, struct error *err)
{
    struct coming *coming = &job->coming;
    worker_calm(job->worker);
    pthread_mutex_lock(&job->lock);
    struct rows rows = coming->rows;
    coming->rows = job->taken;
    coming->rows.shape = rows.shape;
    job->taken = rows;
    bool ended = job->ended, done = job->done, has_columns = coming->subject;
    if (ended && !done)
        *err = job->err;
    if (job->out_of_memory) {
        ended = true;
        done = error_set(err, "out of memory");
    }
    pthread_cond_signal(&job->room);
    pthread_mutex_unlock(&job->lock);
    if (has_columns && !job->begun)
        job->stopped = !job->sink->begin(job->sink, coming->subject, &coming->shape, coming->shown,
                                         coming->count);
    job->begun = has_columns;
    give_rows(job);
    if (ended && done)
        give_remarks(job);
    if (job->stopped)
        return JOB_DONE;
    if (!ended)
        return JOB_RUNNING;
    return done ? JOB_DONE : JOB_FAILED;
}

void job_end(struct job *job)
{
    if (!job)
        return;
    pthread_mutex_lock(&job->lock);
    job->cancelled = true;
    pthread_cond_signal(&job->room);
    pthread_mutex_unlock(&job->lock);
    worker_drop(job->worker);
}
