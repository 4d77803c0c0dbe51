/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The virtual spaces of one guest: each is made once, and stays as long as the table of them.  All
 * functions may be called from any thread.
 */
#ifndef RAMWALK_MEMORY_SPACES_H
#define RAMWALK_MEMORY_SPACES_H

#include "memory/space.h"

struct spaces;

struct spaces *spaces_create(void); /* NULL: out of memory */

/* Counted: the last that drops it frees it, and its spaces with it.  NULL is fine to drop. */
struct spaces *spaces_hold(struct spaces *spaces);
void spaces_drop(struct spaces *spaces);

/*
 * The space that says the same as `wanted`, made where there is none (`wanted` is copied).  A
 * process that goes by another name now is still the same.  NULL: there are SPACES_MAX, or no
 * memory.
 */
#define SPACES_MAX 65536
const struct space *spaces_get(struct spaces *spaces, const struct space *wanted);

#endif
