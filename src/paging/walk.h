/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The walk of one virtual address, every step kept.
 *
 * A walk never fails: mapped, not present, reserved bits, not canonical, table not in the image
 * are all answers.  The tree, the status line, `translate`, `walk` and the JSON all render this
 * one struct.
 */
#ifndef RAMWALK_WALK_H
#define RAMWALK_WALK_H

#include "paging/paging.h"

/* Where tables are read from; a test's memory is an array. */
struct table_source {
    /*
     * `size` bytes (a power of two, at most 64 KiB) at `pa` (a multiple of size), or NULL where no
     * entry of them is to be had.  Entries that are not read as 0.  The pointer is good until
     * table() is called again.
     */
    const uint64_t *(*table)(void *context, uint64_t pa, size_t size);
    void *context;
    /* Is the byte at `pa` to be had?  *run: how many bytes from there on are alike.  NULL: every
     * table is there as a whole, or not at all. */
    bool (*there)(void *context, uint64_t pa, uint64_t *run);
};

/* All of these bytes are to be had: those of an entry that was read as 0, or of a table. */
bool source_has(const struct table_source *source, uint64_t pa, uint64_t size);

/* table() would answer: some of it is to be had.  Where `there` knows, nothing is read. */
bool source_has_some(const struct table_source *source, uint64_t pa, size_t size);

/* The group of an entry, as paging_group(); none where a member is not to be had. */
void source_group(const struct table_source *source, const struct paging *paging, unsigned level,
                  uint64_t table_pa, unsigned index, struct paging_group *group);

/* Roots of the two halves.  On architectures with one root for both, `user` wins for the lower
 * half where it is known. */
#define NO_ROOT UINT64_MAX
struct roots {
    uint64_t kernel_pa, user_pa; /* NO_ROOT where unknown */
};

/* PA of the root that serves a half, the kernel's or the user's; NO_ROOT where none is known. */
uint64_t root_of_half(const struct paging *paging, const struct roots *roots, bool kernel_half);

struct walk_step {
    unsigned level;    /* index into paging->level[] */
    unsigned index;    /* entry number in its table */
    uint64_t table_pa; /* of the table */
    uint64_t entry;    /* as read */
    enum entry_kind kind;
    uint64_t target_pa; /* for ENTRY_TABLE and ENTRY_LEAF */
};

enum walk_end {
    WALK_MAPPED,
    WALK_NOT_PRESENT,
    WALK_NON_CANONICAL,
    WALK_RESERVED,
    WALK_NO_TABLE, /* a table, its entry, or the root is not in the image or not known */
};

struct walk {
    uint64_t va; /* as asked, a user tag removed */
    enum walk_end end;
    unsigned steps;
    struct walk_step step[PAGING_LEVELS];
    uint64_t pa;          /* WALK_MAPPED: of va itself */
    uint64_t page_size;   /* WALK_MAPPED: bytes of the page or block */
    struct access access; /* WALK_MAPPED: of the whole path */
    uint64_t first, last; /* the range around va that ends in the same way, both included */
    bool has_frame;       /* WALK_NOT_PRESENT: the kernel keeps a page for va (PROT_NONE) */
    uint64_t frame_pa;    /* of va itself */
    bool loop;            /* a table came up twice on the path (a self-map; legal on hardware) */
    bool no_root;         /* WALK_NO_TABLE because no root is known for that half */
};

/* "mapped", "not-present", "non-canonical", "reserved", "no-table". */
const char *walk_end_name(enum walk_end end);

void walk(struct walk *walk, const struct paging *paging, const struct table_source *source,
          const struct roots *roots, uint64_t va);

/*
 * The root that user mode runs on.  Under x86's page table isolation (arch/x86/mm/pti.c) that is
 * a copy behind the kernel's, which alone says what a user may execute: in the kernel's all of
 * the lower half is marked NX.  `root_pa` itself where there is no such copy.
 */
uint64_t walk_user_root(const struct paging *paging, const struct table_source *source,
                        uint64_t root_pa);

/* One sentence for people: why it ended as it did ("PMD [3] is empty", ...).  Returns text. */
char *walk_reason(const struct walk *walk, const struct paging *paging, char *text, size_t size);

#endif
