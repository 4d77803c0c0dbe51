/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file that is truncated under its mapping raises SIGBUS: the handler puts a page of zeros
 * there, so that the load goes on.  SIGBUS from elsewhere goes to the handler that was there
 * before.  Both functions may be called from any thread.
 */
#ifndef RAMWALK_SOURCE_SIGBUS_GUARD_H
#define RAMWALK_SOURCE_SIGBUS_GUARD_H

#include <stdbool.h>
#include <stdint.h>

/* Guards `size` bytes at `map`.  False: too many mappings (128), or no handler can be set. */
bool sigbus_guard_add(const void *map, uint64_t size);

/* Before it is unmapped. */
void sigbus_guard_remove(const void *map);

#endif
