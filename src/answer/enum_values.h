/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of an enum and their values, as a list: for `types` and `struct`. */
#ifndef RAMWALK_ANSWER_ENUM_VALUES_H
#define RAMWALK_ANSWER_ENUM_VALUES_H

#include "answer/query.h"
#include "linux/types/btf.h"

extern const struct shape enum_values_shape;

/* Of a type that is one, by whatever typedefs; absent where it is not. */
struct value enum_values(struct query *query, const struct btf *btf, uint32_t id);

#endif
