/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which runs `tables` lists: terms that must all hold. */
#ifndef RAMWALK_FILTER_H
#define RAMWALK_FILTER_H

#include "memory/listing.h"
#include "session/session.h"

struct filter {
    bool kernel, user;          /* halves to list */
    uint8_t allowed, forbidden; /* ACCESS_* of the access that matters */
    uint64_t least, most;       /* bytes of the run */
    uint64_t page_size;         /* 0: any */
    char flag[24];              /* "": any */
    uint64_t first_va, last_va; /* runs that touch this range */
};

/* Failure points at the term. */
bool filter_parse(struct filter *filter, struct session *session, const char *text,
                  struct error *err);
bool filter_matches(const struct filter *filter, const struct paging *paging,
                    const struct run *run);

#endif
