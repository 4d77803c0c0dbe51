/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known of the Linux kernel in an image: where its tables are, and how that was learnt.
 */
#ifndef RAMWALK_LINUX_FIND_KERNEL_H
#define RAMWALK_LINUX_FIND_KERNEL_H

#include "memory/memory.h"

#define KERNEL_ALIGNMENT UINT64_C(0x200000) /* of _text, and of where RAM starts */

enum kernel_found {
    KERNEL_UNKNOWN,
    KERNEL_BY_HAND,       /* --paging, --root */
    KERNEL_BY_VMCOREINFO, /* the note in RAM */
    KERNEL_BY_PGD_SCAN,   /* pgd_scan.h */
};

struct kernel {
    enum kernel_found found;
    const struct paging *paging;
    uint64_t root_pa; /* swapper_pg_dir, init_top_pgt */
    bool places;      /* `range` says where the image lies in physical space */
    struct segment range[SOURCE_SEGMENTS];
    size_t ranges;
    bool has_text_va, has_kaslr;
    uint64_t text_va;                 /* where the kernel image starts (_text); its first page may
                                         be unmapped */
    uint64_t stext_va;                /* where its mapped text starts */
    uint64_t image_pa, image_last_pa; /* where its pages lie; both 0: not known */
    struct space_window window;       /* the image as the note gives it: the tables to it lie
                                          outside of the file; size 0: the tables map it */
    uint64_t kaslr;                   /* bytes by which the image was moved in virtual space */
    char release[65];                 /* "6.1.0-50-arm64"; "" unknown; printable */
    uint64_t vmcoreinfo_offset;       /* of the text in the image; UINT64_MAX: none */
};

/* "vmcoreinfo", "structure", "by hand", "unknown". */
const char *kernel_found_name(enum kernel_found found);

#endif
