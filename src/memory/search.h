/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding bytes onward in a space, in steps: holes and unmapped gaps are skipped, matches across
 * page borders are found, where the pages follow one another in that space.
 */
#ifndef RAMWALK_MEMORY_SEARCH_H
#define RAMWALK_MEMORY_SEARCH_H

#include "base/error.h"
#include "memory/address.h"

struct memory;

#define SEARCH_PATTERN 64

struct search {
    struct memory *memory;
    uint8_t pattern[SEARCH_PATTERN];
    size_t length;
    bool backward;
    struct address at; /* next address to look at */
    bool wrapped;      /* wrapped at the end of the space */
    uint64_t start;
};

enum search_result {
    SEARCH_RUNNING,
    SEARCH_WAITING, /* for bytes, or tables, that are on their way: go on when some have come */
    SEARCH_FOUND,   /* search->at is the match */
    SEARCH_END,     /* not found */
};

/*
 * Parses what stands after '/': `hex 7f 45 4c46` or `hex 7f454c46` are bytes, everything else
 * is text as it stands; "text hex" searches for the word itself.  False: empty, too long, odd
 * digits.
 */
bool search_parse(const char *text, uint8_t pattern[SEARCH_PATTERN], size_t *length,
                  struct error *err);

/* From the address after (before, where backward) `from`; wraps once. */
void search_start(struct search *search, struct memory *memory, struct address from,
                  const uint8_t *pattern, size_t length, bool backward);

/* Looks through about `bytes` of data. */
enum search_result search_step(struct search *search, uint64_t bytes);

/* 0..1 of the space (by address). */
double search_progress(const struct search *search);

#endif
