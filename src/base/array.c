/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

#define FIRST 16 /* elements */

bool array_room(void *array, size_t size, size_t count, size_t *capacity)
{
    void *old;
    if (count < *capacity)
        return true;
    memcpy(&old, array, sizeof old); /* whatever the pointer's type */
    size_t wanted = *capacity ? 2 * *capacity : FIRST;
    void *grown = *capacity <= SIZE_MAX / 2 / size ? realloc(old, wanted * size) : NULL;
    if (!grown)
        return false;
    memcpy(array, &grown, sizeof grown);
    *capacity = wanted;
    return true;
}
