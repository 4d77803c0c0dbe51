/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line of the one language that the prompt, the keys and the rc file share: a command with its
 * arguments, or an address to go to.  An empty line, or one that begins with '#', is nothing.
 */
#ifndef RAMWALK_UI_COMMAND_COMMAND_LINE_H
#define RAMWALK_UI_COMMAND_COMMAND_LINE_H

#include "ui/command/command_index.h"

#define COMMAND_LINE_MAX 2048 /* bytes, with the terminator */
#define COMMAND_COUNT    100000

/* Only what is typed at the prompt may be abbreviated, or be the bare name of a symbol. */
enum line_from { LINE_PROMPT, LINE_KEY, LINE_FILE };

/*
 * Runs a line in the pane in use, or in the popup that is open.  count: typed before a key; 1 where
 * there is none.  A command that takes [N] is given the product, any other of the program is run
 * that often.  Failure: *err, with a column in `line`.
 */
bool command_line_run(struct app *app, const char *line, enum line_from from, int count,
                      struct error *err);

/*
 * The contexts in which a line of a key or a file means something, and whether its command exists
 * at all, without running it.  False with a reason whose column is in `line`.
 */
bool command_line_check(const char *line, unsigned *where, struct error *err);

/* Where the keys go: the type of the pane in use, or the popup. */
unsigned command_context(const struct app *app);

/* Does a line start as only an expression can?  A bare number counts; a command's name wins. */
bool command_is_expression(const char *line, size_t length);

#endif
