/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between source.c (opening, reading) and source_segments.c (what lies where). */
#ifndef RAMWALK_SOURCE_SOURCE_PRIVATE_H
#define RAMWALK_SOURCE_SOURCE_PRIVATE_H

#include "source/page_cache.h"

#include <pthread.h>

/* Offsets that lie in one file, one after the other. */
struct source_part {
    struct source_file *file;
    uint64_t offset, size; /* in the source */
    uint64_t at;           /* of its first byte, in the file */
};

/* Never changed once it is published: another one takes its place. */
struct source_layout {
    struct source_layout *older; /* threads may still look at it */
    bool placed;
    size_t count;
    struct segment segment[SOURCE_SEGMENTS];
};

struct source {
    atomic_uint holds;
    atomic_uint_fast64_t generation; /* grows when what was learnt of extents is void */
    struct source_file file[SOURCE_SEGMENTS];
    size_t files;
    struct page_cache *cache; /* of the files that cannot be mapped; NULL: all can */
    struct source_part part[2 * SOURCE_SEGMENTS]; /* all with places first, then the others */
    size_t parts;
    uint64_t places, size;                 /* offsets that are f:, and all */
    struct segment named[SOURCE_SEGMENTS]; /* what is RAM, in the order named; no pa */
    size_t names;
    uint64_t ram_size;
    _Atomic(struct source_layout *) layout;
    pthread_mutex_t placing;
    char name[96];
};

/* Appends to segment[*count], or makes the last one longer where it goes on.  False: no room. */
bool segments_add(struct segment *segment, size_t *count, const struct segment *added);

/* The first pair that overlaps, in physical space or in the file.  False: none. */
bool segments_overlap_pa(const struct segment *segment, size_t count, uint64_t *pa);
bool segments_overlap_file(const struct segment *segment, size_t count, uint64_t *offset);

/* Makes them the source's, without a look at them.  False: out of memory. */
bool source_publish(struct source *source, const struct segment *segment, size_t count,
                    bool placed);
void source_forget_layouts(struct source *source);

#endif
