/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Multikey quicksort (Bentley and Sedgewick, 1997) with eight bytes as one "character": most
 * comparisons are of numbers that lie side by side, and names that begin alike (".L0 ", "__pfx_")
 * are read once for each eight bytes, not once for each comparison.
 */
#include "linux/symbols/symbols_sort.h"

#include <stdlib.h>
#include <string.h>

#define FEW 12 /* sorted by insertion */

uint64_t name_key(const char *text)
{
    uint64_t key = 0;
    unsigned i = 0;
    for (; i < 8 && text[i]; i++)
        key = key << 8 | (unsigned char)text[i];
    return i ? key << 8 * (8 - i) : 0;
}

/* The names of one key are equal when they end within it. */
static bool key_ends(uint64_t key)
{
    return !(key & 0xff);
}

static int by_index(const void *a, const void *b)
{
    const struct name_slot *x = a, *y = b;
    return (x->index > y->index) - (x->index < y->index);
}

static bool goes_before(const struct symbol *symbol, const struct name_slot *a,
                        const struct name_slot *b, size_t depth)
{
    if (a->key != b->key)
        return a->key < b->key;
    int order = 0;
    if (!key_ends(a->key))
        order = strcmp(symbol[a->index].name + depth + 8, symbol[b->index].name + depth + 8);
    return order ? order < 0 : a->index < b->index;
}

static void sort_few(const struct symbol *symbol, struct name_slot *slot, size_t count,
                     size_t depth)
{
    for (size_t i = 1; i < count; i++) {
        struct name_slot moving = slot[i];
        size_t j = i;
        for (; j && goes_before(symbol, &moving, &slot[j - 1], depth); j--)
            slot[j] = slot[j - 1];
        slot[j] = moving;
    }
}

/* An xorshift, so that no arrangement of names in RAM makes every pivot a bad one. */
static uint64_t pick_pivot(const struct name_slot *slot, size_t count, uint64_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    uint64_t a = slot[*random % count].key, b = slot[count / 2].key;
    uint64_t c = slot[(*random >> 32) % count].key;
    uint64_t low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

/* Three parts: [0, *less) below the pivot, [*less, *more) equal, [*more, count) above. */
static void partition(struct name_slot *slot, size_t count, uint64_t pivot, size_t *less,
                      size_t *more)
{
    size_t low = 0, high = count;
    for (size_t i = 0; i < high;) {
        struct name_slot here = slot[i];
        if (here.key < pivot) {
            slot[i++] = slot[low];
            slot[low++] = here;
        } else if (here.key > pivot) {
            slot[i] = slot[--high];
            slot[high] = here;
        } else {
            i++;
        }
    }
    *less = low;
    *more = high;
}

struct name_range {
    struct name_slot *slot;
    size_t count, depth;
};

/* Goes eight bytes deeper; names that have ended are in order after this. */
static struct name_range next_bytes(const struct symbol *symbol, struct name_range part)
{
    if (part.count < 2)
        return part;
    if (key_ends(part.slot[0].key)) {
        qsort(part.slot, part.count, sizeof *part.slot, by_index);
        part.count = 0;
        return part;
    }
    part.depth += 8;
    for (size_t i = 0; i < part.count; i++)
        part.slot[i].key = name_key(symbol[part.slot[i].index].name + part.depth);
    return part;
}

/* Recurses into the two smaller parts only: its depth is at most log2 of the count. */
static void sort_part(const struct symbol *symbol, struct name_range part, uint64_t *random)
{
    while (part.count > FEW) {
        size_t less, more;
        partition(part.slot, part.count, pick_pivot(part.slot, part.count, random), &less, &more);
        struct name_range parts[3] = {
            {part.slot, less, part.depth},
            {part.slot + more, part.count - more, part.depth},
            next_bytes(symbol, (struct name_range){part.slot + less, more - less, part.depth}),
        };
        unsigned most = 0;
        for (unsigned i = 1; i < 3; i++)
            most = parts[i].count > parts[most].count ? i : most;
        for (unsigned i = 0; i < 3; i++) {
            if (i != most)
                sort_part(symbol, parts[i], random);
        }
        part = parts[most];
    }
    sort_few(symbol, part.slot, part.count, part.depth);
}

void sort_by_name(const struct symbol *symbol, struct name_slot *slot, size_t count)
{
    uint64_t random = UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < count; i++)
        slot[i].key = name_key(symbol[slot[i].index].name);
    sort_part(symbol, (struct name_range){slot, count, 0}, &random);
    for (size_t i = 0; i < count; i++)
        slot[i].key = name_key(symbol[slot[i].index].name);
}
