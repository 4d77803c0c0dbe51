/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command files give to the table in command.c, and what they share. */
#ifndef RAMWALK_ANSWER_COMMANDS_H
#define RAMWALK_ANSWER_COMMANDS_H

#include "answer/command.h"

bool command_list(struct session *session, const char *arguments, struct output *output,
                  struct error *err);
bool command_page(struct session *session, const char *arguments, struct output *output,
                  struct error *err);
bool command_struct(struct session *session, const char *arguments, struct output *output,
                    struct error *err);
bool command_hex(struct session *session, const char *arguments, struct output *output,
                 struct error *err);
bool command_info(struct session *session, const char *arguments, struct output *output,
                  struct error *err);
bool command_help(struct session *session, const char *arguments, struct output *output,
                  struct error *err);
bool command_translate(struct session *session, const char *arguments, struct output *output,
                       struct error *err);
bool command_walk(struct session *session, const char *arguments, struct output *output,
                  struct error *err);

/*
 * Evaluates the arguments as one expression (a bare number is virtual) and locates it by all
 * names: what a command that is about one place starts with.
 */
bool command_place(struct session *session, const char *arguments, struct place *place,
                   struct error *err);

/* "mapped", "not-present", ..., "not-in-image" of a place. */
const char *place_end_name(const struct place *place);

/* "input", "virt", "phys", "file". */
void record_place(struct record *record, const char *input, const struct place *place);

#endif
