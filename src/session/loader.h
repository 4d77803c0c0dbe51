/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads a guest's parts (linux/linux.h) beside the interface: in a thread of its own, on an image
 * and a memory of its own, so that nothing is shared until it is done.
 */
#ifndef RAMWALK_SESSION_LOADER_H
#define RAMWALK_SESSION_LOADER_H

#include "linux/linux.h"

struct loader;

/*
 * Starts loading.  `spec` as source_open() takes it; the segments of `source`, `kernel` and `info`
 * (NULL: none) are copied.  NULL with a reason.
 */
struct loader *loader_start(const char *spec, const struct source *source,
                            const struct kernel *kernel, const struct vmcoreinfo *info,
                            struct error *err);

/* Waits for the part under way, and gives everything back.  NULL is fine. */
void loader_stop(struct loader *loader);

/* The guest, once all its parts have been tried; NULL while the thread is at work. */
struct linux_context *loader_result(struct loader *loader);

/* The same, waiting for it. */
struct linux_context *loader_wait(struct loader *loader);

/* The part under way; LINUX_STAGES: none. */
enum linux_stage loader_part(const struct loader *loader);

#endif
