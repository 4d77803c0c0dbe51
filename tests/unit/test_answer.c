/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables, terms and renderers, with a subject of the test's own that has a column of each type;
 * and the commands of a small guest against the schema and against the test's own filtering.
 */
#include "answer/render.h"
#include "tests/unit/answer_check.h"
#include "tests/unit/support_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int setup(void **state)
{
    (void)state;
    struct tables tables;
    tables_start(&tables);
    for (uint64_t i = 0; i < 20; i++)
        builder_map(&tables.kernel, HALF + i * MIB(4), BASE + MIB(8) + i * 0x8000, 0x1000 << i % 4,
                    3, i % 3 ? KERNEL_RW : KERNEL_RX);
    builder_leaf(&tables.kernel, HALF + GIB(1), BASE + MIB(12), 2, KERNEL_RO);
    builder_leaf(&tables.kernel, HALF + GIB(2), 0x09000000, 3, KERNEL_RW);
    tables_write(&tables, MIB(16));
    tables_open(NO_ROOT);
    return 0;
}

/* --- a subject with a column of each type --- */

enum {
    NAME,
    COUNT,
    FLAGS,
    SIZE,
    PLACE,
    YES,
    KIND,
    PERM,
    WORDS,
    TIME,
    PARTS,
    EXTRA,
    HIDDEN,
    COLUMNS
};

static const char *kind_name(unsigned i)
{
    static const char *const names[] = {"t", "T", "Slab"};
    return i < 3 ? names[i] : NULL;
}

static const struct column part_columns[] = {
    [0] = {"id", "ID", "a number", VALUE_NUMBER},
    [1] = {"what", "WHAT", "words", VALUE_TEXT, .gap = "  "},
};
static const struct shape part_shape = SHAPE(part_columns);

static const struct column columns[COLUMNS] = {
    [NAME] = {"name", "NAME", "a text", VALUE_TEXT, 0, 6},
    [COUNT] = {"count", "COUNT", "a number", VALUE_NUMBER, COLUMN_RIGHT, 6},
    [FLAGS] = {"flags", "FLAGS", "a hexadecimal number", VALUE_HEX, COLUMN_NO_TEXT},
    [SIZE] = {"size", "SIZE", "bytes", VALUE_SIZE, COLUMN_RIGHT, 5},
    [PLACE] = {"place", "PLACE", "an address", VALUE_ADDRESS, COLUMN_NO_TEXT, .letter = 'p'},
    [YES] = {"yes", "YES", "a bool", VALUE_BOOL, COLUMN_NO_TEXT},
    [KIND] = {"kind", "KIND", "an enum", VALUE_ENUM, COLUMN_NO_TEXT, .names = kind_name},
    [PERM] = {"perm", "PERM", "a permission", VALUE_PERMISSION, COLUMN_NO_TEXT},
    [WORDS] = {"words", "WORDS", "flags", VALUE_FLAGS, COLUMN_NO_TEXT},
    [TIME] = {"time_ns", "TIME", "a time", VALUE_TIME, COLUMN_NO_TEXT},
    [PARTS] = {"parts", "part", "a list", VALUE_LIST, COLUMN_NO_TEXT, .inner = &part_shape},
    [EXTRA] = {"extra", "EXTRA", "only for people", VALUE_TEXT, COLUMN_NO_JSON, .gap = " [",
               .after = "]"},
    [HIDDEN] = {"hidden", "HIDDEN", "only where asked for", VALUE_NUMBER,
                COLUMN_NO_TEXT | COLUMN_NO_JSON},
};
static const struct shape shape = SHAPE(columns);

static const struct made {
    const char *name;
    bool known; /* the rest */
    int64_t count;
    uint64_t flags, size, place;
    bool yes;
    const char *kind, *perm, *words;
    uint64_t time;
} made[] = {
    {"one", true, 3, 0x10, 4096, 0x1000, true, "t", "rw-k", "AF ISH", 1500000000},
    {"two", true, -7, 0x200, 2 << 20, 0x2000, false, "T", "r-xu", "AF", 20000000},
    {"Three", true, 3, 0x3, 1 << 30, 0x3000, true, "Slab", "rwxk", "XN AttrIndx=4", 3},
    {"none", false, 0, 0, 0, 0, false, NULL, NULL, NULL, 0},
    {"a b", true, 12, 0x10, 6000, 0x4000, false, "Slab", "---k", "UXN", 0},
};
#define MADE (sizeof made / sizeof *made)

static void fill(struct query *query, const struct made *it, struct value *row)
{
    row[COUNT] = value_number(it->count);
    row[FLAGS] = value_of_type(VALUE_HEX, it->flags);
    row[SIZE] = value_of_type(VALUE_SIZE, it->size);
    row[PLACE] = value_phys(it->place);
    row[YES] = value_bool(it->yes);
    row[KIND] = value_word(VALUE_ENUM, it->kind);
    row[PERM] = value_word(VALUE_PERMISSION, it->perm);
    row[WORDS] = value_word(VALUE_FLAGS, it->words);
    row[TIME] = value_of_type(VALUE_TIME, it->time);
    row[EXTRA] = value_text(it->yes ? query_text(query, "%s!", it->name) : NULL);
    row[HIDDEN] = value_number(2 * it->count);
}

static bool give_made(struct query *query, const struct made *it)
{
    struct value *row = query_row(query);
    struct list *parts = query_list(query, &part_shape);
    row[NAME] = value_text(it->name);
    if (it->known)
        fill(query, it, row);
    for (int64_t i = 0; i < it->count; i++) {
        struct value *part = query_list_row(query, parts);
        part[0] = value_number(i);
        part[1] = value_text(query_text(query, "p%d", (int)i));
    }
    row[PARTS] = value_list(parts);
    return query_emit(query);
}

static bool made_rows(struct query *query, struct error *err)
{
    if (strncmp(query->arguments, "fail", 4) == 0)
        return error_at(err, 2, "as it was asked for");
    query_note(query, "a note");
    for (size_t i = 0; i < MADE && give_made(query, &made[i]); i++)
        ;
    query_remark(query, "the end");
    return true;
}

static const struct subject subject = {.shape = &shape, .rows = made_rows};
static const struct subject record = {.shape = &shape, .is_record = true, .rows = made_rows};

static bool ask(const struct subject *of, const char *arguments, struct capture *capture,
                struct error *err)
{
    struct text_renderer text;
    struct json_renderer json;
    if (capture->output.json) {
        json_renderer_init(&json, &capture->output);
        return query_run(session, of, arguments, &json.sink, err);
    }
    text_renderer_init(&text, &capture->output);
    bool done = query_run(session, of, arguments, &text.sink, err);
    text_renderer_deinit(&text);
    return done;
}

/* The names of the rows that come, with blanks between them. */
static void assert_names(const char *arguments, const char *wanted)
{
    struct capture capture;
    struct error err;
    char line[200], got[200];
    struct text names = TEXT_OVER(got);
    capture_start(&capture, true);
    snprintf(line, sizeof line, "%s columns=name", arguments);
    if (!ask(&subject, line, &capture, &err))
        fail_msg("%s: %s", arguments, err.text);
    for (char *at = capture.text; (at = strstr(at, "{\"name\":\"")); at++)
        text_add(&names, "%s%.*s", names.length ? "," : "", (int)strcspn(at + 9, "\""), at + 9);
    if (strcmp(got, wanted) != 0)
        fail_msg("%s: %s, expected %s", arguments, got, wanted);
    capture_free(&capture);
}

/* --- terms --- */

static const struct {
    const char *arguments, *names;
} chosen[] = {
    {"", "one,two,Three,none,a b"},
    {"where name=one", "one"},
    {"where name = one", "one"},
    {"where name==one", "one"},
    {"where name=ONE", ""},
    {"where name=\"a b\"", "a b"},
    {"where name=\"a b\" count=12", "a b"},
    {"where name!=one", "two,Three,none,a b"},
    {"where name~E", "one,Three,none"},
    {"where name<b", "Three,a b"},
    {"where name=none", "none"},
    {"where count=3", "one,Three"},
    {"where count=0xc", "a b"},
    {"where count=-7", "two"},
    {"where count<3", "two"},
    {"where count<=3", "one,two,Three"},
    {"where count>3", "a b"},
    {"where count>=3", "one,Three,a b"},
    {"where count!=3", "two,none,a b"},
    {"where count=none", "none"},
    {"where count!=none", "one,two,Three,a b"},
    {"where hidden=24", "a b"},
    {"where flags=10", "one,a b"},
    {"where flags=0x10", "one,a b"},
    {"where flags=.16", "one,a b"},
    {"where flags>.16", "two"},
    {"where size=4K", "one"},
    {"where size>=4K size<2M", "one,a b"},
    {"where size=4096", "one"},
    {"where size>1M", "two,Three"},
    {"where place=2000", "two"},
    {"where place>=p:2000+1000", "Three,a b"},
    {"where yes=yes", "one,Three"},
    {"where yes=no", "two,a b"},
    {"where yes!=true", "two,none,a b"},
    {"where kind=t", "one"},
    {"where kind=T", "two"},
    {"where kind=slab", "Three,a b"},
    {"where kind~T", "one,two"},
    {"where perm=w", "one,Three"},
    {"where perm=wx", "Three"},
    {"where perm=-w", "two,a b"},
    {"where perm=r-w", "two"},
    {"where perm=rw-k", "one"},
    {"where perm~-k", "one,a b"},
    {"where words=AF", "one,two"},
    {"where words=\"ISH AF\"", "one"},
    {"where words=XN", "Three"},
    {"where words~xn", "Three,a b"},
    {"where time_ns=1500000000", "one"},
    {"where time_ns=1.5", "one"},
    {"where time_ns=20ms", "two"},
    {"where time_ns>=10ms time_ns<1s", "two"},
    {"where time_ns<=3", "Three,a b"},
    {"where extra=one!", "one"},
    /* as the heading has it, or in other letters */
    {"where TIME=1.5", "one"},
    {"where Time_NS=1.5", "one"},
    {"sort=PARTS where COUNT=3", "one,Three"},
    {"sort=name", "Three,a b,none,one,two"},
    {"sort=-name", "two,one,none,a b,Three"},
    {"sort=count", "two,one,Three,a b,none"},
    {"sort=-count", "a b,one,Three,two,none"},
    {"sort=flags", "Three,one,a b,two,none"},
    {"sort=-place where count=3", "Three,one"},
    {"where count=3 sort=-size where yes=yes", "Three,one"},
    {"sort=parts", "two,none,one,Three,a b"},
};

static void terms_choose_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++)
        assert_names(chosen[i].arguments, chosen[i].names);
}

static const struct {
    const char *arguments;
    int column;
    const char *text; /* in the sentence */
} refused[] = {
    {"where nosuch=1", 6, "there are: name, count"},
    {"where count", 11, "= != < >"},
    {"where count?3", 11, "= != < >"},
    {"where counts=3", 6, "there are: name, count"},
    {"where count=", 12, "a value is missing: count is a decimal number"},
    {"where count=x", 12, "count is a decimal number"},
    {"where count = 1x", 14, "count is a decimal number"},
    {"where count=3 size=lots", 19, "size is a size"},
    {"where flags=q", 12, "hexadecimal"},
    {"where flags=.f", 12, "hexadecimal"},
    {"where place=2000+", 17, ""},
    {"where place=v:2000", 12, "physical"},
    {"where yes=perhaps", 10, "yes or no"},
    {"where yes<yes", 9, "no order"},
    {"where kind=cat", 11, "one of: t, T, Slab"},
    {"where kind<t", 10, "no order"},
    {"where words<AF", 11, "no order"},
    {"where perm=1", 11, "letters"},
    {"where count~3", 11, "no text"},
    {"where time_ns=1h", 14, "a time"},
    {"where time_ns=99999999999999999999s", 14, "a time"},
    {"where parts=3", 11, "no term can be about parts"},
    {"where count<none", 12, "decimal"},
    {"sort=nosuch", 5, "there are"},
    {"sort=-", 6, "there are"},
    {"columns=", 8, "there are"},
    {"columns=name,nosuch", 13, "there are"},
    {"columns=name,name", 13, "twice"},
    {"where count=3 where", 19, "a term is missing"},
    {"fail", 2, "as it was"},
    {"fail where", 10, "a term is missing"},
    {"fail where count=3", 2, "as it was"},
};

static void what_does_not_fit_is_pointed_at(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct capture capture;
        struct error err = {.column = -2};
        capture_start(&capture, true);
        if (ask(&subject, refused[i].arguments, &capture, &err))
            fail_msg("%s is taken", refused[i].arguments);
        if (err.column != refused[i].column || !strstr(err.text, refused[i].text))
            fail_msg("%s: %d %s", refused[i].arguments, err.column, err.text);
        assert_int_equal(capture.lines, 0);
        capture_free(&capture);
    }
}

/* --- renderers --- */

static void assert_printed(const struct subject *of, const char *arguments, bool json,
                           const char *wanted)
{
    struct capture capture;
    struct error err;
    capture_start(&capture, json);
    assert_true(ask(of, arguments, &capture, &err));
    assert_string_equal(capture.text, wanted);
    capture_free(&capture);
}

static void text_has_its_columns(void **state)
{
    (void)state;
    assert_printed(&subject, "where size<1G", false,
                   "NAME    COUNT  SIZE  EXTRA\n"
                   "one         3    4K [one!]\n"
                   "two        -7    2M\n"
                   "a b        12 5.85K\n"
                   "the end\n"
                   "# a note\n");
    assert_printed(&subject, "where count=3 size=4K columns=extra,parts,hidden", false,
                   "  EXTRA HIDDEN\n"
                   " [one!] 6\n"
                   "  part 0  p0\n"
                   "  part 1  p1\n"
                   "  part 2  p2\n"
                   "the end\n"
                   "# a note\n");
    assert_printed(&record, "where name=one columns=name,size,yes,parts,count", false,
                   "NAME  one\n"
                   "SIZE  4K\n"
                   "YES   yes\n"
                   "part  0  p0\n"
                   "part  1  p1\n"
                   "part  2  p2\n"
                   "COUNT 3\n"
                   "the end\n"
                   "# a note\n");
    assert_printed(&record, "where name=none", false, "NAME  none\nthe end\n# a note\n");
}

static void json_has_typed_values(void **state)
{
    (void)state;
    assert_printed(&subject, "where name=two", true,
                   "{\"name\":\"two\",\"count\":-7,\"flags\":\"0x200\",\"size\":\"0x200000\","
                   "\"place\":\"0x2000\",\"yes\":false,\"kind\":\"T\",\"perm\":\"r-xu\","
                   "\"words\":\"AF\",\"time_ns\":20000000,\"parts\":[]}\n"
                   "{\"incomplete\":\"a note\"}\n");
    assert_printed(&subject, "where name=none columns=hidden,extra,yes", true,
                   "{\"hidden\":null,\"extra\":null,\"yes\":null}\n{\"incomplete\":\"a note\"}\n");
}

/* Bytes as they lie in memory: newlines, NULs, what is no UTF-8; numbers too large for a double. */
static bool odd_rows(struct query *query, struct error *err)
{
    (void)err;
    struct value *row = query_row(query);
    row[NAME] = value_bytes(VALUE_TEXT, "a\n\t\"\\\0z\xff\xed\xa0\x80\xc3\xa4", 13);
    row[COUNT] = value_of_type(VALUE_NUMBER, UINT64_MAX);
    row[HIDDEN] = value_number(INT64_MIN);
    return query_emit(query) || true;
}

static void odd_values_are_kept(void **state)
{
    (void)state;
    static const struct subject odd = {.shape = &shape, .rows = odd_rows};
    assert_printed(&odd, "columns=name,count,hidden", true,
                   "{\"name\":\"a\\n\\t\\\"\\\\\\u0000z????ä\",\"count\":\"0xffffffffffffffff\","
                   "\"hidden\":\"0x8000000000000000\"}\n");
}

/* A control character is that character, and harms no terminal. */
static bool control_rows(struct query *query, struct error *err)
{
    (void)err;
    query_row(query)[NAME] = value_bytes(VALUE_TEXT, "\x01\x1b[\x7f\xc2\x80|\xc2\x9fz\xc2\xa0", 12);
    return query_emit(query) || true;
}

static void control_characters_are_kept(void **state)
{
    (void)state;
    static const struct subject odd = {.shape = &shape, .rows = control_rows};
    assert_printed(&odd, "columns=name", true,
                   "{\"name\":\"\\u0001\\u001B[\\u007F\\u0080|\\u009Fz\xc2\xa0\"}\n");
}

/* More rows than a small budget reads words for: what was found stands, and the answer says so. */
static bool endless_rows(struct query *query, struct error *err)
{
    (void)err;
    query_row(query)[NAME] = value_text("first");
    query_emit(query);
    while (budget_take(&query->budget, 1000))
        ;
    return true;
}

static void the_end_of_the_budget_is_noted(void **state)
{
    (void)state;
    static const struct subject endless = {.shape = &shape, .rows = endless_rows};
    static const char why[] = "this is not all: it takes more work than a guest of this size "
                              "justifies";
    char text[256], json[256];
    snprintf(text, sizeof text, "NAME\nfirst\n# %s\n", why);
    snprintf(json, sizeof json, "{\"name\":\"first\"}\n{\"incomplete\":\"%s\"}\n", why);
    assert_printed(&endless, "columns=name", true, json);
    assert_printed(&endless, "columns=name", false, text);
}

/* The first row of a list in one cell: names and values, without what is not known. */
static void a_nested_row_shows_what_is_known(void **state)
{
    (void)state;
    struct value cell[] = {value_number(3), value_text("p0"), value_number(4), value_text("p1")};
    struct list list = {.shape = &part_shape, .rows = 2, .cell = cell};
    const struct value row = {.type = VALUE_OBJECT, .list = &list};
    static const char *const wanted[] = {"id 3, what p0", "what p0", "id 3", ""};
    for (unsigned absent = 0; absent < 4; absent++) {
        char got[64];
        struct text text = TEXT_OVER(got);
        cell[0] = absent & 1 ? value_absent() : value_number(3);
        cell[1] = absent & 2 ? value_unknown("why") : value_text("p0");
        value_add(&row, 0, false, &text);
        assert_string_equal(got, wanted[absent]);
    }
}

/* --- bounds --- */

#define MANY 20000

static bool many_rows(struct query *query, struct error *err)
{
    (void)err;
    for (int64_t i = 0; i < MANY; i++) {
        struct value *row = query_row(query);
        row[NAME] = value_text(query_text(query, "n%05d", (int)(i * 7919 % MANY)));
        row[COUNT] = value_number(i % 10);
        if (!query_emit(query))
            return true;
    }
    return true;
}

static const struct subject many = {.shape = &shape, .rows = many_rows};

/* What is sorted has a bound, and what is left out is reported. */
static void sorting_is_bounded(void **state)
{
    (void)state;
    struct capture capture;
    struct json_renderer json;
    struct error err;
    capture_start(&capture, true);
    json_renderer_init(&json, &capture.output);
    json.sink.sort_bytes = 100000;
    assert_true(query_run(session, &many, "sort=-name columns=name", &json.sink, &err));
    assert_true(capture.lines > 100 && capture.lines < MANY);
    assert_non_null(strstr(capture.text, "{\"incomplete\":\"only the first "));
    capture_free(&capture);
    capture_start(&capture, true);
    json_renderer_init(&json, &capture.output);
    assert_true(query_run(session, &many, "sort=name columns=name", &json.sink, &err));
    assert_int_equal(capture.lines, MANY);
    assert_int_equal(strncmp(capture.text, "{\"name\":\"n00000\"}\n{\"name\":\"n00001\"}\n", 36),
                     0);
    capture_free(&capture);
}

static bool take_three(void *context, const char *line)
{
    (void)line;
    return ++*(int *)context < 3;
}

static void a_reader_stops_sorted_rows_too(void **state)
{
    (void)state;
    static const char *const lines[] = {"", "sort=name", "where count>1"};
    for (size_t i = 0; i < 3; i++) {
        int taken = 0;
        struct error err;
        struct capture capture = {.output = {.json = true, .line = take_three, .context = &taken}};
        assert_true(ask(&many, lines[i], &capture, &err));
        assert_int_equal(taken, 3);
    }
}

/* --- the commands of a small guest --- */

static void answers_hold_to_the_schema(void **state)
{
    (void)state;
    static const char *const lines[] = {"help",
                                        "help ps",
                                        "hex v:ffff000000000000 20",
                                        "info",
                                        "schema",
                                        "tables",
                                        "translate v:ffff000000000000",
                                        "translate p:40900000",
                                        "walk v:ffff000000000000",
                                        "walk v:ffff000080000000"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        answer_check_schema(session, lines[i]);
        answer_check_terms(session, lines[i]);
        answer_check_order(session, lines[i]);
    }
}

/* Every column can be named and explained: unique names in snake_case, a brief, names of enums. */
static void every_column_is_described(void **state)
{
    (void)state;
    for (size_t row = 0; core_commands[row]; row++) {
        const struct command *command = core_commands[row];
        const struct shape *of = command->subject->shape;
        assert_true(of->columns > 0 && of->columns <= COLUMNS_MAX);
        for (unsigned i = 0; i < of->columns; i++) {
            const struct column *column = &of->column[i];
            size_t length = strlen(column->name);
            assert_int_equal(strspn(column->name, "abcdefghijklmnopqrstuvwxyz_0123456789"), length);
            assert_int_equal(shape_find(of, column->name, length), i);
            assert_true(column->brief && *column->brief);
            assert_true(column->type != VALUE_ENUM || column->names);
            assert_true(column->type != VALUE_LIST || column->inner);
        }
    }
}

/* --- completion --- */

struct offer {
    const char *wanted;
    bool has_wanted;
    size_t words;
};

static void take_word(void *context, const char *word)
{
    struct offer *offer = context;
    offer->words++;
    offer->has_wanted = offer->has_wanted || strcmp(word, offer->wanted) == 0;
}

static void words_are_those_of_the_columns(void **state)
{
    (void)state;
    static const struct {
        const char *arguments;
        size_t start;
        const char *word;
        bool offered;
    } row[] = {
        {"", 0, "where", true},
        {"", 0, "pid", false},
        {"where ", 6, "pid", true},
        {"where ", 6, "sort=", true},
        {"where state=", 6, "state=R", true},
        {"where state=", 6, "kthread=yes", false},
        {"where pid=3 kthread=", 12, "kthread=yes", true},
        {"sort=", 0, "sort=pid", true},
        {"sort=", 0, "pid", false},
        {"sort=-", 6, "pid", true},
        {"columns=", 0, "columns=pid", true},
        {"where pid=1 columns=pid,c", 12, "columns=pid,comm", true},
        {"columns=pid,comm,", 0, "columns=pid,comm,mm", true},
    };
    const struct command *ps = command_find("ps", 2);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct offer offer = {.wanted = row[i].word};
        command_words(ps, row[i].arguments, row[i].start, take_word, &offer);
        if (offer.has_wanted != row[i].offered || !offer.words)
            fail_msg("%s: %s is %soffered", row[i].arguments, row[i].word,
                     offer.has_wanted ? "" : "not ");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_choose_rows),
        cmocka_unit_test(what_does_not_fit_is_pointed_at),
        cmocka_unit_test(text_has_its_columns),
        cmocka_unit_test(json_has_typed_values),
        cmocka_unit_test(odd_values_are_kept),
        cmocka_unit_test(control_characters_are_kept),
        cmocka_unit_test(the_end_of_the_budget_is_noted),
        cmocka_unit_test(a_nested_row_shows_what_is_known),
        cmocka_unit_test(sorting_is_bounded),
        cmocka_unit_test(a_reader_stops_sorted_rows_too),
        cmocka_unit_test(every_column_is_described),
        cmocka_unit_test(words_are_those_of_the_columns),
        cmocka_unit_test(answers_hold_to_the_schema),
    };
    return cmocka_run_group_tests_name("answer", tests, setup, tables_teardown);
}
