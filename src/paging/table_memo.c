/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing array, found by the table's address. */
#include "paging/table_memo.h"

#include "base/array.h"

#include <stdlib.h>

static bool is_same(const struct table_key *a, const struct table_key *b)
{
    return a->pa == b->pa && a->level == b->level && access_equal(a->access, b->access);
}

const struct known_table *table_memo_find(const struct table_memo *memo,
                                          const struct table_key *key)
{
    uint32_t place;
    if (!memo->count)
        return NULL;
    struct hash_search search = hash_search(&memo->by_pa, hash_number(key->pa));
    while ((place = hash_next(&search)) != HASH_NONE)
        if (is_same(&memo->known[place].key, key))
            return &memo->known[place];
    return NULL;
}

void table_memo_add(struct table_memo *memo, const struct known_table *known)
{
    if (!ARRAY_ROOM(&memo->known, memo->count, &memo->capacity) ||
        !hash_add(&memo->by_pa, hash_number(known->key.pa), memo->count))
        return;
    memo->known[memo->count++] = *known;
}

void table_memo_free(struct table_memo *memo)
{
    free(memo->known);
    hash_free(&memo->by_pa);
    *memo = (struct table_memo){0};
}
