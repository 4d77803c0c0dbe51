/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of source there are: one row each, those with a name or a magic first. */
#include "source/source_type.h"

static const struct source_type *const types[] = {
    &source_type_simulated,
    &source_type_raw,
};
#define TYPES (sizeof types / sizeof *types)

const struct source_type *source_type_of(const char *path, const unsigned char *head, size_t length)
{
    size_t i = 0;
    while (i + 1 < TYPES && !types[i]->probe(path, head, length))
        i++;
    return types[i];
}

bool source_type_has_name(const char *path)
{
    for (size_t i = 0; i < TYPES; i++)
        if (types[i]->probe(path, NULL, 0))
            return true;
    return false;
}
