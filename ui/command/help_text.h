/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What there is to say of keys, commands, settings and expressions, made from their tables: the
 * help shows it in a popup, the manual page in its sections.
 */
#ifndef RAMWALK_UI_COMMAND_HELP_TEXT_H
#define RAMWALK_UI_COMMAND_HELP_TEXT_H

#include "ui/command/command_index.h"
#include "ui/command/keymap.h"

/* What the rows' left parts are: they stand above each other in one width. */
enum help_width {
    HELP_WIDTH_NONE = 0, /* running text: there is no left part */
    HELP_WIDTH_KEYS = 14,
    HELP_WIDTH_USAGE = 24,
};

/* Where it goes.  The texts are good for the time of the call. */
struct help_writer {
    void (*heading)(void *context, const char *text);
    void (*row)(void *context, enum help_width width, const char *left, const char *meaning);
    void *context;
};

/* The bindings in force; those of the panes in `contexts` alone come first. */
void help_keys(const struct help_writer *to, const struct keymap *map, unsigned contexts);

/* What one key runs, and where.  False: it is not bound. */
bool help_key(const struct help_writer *to, const struct keymap *map, int key);

/* All commands. */
void help_commands(const struct help_writer *to);

/* One of them; and one that answers, with its detail and the columns that its answer can be
 * filtered, sorted and shown by. */
void help_command(const struct help_writer *to, const struct command_entry *entry);
void help_answer(const struct help_writer *to, const struct command *command);

void help_settings(const struct help_writer *to);
void help_expressions(const struct help_writer *to);

#endif
