/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer/table.h"

#include "base/arena.h"

#include <strings.h>

unsigned shape_find(const struct shape *shape, const char *name, size_t length)
{
    unsigned i = 0;
    while (i < shape->columns && (strncmp(shape->column[i].name, name, length) != 0 ||
                                  shape->column[i].name[length] != '\0'))
        i++;
    return i;
}

static bool reads(const char *text, const char *word, size_t length)
{
    return text && strncasecmp(text, word, length) == 0 && text[length] == '\0';
}

unsigned shape_find_shown(const struct shape *shape, const char *word, size_t length)
{
    unsigned found = shape_find(shape, word, length);
    for (unsigned i = 0; found == shape->columns && i < shape->columns; i++)
        if (reads(shape->column[i].name, word, length))
            found = i;
    for (unsigned i = 0; found == shape->columns && i < shape->columns; i++)
        if (reads(shape->column[i].heading, word, length))
            found = i;
    return found;
}

static bool copy_text(struct arena *arena, const char **text)
{
    if (*text)
        *text = arena_copy(arena, *text, strlen(*text));
    return *text;
}

bool shape_copy(struct arena *arena, const struct shape *shape, struct shape *copy)
{
    struct column *column = arena_alloc(arena, shape->columns * sizeof *column);
    if (!column)
        return false;
    memcpy(column, shape->column, shape->columns * sizeof *column);
    for (unsigned i = 0; i < shape->columns; i++) {
        bool has_heading = column[i].heading;
        if (!copy_text(arena, &column[i].name) ||
            (!copy_text(arena, &column[i].heading) && has_heading))
            return false;
    }
    *copy = (struct shape){column, shape->columns};
    return true;
}
