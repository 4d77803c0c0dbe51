/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rings and chains of nodes: whole, torn, and loops. */
#include "linux/lists/list_iterator.h"
#include "tests/unit/sample.h"

#include <string.h>

static size_t follow(struct sample *f, struct list_iterator *list, const char *type,
                     const char *path, uint64_t va, bool is_object)
{
    struct error err;
    struct object object;
    size_t n = 0;
    assert_true(list_iterator_start(list, &f->linux, type, path, va, is_object, &err));
    while (list_iterator_next(list, &object))
        n++;
    assert_int_equal(n, list->count);
    list_iterator_end(list);
    return n;
}

static void test_lists(void **state)
{
    struct sample *f = *state;
    struct list_iterator list;
    struct error err;
    assert_int_equal(follow(f, &list, "node", "links", NODE_A, true), 3);
    assert_int_equal(list.state, LIST_ITERATOR_END);
    assert_int_equal(list.strays, 0);
    assert_int_equal(follow(f, &list, "node", "links", NODE_A, false), 2);
    assert_int_equal(list.state, LIST_ITERATOR_END);
    sample_put(f, NODE_C + 8, NODE_A, 8); /* C says that it comes after A */
    assert_int_equal(sample_save(f), 0);
    assert_int_equal(follow(f, &list, "node", "links", NODE_A, true), 3);
    assert_int_equal(list.strays, 1);
    sample_put(f, NODE_C, NODE_B, 8);
    assert_int_equal(sample_save(f), 0);
    assert_int_equal(follow(f, &list, "node", "links", NODE_A, true), 3);
    assert_int_equal(list.state, LIST_ITERATOR_LOOP);
    sample_put(f, NODE_C, UINT64_C(0xdead000000000100), 8);
    assert_int_equal(sample_save(f), 0);
    assert_int_equal(follow(f, &list, "node", "links", NODE_A, true), 3);
    assert_int_equal(list.state, LIST_ITERATOR_BROKEN);
    assert_non_null(strstr(list.remark, "dead000000000100"));
    assert_false(list_iterator_start(&list, &f->linux, "node", "id", 0, true, &err));
    assert_false(list_iterator_start(&list, &f->linux, "node", "no", 0, true, &err));
    assert_false(list_iterator_start(&list, &f->linux, "no", "links", 0, true, &err));
    assert_int_equal(follow(f, &list, "node", "links", 0, false), 0);
    assert_int_equal(follow(f, &list, "node", "links", TOP, false), 0);
    assert_int_equal(list.state, LIST_ITERATOR_BROKEN);
}

/* Chains that end in NULL: hlist, and structs that point to their own type. */
static void test_chains(void **state)
{
    struct sample *f = *state;
    struct list_iterator list;
    uint64_t one = VA + 0x3000, two = VA + 0x3040, head = VA + 0x3080;
    sample_put(f, head, one + 8, 8);
    sample_put(f, one + 8, two + 8, 8);
    sample_put(f, two + 8, 0, 8);
    assert_int_equal(sample_save(f), 0);
    assert_int_equal(follow(f, &list, "entry", "chain", head, false), 2);
    assert_int_equal(list.state, LIST_ITERATOR_END);
    assert_int_equal(follow(f, &list, "entry", "chain", two, true), 1);
    sample_put(f, one + 8, two, 8);
    sample_put(f, two + 8, 0, 8);
    assert_int_equal(sample_save(f), 0);
    assert_int_equal(follow(f, &list, "single", "next", one, false), 2);
    assert_int_equal(list.state, LIST_ITERATOR_END);
    sample_put(f, two + 8, one, 8); /* a ring */
    assert_int_equal(sample_save(f), 0);
    assert_int_equal(follow(f, &list, "single", "next", one, false), 2);
    assert_int_equal(list.state, LIST_ITERATOR_END);
    sample_put(f, two + 8, two, 8);
    assert_int_equal(sample_save(f), 0);
    assert_int_equal(follow(f, &list, "single", "next", one, false), 2);
    assert_int_equal(list.state, LIST_ITERATOR_LOOP);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_setup, sample_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_lists),
        TEST(test_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
