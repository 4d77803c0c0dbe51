/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a VMCOREINFO text to a verified kernel, in steps.
 */
#ifndef RAMWALK_LINUX_FIND_VMCOREINFO_PROBE_H
#define RAMWALK_LINUX_FIND_VMCOREINFO_PROBE_H

#include "linux/find/kernel.h"
#include "linux/find/ram_layout.h"
#include "linux/find/va_offsets.h"
#include "linux/find/vmcoreinfo.h"

/* What a note says of the kernel: not verified yet. */
struct vmcoreinfo_layout {
    const struct vmcoreinfo *info;
    const struct paging *paging;
    uint64_t root_va, root_pa, stext_va;
    uint64_t text_delta; /* va - pa within the kernel image */
};

enum probe_result {
    PROBE_PENDING,
    PROBE_VERIFIED,
    PROBE_REJECTED, /* or of another machine */
};

/* Is the kernel of that note at those places of the image? */
typedef bool probe_verify(const struct vmcoreinfo_layout *layout, const struct ram_layout *ram);

/* One note being verified, and which places of the image have been tried. */
struct vmcoreinfo_probe {
    struct source_reader *reader;
    struct vmcoreinfo_layout layout;
    probe_verify *verify; /* of one layout of RAM */
    bool (*next)(struct vmcoreinfo_probe *probe,
                 unsigned *tries); /* the next kind of layout; NULL: all were tried */
    size_t ram_row;                /* of the known ones, the next */
    size_t verified;               /* layouts that verify */
    uint64_t at; /* bytes of RAM before the root, at the next place that is no known layout's */
    struct ram_layout ram;       /* valid where verified is not 0 */
    struct ram_layout candidate; /* the one being verified, and what is mapped there */
    bool mapping_open;
    struct mapping_iterator mappings;
    struct va_offsets offsets;
};

/* Reader and info are borrowed until the result is there. */
void probe_start(struct vmcoreinfo_probe *probe, struct source_reader *reader,
                 const struct vmcoreinfo *info);

/*
 * Looks for a place of the image at which the kernel's tables map their own root where the note
 * says it is: about `tries` places, or page tables, more.  Of a truncated file, tables that lie
 * after its end need not be there.
 */
enum probe_result probe_step(struct vmcoreinfo_probe *probe, unsigned tries);

/*
 * Of one that is verified: the kernel, and how much agreed (more is better).  kernel->window says
 * what is known where the tables lie beyond the end of the file.
 */
unsigned probe_kernel(const struct vmcoreinfo_probe *probe, struct kernel *kernel);

#endif
