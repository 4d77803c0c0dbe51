/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer/table.h"

unsigned shape_find(const struct shape *shape, const char *name, size_t length)
{
    unsigned i = 0;
    while (i < shape->columns && (strncmp(shape->column[i].name, name, length) != 0 ||
                                  shape->column[i].name[length] != '\0'))
        i++;
    return i;
}
