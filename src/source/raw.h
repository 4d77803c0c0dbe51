/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One file of a source: its descriptor, its mapping, and which of its pages are known to hold
 * data.  Only source.c includes this.
 */
#ifndef RAMWALK_SOURCE_RAW_H
#define RAMWALK_SOURCE_RAW_H

#include "source/source.h"

#include <stdatomic.h>

struct raw {
    int fd;
    char *path;
    uint64_t offset;          /* of the file's first byte in the joined image */
    uint64_t size;            /* bytes when opened */
    const unsigned char *map; /* NULL: cannot be mapped; read by pread only */
    _Atomic uint64_t *data;   /* a bit for each 4 KiB page: seen to be data */
    bool has_holes;           /* SEEK_HOLE works here */
    _Atomic int64_t blocks;   /* st_blocks when last looked at */
};

bool raw_open(struct raw *part, const char *path, struct error *err);
void raw_close(struct raw *part);

/* EXTENT_DATA or EXTENT_HOLE; *end: where that ends (offsets of this file). */
enum extent_kind raw_extent(const struct raw *part, uint64_t at, uint64_t *end);

/* pread until done or the end of what is there; `length` bytes at most.  *why: as source_read(). */
size_t raw_read(const struct raw *part, uint64_t at, void *buffer, size_t length,
                enum extent_kind *why);

/* PAGES_MIXED also where the file cannot be mapped. */
enum raw_pages { PAGES_DATA, PAGES_HOLE, PAGES_MIXED };
enum raw_pages raw_pages(const struct raw *part, uint64_t at, size_t size);

/* Unmaps nothing, but lets go of the pages that are mapped in. */
void raw_trim(const struct raw *part);

enum source_state raw_refresh(struct raw *part, struct error *message);

#endif
