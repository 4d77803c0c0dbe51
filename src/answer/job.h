/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A command that is not waited for: it runs in a worker (session/worker.h), on a clone of the
 * session as it is.  It is held up while its lines are not taken, and can be ended at any moment.
 */
#ifndef RAMWALK_ANSWER_JOB_H
#define RAMWALK_ANSWER_JOB_H

#include "answer/command.h"

struct job;

enum job_state {
    JOB_RUNNING,
    JOB_DONE,
    JOB_FAILED,
};

/* The session must be ready (session_ready()).  NULL with the reason. */
struct job *job_start(struct session *session, const struct command *command, const char *arguments,
                      struct error *err);

/* For poll(): lines, or the end, are there for job_take(). */
int job_descriptor(const struct job *job);

/*
 * Gives the lines that have come to `line`, as struct output does, about JOB_SLICE bytes at most;
 * never waits.  Failure: *err, with a column in the arguments.
 */
#define JOB_SLICE 65536
enum job_state job_take(struct job *job, bool (*line)(void *context, const char *line),
                        void *context, struct error *err);

/* Tells it to end, wherever it is, and lets go of it without waiting.  NULL is fine. */
void job_end(struct job *job);

#endif
