/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work beside the interface: one job in a thread of its own.
 *
 * The job reads through a handle of its own (a source reader, memory_share(), session_clone()), and
 * hands over what it has found under a lock of its own, or at its end.  worker_wake() makes the
 * descriptor readable; so does the end.  Every long loop of a job looks at the flag of
 * worker_cancelled().  The terminal's signals never come to a worker.  src/session/THREADS.md says
 * what runs in workers.
 */
#ifndef RAMWALK_SESSION_WORKER_H
#define RAMWALK_SESSION_WORKER_H

#include "base/error.h"

#include <stdatomic.h>
#include <stdbool.h>

struct worker;

/*
 * Runs run(context, worker).  `destroy` (may be NULL) is called with the context when the job has
 * ended and the worker was dropped, by whichever comes last.  NULL with the reason: then nothing
 * ran, and the context is still the caller's.
 */
struct worker *worker_start(void (*run)(void *context, struct worker *worker),
                            void (*destroy)(void *context), void *context, struct error *err);

/* Cancels it and lets go of it, without waiting.  NULL is fine. */
void worker_drop(struct worker *worker);

/* From any thread: tells the job to end; waits until it has. */
void worker_cancel(struct worker *worker);
void worker_wait(struct worker *worker);
bool worker_has_ended(struct worker *worker);

/* For poll(): something was handed over since worker_calm(), or the job has ended. */
int worker_descriptor(const struct worker *worker);
void worker_calm(struct worker *worker);

/* For the job. */
const atomic_bool *worker_cancelled(const struct worker *worker);
void worker_wake(struct worker *worker);

#endif
