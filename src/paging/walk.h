/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The walk of one virtual address, every step kept.
 *
 * A walk never fails: mapped, not present, reserved bits, not canonical, table not in the image
 * are all answers.  The tree, the status line, `translate`, `walk` and the JSON all render this
 * one struct.
 */
#ifndef RAMWALK_PAGING_WALK_H
#define RAMWALK_PAGING_WALK_H

#include "paging/paging.h"
#include "source/extent.h"

/*
 * Where tables are read from; a test's memory is an array.  Returns `size` bytes (a power of
 * two, at most 64 KiB) at `pa` (a multiple of size), or NULL where not all of them are to be had,
 * and in `*why` (never NULL) EXTENT_NOT_SAVED to EXTENT_NONE.  The pointer is good until the next
 * call.
 */
struct table_source {
    const uint64_t *(*table)(void *context, uint64_t pa, size_t size, enum extent_kind *why);
    void *context;
};

/* The same; `why` may be NULL. */
static inline const uint64_t *table_read(const struct table_source *tables, uint64_t pa,
                                         size_t size, enum extent_kind *why)
{
    enum extent_kind ignored;
    return tables->table(tables->context, pa, size, why ? why : &ignored);
}

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
    WALK_NO_TABLE, /* a table, or the root, is not in the image or not known */
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
    enum extent_kind missing; /* WALK_NO_TABLE otherwise: what is there instead of the entry */
    bool partial;             /* and other entries of that table are there */
};

/*
 * The entry that lies at `pa`; of the table of `table_size` bytes around it no more need be there.
 * False: *why as above.
 */
bool table_entry(const struct table_source *tables, uint64_t pa, size_t table_size, uint64_t *entry,
                 enum extent_kind *why);

/*
 * Of a table that is not there as a whole: is any of it?  Looks at the ends of each of its pages.
 */
bool table_is_partial(const struct table_source *tables, uint64_t pa, size_t size);

/* A table to be gone through: as a whole, or where only a part of it is there by the entry. */
struct table_view {
    const struct table_source *source;
    const uint64_t *table; /* good until the source is asked again; NULL: by the entry */
    uint64_t pa;
};

/* False: nothing of it is there, or not yet; *why as above. */
bool table_view_open(struct table_view *view, const struct table_source *source, uint64_t pa,
                     size_t size, enum extent_kind *why);

/* False: that entry is not there, or not yet; *why as above. */
static inline bool table_view_entry(const struct table_view *view, unsigned index, uint64_t *entry,
                                    enum extent_kind *why)
{
    const uint64_t *word =
        view->table ? &view->table[index]
                    : table_read(view->source, view->pa + 8 * (uint64_t)index, sizeof *word, why);
    if (word)
        *entry = __atomic_load_n(word, __ATOMIC_RELAXED);
    return word;
}

/* How many of table[index] ... table[last] go on, page by page, from the leaf `entry` of that
 * level: the same but for the address. */
unsigned table_run(const uint64_t *table, const struct paging *paging, unsigned level,
                   unsigned index, unsigned last, uint64_t entry);

/* "mapped", "not-present", "non-canonical", "reserved", "no-table". */
const char *walk_end_name(enum walk_end end);

void walk(struct walk *walk, const struct paging *paging, const struct table_source *source,
          const struct roots *roots, uint64_t va);

/* The root that user mode runs on, of the process whose root is at `root_pa`: that itself, or the
 * copy that the kernel keeps for user mode (struct paging_arch). */
uint64_t walk_user_root(const struct paging *paging, const struct table_source *source,
                        uint64_t root_pa);

/* One sentence for people: why it ended as it did ("PMD [3] is empty", ...).  Returns text. */
char *walk_reason(const struct walk *walk, const struct paging *paging, char *text, size_t size);

#endif
