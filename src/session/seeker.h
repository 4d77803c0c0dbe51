/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks for the kernel (linux/find/finder.h) beside the interface: in a worker, by a reader of its
 * own. */
#ifndef RAMWALK_SESSION_SEEKER_H
#define RAMWALK_SESSION_SEEKER_H

#include "linux/find/finder.h"

struct seeker;

/* The source is held as long as the seeker lives.  NULL with a reason. */
struct seeker *seeker_start(struct source *source, struct error *err);

/* Tells it to stop, without waiting; everything is given back once it has.  NULL is fine. */
void seeker_stop(struct seeker *seeker);

/* finder_progress(), as the worker last published it. */
double seeker_progress(const struct seeker *seeker);

/* Once it has ended the result is there: the finder is the caller's thread's to ask. */
bool seeker_has_ended(struct seeker *seeker);
const struct finder *seeker_wait(struct seeker *seeker);

/* For poll(): it has ended. */
int seeker_descriptor(const struct seeker *seeker);

#endif
