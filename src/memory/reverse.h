/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Physical -> every virtual address of every known root: the runs of all listings, sorted by
 * physical address.  Built in steps; used as soon as it is ready.  Tables that several
 * entries lead to (KASAN's shadow, x86's espfix) are listed once in each half and with each
 * access that the ways to them leave: of their aliases the first ones are known.
 */
#ifndef RAMWALK_MEMORY_REVERSE_H
#define RAMWALK_MEMORY_REVERSE_H

#include "memory/place.h"
#include "paging/mapping.h"

struct reverse;

struct reverse *reverse_create(void); /* NULL: out of memory */

/*
 * One that is ready may be held by several threads, which only ask it: the last that drops it frees
 * it.  Who wants to start it anew makes another where it is shared.  NULL is fine to drop.
 */
struct reverse *reverse_hold(struct reverse *reverse);
void reverse_drop(struct reverse *reverse);
bool reverse_is_shared(const struct reverse *reverse);

/* Starts anew: every half that `roots` knows is listed. */
void reverse_start(struct reverse *reverse, const struct paging *paging,
                   const struct table_source *source, const struct roots *roots);

/* Enters up to `tables` tables.  True: ready (or never started). */
bool reverse_step(struct reverse *reverse, unsigned tables);
bool reverse_is_ready(const struct reverse *reverse);

/* True where a bound (REVERSE_RUNS, MAPPING_TABLES_MAX) cut the index: answers may be missing. */
#define REVERSE_RUNS 262144
bool reverse_is_cut(const struct reverse *reverse);

/*
 * Every alias of `pa`, the kernel's first, then in order of VA, at most `capacity` and at most
 * REVERSE_ALIASES of them.  Returns how many there are in all (may be more).  0 while not ready.
 */
#define REVERSE_ALIASES MEMORY_ALIASES
size_t reverse_find(const struct reverse *reverse, uint64_t pa, struct alias *alias,
                    size_t capacity);

/* Runs in the index, and the bytes it holds. */
size_t reverse_runs(const struct reverse *reverse);
size_t reverse_bytes(const struct reverse *reverse);

#endif
