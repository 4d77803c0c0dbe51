/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All mappings of a root in VA order, as runs: neighbours are merged when they are contiguous
 * both virtually and physically and have equal page size and equal attributes along the path.
 * Resumable: a listing is a position, and each call goes on from there within a budget.
 */
#ifndef RAMWALK_PAGING_MAPPING_H
#define RAMWALK_PAGING_MAPPING_H

#include "paging/table_memo.h"
#include "paging/walk.h"

struct mapping {
    uint64_t va, pa, size; /* bytes */
    uint64_t page_size;    /* of each leaf in it */
    uint64_t entry;        /* the first leaf as read */
    struct access access;  /* effective */
    unsigned level;
    /* MAPPING_SHARED: a table's span, `va` and `size`; the same is mapped there as at same_va.
     * `pa` is the table's, `level` is its own, the rest means nothing. */
    uint64_t same_va;
};

/* Are the leaves of two runs alike, but for where they are? */
bool mapping_is_alike(const struct paging *paging, const struct mapping *a,
                      const struct mapping *b);

/* For who must come to an end: 2 TiB of RAM in 4 KiB pages have no more tables. */
#define MAPPING_TABLES_MAX (UINT64_C(1) << 20)

enum mapping_result {
    MAPPING_FOUND,  /* *run is the next one */
    MAPPING_SHARED, /* *run is a table that was listed before (struct mapping_iterator, memo) */
    MAPPING_PAUSE,  /* the budget is used up, or a table is on its way: call again */
    MAPPING_END,
};

struct mapping_frame {
    const uint64_t *table; /* good until the source is asked again; NULL: read by the entry */
    uint64_t table_pa;
    uint64_t va; /* of its entry 0 */
    unsigned index, last;
    struct access access;
    bool whole;      /* all of the table is listed */
    uint64_t mapped; /* the listing's, when it was entered */
};

struct mapping_iterator {
    const struct paging *paging;
    struct table_source source;
    uint64_t first_va, last_va;
    uint64_t root_pa;
    bool opening;   /* the root is still to be entered */
    unsigned depth; /* frames in use; 0: at the end */
    struct mapping_frame frame[PAGING_LEVELS];
    struct mapping pending; /* being merged; size 0: none */
    /*
     * Set after opening, for listings that end however many paths lead to a table (KASAN's shadow,
     * x86's espfix): a table that the memo knows, all of which is asked for, is passed over; those
     * that were gone through are added.  The caller's, to be freed; NULL: every path is taken.
     */
    struct table_memo *memo;
    bool tells_shared; /* set after opening: what is passed over, and has anything mapped below it,
                          is MAPPING_SHARED */
    struct mapping shared; /* to be told next; size 0: none */
    uint64_t repeats;      /* entries that were passed over */
    uint64_t mapped;       /* bytes of all leaves so far, those passed over included */
    /* Set after opening: asked before a table is entered, which is there or a part of it; false
     * passes it over.  Must not read through the source.  NULL: all are entered. */
    bool (*may_enter)(void *context, const struct mapping_frame *frame, unsigned level);
    void *context;
    uint64_t tables;       /* tables entered so far */
    uint64_t lost;         /* tables of which nothing is to be had */
    uint64_t lost_entries; /* of tables of which a part is */
    uint64_t bad_va; /* of the first entry left out: reserved, lost, or a loop; else UINT64_MAX */
    bool waits;      /* MAPPING_PAUSE because a table, or an entry, is on its way */
    uint64_t loops;  /* entries not entered, as their table is on the path already */
};

/* Lists [first_va, last_va], both of one half, under the table at root_pa.  Owns nothing. */
void mapping_open(struct mapping_iterator *listing, const struct paging *paging,
                  const struct table_source *source, uint64_t root_pa, uint64_t first_va,
                  uint64_t last_va);

/* `*budget` counts tables down; NULL: no limit. */
enum mapping_result mapping_next(struct mapping_iterator *listing, struct mapping *run,
                                 unsigned *budget);

#endif
