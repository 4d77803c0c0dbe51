/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of source there are, of the rows in source_type.h. */
#include "source/source_type.h"

#define ADDRESS(name) &source_type_##name,
static const struct source_type *const types[] = {SOURCE_ROWS(ADDRESS) NULL};

const struct source_type *source_type_of(const char *path, const unsigned char *head, size_t length)
{
    size_t i = 0;
    while (types[i + 1] && !types[i]->probe(path, head, length))
        i++;
    return types[i];
}

bool source_type_has_name(const char *path)
{
    for (size_t i = 0; types[i]; i++)
        if (types[i]->probe(path, NULL, 0))
            return true;
    return false;
}
