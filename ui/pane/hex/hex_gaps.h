/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where gaps end: found at once where that is a part of a frame's work, else beside the interface
 * (session/beside.h).  Until it is known a gap is as long as the entry that says it is one.
 */
#ifndef RAMWALK_UI_PANE_HEX_HEX_GAPS_H
#define RAMWALK_UI_PANE_HEX_HEX_GAPS_H

#include "session/beside.h"

struct hex_row {
    uint64_t first, last;
    enum range_state kind; /* RANGE_DATA: a row of bytes */
    uint64_t pa;           /* of a gap's first address where known, else UINT64_MAX */
};

#define HEX_GAPS 64
struct hex_gaps {
    struct hex_row gap[HEX_GAPS]; /* seen since hex_gaps_forget(): finding ends is work */
    size_t gaps, next_gap;
    struct beside *asked;          /* a gap whose ends take longer; NULL: none */
    bool is_seen;                  /* the frame shows a part of that one */
    bool is_hard;                  /* an end was not found at once: no other is tried */
    struct hex_row hunted;         /* the last one that was found beside */
    const struct space *hunted_in; /* NULL: none was */
    bool hunted_is_old;            /* the guest may have changed since */
};

/* What is known of a gap's ends before asking for them: a neighbour ends there. */
struct hex_ends {
    bool has_first, has_last;
};

/* What is where may have changed. */
void hex_gaps_forget(struct hex_gaps *gaps);

/* A frame, or a move, begins. */
void hex_gaps_begin(struct hex_gaps *gaps);

/* The gap around an address, of which `range` says what it is. */
struct hex_row hex_gap_at(struct hex_gaps *gaps, struct session *session, struct address at,
                          const struct range *range, struct hex_ends ends);

/* True: something was found, and a frame would show it. */
bool hex_gaps_step(struct hex_gaps *gaps);

#endif
