/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists: sorting, filtering in slices, the cursor that stays on its row; values that changed. */
#include "ui/app_state.h"
#include "ui/roster/roster.h"
#include "ui/struct/value_changes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS 200000

static size_t count(const struct roster *roster)
{
    (void)roster;
    return ROWS;
}

static size_t looked_at; /* cells */

static void text(const struct roster *roster, size_t row, unsigned column, struct text *cell)
{
    (void)roster;
    looked_at++;
    if (column == 0)
        text_add(cell, "%zu", row);
    else
        text_add(cell, row % 1000 == 7 ? "Name_%zu" : "other_%zu", row);
}

static int compare(const struct roster *roster, size_t a, size_t b, unsigned column)
{
    (void)roster;
    size_t left = column ? a % 10 : a, right = column ? b % 10 : b;
    return left < right ? -1 : left > right;
}

static uint64_t key(const struct roster *roster, size_t row)
{
    (void)roster;
    return row + 1;
}

static const struct roster_column columns[] = {{"A", 6, 1, true, STYLE_TEXT},
                                               {"B", -20, 0, false, STYLE_TEXT}};
static const struct roster_kind kind = {
    .column = columns, .columns = 2, .count = count, .text = text, .compare = compare, .key = key};

static int set_up(void **state)
{
    struct roster *roster = *state = calloc(1, sizeof *roster);
    roster->kind = &kind;
    roster->loaded = true;
    roster->app = calloc(1, sizeof *roster->app); /* for its messages */
    roster->list.height = 20;
    return !roster_sort(roster);
}

static int tear_down(void **state)
{
    struct roster *roster = *state;
    free(roster->app);
    free(roster->order);
    free(roster->shown);
    free(roster);
    return 0;
}

static void scan_all(struct roster *roster)
{
    while (roster_scan(roster, 8192))
        ;
}

static bool blank(const struct roster *roster, unsigned column)
{
    (void)roster;
    return column == 1;
}

/* What is worth least gives way first; a column that is empty in all rows takes no room. */
static void test_blank_columns(void **state)
{
    static const struct roster_column three[] = {{"A", 6, 0, true, STYLE_TEXT},
                                                 {"B", 4, 2, true, STYLE_TEXT},
                                                 {"C", 8, 1, true, STYLE_TEXT},
                                                 {"D", -10, 0, false, STYLE_TEXT}};
    struct roster_kind wide = {.column = three, .columns = 4};
    struct roster roster = {.kind = &wide};
    struct roster_layout layout;
    (void)state;
    roster_layout(&roster, 40, &layout);
    assert_int_equal(layout.width[2], 8);
    assert_int_equal(layout.width[3], 18);
    roster_layout(&roster, 30, &layout);
    assert_int_equal(layout.width[2], 0);
    assert_int_equal(layout.width[1], 4);
    wide.blank = blank;
    roster_layout(&roster, 30, &layout);
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
    struct roster *roster = *state;
    roster->sort = 1;
    assert_true(roster_sort(roster));
    scan_all(roster);
    assert_int_equal(roster->matches, ROWS);
    assert_int_equal(roster->shown[0], 0);
    assert_int_equal(roster->shown[1], 10);
    assert_int_equal(roster->shown[ROWS - 1], ROWS - 1);
    roster->inverted = true;
    assert_true(roster_sort(roster));
    scan_all(roster);
    assert_int_equal(roster->shown[0], ROWS - 1);
}

static void test_filter(void **state)
{
    struct roster *roster = *state;
    roster_narrow(roster, "nAmE");
    assert_true(roster->matches > 0); /* the first screen is there at once */
    scan_all(roster);
    assert_int_equal(roster->matches, ROWS / 1000);
    assert_int_equal(roster->shown[1], 1007);
    roster_narrow(roster, "nowhere");
    scan_all(roster);
    assert_int_equal(roster->matches, 0);
    roster_narrow(roster, "");
    scan_all(roster);
    assert_int_equal(roster->matches, ROWS);
}

/* However many rows there are, a key looks into few: the rest is looked into between keys. */
static void test_a_key_looks_into_few_rows(void **state)
{
    struct roster *roster = *state;
    struct error err;
    const size_t most = roster_slice(roster) * 2 + 1024;
    scan_all(roster);
    static const char *const typed[] = {"n", "na", "nothing has this", "name_19", ""};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        looked_at = 0;
        roster_narrow(roster, typed[i]);
        assert_in_range(looked_at, 0, most);
        looked_at = 0;
        roster_step(&roster->pane);
        assert_in_range(looked_at, 0, most);
    }
    scan_all(roster);
    list_to(&roster->list, 0);
    /* A search that goes all the way round finds its row in steps. */
    looked_at = 0;
    assert_true(roster_search(&roster->pane, "name_199007", false, &err));
    assert_in_range(looked_at, 1, most);
    assert_int_equal(roster->list.cursor, 0);
    for (unsigned steps = 0; roster->search_left; steps++) {
        assert_true(steps < ROWS / 100);
        looked_at = 0;
        roster_step(&roster->pane);
        assert_in_range(looked_at, 1, most);
    }
    assert_int_equal(roster->list.cursor, 199007);
    assert_true(roster_search(&roster->pane, "name_197007", true, &err));
    while (roster->search_left)
        roster_step(&roster->pane);
    assert_int_equal(roster->list.cursor, 197007);
}

/* A text that no row has leaves n at the one that was found last. */
static void test_search_again(void **state)
{
    struct roster *roster = *state;
    struct error err;
    scan_all(roster);
    assert_true(roster_search(&roster->pane, "name_1007", false, &err));
    while (roster->search_left)
        roster_step(&roster->pane);
    assert_int_equal(roster->list.cursor, 1007);
    for (unsigned i = 0; i < 2; i++) {
        roster_search(&roster->pane, "nowhere", false, &err);
        while (roster->search_left)
            roster_step(&roster->pane);
        assert_int_equal(roster->list.cursor, 1007);
        list_to(&roster->list, 5);
        roster_act(&roster->pane, i ? ACTION_SEARCH_PREVIOUS : ACTION_SEARCH_NEXT, 1);
        while (roster->search_left)
            roster_step(&roster->pane);
        assert_int_equal(roster->list.cursor, 1007);
    }
}

static void test_cursor_stays(void **state)
{
    struct roster *roster = *state;
    scan_all(roster);
    list_to(&roster->list, 150007);
    roster_keep_cursor(roster);
    list_to(&roster->list, 0);
    roster_narrow(roster, "name");
    scan_all(roster);
    assert_int_equal(roster->shown[roster->list.cursor], 150007);
    roster_keep_cursor(roster);
    roster->inverted = true;
    roster_sort(roster);
    scan_all(roster);
    assert_int_equal(roster->shown[roster->list.cursor], 150007);
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
    struct session session;
    struct options options = {.image = path};
    struct error err;
    assert_true(session_open(&session, &options, &err));
    assert_non_null(session_need(&session, GUEST_SYMBOLS, &err));
    struct app app = {.session = &session};
    struct pane *pane = symbols_pane_type.create(&app, &session);
    struct roster *roster = (struct roster *)(void *)pane;
    roster->sort = MODULE;
    roster_reload(roster);
    scan_all(roster);
    assert_int_equal(roster->matches, roster->kind->count(roster));
    assert_true(roster->matches > 50000);
    for (size_t i = 1; i < roster->matches; i++) {
        uint32_t a = roster->shown[i - 1], b = roster->shown[i];
        int order = roster->kind->compare(roster, a, b, MODULE);
        if (order > 0 || (order == 0 && a >= b))
            fail_msg("row %zu: %u behind %u", i, b, a);
    }
    pane->type->destroy(pane);
    session_close(&session);
}

static void test_layout(void **state)
{
    (void)state;
    struct roster_layout layout;
    struct roster roster = {.kind = &kind};
    roster_layout(&roster, 60, &layout);
    assert_int_equal(layout.width[0], 6);
    assert_int_equal(layout.at[1] + layout.width[1], 60);
    roster_layout(&roster, 24, &layout);
    assert_int_equal(layout.width[0], 0); /* what may give way does */
    assert_int_equal(layout.width[1], 23);
    roster_layout(&roster, 0, &layout);
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
