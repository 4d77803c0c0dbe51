/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a VMCOREINFO text to a kernel that has proved itself, in steps.
 */
#ifndef RAMWALK_LINUX_FIND_VMCOREINFO_PROBE_H
#define RAMWALK_LINUX_FIND_VMCOREINFO_PROBE_H

#include "linux/find/kernel.h"
#include "linux/find/ram_layout.h"
#include "linux/find/va_offsets.h"
#include "linux/find/vmcoreinfo.h"

/* What a note claims, before proof. */
struct claim {
    const struct vmcoreinfo *info;
    const struct paging *paging;
    uint64_t root_va, root_pa, stext_va;
    uint64_t text_delta; /* va - pa within the kernel image */
};

enum probe_result {
    PROBE_OPEN,
    PROBE_PROVED,
    PROBE_STALE, /* or of another machine */
};

/* Does the kernel of that claim lie so? */
typedef bool probe_verify(const struct claim *claim, const struct ram_layout *placement);

/* A note on trial: which places of the image have been tried. */
struct vmcoreinfo_probe {
    struct source_reader *reader;
    struct claim claim;
    probe_verify *agrees; /* what is asked of a place */
    bool (*next)(struct vmcoreinfo_probe *note,
                 unsigned *tries); /* what is tried now; NULL: all has been */
    size_t layout;                 /* of the known ones, the next */
    size_t proofs;                 /* layouts that proved the root */
    uint64_t at; /* bytes of RAM before the root, at the next place that is no known layout's */
    struct ram_layout found; /* where proofs is not 0 */
    struct ram_layout place; /* the one on trial, and what is mapped there */
    bool mapping_open;
    struct mapping_iterator listing;
    struct va_offsets offsets;
};

/* Reader and info are borrowed until the verdict. */
void probe_start(struct vmcoreinfo_probe *note, struct source_reader *reader,
                 const struct vmcoreinfo *info);

/*
 * Looks for a place of the image at which the kernel's tables map their own root where the note
 * says it is: about `tries` places, or page tables, more.  Of a file that was cut, tables that lie
 * after its end need not be there.
 */
enum probe_result probe_step(struct vmcoreinfo_probe *note, unsigned tries);

/*
 * Of one that is proved: the kernel, and how much agreed (more is better).  kernel->window says
 * what is known where the tables lie beyond the end of the file.
 */
unsigned probe_kernel(const struct vmcoreinfo_probe *note, struct kernel *kernel);

#endif
