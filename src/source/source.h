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
 * source_refresh() says what happened.
 *
 * A source is counted and shared: every function that takes a struct source may be called from
 * any thread.  What one thread needs for reading is a struct source_reader; two threads never
 * use one reader at the same time.
 */
#ifndef RAMWALK_SOURCE_SOURCE_H
#define RAMWALK_SOURCE_SOURCE_H

#include "base/error.h"
#include "source/extent.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source;

/* Where `size` bytes at `offset` of the joined files lie in physical space. */
struct segment {
    uint64_t offset, pa, size;
};

#define SOURCE_TABLE_MAX 65536

/* What one thread, or one memory handle, needs for reading. */
struct source_reader {
    struct source *source;     /* held */
    bool nonblocking;          /* what is not here yet is EXTENT_PENDING; else it is waited for */
    const atomic_bool *cancel; /* NULL, or: once true, nothing is waited for any more */
    /* The rest is the source's. */
    struct {
        uint64_t first, end, generation;
        enum extent_kind kind;
    } cached; /* the extent that was asked for last: neighbours ask again and again */
    uint64_t scratch[SOURCE_TABLE_MAX / 8]; /* a table that cannot be mapped */
};

/* A reader that waits and cannot be cancelled, until its fields are set.  Never fails. */
void source_reader_init(struct source_reader *reader, struct source *source);
void source_reader_deinit(struct source_reader *reader);

/*
 * Opens "FILE[@PA][,FILE[@PA]...]"; PA is hexadecimal.  Where no file has a PA, the place in
 * physical space is unknown and taken as 0 until source_place() says better; a file without PA
 * behind one with PA follows it directly.  A comma or '@' in a file name is taken as part of
 * the name when a file of that whole name exists.
 * Failures: cannot be opened (with the reason), a directory, empty, no place to map.
 */
bool source_open(struct source **source, const char *spec, struct error *err);

/* A source is opened with one hold; the last that is dropped closes it.  NULL is fine. */
struct source *source_hold(struct source *source);
void source_drop(struct source *source);

/* The base name of the first file, safe for a terminal; "+N" is added for N more files. */
const char *source_name(const struct source *source);

/* Bytes of the joined files as they were when opened. */
uint64_t source_size(const struct source *source);

/* True where "@PA" or source_place() has said where the files lie. */
bool source_is_placed(const struct source *source);

/*
 * Sets the physical ranges (at most SOURCE_SEGMENTS; copied).  The ranges cover the joined files in
 * ascending offset order and do not overlap in physical space: false where they do.
 */
#define SOURCE_SEGMENTS 64
bool source_place(struct source *source, const struct segment *segment, size_t count);
const struct segment *source_segments(const struct source *source, size_t *count);

/* One linear range from `base`; for a list, the files follow one another. */
bool source_place_base(struct source *source, uint64_t base);

/*
 * Physical <-> offset.  `*left` (may be NULL) is how many bytes from there on stay in the same
 * range.  False: that address is not in the image; then *left is how far the gap reaches
 * (UINT64_MAX - address where nothing follows).
 */
bool source_pa_to_offset(const struct source *source, uint64_t pa, uint64_t *offset,
                         uint64_t *left);
bool source_offset_to_pa(const struct source *source, uint64_t offset, uint64_t *pa,
                         uint64_t *left);

/*
 * What lies at `offset`, and in *end the first offset at which that may differ (for EXTENT_NONE
 * UINT64_MAX).  Costs one or two lseek calls.
 */
enum extent_kind source_extent(struct source_reader *reader, uint64_t offset, uint64_t *end);

/*
 * Reads up to `length` bytes; holes read as zeros.  Returns the bytes read.  Where these are fewer,
 * `*why` (may be NULL) says what the next byte is: EXTENT_NOT_SAVED to EXTENT_NONE.
 */
size_t source_read(struct source_reader *reader, uint64_t offset, void *buffer, size_t length,
                   enum extent_kind *why);

/*
 * `size` bytes at `pa` as memory, for page tables: `size` is a power of two of at most
 * SOURCE_TABLE_MAX and `pa` a multiple of it.  A hole answers zeros.  NULL: not all of it is
 * there; `*why` (may be NULL) as for source_read().  Loads from it are the guest's current bytes;
 * the pointer is valid until the reader is used again.
 */
const uint64_t *source_table(struct source_reader *reader, uint64_t pa, size_t size,
                             enum extent_kind *why);

/* The same for a place in the joined files, whatever lies there in physical space. */
const uint64_t *source_table_at(struct source_reader *reader, uint64_t offset, size_t size,
                                enum extent_kind *why);

/* True where `table` stays good until the source is closed: it is neither a hole nor a copy. */
bool source_table_stays(const struct source_reader *reader, const uint64_t *table);

/* Gives back the memory through which tables were read; they are mapped anew where needed. */
void source_trim(struct source *source);

enum source_state { SOURCE_WHOLE, SOURCE_SHRUNK, SOURCE_GONE };

/*
 * Looks at the files again: shrunk, or removed from their directory?  Forgets which pages are
 * known to be data where the guest gave some back.  `message` (may be NULL) gets one sentence.
 */
enum source_state source_refresh(struct source *source, struct error *message);

#endif
