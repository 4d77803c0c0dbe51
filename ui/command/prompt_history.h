/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was typed before, across runs: commands in $XDG_STATE_HOME/ramwalk/history (default
 * ~/.local/state), searches beside them in `searches`.  A file that cannot be written is no error.
 */
#ifndef RAMWALK_UI_COMMAND_PROMPT_HISTORY_H
#define RAMWALK_UI_COMMAND_PROMPT_HISTORY_H

#include "ui/command/prompt.h"

void prompt_history_load(void);
void prompt_history_free(void);

/* The history that the arrows and Ctrl-R go through from now on. */
void prompt_history_use(enum prompt_kind kind);

/* Adds a line to the history in use and to its file; blanks and repetitions are left out. */
void prompt_history_add(const char *line);

#endif
