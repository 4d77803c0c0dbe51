/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists: sorting, filtering in slices, the cursor that stays on its row; values that changed. */
#include "answer/subjects.h"
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

enum { A, B, COLUMNS };

static const struct column columns[COLUMNS] = {
    [A] = {"a", "A", "its number", VALUE_NUMBER, COLUMN_RIGHT, 6, 1},
    [B] = {"b", "B", "its name", VALUE_TEXT},
};
static const struct shape shape = SHAPE(columns);

static bool load(struct query *query, void *state, struct error *err)
{
    (void)query, (void)state, (void)err;
    return true;
}

static void unload(void *state)
{
    (void)state;
}

static size_t count(const void *state)
{
    (void)state;
    return ROWS;
}

static size_t looked_at; /* rows */

static void fill(struct query *query, const void *state, size_t item, struct value *row)
{
    (void)state;
    looked_at++;
    row[A] = value_number((int64_t)(query_needs(query, B) ? item : item % 10));
    if (query_needs(query, B))
        row[B] = value_text(query_text(query, item % 1000 == 7 ? "Name_%zu" : "other_%zu", item));
}

static uint64_t key(const void *state, size_t item)
{
    (void)state;
    return item + 1;
}

static const struct items items = {
    .state_size = 1, .load = load, .unload = unload, .count = count, .fill = fill, .key = key};
static const struct subject subject = {.shape = &shape, .rows = query_items, .items = &items};
static const struct list_kind kind = {.title = "Made"};

static int set_up(void **state)
{
    struct list_pane *list = *state = calloc(1, sizeof *list);
    struct error err;
    list->kind = &kind;
    list->app = calloc(1, sizeof *list->app); /* for its messages */
    list->view.scroll.height = 20;
    list->view.sort = BROWSER_UNSORTED;
    row_view_take(&list->view, browser_open(NULL, &subject, "", &err));
    return !row_view_sort(&list->view);
}

static int tear_down(void **state)
{
    struct list_pane *list = *state;
    free(list->app);
    row_view_deinit(&list->view);
    free(list);
    return 0;
}

static void scan_all(struct list_pane *list)
{
    assert_false(row_view_settle(&list->view, 60000));
    while (row_view_scan(&list->view, 8192))
        ;
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
    struct row_view *view = &list->view;
    row_view_sort_by(view, A); /* by the last digit */
    scan_all(list);
    assert_int_equal(view->matches, ROWS);
    assert_int_equal(view->shown[0], 0);
    assert_int_equal(view->shown[1], 10);
    assert_int_equal(view->shown[ROWS - 1], ROWS - 1);
    row_view_sort_by(view, A);
    scan_all(list);
    assert_int_equal(view->shown[0], 9);
    assert_int_equal(view->shown[1], 19);
    row_view_sort_by(view, BROWSER_UNSORTED);
    scan_all(list);
    assert_int_equal(view->shown[1], 1);
    row_view_sort_by(view, BROWSER_UNSORTED);
    scan_all(list);
    assert_int_equal(view->shown[0], ROWS - 1);
}

/* The latest counts, whatever is under way; what is given up leaves the order as it was. */
static void test_sorts_beside(void **state)
{
    struct list_pane *list = *state;
    struct row_view *view = &list->view;
    row_view_sort_by(view, A);
    row_view_sort_by(view, B);
    row_view_sort_by(view, B);
    scan_all(list);
    assert_int_equal(view->sort, B);
    assert_int_equal(view->shown[0], 99999); /* "Name_99999" */
    row_view_sort_by(view, A);
    bool under_way = view->arranger;
    row_view_stop(view);
    scan_all(list);
    assert_int_equal(view->sort, under_way ? B : A);
    assert_int_equal(view->shown[0], under_way ? 99999 : 0);
    row_view_sort_by(view, BROWSER_UNSORTED);
    row_view_filter(view, "where b=Name_7");
    scan_all(list);
    assert_int_equal(view->matches, 1);
    row_view_filter(view, "");
    scan_all(list);
    assert_int_equal(view->shown[1], 1);
    row_view_sort_by(view, B); /* and is under way when all is closed */
}

/* Keys step through the columns that are shown, and through the order in which rows come. */
static void test_columns_in_turn(void **state)
{
    struct list_pane *list = *state;
    struct row_view *view = &list->view;
    assert_int_equal(browser_next_column(view->browser, view->sort, 1), A);
    view->sort = A;
    assert_int_equal(browser_next_column(view->browser, view->sort, 1), B);
    view->sort = B;
    assert_int_equal(browser_next_column(view->browser, view->sort, 1), BROWSER_UNSORTED);
    row_view_filter(view, "columns=b");
    view->sort = BROWSER_UNSORTED;
    assert_int_equal(browser_next_column(view->browser, view->sort, 1), B);
}

static void test_filter(void **state)
{
    struct list_pane *list = *state;
    row_view_filter(&list->view, "nAmE");
    assert_true(list->view.matches > 0); /* the first screen is there at once */
    scan_all(list);
    assert_int_equal(list->view.matches, ROWS / 1000);
    assert_int_equal(list->view.shown[1], 1007);
    row_view_filter(&list->view, "nowhere");
    scan_all(list);
    assert_int_equal(list->view.matches, 0);
    row_view_filter(&list->view, "");
    scan_all(list);
    assert_int_equal(list->view.matches, ROWS);
}

/* However many rows there are, a key looks into few: the rest is looked into between keys. */
static void test_a_key_looks_into_few_rows(void **state)
{
    struct list_pane *list = *state;
    struct error err;
    const size_t most = ROW_SLICE * 2 + 1024;
    scan_all(list);
    static const char *const typed[] = {"n", "na", "nothing has this", "name_19", ""};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        looked_at = 0;
        row_view_filter(&list->view, typed[i]);
        assert_in_range(looked_at, 0, most);
        looked_at = 0;
        list_pane_step(&list->pane);
        assert_in_range(looked_at, 0, most);
    }
    scan_all(list);
    scroll_to(&list->view.scroll, 0);
    /* A search that wraps finds its row in steps. */
    looked_at = 0;
    assert_true(list_pane_search(&list->pane, "name_199007", false, &err));
    assert_in_range(looked_at, 1, most);
    assert_int_equal(list->view.scroll.cursor, 0);
    for (unsigned steps = 0; list->view.search_left; steps++) {
        assert_true(steps < ROWS / 100);
        looked_at = 0;
        list_pane_step(&list->pane);
        assert_in_range(looked_at, 1, most);
    }
    assert_int_equal(list->view.scroll.cursor, 199007);
    assert_true(list_pane_search(&list->pane, "name_197007", true, &err));
    while (list->view.search_left)
        list_pane_step(&list->pane);
    assert_int_equal(list->view.scroll.cursor, 197007);
}

/* A text that no row has leaves n at the one that was found last. */
static void test_search_again(void **state)
{
    struct list_pane *list = *state;
    struct row_view *view = &list->view;
    struct error err;
    scan_all(list);
    assert_true(list_pane_search(&list->pane, "name_1007", false, &err));
    while (view->search_left)
        list_pane_step(&list->pane);
    assert_int_equal(view->scroll.cursor, 1007);
    for (unsigned i = 0; i < 2; i++) {
        list_pane_search(&list->pane, "nowhere", false, &err);
        while (view->search_left)
            list_pane_step(&list->pane);
        assert_int_equal(view->scroll.cursor, 1007);
        scroll_to(&view->scroll, 5);
        assert_true(list_pane_search_again(&list->pane, i == 1, &err));
        while (view->search_left)
            list_pane_step(&list->pane);
        assert_int_equal(view->scroll.cursor, 1007);
    }
}

static void test_cursor_stays(void **state)
{
    struct list_pane *list = *state;
    scan_all(list);
    scroll_to(&list->view.scroll, 150007);
    row_view_keep_cursor(&list->view);
    scroll_to(&list->view.scroll, 0);
    row_view_filter(&list->view, "name");
    scan_all(list);
    assert_int_equal(list->view.shown[list->view.scroll.cursor], 150007);
    row_view_keep_cursor(&list->view);
    list->view.inverted = true;
    row_view_sort(&list->view);
    scan_all(list);
    assert_int_equal(list->view.shown[list->view.scroll.cursor], 150007);
}

/* The same words as after a command; what cannot be taken shows nothing, and says why. */
static void test_filter_takes_terms(void **state)
{
    struct list_pane *list = *state;
    struct row_view *view = &list->view;
    row_view_filter(view, "where b~NAME_1 sort=-b");
    scan_all(list);
    assert_int_equal(view->matches, 111); /* 1007, 10007 ... 19007, 100007 ... 199007 */
    assert_int_equal(view->shown[0], 199007);
    row_view_filter(view, "b=name_7");
    scan_all(list);
    assert_int_equal(view->matches, 0);
    assert_string_equal(view->wrong.text, "");
    row_view_filter(view, "b=Name_7");
    scan_all(list);
    assert_int_equal(view->matches, 1);
    assert_int_equal(view->shown[0], 7);
    row_view_filter(view, "a<x");
    scan_all(list);
    assert_int_equal(view->matches, 0);
    assert_non_null(strstr(view->wrong.text, "decimal"));
    /* of a name that is no column it is any text */
    row_view_filter(view, "_7");
    scan_all(list);
    assert_in_range(view->matches, 1, ROWS - 1);
    assert_string_equal(view->wrong.text, "");
}

/* A real kernel's symbols by each column, both ways: as sort= has them. */
static void check_order(struct browser *browser, unsigned column, bool descending, uint32_t *order)
{
    size_t rows = browser_count(browser);
    assert_true(browser_order(browser, column, descending, order));
    for (size_t i = 1; i < rows; i++) {
        struct value before = *browser_cell(browser, order[i - 1], column);
        const struct value *value = browser_cell(browser, order[i], column);
        int way = value_order(&before, value);
        if (descending && value_is_known(&before) && value_is_known(value))
            way = -way;
        if (way > 0 || (way == 0 && order[i - 1] >= order[i]))
            fail_msg("column %u, row %zu: %u after %u", column, i, order[i], order[i - 1]);
    }
}

/* What follows the guest's memory ends, and says why. */
static void test_budget_ends(void **state)
{
    struct list_pane *list = *state;
    struct budget budget;
    budget_init(&budget, 1000, BUDGET_ENDLESS, NULL);
    browser_end(list->view.browser, &budget);
    assert_null(browser_note(list->view.browser));
    assert_false(budget_take(&budget, 1001));
    browser_end(list->view.browser, &budget);
    assert_non_null(strstr(browser_note(list->view.browser), "not all"));
}

static struct address sixteen_apart(const struct list_pane *list, size_t row)
{
    (void)list;
    return address_file(16 * row);
}

/* The row of an address is found in slices; another move ends that. */
static void test_going_to_an_address(void **state)
{
    static const struct list_kind addressed = {.address = sixteen_apart};
    struct list_pane *list = *state;
    struct error err;
    scan_all(list);
    list->kind = &addressed;
    assert_true(list_pane_go(&list->pane, address_file(16 * (ROWS - 2)), &err));
    assert_true(list->going.is_underway);
    while (list->going.is_underway)
        assert_true(list_pane_step(&list->pane));
    assert_int_equal(list->view.scroll.cursor, ROWS - 2);
    assert_true(list_pane_go(&list->pane, address_file(16), &err));
    assert_false(list->going.is_underway);
    assert_int_equal(list->view.scroll.cursor, 1);
    assert_true(list_pane_go(&list->pane, address_file(17), &err));
    list_pane_move(&list->pane, MOTION_ROW, 1);
    assert_false(list->going.is_underway);
    list->kind = &kind;
}

static void test_symbols_in_order(void **state)
{
    (void)state;
    char path[512];
    const char *guests = getenv("RAMWALK_GUESTS");
    if (!guests)
        skip();
    snprintf(path, sizeof path, "%s/arm64-61/ram.img", guests);
    struct options options = {.image = path};
    struct error err;
    struct session *guest = session_open(&options, &err);
    assert_non_null(guest);
    struct browser *browser = browser_open(guest, command_sym.subject, "", &err);
    assert_non_null(browser);
    size_t rows = browser_count(browser);
    assert_true(rows > 50000);
    uint32_t *order = calloc(rows, sizeof *order);
    const struct shape *symbols = browser_shape(browser);
    for (unsigned column = 0; column < symbols->columns; column++)
        for (int descending = 0; descending < 2; descending++)
            check_order(browser, column, descending, order);
    free(order);
    browser_close(browser);
    session_close(guest);
}

/* What has the least priority gives way first; the column without a width gets what is left. */
static void test_layout(void **state)
{
    struct list_pane *list = *state;
    struct list_layout layout;
    list_pane_layout(list, 60, &layout);
    assert_int_equal(layout.width[0], 6);
    assert_int_equal(layout.at[1] + layout.width[1], 60);
    list_pane_layout(list, 20, &layout);
    assert_int_equal(layout.width[0], 0);
    assert_int_equal(layout.width[1], 19);
    list_pane_layout(list, 0, &layout);
    assert_int_equal(layout.width[1], 14);
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
        cmocka_unit_test_setup_teardown(test_sort_is_stable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sorts_beside, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_filter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_key_looks_into_few_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_search_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cursor_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_columns_in_turn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_filter_takes_terms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_budget_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_going_to_an_address, set_up, tear_down),
        cmocka_unit_test(test_symbols_in_order),
        cmocka_unit_test_setup_teardown(test_layout, set_up, tear_down),
        cmocka_unit_test(test_value_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
