/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A listing of mappings (paging/mapping.h, with a memo) without its repeats: the same pages mapped
 * again and again at one distance are one row, and so is a table that hangs in many places.
 *
 * What the rows map, count times size, is all that the tables map.
 */
#ifndef RAMWALK_PAGING_FOLD_H
#define RAMWALK_PAGING_FOLD_H

#include "paging/mapping.h"

#define FOLD_MIN 3 /* so many repeats share a row */

struct fold_row {
    struct mapping run;     /* the first of `count`, or of a shared table the first span */
    uint64_t count, stride; /* they begin at run.va + i * stride; stride 0 where count is 1 */
    uint64_t bytes;         /* mapped by each */
    bool is_shared;         /* each maps what is mapped at run.same_va, listed before */
};

struct folded; /* a row that was given */

struct fold {
    const struct paging *paging;
    /* Takes a row.  False: no more are wanted. */
    bool (*give)(void *context, const struct fold_row *row);
    void *context;
    bool out_of_memory;
    struct fold_row pending; /* count 0: none */
    uint64_t floor;          /* nothing between that and the pending row was given */
    struct folded *given;    /* by address */
    size_t count, capacity;
};

void fold_init(struct fold *fold, const struct paging *paging,
               bool (*give)(void *context, const struct fold_row *row), void *context);

/*
 * The runs and the shared tables of one half, in the order of the listing.  Of the runs some may
 * be left out: a shared table below which none was taken gives no row.  False: no more are wanted.
 */
bool fold_run(struct fold *fold, const struct mapping *run);
bool fold_shared(struct fold *fold, const struct mapping *table);

/* Gives what is pending. */
bool fold_end(struct fold *fold);

void fold_free(struct fold *fold);

#endif
