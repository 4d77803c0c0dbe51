/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A command that is not waited for: it runs in a worker (session/worker.h), on a clone of the
 * session as it is.  It is held up while its rows are not taken, and can be ended at any moment.
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

/*
 * The session must be ready (session_ready()).  Rows go to the sink, in job_take() only.  NULL with
 * the reason.
 */
struct job *job_start(struct session *session, const struct command *command, const char *arguments,
                      struct sink *sink, struct error *err);

/* For poll(): rows, or the end, are there for job_take(). */
int job_descriptor(const struct job *job);

/*
 * Gives the rows that have come to the sink, some hundreds at most; never waits.  Failure: *err,
 * with a column in the arguments.
 */
enum job_state job_take(struct job *job, struct error *err);

/* Tells it to end, wherever it is, and lets go of it without waiting.  NULL is fine. */
void job_end(struct job *job);

#endif
