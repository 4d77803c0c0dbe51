/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of a kernel's types in order, for completion: made when first asked for. */
#ifndef RAMWALK_SESSION_TYPE_NAMES_H
#define RAMWALK_SESSION_TYPE_NAMES_H

#include "linux/types/btf.h"

struct type_names;

/* Makes *names (NULL at first) those of `btf`, unless they are.  False: out of memory.  `btf` has
 * to outlive its use here; another one at the same place is taken for the same. */
bool type_names_use(struct type_names **names, const struct btf *btf);
void type_names_destroy(struct type_names *names);

/* [*first, *last) start with `prefix`.  False: none. */
bool type_names_prefix(const struct type_names *names, const char *prefix, size_t *first,
                       size_t *last);
const char *type_names_at(const struct type_names *names, size_t i);

#endif
