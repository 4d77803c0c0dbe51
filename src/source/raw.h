/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One file of an image: its descriptor, its mapping, and which of its pages are known to hold
 * data.  Only image.c includes this.
 */
#ifndef RAMWALK_SOURCE_RAW_H
#define RAMWALK_SOURCE_RAW_H

#include "source/source.h"

/* A stretch of data, or of a hole; end 0: none. */
struct extent {
    uint64_t first, end;
    bool is_data;
};

struct raw {
    int fd;
    char *path;
    uint64_t offset;          /* of the file's first byte in the joined image */
    uint64_t size;            /* bytes when opened */
    const unsigned char *map; /* NULL: cannot be mapped; read by pread only */
    uint64_t *data;           /* a bit for each 4 KiB page: seen to be data */
    bool has_holes;           /* SEEK_HOLE works here */
    int64_t blocks;           /* st_blocks when last looked at */
    struct extent met;        /* the last that was asked for, until raw_refresh() */
};

bool raw_open(struct raw *part, const char *path, struct error *err);
void raw_close(struct raw *part);

/*
 * True for data, false for a hole; *end: where that ends (offsets of this file).  The stretch asked
 * for last is remembered: neighbours ask again and again.
 */
bool raw_extent(struct raw *part, uint64_t at, uint64_t *end);

/* pread until done or the end of what is there; `length` bytes at most. */
size_t raw_read(struct raw *part, uint64_t at, void *buffer, size_t length);

/* PAGES_MIXED also where the file cannot be mapped. */
enum raw_pages { PAGES_DATA, PAGES_HOLE, PAGES_MIXED };
enum raw_pages raw_pages(struct raw *part, uint64_t at, size_t size);

/* Unmaps nothing, but lets go of the pages that are mapped in. */
void raw_release(struct raw *part);

enum source_state raw_refresh(struct raw *part, struct error *message);

#endif
