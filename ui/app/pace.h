/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How often the guest is looked at.  A running one, and any that changes what is on the screen, at
 * the user's rate; one that does not, less and less often, down to once a second, and at the rate
 * again from the first change or key on.
 *
 * That a guest runs is seen from a process that may write to its RAM; a file may as well be copied
 * onto by one that is not there any longer, which only the screen shows.
 */
#ifndef RAMWALK_UI_APP_PACE_H
#define RAMWALK_UI_APP_PACE_H

#include "session/beside.h"

struct pace {
    int64_t next_ms;     /* the next look is due */
    int64_t changed_ms;  /* when the screen changed last, or a key came */
    int64_t searched_ms; /* when a process that writes was looked for last */
    int interval_ms;     /* between the last look and the next */
    int writer;          /* a process that may write to the guest's RAM; 0: none is seen */
    struct beside *search;
};

/* Is a look due, by clock_ms()?  And after it: did it change the screen? */
bool pace_is_due(const struct pace *pace, int64_t now_ms);
void pace_looked(struct pace *pace, unsigned rate, bool changed, int64_t now_ms);

/* A key: what it shows may be changing. */
void pace_hurry(struct pace *pace, unsigned rate, int64_t now_ms);

/* Nothing has changed for so long that what is not shown is not brought up to date either. */
bool pace_is_slow(const struct pace *pace, unsigned rate);

/* Begins to look for a process that writes where it is time to, and takes over what was found. */
void pace_step(struct pace *pace, const struct session *session, int64_t now_ms);

/* For poll(); -1: nothing is under way. */
int pace_descriptor(const struct pace *pace);
void pace_stop(struct pace *pace);

#endif
