/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A copy of a guest's memory whose words change: pointers lead elsewhere, links are torn, bits
 * flip.  Each change is taken back after some more, so that most of the guest stays what it was.
 */
#ifndef RAMWALK_KEYS_GUEST_H
#define RAMWALK_KEYS_GUEST_H

#include "tests/keys/random.h"

#include <stdbool.h>
#include <stddef.h>

struct guest;

/* Copies the image to `path` and maps it.  NULL after a message to stderr. */
struct guest *guest_copy(const char *image, const char *path);
void guest_close(struct guest *guest); /* and removes the copy */

/* Changes a word.  Where and to what, for a report. */
struct guest_change {
    uint64_t offset, before, after; /* bytes into the image */
};
struct guest_change guest_poke(struct guest *guest, struct random *random);

/* A word that looks like a pointer of the kernel's. */
uint64_t guest_pointer(const struct guest *guest, struct random *random);

/* Takes all changes back. */
void guest_restore(struct guest *guest);

#endif
