/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budgets of steps and bytes, and the check for loops. */
#include "base/budget.h"
#include "tests/unit/support.h"

#include <string.h>

/* Exactly as many steps as it was made with, however they are taken. */
static void steps_are_counted(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 255, 256, 257, 1000, 65536};
    static const uint64_t pieces[] = {1, 3, 255, 256, 257, 4000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) {
            struct budget budget;
            uint64_t taken = 0;
            budget_init(&budget, sizes[i], 0, NULL);
            while (budget_take(&budget, pieces[k]))
                taken += pieces[k];
            assert_int_equal(taken, sizes[i] / pieces[k] * pieces[k]);
            assert_int_equal(budget.end, BUDGET_NO_STEPS);
        }
}

/* What has ended gives nothing, not even what would have been left. */
static void the_end_stays(void **state)
{
    (void)state;
    struct budget budget;
    budget_init(&budget, 1000, 1000, NULL);
    assert_true(budget_take(&budget, 999));
    assert_null(budget_why(&budget));
    assert_false(budget_take(&budget, 2));
    assert_false(budget_take(&budget, 1));
    assert_false(budget_take(&budget, 0));
    assert_false(budget_take_bytes(&budget, 1));
    assert_true(budget_has_ended(&budget));
    assert_non_null(strstr(budget_why(&budget), "work"));
}

static void bytes_are_counted(void **state)
{
    (void)state;
    struct budget budget;
    budget_init(&budget, 1000, 100, NULL);
    assert_true(budget_take_bytes(&budget, 60));
    assert_true(budget_take_bytes(&budget, 40));
    assert_false(budget_has_ended(&budget));
    assert_false(budget_take_bytes(&budget, 1));
    assert_false(budget_take(&budget, 1));
    assert_non_null(strstr(budget_why(&budget), "memory"));
}

static void an_endless_one_goes_on(void **state)
{
    (void)state;
    struct budget budget;
    budget_init(&budget, BUDGET_ENDLESS, BUDGET_ENDLESS, NULL);
    for (unsigned i = 0; i < 100000; i++)
        assert_true(budget_take(&budget, UINT64_C(1) << 60) &&
                    budget_take_bytes(&budget, UINT64_C(1) << 60));
    assert_false(budget_has_ended(&budget));
}

static void the_flag_ends_it(void **state)
{
    (void)state;
    static const uint64_t steps[] = {1000000, BUDGET_ENDLESS};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        atomic_bool cancelled = false;
        struct budget budget;
        unsigned taken = 0;
        budget_init(&budget, steps[i], 0, &cancelled);
        assert_true(budget_take(&budget, 1));
        atomic_store(&cancelled, true);
        while (taken < 10000 && budget_take(&budget, 1))
            taken++;
        assert_in_range(taken, 0, 1000);
        assert_int_equal(budget.end, BUDGET_CANCELLED);
    }
}

/* A way of `lead` places that lead into a loop of `size`. */
static uint64_t links_until_seen(uint64_t lead, uint64_t size)
{
    struct loop_check check = {0};
    uint64_t links = 0;
    while (!loop_closes(&check, links < lead ? links : lead + (links - lead) % size))
        links++;
    return links;
}

static void loops_are_seen(void **state)
{
    (void)state;
    for (uint64_t lead = 0; lead < 40; lead++)
        for (uint64_t size = 1; size < 40; size++)
            assert_in_range(links_until_seen(lead, size), lead + size, 3 * (lead + size + 1));
}

static void chains_without_a_loop_go_on(void **state)
{
    (void)state;
    struct loop_check check = {0};
    for (uint64_t place = 0; place < 100000; place++)
        assert_false(loop_closes(&check, place));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_counted),
        cmocka_unit_test(the_end_stays),
        cmocka_unit_test(bytes_are_counted),
        cmocka_unit_test(an_endless_one_goes_on),
        cmocka_unit_test(the_flag_ends_it),
        cmocka_unit_test(loops_are_seen),
        cmocka_unit_test(chains_without_a_loop_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
