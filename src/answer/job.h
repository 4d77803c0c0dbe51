/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A command that is not waited for: it runs in a process of its own, on a copy of the session as
 * it is, so that nothing is shared but the image's bytes.  Its lines come through a pipe, which
 * holds it up while they are not taken; it can be ended at any moment.
 */
#ifndef RAMWALK_ANSWER_JOB_H
#define RAMWALK_ANSWER_JOB_H

#include "answer/command.h"

struct job;

enum job_state {
    JOB_RUNNING,
    JOB_DONE,
    JOB_FAILED, /* the command, or its process */
};

/* The session must be ready (session_ready()).  NULL with the reason. */
struct job *job_start(struct session *session, const struct command *command, const char *arguments,
                      struct error *err);

/* For poll(): something is there for job_take(), be it the end. */
int job_descriptor(const struct job *job);

/*
 * Gives the lines that have come to `line`, as struct output does, about JOB_SLICE bytes at most;
 * never waits.  What process the command entered is no matter of the session's.
 * Failure: *err, with a column in the arguments.
 */
#define JOB_SLICE 65536
enum job_state job_take(struct job *job, bool (*line)(void *context, const char *line),
                        void *context, struct error *err);

/* Ends it, wherever it is, and frees it.  NULL is fine. */
void job_end(struct job *job);

#endif
