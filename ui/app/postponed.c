/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A queue of lines; it is freed when the last one is taken. */
#include "ui/app/postponed.h"

#include "base/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool postponed_add(struct postponed *postponed, const char *line, const char *path, size_t number)
{
    char where[160];
    if (!ARRAY_ROOM(&postponed->entry, postponed->count, &postponed->capacity))
        return false;
    snprintf(where, sizeof where, "%.120s:%zu", path, number);
    struct postponed_line entry = {strdup(line), strdup(where)};
    if (!entry.line || !entry.where) {
        free(entry.line);
        free(entry.where);
        return false;
    }
    postponed->entry[postponed->count++] = entry;
    return true;
}

const char *postponed_next(const struct postponed *postponed)
{
    return postponed->taken < postponed->count ? postponed->entry[postponed->taken].line : NULL;
}

void postponed_take(struct postponed *postponed, char *line, size_t line_size, char *where,
                    size_t where_size)
{
    const struct postponed_line *next = &postponed->entry[postponed->taken++];
    snprintf(line, line_size, "%s", next->line);
    snprintf(where, where_size, "%s", next->where);
    if (!postponed_next(postponed))
        postponed_clear(postponed);
}

void postponed_clear(struct postponed *postponed)
{
    for (size_t i = 0; i < postponed->count; i++) {
        free(postponed->entry[i].line);
        free(postponed->entry[i].where);
    }
    free(postponed->entry);
    *postponed = (struct postponed){.entry = NULL};
}
