/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of command lines: the user's own at the start of the program, and those that `source`
 * names.  A line is a command as at the prompt, in full; empty lines and those that begin with '#'
 * are nothing.  Nothing of a file is trusted: its size, its lines and its bytes are checked.
 */
#ifndef RAMWALK_UI_COMMAND_RC_H
#define RAMWALK_UI_COMMAND_RC_H

#include "base/error.h"

#include <stddef.h>

#define RC_BYTES (1u << 20) /* of a file at most */
#define RC_LINE  2048       /* of a line at most, with the terminator */
#define RC_PATH  1024

/* $XDG_CONFIG_HOME/ramwalk/rc, or ~/.config/ramwalk/rc.  False: neither is set, or too long. */
bool rc_default_path(char *path, size_t size);

struct rc_text {
    char *data; /* free() it */
    size_t length;
};

/*
 * Reads a whole file or pipe; "~/" is the user's home.  False with the reason; *missing (may be
 * NULL) tells whether that is that there is no such file.
 */
bool rc_read(const char *path, struct rc_text *text, bool *missing, struct error *err);

struct rc_result {
    size_t mistakes;
    size_t line;        /* of the first of them, from 1 */
    bool elsewhere;     /* `first` names its file and line itself */
    struct error first; /* what it is; its column is -1 */
};

/* What became of a line: done; a mistake; one in a file that the line sources, whose sentence says
 * where it is already. */
enum rc_line { RC_DONE, RC_MISTAKE, RC_ELSEWHERE };

/*
 * Calls `run` for each line that is something, tabs as blanks.  A line that is refused, or that
 * cannot be one (too long, control characters), is a mistake; the lines after it are run.
 */
typedef enum rc_line rc_runner(void *context, const char *line, size_t number, struct error *err);
void rc_run(const struct rc_text *text, rc_runner *run, void *context, struct rc_result *result);

/* "FILE:3: what is wrong (and 2 more mistakes)" as the sentence of *err.  True: no mistakes. */
bool rc_verdict(const struct rc_result *result, const char *path, struct error *err);

#endif
