/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which mappings reach a physical address: mappings of any number of roots, sorted by physical
 * address.  Filled with pa_map_add(), then completed once; a complete one does not change, and any
 * thread may ask it.  All zero is an empty one.
 */
#ifndef RAMWALK_MEMORY_PA_MAP_H
#define RAMWALK_MEMORY_PA_MAP_H

#include "paging/mapping.h"

struct pa_mapping {
    uint64_t pa, va, size; /* bytes */
    uint32_t root;         /* the caller's number of whose tables these are */
    struct access access;
    uint8_t kind; /* the caller's */
};

struct pa_map {
    struct pa_mapping *mapping; /* by pa once complete */
    uint64_t *reach;            /* of each: the highest last byte of it and of all before it */
    size_t count, capacity;
};

/* False: out of memory, or `max` are in it.  A mapping that would pass the end of the physical
 * addresses is left out. */
bool pa_map_add(struct pa_map *map, const struct mapping *mapping, uint32_t root, size_t max);

/* Sorts.  False: out of memory; then it answers nothing. */
bool pa_map_complete(struct pa_map *map);
void pa_map_free(struct pa_map *map);

/*
 * The mappings that hold `pa`, by root, then by va: the first `capacity` of them into found[].
 * Returns how many there are in all, `max` at most: then any of them may be those found.  0 before
 * it is complete.
 */
size_t pa_map_find(const struct pa_map *map, uint64_t pa, size_t max,
                   const struct pa_mapping **found, size_t capacity);

/* Bytes that it holds. */
size_t pa_map_bytes(const struct pa_map *map);

#endif
