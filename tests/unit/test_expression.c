/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions as a table: what each means, or at which column it is wrong. */
#include "session/expression.h"
#include "session/session_private.h"
#include "tests/unit/support_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SIZE MIB(64)

/*
 * v:HALF+0x5000 and v:400000 are p:42000000 (f:2000000); there lie the words HALF+0x5008 (tagged
 * 0xf4) and 0x400010.  v:HALF+0x6000 is a device.
 */
static int setup(void **state)
{
    (void)state;
    struct tables tables;
    uint64_t words[2] = {UINT64_C(0xf4ff000000005008), 0x400010};
    struct error err;
    tables_start(&tables);
    builder_leaf(&tables.kernel, HALF + 0x5000, BASE + MIB(32), 3, KERNEL_RW);
    builder_leaf(&tables.kernel, HALF + 0x6000, 0x09000000, 3, KERNEL_RW);
    builder_leaf(&tables.user, 0x400000, BASE + MIB(32), 3, USER_RW);
    tables_write(&tables, SIZE);
    file_write(&file, MIB(32), words, sizeof words);
    tables_open(USER_PA);
    session->here = address_in(session_space(session), HALF + 0x5000);
    assert_true(session_set_mark(session, 'a', address_phys(0x41000000), &err));
    assert_true(session_set_mark(session, 'z', address_file(0x123), &err));
    assert_true(session_set_variable(session, "n", false, address_file(0x40), &err));
    assert_true(session_set_variable(session, "my_list", true,
                                     address_in(session_space(session), HALF + 0x5000), &err));
    return 0;
}

struct good {
    const char *text;
    enum space_kind space;
    uint64_t value;
};

/* A bare number is v: here. */
static const struct good goods[] = {
    /* the issue's own */
    {"v:ffff800081a3b000+0x10", SPACE_VIRT, UINT64_C(0xffff800081a3b010)},
    {"p:$ram+.4096", SPACE_PHYS, BASE + 4096},
    {"f:($size/2)", SPACE_FILE, SIZE / 2},
    {"[v:ffff000000005000]", SPACE_VIRT, HALF + 0x5008},
    {"'a", SPACE_PHYS, 0x41000000},
    {"$here", SPACE_VIRT, HALF + 0x5000},
    {"$root", SPACE_PHYS, ROOT_PA},
    {"1000", SPACE_VIRT, 0x1000},
    /* numbers */
    {"0", SPACE_VIRT, 0},
    {"0x0", SPACE_VIRT, 0},
    {"0X1f", SPACE_VIRT, 0x1f},
    {"DeadBeef", SPACE_VIRT, 0xdeadbeef},
    {"f", SPACE_VIRT, 0xf},
    {"f:f", SPACE_FILE, 0xf},
    {".10", SPACE_VIRT, 10},
    {"v:.18446744073709551615", SPACE_VIRT, UINT64_MAX},
    {"v:ffffffffffffffff", SPACE_VIRT, UINT64_MAX},
    {"00000000000000000000000000001", SPACE_VIRT, 1},
    {"  v:  10  ", SPACE_VIRT, 0x10},
    {"\tp:\t10\t+\t1\t", SPACE_PHYS, 0x11},
    /* operators: | & << >> + - * / from the weakest */
    {"1+2*3", SPACE_VIRT, 7},
    {"(1+2)*3", SPACE_VIRT, 9},
    {"10-4-2", SPACE_VIRT, 0xa},
    {"100/4/2", SPACE_VIRT, 0x20},
    {"1<<4+1", SPACE_VIRT, 0x20},
    {"1|2&3", SPACE_VIRT, 3},
    {"f0|f&3", SPACE_VIRT, 0xf3},
    {"6&3<<1", SPACE_VIRT, 6},
    {"1<<.63", SPACE_VIRT, UINT64_C(1) << 63},
    {"1<<.64", SPACE_VIRT, 0},
    {"ff>>4", SPACE_VIRT, 0xf},
    {"ffffffffffffffff>>.63", SPACE_VIRT, 1},
    {"ffffffffffffffff<<.63>>.62", SPACE_VIRT, 2},
    {"ff>>.64", SPACE_VIRT, 0},
    {"p:12345&fff", SPACE_PHYS, 0x345},
    {"p:12345>>c<<c", SPACE_PHYS, 0x12000},
    {"7/2", SPACE_VIRT, 3},
    /* spaces */
    {"v:20-v:8", SPACE_VIRT, 0x18},
    {"p:(v:20-v:8)", SPACE_PHYS, 0x18},
    {"p:10+8", SPACE_PHYS, 0x18},
    {"8+p:10", SPACE_PHYS, 0x18},
    {"p:p:p:10", SPACE_PHYS, 0x10},
    {"p:(v:ffff000000005010)", SPACE_PHYS, BASE + MIB(32) + 0x10},
    {"f:v:ffff000000005010", SPACE_FILE, MIB(32) + 0x10},
    {"f:(p:42000010)", SPACE_FILE, MIB(32) + 0x10},
    {"p:(f:2000010)", SPACE_PHYS, BASE + MIB(32) + 0x10},
    {"v:(p:42000010)", SPACE_VIRT, HALF + 0x5010},
    {"v:(f:2000010)", SPACE_VIRT, HALF + 0x5010},
    {"p:(v:ffff000000006004)", SPACE_PHYS, 0x09000004},
    {"p:(v:5a00000000400010)", SPACE_PHYS, BASE + MIB(32) + 0x10},
    /* names, marks, loads */
    {"$base", SPACE_PHYS, BASE},
    {"$root_user", SPACE_PHYS, USER_PA},
    {"$size", SPACE_VIRT, SIZE},
    {"$n*2", SPACE_VIRT, 0x80},
    {"$my_list+$n", SPACE_VIRT, HALF + 0x5040},
    {"'z+1", SPACE_FILE, 0x124},
    {"[$my_list]", SPACE_VIRT, HALF + 0x5008},
    {"[$here+8]", SPACE_VIRT, 0x400010},
    {"[[$here+8]-8]+1", SPACE_VIRT, 0x400011},
    {"[p:42000008]", SPACE_VIRT, 0x400010},
    {"[f:2000008]", SPACE_VIRT, 0x400010},
    {"[ffff000000005008]", SPACE_VIRT, 0x400010},
    {"p:[$here]", SPACE_PHYS, BASE + MIB(32) + 8},
};

static void good_ones_mean_what_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof goods / sizeof *goods; i++) {
        struct error err = {.text = ""};
        struct address address = address_file(0x5a5a);
        if (!expression_eval(session, goods[i].text, SPACE_VIRT, &address, &err))
            fail_msg("%s: %s", goods[i].text, err.text);
        if (address.space->kind != goods[i].space || address.value != goods[i].value)
            fail_msg("%s: %c:%" PRIx64 ", expected %c:%" PRIx64, goods[i].text,
                     space_letter(address.space->kind), address.value, space_letter(goods[i].space),
                     goods[i].value);
    }
}

struct bad {
    const char *text;
    int column;
};
static const struct bad bads[] = {
    {"", 0},
    {"   ", 3},
    {"v:", 2},
    {"q:10", 0},
    {"v:xyz", 2},
    {"v:10g", 4},
    {"v:deaf:10", 2}, /* names that end like a space: no such process */
    {"v:af:10", 2},
    {"v:1p:10", 2},
    {"v:2v:10", 2},
    {"10 20", 3},
    {"0x", 2},
    {".", 1},
    {".1f", 2},
    {"v:10000000000000000", 2},
    {".18446744073709551616", 0},
    {"1+", 2},
    {"1+*2", 2},
    {"*2", 0},
    {"-1", 0},
    {"~1", 0},
    {"(1", 2},
    {"1)", 1},
    {"()", 1},
    {"[", 1},
    {"[1", 2},
    {"[]", 1},
    {"1/0", 1},
    {"8/(4-4)", 1},
    {"v:1+v:2", 3},
    {"v:1-p:1", 3},
    {"v:2*v:2", 3},
    {"v:ffffffffffffffff+1", 18},
    {"v:1-2", 3},
    {"$", 0},
    {"$nope", 0},
    {"1+$nope", 2},
    {"$text", 0}, /* not known here */
    {"$an_even_longer_name_than_anyone_needs", 0},
    {"'", 0},
    {"'b", 0},
    {"'A", 0},
    {"1+'q", 2},
    {"[v:0]", 0},
    {"[v:ffff000000006000]", 0}, /* a device cannot be read */
    {"[f:3fffffc]", 0},          /* over the file's end */
    {"f:(v:ffff000000006000)", 0},
    {"p:(v:ffff000000007000)", 0},
    {"v:(p:41000000)", 0}, /* no table maps it */
    {"1 + f:(v:0)", 4},
    {"p:(f:4000000)", 0},
    {"<1", 0},
    {"1<2", 1},
    {"1>2", 1},
    {"v:1 v:2", 4},
    {"\x80", 0},
    {"1\n", 1},
};

static void bad_ones_are_pointed_at(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
        struct error err = {.column = -5, .text = ""};
        struct address address = address_file(0x5a5a);
        if (expression_eval(session, bads[i].text, SPACE_VIRT, &address, &err))
            fail_msg("%s: taken as %c:%" PRIx64, bads[i].text, space_letter(address.space->kind),
                     address.value);
        if (err.column != bads[i].column)
            fail_msg("%s: column %d, expected %d (%s)", bads[i].text, err.column, bads[i].column,
                     err.text);
        assert_true(err.text[0] != '\0');
    }
}

/* Failure writes nothing else: the caller's address is as it was. */
static void failing_leaves_the_address_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
        struct error err;
        struct address address = address_file(0x5a5a);
        expression_eval(session, bads[i].text, SPACE_VIRT, &address, &err);
        if (address.space != &space_file || address.value != 0x5a5a)
            fail_msg("%s: the address was written", bads[i].text);
    }
}

/* Bare numbers that pass 64 bits are no addresses either. */
static void overflow_of_numbers_is_an_error(void **state)
{
    (void)state;
    static const char *const texts[] = {"ffffffffffffffff+1",     "1-2",
                                        "v:(ffffffffffffffff+1)", "ffffffffffffffff*2",
                                        "v:ffff000000000000*2",   "1-v:1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct error err;
        struct address address;
        if (expression_eval(session, texts[i], SPACE_VIRT, &address, &err))
            fail_msg("%s is %c:%" PRIx64, texts[i], space_letter(address.space->kind),
                     address.value);
    }
}

static void the_default_space_is_the_panes(void **state)
{
    (void)state;
    struct error err;
    struct address address;
    for (enum space_kind space = SPACE_FILE; space <= SPACE_VIRT; space++) {
        assert_true(expression_eval(session, "10+8", space, &address, &err));
        assert_int_equal(address.space->kind, space);
    }
    assert_true(expression_eval(session, "[42000008]", SPACE_PHYS, &address, &err));
    assert_int_equal(address.space->kind, SPACE_VIRT);
    assert_int_equal(address.value, 0x400010);
}

/* Whether `text` has a value; its column where it has none. */
static bool has_value(const char *text, uint64_t *value, int *column)
{
    struct error err = {.column = -5};
    struct address address = address_file(0);
    bool ok = expression_eval(session, text, SPACE_VIRT, &address, &err);
    *value = address.value;
    *column = err.column;
    return ok;
}

/* `count` times `piece`, then `end`. */
static char *repeated(const char *piece, size_t count, const char *end)
{
    static char text[100000];
    size_t length = strlen(piece);
    assert_true(count * length + strlen(end) < sizeof text);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * length, piece, length);
    strcpy(text + count * length, end);
    return text;
}

static void endless_nesting_is_refused(void **state)
{
    (void)state;
    static const char *const open[] = {"(", "[", "v:", "p:(", "1+("};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        uint64_t value;
        int column;
        assert_false(has_value(repeated(open[i], 99990 / strlen(open[i]), "1"), &value, &column));
        assert_true(column >= 0);
    }
}

/* 64 levels at most; one too many is pointed at. */
static void depth_is_bounded(void **state)
{
    (void)state;
    static const struct {
        const char *open, *close;
        size_t levels;
    } pairs[] = {{"(", ")", 64}, {"v:", "", 64}, {"p:(", ")", 32}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (size_t depth = 1; depth <= pairs[i].levels + 1; depth++) {
            char end[80] = "7";
            uint64_t value;
            int column;
            for (size_t k = 0; k < depth; k++)
                strcat(end, pairs[i].close);
            assert_int_equal(has_value(repeated(pairs[i].open, depth, end), &value, &column),
                             depth <= pairs[i].levels);
            if (depth > pairs[i].levels)
                assert_int_equal(column, pairs[i].levels * strlen(pairs[i].open));
            else if (*pairs[i].open == '(')
                assert_int_equal(value, 7);
        }
}

/* What was closed does not count. */
static void flat_terms_have_no_depth(void **state)
{
    (void)state;
    static const struct {
        const char *piece;
        size_t count;
        uint64_t value;
    } flat[] = {{"(1)+", 100, 100}, {"f:1-f:1+", 100, 0}, {"1+", 49990, 49990}};
    for (size_t i = 0; i < sizeof flat / sizeof *flat; i++) {
        uint64_t value;
        int column;
        assert_true(has_value(repeated(flat[i].piece, flat[i].count, "0"), &value, &column));
        assert_int_equal(value, flat[i].value);
    }
}

struct prefix {
    const char *text;
    size_t used;
};

static void a_prefix_ends_where_the_rest_begins(void **state)
{
    (void)state;
    static const struct prefix cases[] = {
        {"v:10 20", 5}, {"v:10", 4}, {"v:10   ", 7}, {"1 + 2 rest", 6},     {"(1) (2)", 4},
        {"'a'z", 2},    {"$n 5", 3}, {"1,2", 1},     {"[$here+8] .16", 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err;
        struct address address;
        const char *end = NULL;
        if (!expression_prefix(session, cases[i].text, SPACE_VIRT, &address, &end, &err))
            fail_msg("%s: %s", cases[i].text, err.text);
        assert_int_equal(end - cases[i].text, cases[i].used);
    }
}

static void numbers_have_no_space(void **state)
{
    (void)state;
    struct error err;
    uint64_t number;
    assert_true(expression_number(session, "$size/2+.1", &number, &err));
    assert_int_equal(number, SIZE / 2 + 1);
    assert_true(expression_number(session, "$my_list-$here", &number, &err));
    assert_int_equal(number, 0);
    assert_false(expression_number(session, "v:1", &number, &err));
    assert_int_equal(err.column, 0);
    assert_false(expression_number(session, "1 2", &number, &err));
    assert_int_equal(err.column, 2);
}

static void variables_are_checked(void **state)
{
    (void)state;
    struct error err;
    struct address value = address_in(session_space(session), 1), got;
    bool has_space;
    assert_false(session_set_variable(session, "root", true, value, &err));
    assert_false(session_set_variable(session, "", true, value, &err));
    assert_false(session_set_variable(session, "1a", true, value, &err));
    assert_false(session_set_variable(session, "a-b", true, value, &err));
    assert_false(
        session_set_variable(session, "abcdefghijabcdefghijabcdefghijab", true, value, &err));
    assert_true(
        session_set_variable(session, "abcdefghijabcdefghijabcdefghija", true, value, &err));
    assert_true(session_variable(session, "abcdefghijabcdefghijabcdefghija", &has_space, &got));
    size_t before = session->variables;
    value.value = 2;
    assert_true(session_set_variable(session, "n", false, value, &err)); /* set anew */
    assert_int_equal(session->variables, before);
    value.value = 0x40;
    assert_true(session_set_variable(session, "n", false, value, &err));
    char name[8];
    while (session->variables < SESSION_VARIABLES) {
        snprintf(name, sizeof name, "x%zu", session->variables);
        assert_true(session_set_variable(session, name, false, value, &err));
    }
    assert_false(session_set_variable(session, "one_more", false, value, &err));
    assert_true(session_set_variable(session, "n", false, value, &err));
    session->variables = before;
}

/* Before anybody went anywhere $here is the image's first byte. */
static void here_is_a_place_from_the_start(void **state)
{
    (void)state;
    struct session *other;
    struct error err;
    struct address address;
    other = open_session(&file, BASE, "arm64-4k-48", ROOT_PA, NO_ROOT);
    assert_true(expression_eval(other, "$here", SPACE_VIRT, &address, &err));
    assert_ptr_equal(address.space, &space_file);
    assert_int_equal(address.value, 0);
    session_close(other);
}

/* Whatever is typed: an address, or a column inside the text. */
static void noise_is_answered(void **state)
{
    (void)state;
    static const char letters[] = "0123456789abcdefvpf:$'[]()+-*/&|<> .xnhere\x80\xff\t~";
    struct rng rng = {99};
    char text[64];
    for (unsigned i = 0; i < 30000; i++) {
        size_t length = (size_t)rng_below(&rng, sizeof text - 1);
        for (size_t at = 0; at < length; at++)
            text[at] = letters[rng_below(&rng, sizeof letters - 1)];
        text[length] = '\0';
        struct error err = {.column = -9, .text = ""};
        struct address address;
        if (expression_eval(session, text, SPACE_PHYS, &address, &err))
            continue;
        if (err.column < 0 || (size_t)err.column > length || !err.text[0])
            fail_msg("%s: column %d", text, err.column);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ones_mean_what_they_say),
        cmocka_unit_test(bad_ones_are_pointed_at),
        cmocka_unit_test(failing_leaves_the_address_alone),
        cmocka_unit_test(overflow_of_numbers_is_an_error),
        cmocka_unit_test(the_default_space_is_the_panes),
        cmocka_unit_test(endless_nesting_is_refused),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(flat_terms_have_no_depth),
        cmocka_unit_test(a_prefix_ends_where_the_rest_begins),
        cmocka_unit_test(numbers_have_no_space),
        cmocka_unit_test(variables_are_checked),
        cmocka_unit_test(here_is_a_place_from_the_start),
        cmocka_unit_test(noise_is_answered),
    };
    return cmocka_run_group_tests_name("expression", tests, setup, tables_teardown);
}
