/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guest's RAM: one or more host files, opened read-only, and where they lie in guest
 * physical space.
 *
 * Offsets are bytes into the joined files ("f:"); physical addresses ("pa") are the guest's.
 * Holes of a sparse file were never touched by the guest.  They are told apart from zeros, and
 * no function here makes the host allocate them: bytes are read by pread, and memory is mapped
 * only for pages that SEEK_DATA says are there (on tmpfs a read through mmap would allocate).
 *
 * The file may change, shrink or vanish at any moment: reads answer what they could get, and
 * image_refresh() says what happened.
 */
#ifndef RAMWALK_IMAGE_H
#define RAMWALK_IMAGE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image;

/* Where `size` bytes at `offset` of the joined files lie in physical space. */
struct ram_range {
    uint64_t offset, pa, size;
};

enum extent_kind {
    EXTENT_DATA, /* bytes are in the file */
    EXTENT_HOLE, /* in the file's range, never touched: reads as zeros */
    EXTENT_NONE, /* not in the image */
};

/*
 * Opens "FILE[@PA][,FILE[@PA]...]"; PA is hexadecimal.  Where no file has a PA, the place in
 * physical space is unknown and taken as 0 until image_place() says better; a file without PA
 * behind one with PA follows it directly.  A comma or '@' in a file name is taken as part of
 * the name when a file of that whole name exists.
 * Failures: cannot be opened (with the reason), a directory, empty, no place to map.
 */
bool image_open(struct image **image, const char *spec, struct error *err);
void image_close(struct image *image);

/* The base name of the first file, safe for a terminal; "+N" is added for N more files. */
const char *image_name(const struct image *image);

/* Bytes of the joined files as they were when opened. */
uint64_t image_size(const struct image *image);

/* True where "@PA" or image_place() has said where the files lie. */
bool image_is_placed(const struct image *image);

/*
 * Sets the physical ranges (at most IMAGE_RANGES; copied).  The ranges cover the joined files in
 * ascending offset order and do not overlap in physical space: false where they do.
 */
#define IMAGE_RANGES 64
bool image_place(struct image *image, const struct ram_range *ranges, size_t count);
const struct ram_range *image_ranges(const struct image *image, size_t *count);

/* One linear range from `base`; for a list, the files follow one another. */
bool image_place_base(struct image *image, uint64_t base);

/*
 * Physical <-> offset.  `*left` (may be NULL) is how many bytes from there on stay in the same
 * range.  False: that address is not in the image; then *left is how far the gap reaches
 * (UINT64_MAX - address where nothing follows).
 */
bool image_pa_to_offset(const struct image *image, uint64_t pa, uint64_t *offset, uint64_t *left);
bool image_offset_to_pa(const struct image *image, uint64_t offset, uint64_t *pa, uint64_t *left);

/*
 * Is the byte at `pa` in the image?  *run: how many bytes from there on are alike, neighbouring
 * ranges as one (UINT64_MAX - pa where nothing follows, but at least 1).
 */
bool image_there(const struct image *image, uint64_t pa, uint64_t *run);

/* The same where the ranges are others: a place that is tried. */
bool ranges_there(const struct ram_range *ranges, size_t count, uint64_t pa, uint64_t *run);

/*
 * What lies at `offset`, and in *end the first offset at which that may differ (for EXTENT_NONE
 * UINT64_MAX).  Costs one or two lseek calls.
 */
enum extent_kind image_extent(struct image *image, uint64_t offset, uint64_t *end);

/* Reads up to `length` bytes; holes read as zeros.  Returns the bytes read, 0 outside. */
size_t image_read(struct image *image, uint64_t offset, void *buffer, size_t length);

/*
 * `size` bytes at `pa` as memory, for page tables: `size` is a power of two of at most 64 KiB
 * and `pa` a multiple of it.  A hole answers zeros, and so do words that are not in the image (see
 * image_there()).  NULL: no word of it is.  Loads from it are the guest's current bytes; the
 * pointer is valid until the next call.
 */
const uint64_t *image_table(struct image *image, uint64_t pa, size_t size);

/* The same where the ranges are others. */
const uint64_t *image_table_in(struct image *image, const struct ram_range *ranges, size_t count,
                               uint64_t pa, size_t size);

/* The same for a place in the joined files, whatever lies there in physical space.  NULL where the
 * files end before all of it. */
const uint64_t *image_table_at(struct image *image, uint64_t offset, size_t size);

/* True where `table` stays good until image_close(): it is neither a hole nor a copy. */
bool image_table_stays(const struct image *image, const uint64_t *table);

/* Gives back the memory through which tables were read; they are mapped anew where needed. */
void image_release(struct image *image);

enum image_state { IMAGE_WHOLE, IMAGE_SHRUNK, IMAGE_GONE };

/*
 * Looks at the files again: shrunk, or removed from their directory?  Forgets which pages are
 * known to be data where the guest gave some back.  `message` (may be NULL) gets one sentence.
 */
enum image_state image_refresh(struct image *image, struct error *message);

#endif
