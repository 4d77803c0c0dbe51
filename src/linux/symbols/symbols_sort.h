/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order by name: slots of eight bytes of a name and the symbol's number. */
#ifndef RAMWALK_LINUX_SYMBOLS_SYMBOLS_SORT_H
#define RAMWALK_LINUX_SYMBOLS_SYMBOLS_SORT_H

#include "linux/symbols/symbols.h"

struct name_slot {
    uint64_t key; /* the first eight bytes, the first one highest, zeros beyond the end */
    uint32_t index;
};

/* Eight bytes of a terminated text as a number that orders like it. */
uint64_t name_key(const char *text);

/* Orders by strcmp() of the names, equal names by index.  Fills in the keys. */
void sort_by_name(const struct symbol *symbol, struct name_slot *slot, size_t count);

#endif
