/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a package installs beside the program: the manual page and the completions of shells, made
 * from the tables of options, commands, keys and settings.  A row a kind.
 */
#ifndef RAMWALK_UI_MANUAL_MANUAL_H
#define RAMWALK_UI_MANUAL_MANUAL_H

#include <stdbool.h>
#include <stdio.h>

struct manual {
    const char *name; /* as --generate takes it */
    void (*print)(const char *version, FILE *to);
};

/* The row after the last has name NULL. */
extern const struct manual manual_table[];

/* NULL: there is none of that name. */
const struct manual *manual_named(const char *name);

/* False: it could not be written. */
bool manual_print(const struct manual *manual, const char *version, FILE *to);

#endif
