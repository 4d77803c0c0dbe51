/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open addressing with linear probing.  A slot keeps the hash, so that growing asks nobody. */
#include "base/hash.h"

#include <stdlib.h>

struct hash_slot {
    uint32_t key_hash, place; /* HASH_NONE: empty */
};

uint32_t hash_number(uint64_t number)
{
    return (uint32_t)(number * UINT64_C(0x9e3779b97f4a7c15) >> 32); /* Knuth: 2^64 / golden ratio */
}

uint32_t hash_text(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return (uint32_t)(hash ^ hash >> 32);
}

static void put(struct hash_slot *slot, size_t slots, struct hash_slot filled)
{
    size_t at = filled.key_hash & (slots - 1);
    while (slot[at].place != HASH_NONE)
        at = (at + 1) & (slots - 1);
    slot[at] = filled;
}

/* A quarter stays empty. */
static bool holds(size_t slots, size_t count)
{
    return count <= slots - slots / 4;
}

bool hash_reserve(struct hash *hash, size_t count)
{
    size_t slots = hash->slots ? hash->slots : 64;
    while (!holds(slots, count))
        slots *= 2;
    if (slots == hash->slots)
        return true;
    struct hash_slot *grown = reallocarray(NULL, slots, sizeof *grown);
    if (!grown)
        return false;
    for (size_t i = 0; i < slots; i++)
        grown[i].place = HASH_NONE;
    for (size_t i = 0; i < hash->slots; i++)
        if (hash->slot[i].place != HASH_NONE)
            put(grown, slots, hash->slot[i]);
    free(hash->slot);
    hash->slot = grown;
    hash->slots = slots;
    return true;
}

bool hash_add(struct hash *hash, uint32_t key_hash, size_t place)
{
    if (place >= HASH_NONE || !hash_reserve(hash, hash->count + 1))
        return false;
    put(hash->slot, hash->slots, (struct hash_slot){key_hash, (uint32_t)place});
    hash->count++;
    return true;
}

void hash_free(struct hash *hash)
{
    free(hash->slot);
    *hash = (struct hash){0};
}

struct hash_search hash_search(const struct hash *hash, uint32_t key_hash)
{
    return (struct hash_search){hash, key_hash, key_hash};
}

uint32_t hash_next(struct hash_search *search)
{
    const struct hash *hash = search->hash;
    while (hash->slots) {
        const struct hash_slot *slot = &hash->slot[search->at++ & (hash->slots - 1)];
        if (slot->place == HASH_NONE || slot->key_hash == search->key_hash)
            return slot->place;
    }
    return HASH_NONE;
}

uint32_t hash_find(const struct hash *hash, const uint64_t *first, size_t stride, uint64_t value)
{
    struct hash_search search = hash_search(hash, hash_number(value));
    uint32_t place;
    while ((place = hash_next(&search)) != HASH_NONE) {
        const void *at = (const char *)first + place * stride;
        if (*(const uint64_t *)at == value)
            break;
    }
    return place;
}
