/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line: a row an option, from which it is parsed and --help, the manual page and the
 * completions of shells are made.
 */
#ifndef RAMWALK_UI_ARGUMENTS_H
#define RAMWALK_UI_ARGUMENTS_H

#include "session/session.h"
#include "ui/manual/manual.h"

#define ARGUMENTS_COMMANDS 256

struct arguments {
    struct options options;
    bool json, no_color;
    unsigned rate;                           /* refreshes a second; 0: as usual */
    const char *rc;                          /* file of commands; NULL: the user's own */
    const struct manual *manual;             /* with ARGUMENTS_MANUAL: what to print */
    const char *command[ARGUMENTS_COMMANDS]; /* "-": lines of standard input */
    size_t commands;
};

enum arguments_result {
    ARGUMENTS_RUN,
    ARGUMENTS_DONE,    /* --help, --paging list: printed */
    ARGUMENTS_VERSION, /* --version: main knows it, for main.c alone is built with it */
    ARGUMENTS_MANUAL,  /* --generate: arguments->manual is to be printed */
    ARGUMENTS_WRONG,   /* *err says what */
};

struct option_row {
    const char *name;
    char letter;       /* 0: there is none */
    const char *value; /* "FILE"; NULL: the option takes none */
    const char *help;  /* lines */
    enum arguments_result (*take)(struct arguments *arguments, const char *value,
                                  struct error *err);
};

/* The row after the last has name NULL. */
extern const struct option_row option_table[];

enum arguments_result arguments_parse(struct arguments *arguments, int argc, char **argv,
                                      struct error *err);

#endif
