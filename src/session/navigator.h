/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the reader has been: back and forward like a browser.  A visit restores pane, space and
 * cursor, and says whose user half that cursor was in.
 */
#ifndef RAMWALK_NAVIGATOR_H
#define RAMWALK_NAVIGATOR_H

#include "session/session.h"

#define NAVIGATOR_VISITS 256

/* What a pane needs beside addresses to come back, in the pane's own terms; all 0: nothing. */
#define VISIT_WORDS 16
struct visit_detail {
    uint64_t word[VISIT_WORDS];
};

struct visit {
    int pane; /* the caller's number for a pane */
    struct address cursor;
    uint64_t top; /* address of the pane's first row, same space */
    struct visit_detail detail;
    struct user_half half;
};

struct navigator {
    struct visit visit[NAVIGATOR_VISITS];
    size_t count;    /* visits kept */
    size_t position; /* the current one, < count */
};

/* Leaves `from` (which becomes the entry to come back to) for `to`; what lay forward is lost. */
void navigator_go(struct navigator *navigator, const struct visit *from, const struct visit *to);

/* False: nothing in that direction.  `from` replaces the current entry first. */
bool navigator_back(struct navigator *navigator, const struct visit *from, struct visit *to);
bool navigator_forward(struct navigator *navigator, const struct visit *from, struct visit *to);

#endif
