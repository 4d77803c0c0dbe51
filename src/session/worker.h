/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work beside the interface: one job in its own thread.  This is the page about threads.
 *
 * Who owns what.  The first thread owns the session, its memory handle, the panes and the terminal;
 * nobody else touches them.  Shared by all threads are, counted or until the session closes:
 *   the source           struct source, under its own locks
 *   the spaces           struct spaces, under a lock; a space never changes
 *   what was loaded      symbols, types, regions, modules: never changes once loader_result() gave
 *                        it, but for the types that btf_derive() adds under a lock
 *   complete indexes     struct reverse, struct page_index: never change; the last holder frees it
 * A source reader, a memory handle, a struct pages, a list of tasks belong to one thread.
 *
 * What runs in workers, each with its own reader or handle: the search for the kernel
 * (seeker.h), the loading of the guest's parts (loader.h), and on session_clone() the indexes
 * (indexer.h), what pages are (known_pages.h), where gaps end, the rows of lists, the searches in
 * memory and in the tables and whatever else is asked beside the interface (beside.h), a command
 * typed at the prompt (answer/job.h), and filtering and sorting the rows of its answer, or sorting
 * a list (answer/arranger.h: on rows that nobody changes until it has ended).  The first thread
 * only takes over what is complete, in session_step() and a pane's step().
 *
 * What still runs in the first thread, in slices of about a millisecond between keys, belongs to
 * one pane and its rows: what is mapped below the tables of the tree, filtering a list.  Its reader
 * does not wait, and what it reads in a turn is bounded (session_begin_turn()).
 *
 * Handing over.  A job publishes under its own lock (the lines of an answer), or once, by
 * ending: what it made is the first thread's from then on.  worker_wake() and the end make the
 * descriptor readable, which the interface has in its poll(); progress is an atomic that whoever
 * draws reads (session_progress()).
 *
 * Cancelling.  worker_cancel() sets a flag; the long loops of a job look at it, and a reader that
 * knows the flag no longer waits and finds no more tables.  worker_drop() does not wait:
 * a job holds what it needs, and frees it when it comes to its end.  The program's end waits for
 * workers_end() at most: what has not ended by then ends with the process.
 *
 * A slow source never holds up a frame: the first thread's reader gets EXTENT_PENDING, the pane
 * draws what is there and what is on its way as such, and is drawn again when session_arrivals()
 * has grown.  A worker waits for the bytes.
 *
 * Signals that ask something of the program come to the first thread only.
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

/*
 * Tells all workers to end, and waits so many milliseconds for them.  False: some are still at
 * work; what they use must stay.
 */
bool workers_end(int within_ms);

/* For the job. */
const atomic_bool *worker_cancelled(const struct worker *worker);
void worker_wake(struct worker *worker);

#endif
