/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory that is given back all at once: the texts and lists of a row, or of a whole table.
 * An arena of all zero is an empty one.  Nothing in it moves until it is reset.
 */
#ifndef RAMWALK_BASE_ARENA_H
#define RAMWALK_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena {
    struct arena_block *block; /* the one that is filled; the older ones hang on it */
    size_t bytes;              /* of all blocks */
};

/* Aligned for any type, not cleared.  NULL: out of memory. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy with a NUL at its end.  NULL: out of memory. */
char *arena_copy(struct arena *arena, const void *bytes, size_t length);

/* Everything taken from it is void; it keeps one block for what comes next. */
void arena_reset(struct arena *arena);

/* The same, and gives all memory back. */
void arena_deinit(struct arena *arena);

#endif
