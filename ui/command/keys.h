/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The key table: a row a binding, from which keys are looked up and the help is made.
 */
#ifndef RAMWALK_UI_COMMAND_KEYS_H
#define RAMWALK_UI_COMMAND_KEYS_H

#include "ui/pane/pane.h"

/* Panes as a set. */
enum where {
    ANYWHERE = 0,
    IN_TABLES = 1 << PANE_TABLES,
    IN_MEMORY = 1 << PANE_MEMORY,
    IN_PROCESSES = 1 << PANE_PROCESSES,
    IN_SYMBOLS = 1 << PANE_SYMBOLS,
    IN_MAPPINGS = 1 << PANE_MAPPINGS,
    IN_STRUCT = 1 << PANE_STRUCT,
    IN_LIST = 1 << PANE_LIST,
    IN_LISTS = IN_PROCESSES | IN_SYMBOLS | IN_MAPPINGS | IN_LIST,
};

/* What the program itself does with a key, beside panes' actions and command lines. */
enum program_key {
    PROGRAM_NONE,
    PROGRAM_PROMPT, /* ':' */
    PROGRAM_GOTO,   /* ':' with "goto " */
    PROGRAM_SEARCH, /* '/' */
    PROGRAM_NEXT_PANE,
    PROGRAM_PREVIOUS_PANE,
    PROGRAM_ZOOM,
    PROGRAM_MARK,    /* a letter follows */
    PROGRAM_TO_MARK, /* a letter follows */
    PROGRAM_REFRESH,
    PROGRAM_REDRAW,
    PROGRAM_CANCEL,
    PROGRAM_SUSPEND,
    PROGRAM_COPY,
    PROGRAM_FILTER, /* '\\' */
    PROGRAM_TYPE,   /* ':' with "struct  $here", to be completed */
    PROGRAM_NEXT_VIEW,
    PROGRAM_PREVIOUS_VIEW, /* another pane in the place that they share */
};

struct binding {
    const char *keys;         /* "j Down": each of them */
    unsigned where;           /* enum where: a set of panes */
    enum action action;       /* of the focused pane, or */
    enum program_key program; /* of the program, or */
    const char *command;      /* a line as typed at the prompt */
    bool jumps;               /* remembers where we were: Backspace comes back */
    const char *group, *help;
};

/* In the order of the help; the row behind the last has keys NULL. */
extern const struct binding key_table[];

/* The binding of a key for a pane (1 << its number): the pane's own row wins.  NULL: none. */
const struct binding *key_find(int key, unsigned where);

/* A key in the table's notation: "C-f", "PgDn".  Returns text. */
char *key_name(int key, char *text, size_t size);

#endif
