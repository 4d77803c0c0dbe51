/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows by number: what a subject has to supply so that a list on a screen makes only the rows that
 * it shows.  `state` is the subject's, of one reading of the guest.
 */
#ifndef RAMWALK_ANSWER_ITEMS_H
#define RAMWALK_ANSWER_ITEMS_H

#include "answer/query.h"

struct items {
    size_t state_size; /* all zero at first */
    /* Reads what the rows are made of.  Failure as of subject->rows(); unload() follows always. */
    bool (*load)(struct query *query, void *state, struct error *err);
    void (*unload)(void *state);
    /* Reads on where load() only began.  False: all is there.  NULL: load() reads all. */
    bool (*step)(struct query *query, void *state);
    size_t (*count)(const void *state);
    /* The cells of an item, all VALUE_NULL at first. */
    void (*fill)(struct query *query, const void *state, size_t item, struct value *row);
    /* Is it one of the command's rows?  NULL: all are; a list on a screen has all. */
    bool (*is_row)(const void *state, size_t item);
    /* What stays the same of an item when all is read anew; NULL: its number. */
    uint64_t (*key)(const void *state, size_t item);
    /* Notes and remarks, once all is there.  May be NULL. */
    void (*note)(struct query *query, const void *state);
    /* For a title: which ones, and what is wrong with them.  May be NULL. */
    void (*caption)(const void *state, struct text *text);
};

/* The cells of an item; until the query's next row. */
const struct value *items_row(struct query *query, const struct items *items, const void *state,
                              size_t item);

/*
 * Which items, and in which order: those that `holds` (NULL: all), sorted by a column; equal ones
 * keep their order, and what is not known comes last.  ITEMS_UNSORTED: as they come.
 */
struct arrangement {
    unsigned column;
    bool descending;
    bool (*holds)(void *context, size_t item);
    void *context;
    size_t most_bytes; /* of values that are sorted; 0: no bound */
    bool is_cut;       /* out: only the items before the bound was reached are there */
};
#define ITEMS_UNSORTED UINT32_MAX

/*
 * Fills order[items->count(state)]; *count of them are used.  False: out of memory, or the query's
 * session is cancelled.
 */
bool items_arrange(struct query *query, const struct items *items, const void *state,
                   struct arrangement *how, uint32_t *order, size_t *count);

/* All items as rows: a subject's rows(), or what that ends with. */
bool query_items(struct query *query, struct error *err);

#endif
