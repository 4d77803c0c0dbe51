/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An answer to move about in: its rows by number, each made when it is looked at, in any order and
 * by any terms.  What a list on a screen shows.
 */
#ifndef RAMWALK_ANSWER_BROWSER_H
#define RAMWALK_ANSWER_BROWSER_H

#include "answer/items.h"

struct browser;

/*
 * The rows of a subject that has items, for its own arguments (no terms).  NULL with a reason, a
 * column in `arguments`.
 */
struct browser *browser_open(struct session *session, const struct subject *subject,
                             const char *arguments, struct error *err);

/* Rows that are kept in memory, borrowed. */
struct browser *browser_of_rows(struct session *session, const struct subject *subject,
                                const struct rows *rows, struct error *err);

/*
 * The same rows, with what was chosen, for a thread that uses `session` (NULL where the browser has
 * none).  The browser has to stay open and as it is until the other is closed.
 */
struct browser *browser_share(const struct browser *browser, struct session *session,
                              struct error *err);
const struct session *browser_session(const struct browser *browser);

/* NULL is fine. */
void browser_close(struct browser *browser);

/* Reads on; its notes and count may be others then.  False: all is there. */
bool browser_step(struct browser *browser);

/*
 * `text` is "where TERM ... sort=COLUMN columns=A,B" or "" in the place of what was chosen before.
 * Failure: *err with a column in `text`; then nothing is chosen.
 */
bool browser_choose(struct browser *browser, const char *text, struct error *err);
bool browser_has_terms(const struct browser *browser);
bool browser_is_sorted(const struct browser *browser, unsigned *column, bool *descending);

/* Does a text begin as one that browser_choose() takes?  "pid>3" does: where may be left out. */
bool browser_takes(const struct browser *browser, const char *text);

const struct shape *browser_shape(const struct browser *browser);
/* The columns to show: places in the shape. */
unsigned browser_shown(const struct browser *browser, const unsigned **shown);

size_t browser_count(const struct browser *browser);
/* One cell, or the cells of all columns that are shown; until the next call. */
const struct value *browser_cell(struct browser *browser, size_t item, unsigned column);
const struct value *browser_row(struct browser *browser, size_t item);
/* Do all terms hold? */
bool browser_holds(struct browser *browser, size_t item);
/* What stays the same of an item in another browser of the same question. */
uint64_t browser_key(const struct browser *browser, size_t item);

/*
 * Fills order[browser_count()] by a column, as sort= does; no column
 * (BROWSER_UNSORTED): as they come.  False: out of memory, and they are as they come.
 */
bool browser_order(struct browser *browser, unsigned column, bool descending, uint32_t *order);

/*
 * The column to sort by `step` places after `column`, among those shown; BROWSER_UNSORTED, the rows
 * as they come, follows the last.
 */
#define BROWSER_UNSORTED UINT32_MAX
unsigned browser_next_column(const struct browser *browser, unsigned column, int step);

/* The operation that the rows were read in is over: where its budget has ended, the note says so.
 */
void browser_end(struct browser *browser, const struct budget *budget);

/* Why the rows may not be all, or NULL; a few words on the whole for a title. */
const char *browser_note(const struct browser *browser);
void browser_caption(const struct browser *browser, struct text *text);

#endif
