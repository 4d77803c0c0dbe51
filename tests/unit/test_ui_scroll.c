/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scrolling arithmetic: the cursor and the top of a list. */
#include "ui/widget/scroll.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_scroll(void **state)
{
    (void)state;
    struct scroll scroll = {0};
    scroll_fit(&scroll, 100, 10);
    scroll_to(&scroll, 15);
    assert_int_equal(scroll.top, 6);
    scroll_page(&scroll, 10);
    assert_int_equal(scroll.cursor, 25);
    assert_int_equal(scroll.top, 16);
    scroll_page(&scroll, 1000);
    assert_int_equal(scroll.cursor, 99);
    assert_int_equal(scroll.top, 90);
    scroll_move(&scroll, INT64_MIN);
    assert_int_equal(scroll.cursor, 0);
    scroll_move(&scroll, INT64_MAX);
    assert_int_equal(scroll.cursor, 99);
    scroll_place(&scroll, 50, 5);
    assert_int_equal(scroll.top, 45);
    scroll_fit(&scroll, 3, 10);
    assert_int_equal(scroll.cursor, 2);
    assert_int_equal(scroll.top, 0);
    scroll_fit(&scroll, 0, 0);
    assert_int_equal(scroll.cursor, 0);
    scroll_move(&scroll, 1);
    assert_int_equal(scroll.cursor, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scroll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
