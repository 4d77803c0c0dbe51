/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prompt's commands about the Linux in the guest; rows of the table in ui/commands.c. */
#ifndef RAMWALK_UI_COMMAND_COMMANDS_GUEST_H
#define RAMWALK_UI_COMMAND_COMMANDS_GUEST_H

#include "ui/command/commands.h"

bool run_pane(struct app *app, const char *arguments, struct error *err);
bool run_process(struct app *app, const char *arguments, struct error *err);
bool run_struct(struct app *app, const char *arguments, struct error *err);

bool words_of_pane(struct app *app, const char *before, void (*add)(void *, const char *),
                   void *list);
bool words_of_process(struct app *app, const char *before, void (*add)(void *, const char *),
                      void *list);

#endif
