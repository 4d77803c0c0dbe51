/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the guest's bytes come from: files of any kind (source_type.h), opened read-only, and
 * where they lie in guest physical space.
 *
 * Offsets below source_size() are f:, places in the files that the user named, laid end to end in
 * the order named; those above have no such place.  Physical addresses ("pa") are the guest's.
 * Holes were never touched by the guest.  They are told apart from zeros, and no function here
 * makes the host allocate them.
 *
 * Files may change, shrink or vanish at any moment: reads answer what they could get, and
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
#include "source/source_state.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source;
struct page_entry;

/* Where `size` bytes at `offset` lie in physical space.  Neither need be a multiple of anything. */
struct segment {
    uint64_t offset, pa, size;
};

#define SOURCE_TABLE_MAX 65536

/* What one thread, or one memory handle, needs for reading. */
struct source_reader {
    struct source *source;     /* held */
    bool nonblocking;          /* what is not here yet is EXTENT_PENDING; else it is waited for */
    const atomic_bool *cancel; /* NULL, or: once true, no call waits */
    uint64_t late;             /* grows whenever something was on its way, and not given */
    /* The rest is the source's. */
    struct {
        uint64_t first, end, generation;
        enum extent_kind kind;
    } cached; /* the extent that was asked for last: neighbours ask again and again */
    struct page_entry *page;                /* held, of the page cache; NULL: none */
    uint64_t scratch[SOURCE_TABLE_MAX / 8]; /* a table that has to be put together */
};

/* A reader that waits and cannot be cancelled, until its fields are set.  Never fails. */
void source_reader_init(struct source_reader *reader, struct source *source);
void source_reader_deinit(struct source_reader *reader);

/*
 * Opens "FILE[:OFFSET][@PA][+SIZE][,...]": SIZE bytes at OFFSET of FILE lie at PA.  Numbers are
 * hexadecimal, with or without "0x"; SIZE may end in K, M or G.
 *
 * Without OFFSET and SIZE all of the file is meant.  An item without PA follows the one before it;
 * where no item has one, the place in physical space is unknown and taken as 0 until
 * source_place() says better.  A file may be named several times, for several segments.  Of names
 * with ',' ':' '@' or '+' in them, the longest that exists is taken.
 *
 * Failures, one sentence each: a file that cannot be opened (with the reason), is a directory or
 * empty; no number where one belongs; a segment without bytes, past the end of its file, or
 * after that of the address space; segments that overlap, in a file or in physical space; more
 * than SOURCE_SEGMENTS of them.
 */
bool source_open(struct source **source, const char *spec, struct error *err);

/* A source is opened with one hold; the last that is dropped closes it.  NULL is fine. */
struct source *source_hold(struct source *source);
void source_drop(struct source *source);

/* The base name of the first file, safe for a terminal; "+N" is added for N more files. */
const char *source_name(const struct source *source);

/*
 * A process that may write to one of the files through a mapping, as QEMU does with a running
 * guest's RAM: its PID.  0: none is seen; those of other users are seen by root alone.  Reads
 * /proc/PID/maps of process `last` (0: none), and of all others unless that is one still, which
 * takes milliseconds; ends soon once *cancel.
 */
int source_writer(const struct source *source, int last, const atomic_bool *cancel);

/* Bytes that are f: all of the files as they were when opened, also what is in no segment. */
uint64_t source_size(const struct source *source);

/* Bytes of RAM: of all segments. */
uint64_t source_ram_size(const struct source *source);

/* True where "@PA", the file itself or source_place() has said where the RAM lies. */
bool source_is_placed(const struct source *source);

/*
 * Says where the RAM lies (copied).  False where these are not `count` (1 to SOURCE_SEGMENTS)
 * segments of source_ram_size() bytes in all, or some overlap.
 */
#define SOURCE_SEGMENTS 64
bool source_place(struct source *source, const struct segment *segment, size_t count);

/* Good until the source is closed, although source_place() may have set others since. */
const struct segment *source_segments(const struct source *source, size_t *count);

/*
 * The segments as named, one after the other: the first `below` bytes of RAM from `base` on, the
 * others from `above` on.  Returns how many segments that makes; 0: too many.
 */
size_t source_lay(const struct source *source, uint64_t base, uint64_t below, uint64_t above,
                  struct segment segment[SOURCE_SEGMENTS]);

/* PA of byte `nth` of RAM, counted through the segments.  False: there are not as many. */
bool source_ram_pa(const struct source *source, uint64_t nth, uint64_t *pa);

/* All of it from `base` on. */
bool source_place_base(struct source *source, uint64_t base);

/*
 * Physical <-> offset.  `*left` (may be NULL) is how many bytes from there on stay in the same
 * segment.  False: that address is in none; then *left is how far the gap reaches (UINT64_MAX -
 * address where nothing follows).
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

/* The same for an offset, whatever its place in physical space. */
const uint64_t *source_table_at(struct source_reader *reader, uint64_t offset, size_t size,
                                enum extent_kind *why);

/*
 * What is on its way: how many pages of files that cannot be mapped have come in all, and in *more
 * whether others are to come.  Whoever got EXTENT_PENDING asks again when the number has grown.
 */
uint64_t source_arrivals(const struct source *source, bool *more);

/* True where `table` stays good until the source is closed: it is no hole, no
 * copy, and in no page cache. */
bool source_table_stays(const struct source_reader *reader, const uint64_t *table);

/* Gives back the memory through which tables were read; they are mapped anew where needed. */
void source_trim(struct source *source);

/*
 * Looks at the files again: shrunk, or removed from their directory?  Forgets which pages are
 * known to be data where the guest gave some back.  `message` (may be NULL) gets one sentence.
 */
enum source_state source_refresh(struct source *source, struct error *message);

#endif
