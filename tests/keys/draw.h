/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random keys, as tests/terminal/keys.h writes them. */
#ifndef RAMWALK_KEYS_DRAW_H
#define RAMWALK_KEYS_DRAW_H

#include "tests/keys/random.h"

#include <stddef.h>

#define DRAW_TEXT 160

/*
 * What is typed next: a key or two, a click, or a line at a prompt; `pointer` is a word of the
 * guest to be named in it.  Nothing of it suspends the program, or names a file.  Returns text.
 */
char *draw_keys(struct random *random, uint64_t pointer, int rows, int columns,
                char text[DRAW_TEXT]);

#endif
