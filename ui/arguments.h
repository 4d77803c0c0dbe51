/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: a row an option, from which it is parsed and --help is made. */
#ifndef RAMWALK_UI_ARGUMENTS_H
#define RAMWALK_UI_ARGUMENTS_H

#include "session/session.h"

#define ARGUMENTS_COMMANDS 256

struct arguments {
    struct options options;
    bool json, no_color;
    unsigned rate;                           /* refreshes a second; 0: as usual */
    const char *rc;                          /* file of commands; NULL: the user's own */
    const char *command[ARGUMENTS_COMMANDS]; /* "-": lines of standard input */
    size_t commands;
};

enum arguments_result {
    ARGUMENTS_RUN,
    ARGUMENTS_DONE,    /* --help, --paging list: printed */
    ARGUMENTS_VERSION, /* --version: main knows it, for main.c alone is built with it */
    ARGUMENTS_WRONG,   /* *err says what */
};

enum arguments_result arguments_parse(struct arguments *arguments, int argc, char **argv,
                                      struct error *err);

#endif
