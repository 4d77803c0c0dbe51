/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every command by its name, whoever carries it out: a motion, the program, an answer, or the
 * panes that have a command of that name.
 */
#ifndef RAMWALK_UI_COMMAND_COMMAND_INDEX_H
#define RAMWALK_UI_COMMAND_COMMAND_INDEX_H

#include "ui/command/commands.h"
#include "ui/command/contexts.h"

struct command_entry {
    const char *name;
    const char *arguments, *brief; /* of panes that differ: the first one's */
    unsigned where;                /* in which contexts it means something */
    /* At most one of these; none: the pane in use has it (pane_command_find()). */
    const struct motion_command *motion;
    const struct ui_command *program;
    const struct command *answer;
    const struct ui_command *popup; /* in the popup, where `where` has it */
};

/* All of them, sorted by name. */
const struct command_entry *command_index(size_t *count);

/* The command of exactly that name.  NULL: none. */
const struct command_entry *command_named(const char *name, size_t length);

/*
 * The command of that name or beginning.  Answers how many names it fits: *entry is set where that
 * is 1.  A name itself, and a beginning that has always meant one command (command_aliases), fit
 * one only.
 */
size_t command_abbreviated(const char *word, size_t length, const struct command_entry **entry);

/* Every beginning of `name`, from `shortest` on, means it, though other names begin so too. */
struct command_alias {
    const char *shortest, *name;
};

/* Sorted by name; the row after the last has name NULL. */
extern const struct command_alias command_aliases[];

/* The name that an alias stands for.  NULL: the word is none. */
const char *command_alias_of(const char *word, size_t length);

#endif
