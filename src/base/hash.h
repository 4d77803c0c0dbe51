/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hash table over an array that somebody else keeps: it holds the places of elements, and says
 * which may be the one that is looked for.  All zero is an empty table; the same key may be
 * entered several times.
 */
#ifndef RAMWALK_BASE_HASH_H
#define RAMWALK_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HASH_NONE UINT32_MAX

struct hash_slot;

struct hash {
    struct hash_slot *slot;
    size_t slots, count;
};

/* Hashes of a key. */
uint32_t hash_number(uint64_t number);
uint32_t hash_text(const char *text);

/* Enters the element at `place` (below HASH_NONE).  False: out of memory; all as it was. */
bool hash_add(struct hash *hash, uint32_t key_hash, size_t place);

/* Memory for `count` elements in all, so that entering so many cannot fail. */
bool hash_reserve(struct hash *hash, size_t count);

/* Gives the memory back; the table is empty then. */
void hash_free(struct hash *hash);

/*
 * The elements that were entered under a hash: others' may be among them.
 *     struct hash_search search = hash_search(&table, hash_text(name));
 *     while ((place = hash_next(&search)) != HASH_NONE)
 */
struct hash_search {
    const struct hash *hash;
    uint32_t key_hash;
    size_t at;
};
struct hash_search hash_search(const struct hash *hash, uint32_t key_hash);
uint32_t hash_next(struct hash_search *search);

/* The place of the element whose uint64_t `member` is `value`, entered under hash_number() of it;
 * HASH_NONE where there is none. */
#define HASH_FIND(hash, array, member, value)                                                      \
    ((hash)->count ? hash_find((hash), &(array)->member, sizeof *(array), (value)) : HASH_NONE)

/* `first` is the number in the array's first element, `stride` the bytes from one to the next. */
uint32_t hash_find(const struct hash *hash, const uint64_t *first, size_t stride, uint64_t value);

#endif
