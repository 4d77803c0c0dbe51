/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads a guest's parts (guest/guest.h) beside the interface: in a thread of its own, on an image
 * and a memory of its own, so that nothing is shared until it is done.
 */
#ifndef RAMWALK_LOADER_H
#define RAMWALK_LOADER_H

#include "guest/guest.h"

struct loader;

/*
 * Starts loading.  `spec` as image_open() takes it; the ranges of `image`, `kernel` and `info`
 * (NULL: none) are copied.  NULL with a reason.
 */
struct loader *loader_start(const char *spec, const struct image *image,
                            const struct kernel *kernel, const struct vmcoreinfo *info,
                            struct error *err);

/* Waits for the part under way, and gives everything back.  NULL is fine. */
void loader_stop(struct loader *loader);

/* The guest, once all its parts have been tried; NULL while the thread is at work. */
struct guest *loader_result(struct loader *loader);

/* The same, waiting for it. */
struct guest *loader_wait(struct loader *loader);

/* The part under way; GUEST_PARTS: none. */
enum guest_part loader_part(const struct loader *loader);

#endif
