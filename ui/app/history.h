/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The places visited: back and forward like a browser.  A visit restores pane, space and
 * cursor.
 */
#ifndef RAMWALK_UI_APP_HISTORY_H
#define RAMWALK_UI_APP_HISTORY_H

#include "session/session.h"

#define HISTORY_ENTRIES 256

/* What a pane needs beside addresses to come back, in the pane's own terms; all 0: nothing. */
#define VISIT_WORDS 16
struct visit_detail {
    uint64_t word[VISIT_WORDS];
};

struct history_entry {
    int pane; /* the caller's number for a pane */
    struct address cursor;
    uint64_t top; /* address of the pane's first row, same space */
    struct visit_detail detail;
};

struct history {
    struct history_entry visit[HISTORY_ENTRIES];
    size_t count;    /* visits kept */
    size_t position; /* the current one, < count */
};

/* Leaves `from` (which becomes the entry to come back to) for `to`; what lay forward is lost. */
void history_go(struct history *history, const struct history_entry *from,
                const struct history_entry *to);

/* False: nothing in that direction.  `from` replaces the current entry first. */
bool history_back(struct history *history, const struct history_entry *from,
                  struct history_entry *to);
bool history_forward(struct history *history, const struct history_entry *from,
                     struct history_entry *to);

#endif
