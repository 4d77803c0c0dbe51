/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a file that need what is still being loaded, in their order, with where they stand. */
#ifndef RAMWALK_UI_APP_POSTPONED_H
#define RAMWALK_UI_APP_POSTPONED_H

#include <stdbool.h>
#include <stddef.h>

struct postponed_line {
    char *line;
    char *where; /* "FILE:3" */
};

struct postponed {
    struct postponed_line *entry;
    size_t count, capacity;
    size_t taken; /* of count */
};

/* False: out of memory. */
bool postponed_add(struct postponed *postponed, const char *line, const char *path, size_t number);

/* The next line, as it may be shown while it waits.  NULL: none is left. */
const char *postponed_next(const struct postponed *postponed);

/* Takes the next line, which there is, and copies it and where it stands. */
void postponed_take(struct postponed *postponed, char *line, size_t line_size, char *where,
                    size_t where_size);

void postponed_clear(struct postponed *postponed);

#endif
