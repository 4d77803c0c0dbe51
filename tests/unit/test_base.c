/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What everything stands on: growing arrays, bisection, the hash table, errors, little-endian
 * loads. */
#include "base/array.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "tests/unit/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item {
    char before[3];
    uint64_t key;
};

static void array_keeps_what_it_held(void **state)
{
    struct item *item = NULL;
    size_t count = 0, capacity = 0, grown = 0;
    for (; count < 10000; count++) {
        size_t before = capacity;
        assert_true(ARRAY_ROOM(&item, count, &capacity));
        assert_true(capacity > count);
        grown += capacity != before;
        item[count].key = 3 * count;
    }
    for (size_t i = 0; i < count; i++)
        assert_int_equal(item[i].key, 3 * i);
    assert_true(grown < 20);
    free(item);
    (void)state;
}

static void array_that_cannot_grow_stays(void **state)
{
    char byte = 7, *array = &byte;
    size_t capacity = SIZE_MAX / 2 + 1;
    assert_false(array_room(&array, 16, capacity, &capacity));
    assert_ptr_equal(array, &byte);
    assert_int_equal(capacity, SIZE_MAX / 2 + 1);
    (void)state;
}

/* Against counting, with equal keys, at both ends of the numbers. */
static void bisection_counts(void **state)
{
    const uint64_t keys[] = {0, 5, 5, 5, 6, 9, UINT64_MAX - 1, UINT64_MAX, UINT64_MAX};
    struct item item[9];
    for (size_t i = 0; i < 9; i++)
        item[i].key = keys[i];
    for (size_t count = 0; count <= 9; count++)
        for (size_t i = 0; i < 9; i++)
            for (int aside = -1; aside <= 1; aside++) {
                uint64_t value = keys[i] + (uint64_t)(int64_t)aside;
                size_t at_most = 0, less = 0;
                for (size_t j = 0; j < count; j++) {
                    at_most += keys[j] <= value;
                    less += keys[j] < value;
                }
                assert_int_equal(ARRAY_UP_TO(item, count, key, value), at_most);
                assert_int_equal(ARRAY_BELOW(item, count, key, value), less);
            }
    const struct item *none = NULL;
    assert_int_equal(ARRAY_UP_TO(none, 0, key, 1), 0);
    (void)state;
}

/* Numbers that differ in high bits only, as page frames and addresses do. */
static void hash_finds_numbers(void **state)
{
    enum { COUNT = 5000 };
    struct item *item = calloc(COUNT, sizeof *item);
    struct hash hash = {0};
    assert_non_null(item);
    assert_true(HASH_FIND(&hash, item, key, 0) == HASH_NONE);
    for (size_t i = 0; i < COUNT; i++) {
        item[i].key = (uint64_t)i << (i % 2 ? 12 : 40);
        assert_true(hash_add(&hash, hash_number(item[i].key), i));
    }
    for (size_t i = 1; i < COUNT; i++) {
        assert_int_equal(HASH_FIND(&hash, item, key, item[i].key), i);
        assert_true(HASH_FIND(&hash, item, key, item[i].key + 1) == HASH_NONE);
    }
    assert_true(hash.slots < 4 * COUNT);
    hash_free(&hash);
    assert_true(HASH_FIND(&hash, item, key, 0) == HASH_NONE);
    free(item);
    (void)state;
}

/* All that were entered under one key, and others of the same hash, come up once each. */
static void hash_gives_each_of_one_key(void **state)
{
    struct hash hash = {0};
    bool seen[100] = {false};
    for (size_t i = 0; i < 100; i++)
        assert_true(hash_add(&hash, i % 3 ? 77 : 78, i));
    struct hash_search search = hash_search(&hash, 77);
    uint32_t place;
    while ((place = hash_next(&search)) != HASH_NONE) {
        assert_true(place < 100 && place % 3 && !seen[place]);
        seen[place] = true;
    }
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(seen[i], i % 3 != 0);
    search = hash_search(&hash, 79);
    assert_true(hash_next(&search) == HASH_NONE);
    hash_free(&hash);
    (void)state;
}

static void hash_tells_texts_apart(void **state)
{
    enum { COUNT = 3000 };
    static uint32_t of[COUNT];
    size_t equal = 0;
    for (size_t i = 0; i < COUNT; i++) {
        char name[24];
        snprintf(name, sizeof name, "sym_%zu", i);
        of[i] = hash_text(name);
        for (size_t j = 0; j < i; j++)
            equal += of[i] == of[j];
    }
    assert_true(equal <= 3);
    (void)state;
}

/* Callers add context; the column that the parser gave stays. */
static void context_keeps_the_column(void **state)
{
    struct error err;
    assert_false(error_at(&err, 7, "%d is odd", 3));
    assert_int_equal(err.column, 7);
    assert_false(error_context(&err, "line %d", 12));
    assert_int_equal(err.column, 7);
    assert_string_equal(err.text, "line 12: 3 is odd");
    assert_false(error_set(&err, "no place"));
    assert_int_equal(err.column, -1);
    assert_false(error_context(&err, "FILE"));
    assert_int_equal(err.column, -1);
    (void)state;
}

static void hash_reserves(void **state)
{
    struct hash hash = {0};
    assert_true(hash_reserve(&hash, 1000));
    size_t slots = hash.slots;
    for (size_t i = 0; i < 1000; i++)
        assert_true(hash_add(&hash, (uint32_t)i, i));
    assert_int_equal(hash.slots, slots);
    assert_false(hash_add(&hash, 1, HASH_NONE));
    hash_free(&hash);
    (void)state;
}

static void loads_are_little_endian(void **state)
{
    const uint8_t bytes[] = {0xff, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11};
    assert_int_equal(load_le16(bytes + 1), 0x7788);
    assert_int_equal(load_le32(bytes + 1), 0x55667788);
    assert_int_equal(load_le64(bytes + 1), UINT64_C(0x1122334455667788));
    assert_int_equal(load_le(bytes + 1, 3), 0x667788);
    assert_int_equal(load_le(bytes + 1, 8), UINT64_C(0x1122334455667788));
    assert_int_equal(load_le(bytes, 0), 0);
    (void)state;
}

static void clock_goes_on(void **state)
{
    int64_t before = clock_ms(), now = before;
    for (uint64_t i = 0; now == before && i < UINT64_C(1) << 32; i++)
        now = clock_ms();
    assert_true(now > before);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(array_keeps_what_it_held),
        cmocka_unit_test(array_that_cannot_grow_stays),
        cmocka_unit_test(bisection_counts),
        cmocka_unit_test(hash_finds_numbers),
        cmocka_unit_test(hash_gives_each_of_one_key),
        cmocka_unit_test(hash_tells_texts_apart),
        cmocka_unit_test(context_keeps_the_column),
        cmocka_unit_test(hash_reserves),
        cmocka_unit_test(loads_are_little_endian),
        cmocka_unit_test(clock_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
