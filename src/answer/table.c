/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer/table.h"

#include "base/arena.h"

unsigned shape_find(const struct shape *shape, const char *name, size_t length)
{
    unsigned i = 0;
    while (i < shape->columns && (strncmp(shape->column[i].name, name, length) != 0 ||
                                  shape->column[i].name[length] != '\0'))
        i++;
    return i;
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
