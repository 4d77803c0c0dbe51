/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Real guests with their own reports: the folders NAME/ (ram.img and files of the
 * truth) in the folder that RAMWALK_GUESTS names.
 */
#ifndef GUEST_TRUTH_H
#define GUEST_TRUTH_H

#include "linux/find/vmcoreinfo.h"
#include "linux/symbols/symbols.h"
#include "linux/types/btf.h"
#include "session/handles.h"

#include <stdio.h>

struct guest_truth {
    const char *folder;
    char image[600]; /* the session keeps it */
    struct session *session;
    struct memory *memory;
    bool has_info;
    struct vmcoreinfo info;
    struct kernel_image kernel_image;
    struct btf *btf;
    struct symbols *symbols;
    double opened_ms; /* how long all that took */
};

/* Calls `check` for each guest.  False: RAMWALK_GUESTS is not set, or there is none. */
bool guest_truth_each(void (*check)(struct guest_truth *linux));

/* Calls `check` for each folder in RAMWALK_GUESTS, by name; skips the test where that is not set.
 */
void guest_truth_folders(void (*check)(const char *folder));

/* A session on the image of such a folder, settled; one at a time.  NULL: it has no image. */
struct session *guest_truth_session(const char *folder);

/* Calls `check` with a session on each guest, whose tasks are known; skips where there are none. */
void guest_truth_sessions(void (*check)(struct session *session, struct linux_context *linux));

/* What of it the members name, as the core's functions take it. */
struct linux_context guest_truth_context(const struct guest_truth *linux);

/* Opens a file of the truth; NULL where that guest has none. */
FILE *guest_truth_file(const struct guest_truth *linux, const char *name);

double guest_truth_ms(void);

#endif
