/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which runs `tables` lists, and the tables pane finds: terms that must all hold. */
#ifndef RAMWALK_ANSWER_FILTER_H
#define RAMWALK_ANSWER_FILTER_H

#include "paging/mapping.h"
#include "session/session.h"

struct filter {
    const struct space *space;  /* whose tables */
    bool kernel, user;          /* halves to list */
    bool full;                  /* what repeats is listed again and again */
    uint8_t allowed, forbidden; /* ACCESS_* of the access that matters */
    uint64_t least, most;       /* bytes of the run */
    uint64_t page_size;         /* 0: any */
    char flag[24];              /* "": any */
    char level[8];              /* "PMD"; "": any */
    char contiguous[8];         /* "whole", "broken"; "": any */
    uint64_t first_va, last_va; /* runs that touch this range */
};

/* Failure points at the term. */
bool filter_parse(struct filter *filter, struct session *session, const char *text,
                  struct error *err);
/* The addresses that runs have to touch, by the terms on ranges and halves. */
void filter_range(const struct filter *filter, uint64_t *first_va, uint64_t *last_va);

/* A run of the tables of filter->space; the terms on groups read the table again. */
bool filter_matches(const struct filter *filter, struct session *session,
                    const struct mapping *run);

/* Does a word of `length` bytes look like a term? */
bool filter_is_term(const char *word, size_t length);

/* Calls `add` for each term, or the beginning of one, that means something in a paging mode (NULL:
 * in any). */
void filter_words(const struct paging *paging, void (*add)(void *list, const char *word),
                  void *list);

#endif
