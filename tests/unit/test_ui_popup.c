/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which address Enter takes from a line of an answer; rows that are sorted and filtered, and lead
 * to their own addresses; help that fits a small screen.
 */
#include "answer/command.h"
#include "answer/render.h"
#include "tests/unit/support_session.h"
#include "ui/command/command_index.h"
#include "ui/command/help.h"
#include "ui/widget/popup.h"

#include <stdlib.h>
#include <string.h>

static void test_address(void **state)
{
    static const struct {
        const char *line;
        enum space_kind space;
        uint64_t value; /* 0: none */
    } lines[] = {
        {"PTE [ 296] at p:13819f940    0068000137b28703", SPACE_PHYS, 0x13819f940},
        {"000000400000-00000049e000 r-xp 00000000  /bin/gtest", SPACE_VIRT, 0x400000},
        {"  ffff800008000000-ffff80000fffffff  128M  modules", SPACE_VIRT, 0xffff800008000000},
        {"[    1.000000] at 0xffff800008000010, gone", SPACE_VIRT, 0xffff800008000010},
        {"ffff800008000000 T _stext, v:ffff800008000004", SPACE_VIRT, 0xffff800008000004},
        {"12345678 bytes, abcdefghijkl, xffff800008000000", SPACE_VIRT, 0},
        {"0123456789abcdef0 is too long, 123456789g is none", SPACE_VIRT, 0},
        {"", SPACE_VIRT, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct popup *popup = popup_create("");
        struct popup_target target;
        popup_add(popup, lines[i].line);
        assert_int_equal(popup_target(popup, &target), lines[i].value != 0);
        if (lines[i].value) {
            assert_int_equal(target.address.space->kind, lines[i].space);
            assert_true(target.address.value == lines[i].value);
        }
        popup_destroy(popup);
    }
}

/* Tabs reach to columns of the screen, which are not bytes. */
static void test_tabs(void **state)
{
    static const char *const lines[][2] = {
        {"\tRude variant", "        Rude variant"},
        {"rcu: \tRCU", "rcu:    RCU"},
        {"1234567\t8", "1234567 8"},
        {"12345678\t\t9", "12345678                9"},
        {"\xc3\xa9\t|\t", "\xc3\xa9       |       "},
        {"none", "none"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct popup *popup = popup_create("");
        assert_true(popup_add(popup, lines[i][0]));
        assert_string_equal(popup_line(popup, 0), lines[i][1]);
        popup_destroy(popup);
    }
}

/* --- rows --------------------------------------------------------------------------------------*/

enum { WHO_NAME, WHO_AT, WHO_COLUMNS };
static const struct column who_columns[WHO_COLUMNS] = {
    [WHO_NAME] = {"name", "NAME", "its name", VALUE_TEXT},
    [WHO_AT] = {"at", "AT", "where", VALUE_ADDRESS},
};
static const struct shape who_shape = SHAPE(who_columns);

enum { NAME, COUNT, AT, HIDDEN, WHO, COLUMNS };
static const struct column columns[COLUMNS] = {
    [NAME] = {"name", "NAME", "its name", VALUE_TEXT, 0, 6},
    [COUNT] = {"count", "COUNT", "how many", VALUE_NUMBER, COLUMN_RIGHT, 5},
    [AT] = {"at", "AT", "where", VALUE_ADDRESS, 0, 6, .letter = 'p'},
    [HIDDEN] = {"hidden", "HIDDEN", "where else", VALUE_ADDRESS, COLUMN_NO_TEXT, .letter = 'f'},
    [WHO] = {"who", "who", "by whom", VALUE_LIST, .inner = &who_shape},
};
static const struct shape shape = SHAPE(columns);

static const struct space one = {.kind = SPACE_VIRT, .process = {.pid = 7}};
static const struct space other = {.kind = SPACE_VIRT, .process = {.pid = 8}};

static void add_who(struct query *query, struct list *list, const char *name,
                    const struct space *space)
{
    struct value *row = query_list_row(query, list);
    row[WHO_NAME] = value_text(name);
    row[WHO_AT] = value_virt(space, 0x400000);
}

static bool give(struct query *query, const char *name, int64_t count, uint64_t pa)
{
    struct value *row = query_row(query);
    struct list *list = query_list(query, &who_shape);
    row[NAME] = value_text(query_text(query, "%s", name));
    row[COUNT] = value_number(count);
    row[AT] = value_if(pa, value_phys(pa));
    row[HIDDEN] = value_address(address_file(0x10 + (uint64_t)count));
    if (count == 2) {
        add_who(query, list, "one", &one);
        add_who(query, list, "other", &other);
    }
    row[WHO] = value_list(list);
    return query_emit(query);
}

static bool made_rows(struct query *query, struct error *err)
{
    (void)err;
    query_note(query, "there may be more");
    give(query, "cow", 2, 0x2000);
    give(query, "bee", 3, 0);
    give(query, "ant", 1, 0x1000);
    return true;
}

static int set_up(void **state)
{
    (void)state;
    struct tables tables;
    tables_start(&tables);
    tables_write(&tables, MIB(1));
    tables_open(NO_ROOT);
    return 0;
}

static const struct subject made = {.shape = &shape, .rows = made_rows};

static struct popup *popup_of(const struct subject *subject)
{
    struct error err;
    struct popup *popup = popup_create("made");
    struct sink *sink = popup_sink(popup, session);
    assert_true(query_run(session, subject, "", sink, &err));
    return popup;
}

static void assert_lines(struct popup *popup, const char *const lines[])
{
    size_t i = 0;
    for (; lines[i]; i++)
        assert_string_equal(popup_line(popup, i), lines[i]);
    assert_string_equal(popup_line(popup, i), "");
}

static void test_rows_are_printed_as_ever(void **state)
{
    (void)state;
    struct capture direct;
    struct text_renderer text;
    struct error err;
    capture_start(&direct, false);
    text_renderer_init(&text, &direct.output);
    assert_true(query_run(session, &made, "", &text.sink, &err));
    text_renderer_deinit(&text);
    struct popup *popup = popup_of(&made);
    const char *at = direct.text;
    for (size_t i = 0; i < popup_lines(popup); i++) {
        size_t length = strlen(popup_line(popup, i));
        assert_memory_equal(popup_line(popup, i), at, length);
        assert_int_equal(at[length], '\n');
        at += length + 1;
    }
    assert_int_equal(popup_lines(popup), 7);
    assert_int_equal(*at, '\0');
    popup_destroy(popup);
    capture_free(&direct);
}

#define HEAD "NAME   COUNT AT"
#define COW  "cow        2 p:2000"
#define ONE  "  who one v:7:400000"
#define NEXT "  who other v:8:400000"
#define BEE  "bee        3"
#define ANT  "ant        1 p:1000"
#define MORE "# there may be more"

static void test_rows_are_sorted(void **state)
{
    (void)state;
    const char *heading;
    bool inverted;
    struct popup *popup = popup_of(&made);
    assert_lines(popup, (const char *[]){HEAD, COW, ONE, NEXT, BEE, ANT, MORE, NULL});
    assert_true(popup_sort(popup, 1, &heading, &inverted));
    assert_string_equal(heading, "NAME");
    assert_lines(popup, (const char *[]){HEAD, ANT, BEE, COW, ONE, NEXT, MORE, NULL});
    assert_true(popup_sort(popup, 0, &heading, &inverted));
    assert_true(inverted);
    assert_lines(popup, (const char *[]){HEAD, COW, ONE, NEXT, BEE, ANT, MORE, NULL});
    assert_true(popup_sort(popup, 2, &heading, &inverted)); /* what is not known comes last */
    assert_string_equal(heading, "AT");
    assert_lines(popup, (const char *[]){HEAD, ANT, COW, ONE, NEXT, BEE, MORE, NULL});
    popup_destroy(popup);
    popup = popup_create("text");
    assert_false(popup_sort(popup, 1, &heading, &inverted));
    popup_destroy(popup);
}

static void test_rows_are_filtered(void **state)
{
    (void)state;
    struct popup *popup = popup_of(&made);
    popup_filter(popup, "count>1 sort=-count");
    assert_lines(popup, (const char *[]){HEAD, BEE, COW, ONE, NEXT, MORE, NULL});
    popup_filter(popup, "where count=many");
    assert_lines(popup, (const char *[]){HEAD, MORE, NULL});
    assert_non_null(strstr(popup_wrong(popup), "decimal"));
    popup_filter(popup, "OTHER");
    assert_null(popup_wrong(popup));
    assert_lines(popup, (const char *[]){HEAD, NEXT, MORE, NULL});
    popup_filter(popup, "where name~a columns=count,name sort=count");
    assert_lines(popup, (const char *[]){"COUNT NAME", "    1 ant", MORE, NULL});
    popup_filter(popup, "");
    assert_string_equal(popup_line(popup, 0), HEAD);
    assert_int_equal(popup_lines(popup), 7);
    popup_destroy(popup);

    popup = popup_create("text"); /* of lines that are no rows */
    popup_add(popup, "one line");
    popup_add(popup, "and another");
    popup_filter(popup, "ANOTHER");
    assert_lines(popup, (const char *[]){"and another", NULL});
    popup_add(popup, "another one that comes");
    popup_add(popup, "that one not");
    assert_lines(popup, (const char *[]){"and another", "another one that comes", NULL});
    popup_destroy(popup);
}

/* Each line leads to its own address, in the process whose it is. */
static void test_rows_lead_somewhere(void **state)
{
    static const struct {
        size_t line;
        const struct space *space;
        uint64_t value;
    } leads[] = {{1, &space_phys, 0x2000},
                 {2, &one, 0x400000},
                 {3, &other, 0x400000},
                 {4, &space_file, 0x13},
                 {5, &space_phys, 0x1000}};
    (void)state;
    struct popup *popup = popup_of(&made);
    struct popup_target target;
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        popup_move(popup, MOTION_ROW, -100);
        popup_move(popup, MOTION_ROW, (int64_t)leads[i].line);
        assert_true(popup_target(popup, &target));
        assert_ptr_equal(target.address.space, leads[i].space);
        assert_true(target.address.value == leads[i].value);
    }
    popup_filter(popup, "other v");
    popup_move(popup, MOTION_ROW, 1);
    assert_true(popup_target(popup, &target));
    assert_ptr_equal(target.address.space, &other);
    popup_destroy(popup);
}

static void assert_fits(const char *topic)
{
    struct error err;
    struct keymap *map = calloc(1, sizeof *map);
    assert_true(keymap_init(map, &err));
    struct popup *popup = help_popup(map, CONTEXT_POPUP, topic, &err);
    assert_non_null(popup);
    for (size_t i = 0; i < popup_lines(popup); i++)
        if (strlen(popup_line(popup, i)) > 79)
            fail_msg("help %s: cut at 80 columns: %s", topic, popup_line(popup, i));
    popup_destroy(popup);
    keymap_deinit(map);
    free(map);
}

static void test_help_fits(void **state)
{
    (void)state;
    assert_fits("");
    size_t count;
    const struct command_entry *entries = command_index(&count);
    for (size_t i = 0; i < count; i++)
        assert_fits(entries[i].name);
    assert_fits("e");
    assert_fits("PgDn");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address),
        cmocka_unit_test(test_tabs),
        cmocka_unit_test(test_help_fits),
        cmocka_unit_test(test_rows_are_printed_as_ever),
        cmocka_unit_test(test_rows_are_sorted),
        cmocka_unit_test(test_rows_are_filtered),
        cmocka_unit_test(test_rows_lead_somewhere),
    };
    return cmocka_run_group_tests(tests, set_up, tables_teardown);
}
