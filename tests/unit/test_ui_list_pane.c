/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists: sorting, filtering in slices, the cursor that stays on its row; values that changed. */
#include "ui/app/app_state.h"
#include "ui/pane/list/list_pane.h"
#include "ui/pane/struct/value_changes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS 200000

static size_t count(const struct list_pane *list)
{
    (void)list;
    return ROWS;
}

static size_t looked_at; /* cells */

static void text(const struct list_pane *list, size_t row, unsigned column, struct text *cell)
{
    (void)list;
    looked_at++;
    if (column == 0)
        text_add(cell, "%zu", row);
    else
        text_add(cell, row % 1000 == 7 ? "Name_%zu" : "other_%zu", row);
}

static int compare(const struct list_pane *list, size_t a, size_t b, unsigned column)
{
    (void)list;
    size_t left = column ? a % 10 : a, right = column ? b % 10 : b;
    return left < right ? -1 : left > right;
}

static uint64_t key(const struct list_pane *list, size_t row)
{
    (void)list;
    return row + 1;
}

static const struct list_column columns[] = {{"A", 6, 1, true, STYLE_TEXT},
                                             {"B", -20, 0, false, STYLE_TEXT}};
static const struct list_source kind = {
    .column = columns, .columns = 2, .count = count, .text = text, .compare = compare, .key = key};

static int set_up(void **state)
{
    struct list_pane *list = *state = calloc(1, sizeof *list);
    list->kind = &kind;
    list->loaded = true;
    list->app = calloc(1, sizeof *list->app); /* for its messages */
    list->scroll.height = 20;
    return !list_pane_sort(list);
}

static int tear_down(void **state)
{
    struct list_pane *list = *state;
    free(list->app);
    free(list->order);
    free(list->shown);
    free(list);
    return 0;
}

static void scan_all(struct list_pane *list)
{
    while (list_pane_scan(list, 8192))
        ;
}

static bool blank(const struct list_pane *list, unsigned column)
{
    (void)list;
    return column == 1;
}

/* What is priority least gives way first; a column that is empty in all rows takes no room. */
static void test_blank_columns(void **state)
{
    static const struct list_column three[] = {{"A", 6, 0, true, STYLE_TEXT},
                                               {"B", 4, 2, true, STYLE_TEXT},
                                               {"C", 8, 1, true, STYLE_TEXT},
                                               {"D", -10, 0, false, STYLE_TEXT}};
    struct list_source wide = {.column = three, .columns = 4};
    struct list_pane list = {.kind = &wide};
    struct list_layout layout;
    (void)state;
    list_pane_layout(&list, 40, &layout);
    assert_int_equal(layout.width[2], 8);
    assert_int_equal(layout.width[3], 18);
    list_pane_layout(&list, 30, &layout);
    assert_int_equal(layout.width[2], 0);
    assert_int_equal(layout.width[1], 4);
    wide.blank = blank;
    list_pane_layout(&list, 30, &layout);
    assert_int_equal(layout.width[1], 0);
    assert_int_equal(layout.width[2], 8);
    assert_int_equal(layout.at[3], 17);
}

static void test_text_has(void **state)
{
    (void)state;
    assert_true(text_has("init_Task", "_task"));
    assert_true(text_has("ab", ""));
    assert_true(text_has("aab", "ab"));
    assert_false(text_has("", "a"));
    assert_false(text_has("init", "inits"));
}

static void test_sort_is_stable(void **state)
{
    struct list_pane *list = *state;
    list->sort = 1;
    assert_true(list_pane_sort(list));
    scan_all(list);
    assert_int_equal(list->matches, ROWS);
    assert_int_equal(list->shown[0], 0);
    assert_int_equal(list->shown[1], 10);
    assert_int_equal(list->shown[ROWS - 1], ROWS - 1);
    list->inverted = true;
    assert_true(list_pane_sort(list));
    scan_all(list);
    assert_int_equal(list->shown[0], ROWS - 1);
}

static void test_filter(void **state)
{
    struct list_pane *list = *state;
    list_pane_narrow(list, "nAmE");
    assert_true(list->matches > 0); /* the first screen is there at once */
    scan_all(list);
    assert_int_equal(list->matches, ROWS / 1000);
    assert_int_equal(list->shown[1], 1007);
    list_pane_narrow(list, "nowhere");
    scan_all(list);
    assert_int_equal(list->matches, 0);
    list_pane_narrow(list, "");
    scan_all(list);
    assert_int_equal(list->matches, ROWS);
}

/* However many rows there are, a key looks into few: the rest is looked into between keys. */
static void test_a_key_looks_into_few_rows(void **state)
{
    struct list_pane *list = *state;
    struct error err;
    const size_t most = list_pane_slice(list) * 2 + 1024;
    scan_all(list);
    static const char *const typed[] = {"n", "na", "nothing has this", "name_19", ""};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        looked_at = 0;
        list_pane_narrow(list, typed[i]);
        assert_in_range(looked_at, 0, most);
        looked_at = 0;
        list_pane_step(&list->pane);
        assert_in_range(looked_at, 0, most);
    }
    scan_all(list);
    scroll_to(&list->scroll, 0);
    /* A search that goes all the way round finds its row in steps. */
    looked_at = 0;
    assert_true(list_pane_search(&list->pane, "name_199007", false, &err));
    assert_in_range(looked_at, 1, most);
    assert_int_equal(list->scroll.cursor, 0);
    for (unsigned steps = 0; list->search_left; steps++) {
        assert_true(steps < ROWS / 100);
        looked_at = 0;
        list_pane_step(&list->pane);
        assert_in_range(looked_at, 1, most);
    }
    assert_int_equal(list->scroll.cursor, 199007);
    assert_true(list_pane_search(&list->pane, "name_197007", true, &err));
    while (list->search_left)
        list_pane_step(&list->pane);
    assert_int_equal(list->scroll.cursor, 197007);
}

/* A text that no row has leaves n at the one that was found last. */
static void test_search_again(void **state)
{
    struct list_pane *list = *state;
    struct error err;
    scan_all(list);
    assert_true(list_pane_search(&list->pane, "name_1007", false, &err));
    while (list->search_left)
        list_pane_step(&list->pane);
    assert_int_equal(list->scroll.cursor, 1007);
    for (unsigned i = 0; i < 2; i++) {
        list_pane_search(&list->pane, "nowhere", false, &err);
        while (list->search_left)
            list_pane_step(&list->pane);
        assert_int_equal(list->scroll.cursor, 1007);
        scroll_to(&list->scroll, 5);
        assert_true(list_pane_search_again(&list->pane, i == 1, &err));
        while (list->search_left)
            list_pane_step(&list->pane);
        assert_int_equal(list->scroll.cursor, 1007);
    }
}

static void test_cursor_stays(void **state)
{
    struct list_pane *list = *state;
    scan_all(list);
    scroll_to(&list->scroll, 150007);
    list_pane_keep_cursor(list);
    scroll_to(&list->scroll, 0);
    list_pane_narrow(list, "name");
    scan_all(list);
    assert_int_equal(list->shown[list->scroll.cursor], 150007);
    list_pane_keep_cursor(list);
    list->inverted = true;
    list_pane_sort(list);
    scan_all(list);
    assert_int_equal(list->shown[list->scroll.cursor], 150007);
}

/* A real kernel's symbols by module: in order, and within one by address. */
static void test_symbols_by_module(void **state)
{
    (void)state;
    char path[512];
    const char *guests = getenv("RAMWALK_GUESTS");
    enum { MODULE = 3 };
    if (!guests)
        skip();
    snprintf(path, sizeof path, "%s/arm64-61/ram.img", guests);
    struct options options = {.image = path};
    struct error err;
    struct session *session = session_open(&options, &err);
    assert_non_null(session);
    assert_non_null(session_need(session, LINUX_SYMBOLS, &err));
    struct app app = {.session = session};
    struct pane *pane = symbols_pane_type.create(&app, session);
    struct list_pane *list = (struct list_pane *)(void *)pane;
    list->sort = MODULE;
    list_pane_reload(list);
    scan_all(list);
    assert_int_equal(list->matches, list->kind->count(list));
    assert_true(list->matches > 50000);
    for (size_t i = 1; i < list->matches; i++) {
        uint32_t a = list->shown[i - 1], b = list->shown[i];
        int order = list->kind->compare(list, a, b, MODULE);
        if (order > 0 || (order == 0 && a >= b))
            fail_msg("row %zu: %u behind %u", i, b, a);
    }
    pane->type->destroy(pane);
    session_close(session);
}

static void test_layout(void **state)
{
    (void)state;
    struct list_layout layout;
    struct list_pane list = {.kind = &kind};
    list_pane_layout(&list, 60, &layout);
    assert_int_equal(layout.width[0], 6);
    assert_int_equal(layout.at[1] + layout.width[1], 60);
    list_pane_layout(&list, 24, &layout);
    assert_int_equal(layout.width[0], 0); /* what may give way does */
    assert_int_equal(layout.width[1], 23);
    list_pane_layout(&list, 0, &layout);
    assert_int_equal(layout.width[1], 20);
}

static void test_value_changes(void **state)
{
    (void)state;
    struct value_changes *changes = calloc(1, sizeof *changes);
    value_changes_note(changes, 3, 77, "1", 1000);
    assert_int_equal(value_changes_of(changes, 3, 77, 1000), FRESH_NOT);
    value_changes_note(changes, 3, 77, "2", 1100);
    assert_int_equal(value_changes_of(changes, 3, 77, 1100), FRESH_NOW);
    assert_int_equal(value_changes_of(changes, 3, 78, 1100), FRESH_NOT);
    assert_int_equal(value_changes_of(changes, 3, 77, 2100), FRESH_OLD);
    assert_int_equal(value_changes_of(changes, 3, 77, 9000), FRESH_NOT);
    value_changes_note(changes, 3, 78, "3", 9100); /* another thing stands there now */
    assert_int_equal(value_changes_of(changes, 3, 78, 9100), FRESH_NOT);
    free(changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_has),
        cmocka_unit_test(test_blank_columns),
        cmocka_unit_test_setup_teardown(test_sort_is_stable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_filter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_key_looks_into_few_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_search_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cursor_stays, set_up, tear_down),
        cmocka_unit_test(test_symbols_by_module),
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_value_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
