/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question that is answered beside the interface: a function runs in a worker, on a clone of the
 * session, and what it found is taken over once it has ended.
 *
 * Whoever asks keeps a `struct beside *`, NULL while nothing is asked, and looks at the answer in
 * its step().  The latest question wins: to ask again drops the one before.
 */
#ifndef RAMWALK_SESSION_BESIDE_H
#define RAMWALK_SESSION_BESIDE_H

#include "session/session.h"

struct beside;

/* What is asked for. */
struct beside_question {
    /* In the worker, with the context and the clone for itself.  Comes to an end soon once
     * session_is_cancelled(clone). */
    void (*run)(void *context, struct session *clone);
    void (*destroy)(void *context); /* in either thread, when the question is dropped */
};

/*
 * Asks, in place of what was asked before.  The context is the question's from then on, also where
 * it fails.  What is not known of the guest yet (session_ready()) the clone does not know either.
 * False with the reason: nothing is asked.
 */
bool beside_ask(struct beside **beside, const struct beside_question *question, void *context,
                const struct session *session, struct error *err);

/* The context; until the function has ended only its atomics are to be read.  NULL: nothing is
 * asked. */
void *beside_context(const struct beside *beside);

/* The context once the function has ended: context and clone are the caller's thread's to look at
 * until they are dropped.  NULL: nothing is asked, or it is under way. */
void *beside_answer(const struct beside *beside);
struct session *beside_clone(const struct beside *beside);

/* The same, and waits for it as long as the session has patience in this turn
 * (session_begin_turn()). */
void *beside_await(const struct beside *beside, const struct session *session);

/* For poll(): it has ended.  -1: nothing is asked. */
int beside_descriptor(const struct beside *beside);

/* Nothing is asked any longer: cancels what is under way, and does not wait for its end. */
void beside_drop(struct beside **beside);

#endif
