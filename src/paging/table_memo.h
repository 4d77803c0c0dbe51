/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables that one operation has gone through.  What lies below a table depends on where it
 * is, its level and the access that the path leaves, not on the path itself: a table that comes up
 * again in the same way need not be gone through again, however many paths lead to it.
 *
 * A memo belongs to one operation, as a live guest may change its tables.
 */
#ifndef RAMWALK_PAGING_TABLE_MEMO_H
#define RAMWALK_PAGING_TABLE_MEMO_H

#include "base/hash.h"
#include "paging/paging.h"

/* A table as it hangs somewhere. */
struct table_key {
    uint64_t pa;
    unsigned level;
    struct access access; /* of the path down to it; all zero where that does not matter */
};

struct known_table {
    struct table_key key;
    uint64_t va;         /* of its entry 0, where it was gone through first */
    uint64_t mapped;     /* bytes below it */
    struct access below; /* what any leaf below it allows */
    bool loops; /* an entry below led back to a table on the path, which others may not have */
    bool used;  /* something is below it, if only what is in disorder */
};

/* All zero is an empty one. */
struct table_memo {
    struct known_table *known;
    size_t count, capacity;
    struct hash by_pa;
};

/* NULL: it was not gone through.  Good until the next table_memo_add(). */
const struct known_table *table_memo_find(const struct table_memo *memo,
                                          const struct table_key *key);

/* Without memory for it the table will be gone through again. */
void table_memo_add(struct table_memo *memo, const struct known_table *known);

/* Gives the memory back; the memo is empty then. */
void table_memo_free(struct table_memo *memo);

#endif
