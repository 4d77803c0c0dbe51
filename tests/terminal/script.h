/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A screen script as lines, and the small text operations that running one needs. */
#ifndef RAMWALK_TERMINAL_SCRIPT_H
#define RAMWALK_TERMINAL_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

struct script {
    char **lines; /* without newlines */
    size_t count;
};

/* Reads or writes a file; false, with errno set, if that fails. A script read is to be freed. */
bool script_read(struct script *script, const char *path);
bool script_write(const struct script *script, const char *path);
void script_deinit(struct script *script);

/* Replaces count lines from first on by others, which are copied. */
void script_replace(struct script *script, size_t first, size_t count, char *const lines[],
                    size_t line_count);

/* A copy of text with $NAME and ${NAME} (capitals, digits, _) replaced from the environment, $$ by
 * one dollar; any other dollar stays. NULL, after a message, for a name that is not set. */
char *script_expand(const char *text);

/* Cuts text into words in place, at blanks that are not within '...' or "...". Returns how many;
 * words ends with NULL. At most room - 1 words are taken. */
size_t script_words(char *text, char *words[], size_t capacity);

/* Whether all of text is like pattern, where * is any run of characters and ? any one. */
bool script_match(const char *pattern, const char *text);

#endif
