/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One condition on a row: COLUMN OP VALUE.
 *
 * The value is read by the column's type: decimal numbers (0x for others, K, M, G after them),
 * hexadecimal ones for flags and offsets, sizes (4K, 2M), addresses as expressions, names of an
 * enum, yes and no, seconds with a point or nanoseconds without.  `none` is what is not known.
 *
 *   = !=          the same; of flags: all these words are among them; of a permission that is
 *                 written in fewer letters than it has: w is allowed, -x is not
 *   < > <= >=     numbers, sizes, addresses, times, text by bytes
 *   ~             has this text in it, whatever its case: text, names, flags, permissions
 *
 * Where a row has no value nothing holds but != and `= none`.
 */
#ifndef RAMWALK_ANSWER_TERM_H
#define RAMWALK_ANSWER_TERM_H

#include "answer/table.h"
#include "base/arena.h"
#include "session/session.h"

enum term_op { TERM_IS, TERM_IS_NOT, TERM_LESS, TERM_MORE, TERM_MOST, TERM_LEAST, TERM_HAS };

struct term {
    unsigned column; /* in its shape */
    enum term_op op;
    bool none;          /* the value is `none`, as a word and as no value at all */
    struct value value; /* in the arena where it is text */
};

/*
 * Reads a term at *at and moves *at after it and the blanks that follow.  Failure: *err, with a
 * column in `line`, which *at points into.
 */
bool term_parse(struct term *term, const struct shape *shape, struct session *session,
                struct arena *texts, const char *line, const char **at, struct error *err);

/* Does a column's name with an operator after it stand there? */
bool term_begins(const struct shape *shape, const char *text);

bool term_holds(const struct term *term, const struct value *cell);

/* A word as a column's name: the column.  False, and *err names those that there are. */
bool term_column(const struct shape *shape, const char *line, const char *word, size_t length,
                 unsigned *column, struct error *err);

#endif
