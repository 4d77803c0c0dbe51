/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a command of the core answers at the prompt.  One that could take long is not waited for:
 * its lines enter the popup as they come, and keys are answered meanwhile.  Closing the popup ends
 * the command.
 */
#ifndef RAMWALK_UI_COMMAND_ANSWER_H
#define RAMWALK_UI_COMMAND_ANSWER_H

#include "answer/command.h"
#include "ui/app/app_state.h"

/*
 * Runs a command; `line` ends with `arguments`.  The answer is a popup titled `line`, or a message
 * of one line.  False: it has failed already, with a column in `arguments`; what fails later is
 * shown by app_complain().
 */
bool answer_run(struct app *app, const struct command *command, const char *line,
                const char *arguments, struct error *err);

/* For poll(): rows, or the order of those on the screen; -1 where nothing is to come. */
int answer_descriptor(const struct app *app);

/* Takes what has come, a slice of it. */
void answer_take(struct app *app);

/* Ends the command under way; what has come of its answer stays.  False: there was none. */
bool answer_stop(struct app *app);

#endif
