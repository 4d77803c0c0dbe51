/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a VMCOREINFO text to a kernel that has proved itself, in steps.
 */
#ifndef RAMWALK_NOTE_H
#define RAMWALK_NOTE_H

#include "linux/kernel.h"
#include "linux/placement.h"
#include "linux/tally.h"
#include "linux/vmcoreinfo.h"

/* What a note claims, before proof. */
struct claim {
    const struct vmcoreinfo *info;
    const struct paging *paging;
    uint64_t root_va, root_pa, stext_va;
    uint64_t text_delta; /* va - pa within the kernel image */
};

enum note_verdict {
    NOTE_OPEN,
    NOTE_PROVED,
    NOTE_STALE, /* or of another machine */
};

/* Does the kernel of that claim lie so? */
typedef bool note_proof(const struct claim *claim, const struct placement *placement);

/* A note on trial: which places of the image have been tried. */
struct note {
    struct image *image;
    struct claim claim;
    note_proof *agrees;                               /* what is asked of a place */
    bool (*next)(struct note *note, unsigned *tries); /* what is tried now; NULL: all has been */
    size_t layout;                                    /* of the known ones, the next */
    size_t proofs;                                    /* layouts that proved the root */
    uint64_t at;            /* offset of the root at the next place that is no known layout's */
    struct placement found; /* where proofs is not 0 */
    struct placement place; /* the one on trial, and what is mapped there */
    bool listing_open;
    struct listing listing;
    struct tally tally;
};

/* Image and info are borrowed until the verdict. */
void note_start(struct note *note, struct image *image, const struct vmcoreinfo *info);

/*
 * Looks for a place of the image at which the kernel's tables map their own root where the note
 * says it is: about `tries` places, or page tables, more.  Of a file that was cut, tables that lie
 * behind its end need not be there.
 */
enum note_verdict note_step(struct note *note, unsigned tries);

/*
 * Of one that is proved: the kernel, and how much agreed (more is better).  kernel->window says
 * what is known where the tables lie behind the end of the file.
 */
unsigned note_kernel(const struct note *note, struct kernel *kernel);

#endif
