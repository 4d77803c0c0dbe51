/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads a guest's parts (linux/linux.h) beside the interface: in its own thread, with its own
 * memory handle; the source and the spaces, which any thread may use, are the session's.
 */
#ifndef RAMWALK_SESSION_LOADER_H
#define RAMWALK_SESSION_LOADER_H

#include "linux/linux.h"
#include "memory/spaces.h"

struct loader;

/*
 * Starts loading, in the kernel's `space`, one of `spaces`.  The source and the spaces are held as
 * long as the loader lives; `kernel` and `info` (NULL: none) are copied.  NULL with a reason.
 */
struct loader *loader_start(struct source *source, struct spaces *spaces, const struct space *space,
                            const struct kernel *kernel, const struct vmcoreinfo *info,
                            struct error *err);

/* What was loaded (loader_result()) is held by others, too. */
struct loader *loader_hold(struct loader *loader);

/* Lets go of it: a thread that is still loading ends soon, and whoever holds it last, thread or
 * not, gives everything back.  Does not wait.  NULL is fine. */
void loader_stop(struct loader *loader);

/* Tells it to stop, without waiting, and puts it before the others in a list; what it has loaded
 * stays until loader_stop_all(). */
void loader_retire(struct loader **retired, struct loader *loader);
void loader_stop_all(struct loader **retired);

/* The guest, once all its parts have been tried; NULL while the thread is at work. */
struct linux_context *loader_result(struct loader *loader);

/* The same, waiting for it. */
struct linux_context *loader_wait(struct loader *loader);

/* For poll(): the thread has ended.  -1: its end was noticed. */
int loader_descriptor(const struct loader *loader);

/* The part under way; LINUX_STAGES: none. */
enum linux_stage loader_part(const struct loader *loader);

#endif
