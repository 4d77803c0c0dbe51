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
    /*
     * Fills order[count] with the items by a column, faster than comparing them does; the column's
     * values are all known, and live as long as the state.  False: not by this column.  May be
     * NULL.
     */
    bool (*order)(const void *state, unsigned column, uint32_t *order);
    /* What stays the same of an item when all is read anew; NULL: its number. */
    uint64_t (*key)(const void *state, size_t item);
    /* Notes and remarks, once all is there.  May be NULL. */
    void (*note)(struct query *query, const void *state);
    /* For a title: which ones, and what is wrong with them.  May be NULL. */
    void (*caption)(const void *state, struct text *text);
};

/* All items as rows: a subject's rows(), or what that ends with. */
bool query_items(struct query *query, struct error *err);

#endif
