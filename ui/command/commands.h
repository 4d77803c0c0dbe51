/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands that need a screen; command/command.h has the others, and both are to be had at
 * the prompt.
 */
#ifndef RAMWALK_UI_COMMAND_COMMANDS_H
#define RAMWALK_UI_COMMAND_COMMANDS_H

#include "answer/command.h"
#include "ui/app/app_state.h"

struct ui_command {
    const char *name;
    const char *arguments; /* "EXPR" */
    const char *brief;     /* one line, no full stop */
    enum argument argument;
    /* Adds words of a set of the command's own; `before` is what is typed of the arguments.
     * False, or NULL: `argument` says what may stand there. */
    bool (*words)(struct app *app, const char *before, void (*add)(void *, const char *),
                  void *list);
    /* `arguments` has its blanks trimmed.  Failure: *err, with a column in `arguments`. */
    bool (*run)(struct app *app, const char *arguments, struct error *err);
};

/* Sorted by name; the row behind the last has name NULL. */
extern const struct ui_command ui_commands[];

/*
 * Runs a line: a command of either table by its name or by a prefix that fits only one, or an
 * address to go to.  Failure: *err, with a column in `line`.
 */
bool ui_command_line(struct app *app, const char *line, struct error *err);

/* A command of either table by a word or a prefix of one.  How many it fits. */
size_t ui_command_find(const char *word, size_t length, const struct ui_command **ui,
                       const struct command **core);

/* Does a line start as only an expression can?  A bare number counts, a command's name wins. */
bool ui_is_expression(const char *line, size_t length);

#endif
