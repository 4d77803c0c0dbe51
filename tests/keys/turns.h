/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the program's first thread does between two waits in its loop: a turn.  A shared library
 * (turns.c) that is loaded before the program counts them into a file that both sides map.
 */
#ifndef RAMWALK_KEYS_TURNS_H
#define RAMWALK_KEYS_TURNS_H

#include <stdatomic.h>
#include <stdint.h>

#define TURNS_FILE "RAMWALK_TURNS" /* the environment's name for it */

/* Times are in nanoseconds. */
struct turns {
    atomic_uint answered;    /* turns that took keys: each ended with a complete frame */
    atomic_ullong cpu_ns;    /* the first thread's own time in the last of them */
    atomic_ullong ended_ns;  /* when that ended, by the monotonic clock */
    atomic_ullong others_ns; /* the longest turn without keys; whoever reads it sets it to 0 */
};

#endif
