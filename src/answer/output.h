/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a command's answer goes: lines of text for people, or one JSON object a line. */
#ifndef RAMWALK_ANSWER_OUTPUT_H
#define RAMWALK_ANSWER_OUTPUT_H

#include "base/error.h"

#include <stdbool.h>

struct output {
    bool json;
    /* Gets one line without its newline.  False: no more lines are wanted (cancelled, closed). */
    bool (*line)(void *context, const char *line);
    void *context;
    bool stopped;
};

/* A line of either kind; what could harm a terminal is taken out of it in place.  False once
 * stopped. */
bool output_line(struct output *output, char *line);

/* The failure of `input`: {"input","error","column"} as JSON, the sentence and a caret as text. */
void output_error(struct output *output, const char *input, const struct error *err);

#endif
