/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of an answer that are sorted and filtered, and lead to their own addresses, as remarks do;
 * help that fits a small screen.
 */
#include "answer/command.h"
#include "answer/render.h"
#include "tests/unit/support_session.h"
#include "ui/command/command_index.h"
#include "ui/command/help.h"
#include "ui/widget/popup.h"

#include <stdlib.h>
#include <string.h>

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

enum { WAIT_MS = 60000 };

static void assert_lines(struct popup *popup, const char *const lines[])
{
    size_t i = 0;
    popup_settle(popup, WAIT_MS);
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
    } there[] = {{1, &space_phys, 0x2000},
                 {2, &one, 0x400000},
                 {3, &other, 0x400000},
                 {4, &space_file, 0x13},
                 {5, &space_phys, 0x1000}};
    (void)state;
    struct popup *popup = popup_of(&made);
    struct address target;
    for (size_t i = 0; i < sizeof there / sizeof *there; i++) {
        popup_move(popup, MOTION_ROW, -100);
        popup_move(popup, MOTION_ROW, (int64_t)there[i].line);
        assert_true(popup_target(popup, &target));
        assert_ptr_equal(target.space, there[i].space);
        assert_true(target.value == there[i].value);
    }
    popup_filter(popup, "other v");
    popup_move(popup, MOTION_ROW, 1);
    assert_true(popup_target(popup, &target));
    assert_ptr_equal(target.space, &other);
    popup_destroy(popup);
}

enum { MANY = 60000 };

static bool many_rows(struct query *query, struct error *err)
{
    (void)err;
    for (int64_t i = 0; i < MANY; i++)
        if (!give(query, i % 2 ? "odd" : "even", 3 + i, 0x1000))
            return true;
    return true;
}

static const struct subject many = {.shape = &shape, .rows = many_rows};

/* The latest counts, whatever is under way; what is given up leaves all as they came. */
static void test_rows_are_arranged_beside(void **state)
{
    (void)state;
    const char *heading;
    bool inverted;
    struct popup *popup = popup_of(&many);
    popup_sort(popup, 1, &heading, &inverted);
    popup_filter(popup, "odd");
    popup_filter(popup, "where count<=1002 count>1000 sort=-count");
    assert_lines(popup, (const char *[]){HEAD, "odd     1002 p:1000", "even    1001 p:1000", NULL});
    popup_sort(popup, 0, &heading, &inverted);
    popup_settle(popup, WAIT_MS);
    assert_false(popup_is_arranging(popup));
    assert_false(popup_cancel(popup));
    assert_int_equal(popup_descriptor(popup), -1);
    assert_string_equal(popup_line(popup, 1), "even    1001 p:1000");
    popup_filter(popup, "no such text");
    if (popup_cancel(popup))
        assert_string_equal(popup_filter(popup, NULL), "");
    popup_filter(popup, "");
    popup_settle(popup, WAIT_MS);
    assert_string_equal(popup_line(popup, MANY), "odd    60002 p:1000");
    popup_sort(popup, 2, &heading, &inverted);
    popup_destroy(popup); /* whatever is under way */
}

static bool remarked_rows(struct query *query, struct error *err)
{
    (void)err;
    query_note_at(query, 0xffff800000001000, "cut");
    query_remark_at(query, address_phys(0x5000), "%d from %s on", 3, "p:6000");
    query_remark(query, "at v:ffff800000002000, or 0xffff800000003000");
    give(query, "ant", 1, 0x1000);
    give(query, "bee", 2, 0x2000);
    return true;
}

static const struct subject remarked = {.shape = &shape, .rows = remarked_rows};

static bool leads(struct popup *popup, int64_t line, struct address *to)
{
    popup_move(popup, MOTION_ROW, -100);
    popup_move(popup, MOTION_ROW, line);
    return popup_target(popup, to);
}

/* By what they carry, not by their words; also once they are printed anew. */
static void test_remarks_lead_somewhere(void **state)
{
    (void)state;
    struct popup *popup = popup_of(&remarked);
    struct address to;
    for (int anew = 0; anew < 2; anew++) {
        int64_t first = (int64_t)popup_lines(popup) - 3;
        assert_string_equal(popup_line(popup, (size_t)first), "3 from p:6000 on");
        assert_true(leads(popup, first, &to));
        assert_ptr_equal(to.space, &space_phys);
        assert_true(to.value == 0x5000);
        assert_false(leads(popup, first + 1, &to));
        assert_string_equal(popup_line(popup, (size_t)first + 2), "# cut");
        assert_true(leads(popup, first + 2, &to));
        assert_ptr_equal(to.space, session_kernel_space(session));
        assert_true(to.value == 0xffff800000001000);
        popup_filter(popup, "columns=count,name");
        assert_string_equal(popup_line(popup, 0), "COUNT NAME");
    }
    popup_destroy(popup);
    popup = popup_create("text");
    popup_add(popup, "v:400000 and ffff800000001000");
    assert_false(leads(popup, 0, &to));
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
        cmocka_unit_test(test_tabs),
        cmocka_unit_test(test_help_fits),
        cmocka_unit_test(test_rows_are_printed_as_ever),
        cmocka_unit_test(test_rows_are_sorted),
        cmocka_unit_test(test_rows_are_filtered),
        cmocka_unit_test(test_rows_are_arranged_beside),
        cmocka_unit_test(test_rows_lead_somewhere),
        cmocka_unit_test(test_remarks_lead_somewhere),
    };
    return cmocka_run_group_tests(tests, set_up, tables_teardown);
}
