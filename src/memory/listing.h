/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All mappings of a root in VA order, as runs: neighbours are merged when they are contiguous
 * both virtually and physically and have equal page size and equal attributes along the path.
 * Resumable: a listing is a position, and each call goes on from there within a budget.
 */
#ifndef RAMWALK_LISTING_H
#define RAMWALK_LISTING_H

#include "paging/walk.h"

struct run {
    uint64_t va, pa, size; /* bytes */
    uint64_t page_size;    /* of each leaf in it */
    uint64_t entry;        /* the first leaf as read */
    struct access access;  /* effective */
    unsigned level;
};

/* For who must come to an end: 2 TiB of RAM in 4 KiB pages have no more tables. */
#define LISTING_TABLES (UINT64_C(1) << 20)

enum listing_result {
    LISTING_RUN,   /* *run is the next one */
    LISTING_PAUSE, /* the budget is used up: call again */
    LISTING_END,
};

struct listing_frame {
    const uint64_t *table; /* good until the source is asked again */
    uint64_t table_pa;
    uint64_t va; /* of its entry 0 */
    unsigned index, last;
    bool whole; /* all of the table is to be had */
    struct access access;
};

struct listing {
    const struct paging *paging;
    struct table_source source;
    uint64_t first_va, last_va;
    unsigned depth; /* frames in use; 0: at the end */
    struct listing_frame frame[PAGING_LEVELS];
    struct run pending; /* being merged; size 0: none */
    bool skip_repeats;  /* set after opening: a table that the entry before leads to as well is not
                           listed again (KASAN's shadow, x86's espfix: millions of them) */
    uint64_t repeats;   /* how many were skipped */
    uint64_t tables;    /* tables entered so far */
    uint64_t lost;      /* tables that are not in the image */
    uint64_t missing;   /* entries that are not, of tables of which a part is */
    uint64_t bad_va;    /* of the first entry left out: reserved, lost, missing, or a loop; else
                           UINT64_MAX */
    uint64_t loops;     /* entries not entered, as their table is on the path already */
};

/* Lists [first_va, last_va], both of one half, under the table at root_pa.  Owns nothing. */
void listing_open(struct listing *listing, const struct paging *paging,
                  const struct table_source *source, uint64_t root_pa, uint64_t first_va,
                  uint64_t last_va);

/* `*budget` counts tables down; NULL: no limit. */
enum listing_result listing_next(struct listing *listing, struct run *run, unsigned *budget);

#endif
