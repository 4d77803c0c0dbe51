/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Back and forward through what was visited, up to as many as are kept. */
#include "tests/unit/support.h"
#include "ui/app/history.h"

#include <string.h>

/* A canary after the entries: one written too many is seen. */
static struct {
    struct history history;
    uint64_t after[64];
} kept;

static struct history_entry at(uint64_t value)
{
    return (struct history_entry){.pane = (int)value % 3,
                                  .cursor = address_in(&space_unknown, value),
                                  .top = value / 2,
                                  .detail = {{value + 1}}};
}

static void go(uint64_t from, uint64_t to)
{
    struct history_entry left = at(from), entered = at(to);
    history_go(&kept.history, &left, &entered);
}

static void assert_at(const struct history_entry *visit, uint64_t value)
{
    struct history_entry expected = at(value);
    assert_int_equal(visit->cursor.value, value);
    assert_ptr_equal(visit->cursor.space, &space_unknown);
    assert_int_equal(visit->pane, expected.pane);
    assert_int_equal(visit->top, expected.top);
    assert_memory_equal(&visit->detail, &expected.detail, sizeof expected.detail);
}

static void back(uint64_t from, uint64_t to)
{
    struct history_entry left = at(from), found;
    assert_true(history_back(&kept.history, &left, &found));
    assert_at(&found, to);
}

static void forward(uint64_t from, uint64_t to)
{
    struct history_entry left = at(from), found;
    assert_true(history_forward(&kept.history, &left, &found));
    assert_at(&found, to);
}

static void assert_end(bool is_back)
{
    struct history_entry left = at(9999), found = at(5);
    assert_false(is_back ? history_back(&kept.history, &left, &found)
                         : history_forward(&kept.history, &left, &found));
    assert_at(&found, 5); /* not written */
}

static int setup(void **state)
{
    (void)state;
    memset(&kept, 0, sizeof kept);
    return 0;
}

static void test_empty(void **state)
{
    (void)state;
    assert_end(true);
    assert_end(false);
}

static void test_back_and_forward(void **state)
{
    (void)state;
    go(10, 20);
    go(21, 30); /* the cursor moved from 20 to 21 before it left */
    assert_end(false);
    back(31, 21);
    back(22, 10);
    assert_end(true);
    forward(11, 22); /* where it was left last */
    forward(23, 31);
    assert_end(false);
    back(32, 23);
    back(24, 11);
}

static void test_forward_is_lost(void **state)
{
    (void)state;
    go(10, 20);
    go(20, 30);
    go(30, 40);
    back(40, 30);
    back(30, 20);
    go(20, 50);
    assert_end(false);
    back(50, 20);
    back(20, 10);
    assert_end(true);
    forward(10, 20);
    forward(20, 50);
    assert_end(false);
}

/* The oldest fall off, one at a time, and nothing lies after the last. */
static void test_full(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 2 * HISTORY_ENTRIES; i++) {
        go(i, i + 1);
        assert_true(kept.history.count <= HISTORY_ENTRIES);
        for (size_t k = 0; k < sizeof kept.after / sizeof *kept.after; k++)
            assert_int_equal(kept.after[k], 0);
    }
    uint64_t newest = 2 * HISTORY_ENTRIES, value = newest;
    for (; value > newest - HISTORY_ENTRIES + 1; value--)
        back(value, value - 1);
    assert_end(true);
    for (; value < newest; value++)
        forward(value, value + 1);
    assert_end(false);
}

/* From the middle of a full one only what lay forward goes. */
static void test_full_middle(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < HISTORY_ENTRIES - 1; i++)
        go(i, i + 1);
    back(HISTORY_ENTRIES - 1, HISTORY_ENTRIES - 2);
    go(HISTORY_ENTRIES - 2, 5000);
    uint64_t value = HISTORY_ENTRIES - 2;
    back(5000, value);
    for (; value > 0; value--)
        back(value, value - 1);
    assert_end(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_empty, setup),
        cmocka_unit_test_setup(test_back_and_forward, setup),
        cmocka_unit_test_setup(test_forward_is_lost, setup),
        cmocka_unit_test_setup(test_full, setup),
        cmocka_unit_test_setup(test_full_middle, setup),
    };
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
