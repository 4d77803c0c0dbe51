/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands of the program itself, beside those of panes (ui/pane/pane.h), motions
 * (ui/pane/motion.h) and answers (answer/command.h).  All are typed at the prompt, bound to keys
 * and written in the rc file; ui/command/command_index.h finds one by its name.
 */
#ifndef RAMWALK_UI_COMMAND_COMMANDS_H
#define RAMWALK_UI_COMMAND_COMMANDS_H

#include "answer/command.h"
#include "ui/app/app_state.h"

/* `arguments` has its blanks trimmed.  Failure: *err, with a column in `arguments`. */
typedef bool ui_run(struct app *app, const char *arguments, struct error *err);

/* Adds words that may follow; `before` is what is typed of the arguments, and the word to complete
 * starts at its byte `start`.  False: `argument` says what else may stand there. */
typedef bool ui_words(struct app *app, const char *before, size_t start,
                      void (*add)(void *, const char *), void *list);

struct ui_command {
    const char *name;
    const char *arguments; /* "": none; "[N]": is run N times; else "EXPR" */
    const char *brief;     /* one line, no full stop */
    enum argument argument;
    ui_words *words; /* NULL: `argument` says what may stand there */
    ui_run *run;
    bool (*applies)(const struct pane_type *type); /* NULL: whatever pane is in use */
};

/* Sorted by name; the row after the last has name NULL. */
extern const struct ui_command ui_commands[];

/* Those of the popup, which stand for a pane's while it is open. */
extern const struct ui_command popup_commands[];

#endif
