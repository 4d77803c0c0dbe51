/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker adds lines to a text, under a lock; the program takes the whole text at a time. */
#include "answer/job.h"

#include "base/buffer.h"
#include "session/worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct job {
    struct worker *worker;   /* the program's */
    struct session *session; /* the worker's */
    const struct command *command;
    char *arguments;
    struct buffer taken; /* the program's: what is given on */
    pthread_mutex_t lock;
    pthread_cond_t room; /* the text was taken, or nobody will take it */
    /* Under the lock: */
    struct buffer text; /* complete lines */
    bool ended, done, cancelled;
    struct error err;
};

/* ---- in the worker ---- */

struct writer {
    struct job *job;
    struct worker *worker;
};

static bool write_line(void *context, const char *line)
{
    const struct writer *writer = context;
    struct job *job = writer->job;
    pthread_mutex_lock(&job->lock);
    while (job->text.length >= JOB_SLICE && !job->cancelled)
        pthread_cond_wait(&job->room, &job->lock);
    bool wanted = !job->cancelled, is_first = !job->text.length;
    if (wanted) {
        buffer_text(&job->text, line);
        buffer_text(&job->text, "\n");
    }
    pthread_mutex_unlock(&job->lock);
    if (is_first)
        worker_wake(writer->worker);
    return wanted;
}

static void run(void *context, struct worker *worker)
{
    struct job *job = context;
    struct writer writer = {job, worker};
    struct output output = {.line = write_line, .context = &writer};
    struct error err;
    session_set_cancel(job->session, worker_cancelled(worker));
    bool done = command_run(job->session, job->command, job->arguments, &output, &err);
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
    buffer_deinit(&job->text);
    buffer_deinit(&job->taken);
    free(job->arguments);
    free(job);
}

/* ---- in the program ---- */

struct job *job_start(struct session *session, const struct command *command, const char *arguments,
                      struct error *err)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job) {
        error_set(err, "out of memory");
        return NULL;
    }
    pthread_mutex_init(&job->lock, NULL);
    pthread_cond_init(&job->room, NULL);
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

/* Hands the lines on.  False: no more are wanted. */
static bool give_lines(struct buffer *text, bool (*line)(void *, const char *), void *context)
{
    char *at = text->data, *end = text->data + text->length;
    bool wanted = true;
    for (char *stop; wanted && at < end; at = stop + 1) {
        stop = memchr(at, '\n', (size_t)(end - at));
        *stop = '\0';
        wanted = line(context, at);
    }
    buffer_cut(text, 0);
    return wanted;
}

enum job_state job_take(struct job *job, bool (*line)(void *context, const char *line),
                        void *context, struct error *err)
{
    worker_calm(job->worker);
    pthread_mutex_lock(&job->lock);
    struct buffer text = job->text;
    job->text = job->taken;
    job->taken = text;
    bool ended = job->ended, done = job->done;
    if (ended && !done)
        *err = job->err;
    if (text.failed)
        ended = !(done = error_set(err, "out of memory"));
    pthread_cond_signal(&job->room);
    pthread_mutex_unlock(&job->lock);
    if (text.length && !text.failed && !give_lines(&job->taken, line, context))
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
