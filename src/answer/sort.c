/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A value's rank is a number of 64 bits and one of 8, and those are sorted by their bytes, of which
 * most are the same in all: each byte that is not costs one walk over them.  Of a text a rank has
 * seven bytes; where more than a few have the same, these are sorted by their next seven.
 */
#include "answer/sort.h"

#include <stdlib.h>

#define FEW        24 /* compared with one another */
#define LEVELS_MAX 64 /* of seven bytes each: texts that are alike for longer are compared, too */

struct ranked {
    uint64_t key;
    uint32_t place;
    unsigned char class;
};

struct sorting {
    const struct value *value;
    size_t stride;
    bool descending;
    struct ranked *other; /* as many as there are */
};

static const struct value *value_of(const struct sorting *sorting, const struct ranked *ranked)
{
    return &sorting->value[ranked->place * sorting->stride];
}

/* --- by ranks ----------------------------------------------------------------------------------*/

static void rank_one(const struct sorting *sorting, size_t depth, struct ranked *ranked)
{
    struct value_rank rank = value_rank(value_of(sorting, ranked), depth);
    bool turned = sorting->descending && rank.class != VALUE_RANK_UNKNOWN;
    ranked->key = turned ? ~rank.key : rank.key;
    ranked->class = turned ? (unsigned char)~rank.class & 0x7f : rank.class;
}

static unsigned byte_of(const struct ranked *ranked, unsigned digit)
{
    return digit < 8 ? (unsigned)(ranked->key >> 8 * digit) & 0xff : ranked->class;
}

/* Moves all to `to`, sorted by one byte. */
static void sort_byte(const struct ranked *ranked, size_t count, unsigned digit, struct ranked *to)
{
    size_t start[257] = {0};
    for (size_t i = 0; i < count; i++)
        start[byte_of(&ranked[i], digit) + 1]++;
    for (size_t i = 1; i < 257; i++)
        start[i] += start[i - 1];
    for (size_t i = 0; i < count; i++)
        to[start[byte_of(&ranked[i], digit)]++] = ranked[i];
}

/* Which bytes are not the same in all?  A bit for each. */
static unsigned bytes_that_differ(const struct ranked *ranked, size_t count)
{
    uint64_t key = 0;
    unsigned class = 0, digits = 0;
    for (size_t i = 1; i < count; i++) {
        key |= ranked[i].key ^ ranked[0].key;
        class |= ranked[i].class ^ ranked[0].class;
    }
    for (unsigned digit = 0; digit < 8; digit++)
        digits |= (key >> 8 * digit & 0xff ? 1u : 0u) << digit;
    return digits | (class ? 1u : 0u) << 8;
}

static bool are_sorted(const struct ranked *ranked, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct ranked *one = &ranked[i - 1], *other = &ranked[i];
        if (one->class != other->class ? one->class > other->class : one->key > other->key)
            return false;
    }
    return true;
}

/* The one that is done last weighs most. */
static void sort_ranks(struct ranked *ranked, size_t count, struct ranked *other)
{
    if (are_sorted(ranked, count))
        return;
    unsigned digits = bytes_that_differ(ranked, count);
    struct ranked *from = ranked, *to = other;
    for (unsigned digit = 0; digit < 9; digit++) {
        if (!(digits >> digit & 1))
            continue;
        sort_byte(from, count, digit, to);
        struct ranked *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != ranked)
        memcpy(ranked, from, count * sizeof *ranked);
}

/* --- by the values themselves ------------------------------------------------------------------*/

static int by_value(const void *a, const void *b, void *context)
{
    const struct sorting *sorting = context;
    const struct ranked *left = a, *right = b;
    int order = value_order(value_of(sorting, left), value_of(sorting, right));
    if (order)
        return sorting->descending ? -order : order;
    return left->place < right->place ? -1 : left->place > right->place;
}

/* All are the very text that the first is, or another one that lies at the same address. */
static bool are_one(const struct sorting *sorting, const struct ranked *ranked, size_t count)
{
    const struct value *first = value_of(sorting, ranked);
    for (size_t i = 1; i < count; i++) {
        const struct value *value = value_of(sorting, &ranked[i]);
        if (value->text.bytes != first->text.bytes || value->text.length != first->text.length)
            return false;
    }
    return true;
}

static void sort_texts(struct sorting *sorting, struct ranked *ranked, size_t count, size_t depth);

/* Texts that are alike up to a depth. */
static void sort_alike(struct sorting *sorting, struct ranked *ranked, size_t count, size_t depth)
{
    if (are_one(sorting, ranked, count))
        return;
    if (count <= FEW || depth >= (size_t)LEVELS_MAX * VALUE_RANK_BYTES) {
        qsort_r(ranked, count, sizeof *ranked, by_value, sorting);
        return;
    }
    for (size_t i = 0; i < count; i++)
        rank_one(sorting, depth, &ranked[i]);
    sort_ranks(ranked, count, sorting->other);
    sort_texts(sorting, ranked, count, depth);
}

/* Do the bytes from a depth on go on after those in the rank? */
static bool goes_on(const struct sorting *sorting, const struct ranked *ranked, size_t depth)
{
    const struct value *value = value_of(sorting, ranked);
    return value_is_text(value) && value->text.length > depth + VALUE_RANK_BYTES;
}

/* What is sorted by the bytes at a depth. */
static void sort_texts(struct sorting *sorting, struct ranked *ranked, size_t count, size_t depth)
{
    size_t first = 0;
    for (size_t i = 1; i <= count; i++) {
        if (i < count && ranked[i].key == ranked[first].key &&
            ranked[i].class == ranked[first].class)
            continue;
        if (i - first > 1 && goes_on(sorting, &ranked[first], depth))
            sort_alike(sorting, ranked + first, i - first, depth + VALUE_RANK_BYTES);
        first = i;
    }
}

/* --- the whole ---------------------------------------------------------------------------------*/

bool values_sort(const struct value *value, size_t stride, size_t count, bool descending,
                 uint32_t *order)
{
    struct ranked *ranked = malloc(2 * count * sizeof *ranked + 1);
    struct sorting sorting = {value, stride, descending, ranked ? ranked + count : NULL};
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    if (!ranked)
        return false;
    for (size_t i = 0; i < count; i++) {
        ranked[i].place = (uint32_t)i;
        rank_one(&sorting, 0, &ranked[i]);
    }
    sort_ranks(ranked, count, sorting.other);
    sort_texts(&sorting, ranked, count, 0);
    for (size_t i = 0; i < count; i++)
        order[i] = ranked[i].place;
    free(ranked);
    return true;
}
