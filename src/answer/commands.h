/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command files give to the table in command.c, and what they share. */
#ifndef RAMWALK_ANSWER_COMMANDS_H
#define RAMWALK_ANSWER_COMMANDS_H

#include "answer/command.h"

bool command_list(struct session *session, const char *arguments, struct output *output,
                  struct error *err);
bool command_struct(struct session *session, const char *arguments, struct output *output,
                    struct error *err);

#endif
