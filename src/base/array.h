/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Arrays that grow, and bisection of arrays that are sorted by a number.
 *
 * A growing array is three members of its owner: the elements (of malloc; free() them), how many
 * are used, and for how many there is memory.  All zero is an empty one.
 */
#ifndef RAMWALK_BASE_ARRAY_H
#define RAMWALK_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * ARRAY_ROOM(&it->element, it->count, &it->capacity) makes memory for one more element, the
 * count-th.  False: out of memory; everything stays as it was.
 */
#define ARRAY_ROOM(array, count, capacity)                                                         \
    array_room((array), sizeof **(array), (count), (capacity))

/* `array` is the address of the pointer to elements of `size` bytes.  ARRAY_ROOM() fills it in. */
bool array_room(void *array, size_t size, size_t count, size_t *capacity);

/*
 * How many of `count` numbers, `stride` bytes apart and in ascending order, are at most `value`:
 * the place after the last of them.
 */
static inline size_t array_up_to(const uint64_t *number, size_t count, size_t stride,
                                 uint64_t value)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const void *at = (const char *)number + middle * stride;
        if (*(const uint64_t *)at <= value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Of elements sorted by their uint64_t `member`: how many have at most `value`, or less. */
#define ARRAY_UP_TO(array, count, member, value)                                                   \
    ((count) ? array_up_to(&(array)->member, (count), sizeof *(array), (value)) : 0)
#define ARRAY_BELOW(array, count, member, value)                                                   \
    ((value) ? ARRAY_UP_TO(array, count, member, (value)-1) : 0)

#endif
