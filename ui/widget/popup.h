/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page of text over the panes: a command's answer, also while it is still coming, or the help. It
 * scrolls, can be searched and filtered; rows of an answer can be sorted.  Enter goes to the first
 * address of its line, in the process whose it is.
 */
#ifndef RAMWALK_UI_WIDGET_POPUP_H
#define RAMWALK_UI_WIDGET_POPUP_H

#include "memory/address.h"
#include "ui/command/keymap.h"
#include "ui/pane/motion.h"
#include "ui/terminal/screen.h"

#define POPUP_LINES  100000 /* kept, of POPUP_BYTES at most; the last one says that it is cut */
#define POPUP_BYTES  (32 << 20)
#define POPUP_FILTER 160 /* bytes of a filter */

struct popup;
struct session;
struct sink;

struct popup *popup_create(const char *title); /* NULL: out of memory */
void popup_destroy(struct popup *popup);

/* Adds a line, its tabs as blanks; controls are made harmless when drawn.  False: full, or no
 * memory. */
bool popup_add(struct popup *popup, const char *line);
size_t popup_lines(const struct popup *popup);

/* One of the lines that are to be seen; "": there is none. */
const char *popup_line(const struct popup *popup, size_t number);

/*
 * Where the rows of an answer go: each is added as the lines that batch mode prints of it, and
 * kept.  The sink is the popup's, and takes one answer.  NULL: out of memory.
 */
struct sink *popup_sink(struct popup *popup, struct session *session);

/*
 * Shows only the lines that have a text in them, whatever its case; of an answer's rows also by
 * "where TERM ... sort=COLUMN columns=A,B", where may be left out.  "": all; NULL: asks.  Answers
 * the filter in force.
 */
const char *popup_filter(struct popup *popup, const char *text);

/*
 * Rows are filtered and sorted in a worker, which is given a part of a frame: until it has ended
 * the lines are as they were, and no row may be added.  popup_settle() takes over what it made, if
 * it ends within so many milliseconds; popup_cancel() gives it up, and all lines are as they came
 * (false: nothing is under way).  The descriptor is for poll(); -1: nothing is under way.
 */
bool popup_is_arranging(const struct popup *popup);
int popup_descriptor(const struct popup *popup);
void popup_settle(struct popup *popup, int within_ms);
bool popup_cancel(struct popup *popup);

/* Why the filter cannot be taken; NULL: it can. */
const char *popup_wrong(const struct popup *popup);

/*
 * Sorts the rows by the column `step` places on; 0: by the same, reversed.  *heading is
 * the column's, NULL: as they come.  False: there are no rows to sort.
 */
bool popup_sort(struct popup *popup, int step, const char **heading, bool *inverted);

/* More is to come, since that moment (clock_ms()); -1: no more. */
void popup_coming(struct popup *popup, int64_t since_ms);

/* How many lines the screen shows of it. */
size_t popup_rows(const struct popup *popup);

/* The space that addresses of the kernel's half lead to: of whoever is looked at. */
void popup_set_space(struct popup *popup, const struct space *space);

/* Marks the last line added as a heading. */
void popup_heading(struct popup *popup);

/* Its rule names the keys that help, as they are bound. */
void popup_draw(struct popup *popup, const struct keymap *map, struct area area);

/* False: it has no such motion. */
bool popup_move(struct popup *popup, enum motion motion, int64_t steps);

/* Goes to the next line that has the text, ignoring case.  False: none; then "the
 * next" goes on with the text that was found last. */
bool popup_search(struct popup *popup, const char *text, bool backward);

/* The same text once more; reverse: against the direction of the search. */
bool popup_search_again(struct popup *popup, bool reverse);

/* A click on a row of the area that it was drawn in. */
void popup_click(struct popup *popup, int row);

/* Where the cursor's line leads: the first address of the row that it is of, or the one that a
 * remark names.  False: nowhere. */
bool popup_target(const struct popup *popup, struct address *target);

#endif
