/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One kind of source as a record of operations.  To add one: a file that defines such a record,
 * and its row in SOURCE_ROWS.
 *
 * Offsets here are the file's own.  Those below `places` are where `xxd -s` shows the byte in the
 * file that the user named (f:); those from there to `size` have no such place: pages that are
 * compressed, RAM that a dump left out.
 *
 * Everything but open() and close() may be called from any thread, several at once.
 */
#ifndef RAMWALK_SOURCE_SOURCE_TYPE_H
#define RAMWALK_SOURCE_SOURCE_TYPE_H

#include "source/source.h"

struct source_type;

struct source_file {
    const struct source_type *type;
    char *path;            /* as named, without the suffixes; owned */
    uint64_t size, places; /* bytes; set by open(); 0 < size, places <= size */
    void *state;           /* the kind's own */
};

struct source_type {
    const char *name; /* "raw" */

    /*
     * Is that file of this kind?  `head` is its first bytes, `length` of them: at most
     * SOURCE_HEAD.  head NULL: no file of that name can be read; is the name itself one of this
     * kind's (an address to connect to)?
     */
    bool (*probe)(const char *path, const unsigned char *head, size_t length);

    /* Fills size, places and state.  On failure nothing stays open or allocated. */
    bool (*open)(struct source_file *file, struct error *err);
    void (*close)(struct source_file *file);

    /*
     * Where its bytes lie in physical space, `capacity` segments at most; returns how many there
     * are.  NULL: the file does not say.
     */
    size_t (*segments)(const struct source_file *file, struct segment *segment, size_t capacity);

    /*
     * As source_read().  Where there is no map(), only the page cache calls it, in its one thread,
     * and it may take its time.
     */
    size_t (*read)(const struct source_file *file, uint64_t at, void *buffer, size_t length,
                   enum extent_kind *why);

    /* As source_extent(), for places within the file; answers at once, from what open() learnt. */
    enum extent_kind (*extent)(const struct source_file *file, uint64_t at, uint64_t *end);

    /*
     * [at, at + size) as memory that shows the current bytes until close().  NULL: not as it is;
     * then *kind is EXTENT_HOLE where all of it is a hole, else it has to be read.  No operation:
     * this kind cannot map, and a page cache stands in front of read().
     */
    const void *(*map)(const struct source_file *file, uint64_t at, size_t size,
                       enum extent_kind *kind);

    /* Ends the read() under way, and fails those to come: before close().  May be NULL. */
    void (*interrupt)(const struct source_file *file);

    /* As source_trim().  May be NULL. */
    void (*trim)(const struct source_file *file);

    /* As source_refresh(); *changed: what was read may be different by now. */
    enum source_state (*refresh)(struct source_file *file, bool *changed, struct error *message);
};

#define SOURCE_HEAD 4096

/* The kind of a file; the last row takes anything. */
const struct source_type *source_type_of(const char *path, const unsigned char *head,
                                         size_t length);

/* Does some kind take that name, although there is no such file? */
bool source_type_has_name(const char *path);

/* One row a kind, those with a name or a magic first: `const struct source_type source_type_NAME`.
 */
#define SOURCE_ROWS(ROW) ROW(simulated) ROW(raw)

#define SOURCE_DECLARE(name) extern const struct source_type source_type_##name;
SOURCE_ROWS(SOURCE_DECLARE)
#undef SOURCE_DECLARE

#endif
