/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorting by ranks gives the order that comparing gives, and leaves equal values as they were. */
#include "checks.h"

#include "answer/sort.h"

#include <stdlib.h>

#define COUNT 5000

static uint64_t random_state = 7;

static uint64_t pick(uint64_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (random_state >> 33) % below;
}

/* Few letters, so that many begin alike, some with zeros in them or at their end. */
static struct value some_text(char *bytes)
{
    static const char letters[] = {'a', 'b', '\0', '\xff'};
    size_t length = pick(30);
    for (size_t i = 0; i < length; i++)
        bytes[i] = i < 16 && pick(8) ? 'a' : letters[pick(sizeof letters)];
    return value_bytes(pick(2) ? VALUE_TEXT : VALUE_ENUM, bytes, length);
}

static struct value some_value(unsigned kind, char *bytes)
{
    static const double reals[] = {0.0, -0.0, 1.5, -1.5, -2e300, 1e-300};
    const struct space *const spaces[] = {&space_file, &space_phys, &space_unknown};
    if (pick(20) == 0)
        return pick(2) ? value_absent() : value_unknown("no page");
    switch (kind) {
    case 0:
        return some_text(bytes);
    case 1:
        return value_number((int64_t)pick(1000) - 500);
    case 2:
        return value_of_type(VALUE_HEX, pick(4) << pick(64));
    case 3:
        return value_address(address_in(spaces[pick(3)], pick(100) << 40));
    case 4:
        return (struct value){.type = VALUE_REAL, .real = reals[pick(6)]};
    default:
        return some_value((unsigned)pick(5), bytes);
    }
}

static void check_order(const struct value *value, size_t stride, size_t count, bool descending)
{
    static uint32_t order[COUNT];
    assert_true(values_sort(value, stride, count, descending, order));
    for (size_t i = 1; i < count; i++) {
        const struct value *before = &value[order[i - 1] * stride];
        const struct value *after = &value[order[i] * stride];
        int way = value_order(before, after);
        if (descending && value_is_known(before) && value_is_known(after))
            way = -way;
        assert_true(way < 0 || (way == 0 && order[i - 1] < order[i]));
    }
}

static void ranks_are_the_order(void **state)
{
    static char bytes[COUNT][32];
    static struct value value[COUNT * 2];
    (void)state;
    for (unsigned kind = 0; kind < 6; kind++) {
        for (size_t i = 0; i < COUNT; i++)
            value[2 * i] = some_value(kind, bytes[i]);
        for (size_t count = 0; count <= COUNT; count += count < 40 ? 1 : COUNT - 40) {
            check_order(value, 2, count, false);
            check_order(value, 2, count, true);
        }
    }
}

/* Alike for longer than ranks are looked at, and some of them the same bytes. */
static void long_texts_are_compared(void **state)
{
    enum { LENGTH = 1000, TEXTS = 100 };
    static char bytes[TEXTS][LENGTH];
    static struct value value[TEXTS];
    (void)state;
    for (size_t i = 0; i < TEXTS; i++) {
        memset(bytes[i], 'x', LENGTH);
        bytes[i][LENGTH - 1] = (char)('a' + i * 7 % 26);
        value[i] = value_bytes(VALUE_TEXT, bytes[i % 3 ? i : 0], LENGTH);
    }
    check_order(value, 1, TEXTS, false);
    check_order(value, 1, TEXTS, true);
}

/* An order of more than two: of texts of any type, numbers and what is not known. */
static void the_order_is_one(void **state)
{
    const struct value value[] = {
        value_word(VALUE_ENUM, "a"),
        value_text("b"),
        value_word(VALUE_FLAGS, "c"),
        value_number(-3),
        value_number(3),
        value_of_type(VALUE_NUMBER, UINT64_MAX),
        value_of_type(VALUE_HEX, 0),
        value_unknown("why"),
    };
    (void)state;
    size_t count = sizeof value / sizeof *value;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            int order = value_order(&value[i], &value[j]);
            assert_true(i < j ? order < 0 : i > j ? order > 0 : order == 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_are_the_order),
        cmocka_unit_test(long_texts_are_compared),
        cmocka_unit_test(the_order_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
