/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guest's memory in its three spaces: the one translation core.
 *
 * An image, a paging mode and roots make every place nameable as f:, p: and v:.  Every jump, the
 * status line, the tree, the batch mode and the tests ask here.
 */
#ifndef RAMWALK_MEMORY_H
#define RAMWALK_MEMORY_H

#include "base/address.h"
#include "image/image.h"
#include "memory/reverse.h"
#include "paging/walk.h"

struct memory_cache; /* the last tables seen by memory_translate() */

struct memory_window {
    uint64_t va, size, delta; /* size 0: none */
};

struct memory {
    struct image *image;         /* borrowed */
    const struct paging *paging; /* NULL: not known (yet): no v: space */
    struct roots roots;
    struct table_source source;  /* reads the image */
    struct memory_window window; /* see memory_set_window() */
    struct reverse *reverse;     /* answers */
    struct reverse *building;    /* takes its place when complete */
    bool indexing;
    struct memory_cache *cache;
};

bool memory_init(struct memory *memory, struct image *image, struct error *err);
void memory_deinit(struct memory *memory);

/* Sets paging and roots (each may be NULL / NO_ROOT) and starts the reverse index anew. */
void memory_set_paging(struct memory *memory, const struct paging *paging,
                       const struct roots *roots);

/*
 * What is known of a mapping although the tables to it lie outside of a file that was cut:
 * size bytes at va are at va - delta.  It answers only where a walk ends at such a table.
 */
void memory_set_window(struct memory *memory, const struct memory_window *window);

/* The guest may have changed its tables: forgets the cached ones.  For every refresh. */
void memory_forget(struct memory *memory);

/*
 * The reverse index: memory_set_paging() and memory_reindex() start one (the old one answers
 * until the new one is complete), memory_step() works on it, about `tables` tables at a time.
 * True: nothing left to do.
 */
void memory_reindex(struct memory *memory);
bool memory_step(struct memory *memory, unsigned tables);

/* The full walk.  Needs memory->paging. */
void memory_walk(struct memory *memory, uint64_t va, struct walk *walk);

/*
 * The contiguous group that a step's entry says it belongs to, or one that a run has part in: a
 * broken one where there is any.  count 0: none.  Reads the table of either end.
 */
void memory_group_of_step(struct memory *memory, const struct walk_step *step,
                          struct paging_group *group);
void memory_group_of_run(struct memory *memory, const struct run *run, struct paging_group *group);

/* Only the answer, through the cache.  False: not mapped.  *pa need not be in the image. */
bool memory_translate(struct memory *memory, uint64_t va, uint64_t *pa);

#define MEMORY_ALIASES 16

/* One place by all its names. */
struct place {
    struct address asked;
    bool has_offset, has_pa, has_va;
    uint64_t offset, pa, va;
    bool walked; /* `walk` is filled: asked as v:, or a va was found */
    struct walk walk;
    bool not_in_image; /* asked as p: or f: and not there */
    size_t aliases;    /* how many VAs are known in all */
    bool aliases_cut;  /* there may be more: the reverse index is full */
    struct alias alias[MEMORY_ALIASES];
};

/* For p: and f: the VA comes from the reverse index where it is ready. */
void memory_locate(struct memory *memory, struct address address, struct place *place);

/* What lies at an address, for how long. */
enum stretch_kind {
    STRETCH_DATA,     /* bytes are in the file */
    STRETCH_HOLE,     /* in the file, never touched */
    STRETCH_UNMAPPED, /* v: no mapping */
    STRETCH_BAD,      /* v: reserved entry, or a table, or entry, that is not in the image */
    STRETCH_DEVICE,   /* a physical address that is not in the file: device, flash, nothing */
    STRETCH_OUTSIDE,  /* f: behind the end; v: not canonical */
};
const char *stretch_name(enum stretch_kind kind);

struct stretch {
    enum stretch_kind kind;
    uint64_t last;   /* the last address (same space) that is certainly of this kind and
                        contiguous in the file */
    uint64_t offset; /* STRETCH_DATA, STRETCH_HOLE: of the address asked for */
    uint64_t pa;     /* where known, else UINT64_MAX */
};
void memory_stretch(struct memory *memory, struct address address, struct stretch *stretch);

/* The same at the price of one walk: `last` is no farther than the span of the entry that v: ends
 * at, however far its neighbours are alike. */
void memory_stretch_near(struct memory *memory, struct address address, struct stretch *stretch);

/*
 * Leaves the stretch that `address` lies in: the first address behind all that is of the same
 * kind (backward: the last address before it).  False: the space ends first.  Works on tables
 * and extents, not on pages: even 1 TiB of one kind is left within milliseconds.
 */
bool memory_skip(struct memory *memory, struct address address, bool backward, uint64_t *to);

/*
 * Reads across pages.  `there` (may be NULL) gets an enum stretch_kind for each byte.  Bytes
 * that cannot be read are zero.  Returns how many bytes are data or hole.
 */
size_t memory_read(struct memory *memory, struct address address, void *buffer, size_t length,
                   uint8_t *there);

/* One little-endian word; false where any byte of it is not data or hole. */
bool memory_read_u64(struct memory *memory, struct address address, uint64_t *value);

/* First and last address of a space: f: 0..size-1; p: 0..2^52-1 (RISC-V: 2^56-1); v: 0..2^64-1. */
void memory_bounds(const struct memory *memory, enum space space, uint64_t *first, uint64_t *last);

/*
 * Is this word a pointer?  Takes tags and PAC away (sign extension from the top VA bit), and
 * answers the canonical va where it is mapped.
 */
bool memory_pointer(struct memory *memory, uint64_t word, uint64_t *va);

#endif
