/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of a screen script, and the checks that it can make of the screen. */
#ifndef RAMWALK_TERMINAL_SCREENS_H
#define RAMWALK_TERMINAL_SCREENS_H

#include "script.h"
#include "terminal.h"

#include <stdbool.h>
#include <stddef.h>

#define SCREENS_WHY 8192

struct mapping {
    const char *path;
    struct script script;
    size_t line; /* the one that runs, from 0 */
    struct terminal *terminal;
    int rows, cols;
    int timeout; /* milliseconds that a check may take to come true */
    const char *svg_directory;
    char *environment[64];
    size_t environment_count;
    bool update;
    bool changed; /* the script has new expectations to write */
    unsigned failures;
    char why[SCREENS_WHY]; /* what the last failed check saw */
};

/* One look at the screen as it is now; false with run->why filled. text is the rest of the line. */
typedef bool screens_check(struct mapping *run, const char *text);

/* The check of that name, or NULL. */
screens_check *screens_find_check(const char *name);

/* The block of rows below an expect line: a check like the others, and where the block ends (the
 * index of its "end" line; 0 if there is none), and the rewriting of its rows from the screen. */
bool screens_expect(struct mapping *run, const char *text);
size_t screens_block_end(const struct mapping *run);
void screens_update_block(struct mapping *run, const char *text);

/* Prints the names of all checks with what they mean. */
void screens_print_checks(void);

#endif
