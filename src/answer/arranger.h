/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Filtering and sorting beside the interface: a function looks through the rows of a browser in a
 * worker (session/worker.h), by its own browser over the same rows.
 *
 * Until it has ended nobody changes those rows, nor what the function looks at: whoever wants to
 * change something calls arranger_stop() first, which waits for the end, and may ask anew.
 */
#ifndef RAMWALK_ANSWER_ARRANGER_H
#define RAMWALK_ANSWER_ARRANGER_H

#include "answer/browser.h"

#include <stdatomic.h>

struct arranger;

/* The rows with the terms and columns that are chosen; ends soon once `cancelled`. */
typedef void arranger_run(void *context, struct browser *browser, const atomic_bool *cancelled);

/* NULL with the reason: nothing runs. */
struct arranger *arranger_start(const struct browser *browser, arranger_run *run, void *context,
                                struct error *err);

/* Has it ended, or does it within so many milliseconds? */
bool arranger_has_ended(const struct arranger *arranger, int within_ms);

/* For poll(): readable when it has ended.  -1 for NULL. */
int arranger_descriptor(const struct arranger *arranger);

/* Cancels it, waits for its end, which is near, and frees it.  NULL is fine. */
void arranger_stop(struct arranger *arranger);

#endif
