/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sorting values: by the order of value_order(), but without comparing each with many others.
 */
#ifndef RAMWALK_ANSWER_SORT_H
#define RAMWALK_ANSWER_SORT_H

#include "answer/value.h"

/*
 * Fills order[count] with the places of `count` values (below 2^32) in order; `stride` values lie
 * from one to the next.  Equal ones keep their order; what is not known comes last, `descending`
 * or not.  False: out of memory, and they are in the order in which they lie.
 */
bool values_sort(const struct value *value, size_t stride, size_t count, bool descending,
                 uint32_t *order);

#endif
