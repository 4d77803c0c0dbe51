/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands that answer with text or JSON: the same table serves the prompt, the batch mode,
 * the help and the completion.  ui/ adds its own table of what needs a screen.
 */
#ifndef RAMWALK_ANSWER_COMMAND_H
#define RAMWALK_ANSWER_COMMAND_H

#include "answer/output.h"
#include "answer/query.h"

/* What a command's argument completes to. */
enum argument {
    ARGUMENT_NONE,
    ARGUMENT_EXPRESSION,
    ARGUMENT_COMMAND,
    ARGUMENT_FILE,
    ARGUMENT_TYPE,
    ARGUMENT_PROCESS,
    ARGUMENT_FILTER, /* command/filter.h */
};

struct command {
    const char *name;
    const char *arguments; /* "EXPR [LENGTH]" */
    const char *brief;     /* one line, no full stop */
    const char *detail;    /* more lines for `help NAME`, or NULL */
    enum argument argument;
    bool at_once; /* answers within a millisecond, or fails where something is not known yet */
    const struct subject *subject;
};

/* Those of subjects.h; NULL comes after the last. */
extern const struct command *const core_commands[];

/* By name, or by a prefix that fits only one.  NULL: none, or several. */
const struct command *command_find(const char *name, size_t length);

/*
 * Runs a command.  `arguments` is the rest of the line, blanks trimmed.  Failure: *err, with a
 * column in `arguments`.
 */
bool command_run(struct session *session, const struct command *command, const char *arguments,
                 struct output *output, struct error *err);

/* The command that a query's arguments name, or each.  False: they name none. */
bool command_each(struct query *query,
                  bool (*give)(struct query *query, const struct command *command, bool is_only),
                  struct error *err);

/*
 * Calls `add` for each word that may stand at arguments[start] after the command's own arguments:
 * where, terms, sort=, columns= and what they take.
 */
void command_words(const struct command *command, const char *arguments, size_t start,
                   void (*add)(void *list, const char *word), void *list);

/*
 * Runs one line of the core table: "translate v:0".  A line that is empty or starts with '#' is
 * nothing.  A failure is printed by output_error() and answered with false.
 */
bool command_line(struct session *session, const char *line, struct output *output);

#endif
