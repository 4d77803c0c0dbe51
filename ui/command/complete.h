/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the words of a prompt's line can be completed to: commands, variables, marks, symbols,
 * types and their members, processes; of a search in the tables, what entries say.
 */
#ifndef RAMWALK_UI_COMMAND_COMPLETE_H
#define RAMWALK_UI_COMMAND_COMPLETE_H

#include "ui/app/app_state.h"

/* What the word at byte `start` of a line can be completed to: prompt_source's candidates(), with
 * the app as context.  True: file names too. */
bool complete_line(void *app, const char *line, size_t start, void (*add)(void *, const char *),
                   void *list);

/* The same for a command's line: what `bind` has after its key. */
bool complete_command(struct app *app, const char *line, size_t start,
                      void (*add)(void *, const char *), void *list);

#endif
