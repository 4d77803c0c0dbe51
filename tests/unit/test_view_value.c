/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How values are written: numbers, arrays, strings, pointers, lists, summaries of structs. */
#include "tests/unit/btf_builder.h"
#include "tests/unit/sample.h"

#include <string.h>

static void test_values(void **state)
{
    struct sample *f = *state;
    view_set_symbolizer(f->view, sample_symbol, NULL);
    sample_show(f, "node", NODE_A);
    assert_row(f, "links", VIEW_LIST, "-> 0xffff000000001000");
    assert_row(f, "id", VIEW_NUMBER, "-5 (0xfffffffb)");
    assert_row(f, "state", VIEW_ENUM, "DEAD (-1)");
    assert_row(f, "flags", VIEW_FLAGS, "F_ONE | F_HIGH (0x100000001)");
    assert_row(f, "comm", VIEW_STRING, "\"init\\t\\x1b\\\"\"");
    assert_row(f, "low", VIEW_NUMBER, "5");
    assert_row(f, "high", VIEW_NUMBER, "-2 (0x1e)");
    assert_row(f, "ok", VIEW_BOOL, "true");
    assert_row(f, "right", VIEW_NUMBER, "18 (0x12)");
    assert_row(f, "parent", VIEW_POINTER, "0xffff000000001000");
    assert_row(f, "run", VIEW_FUNCTION, "0xffff000000000020 run_node");
    assert_row(f, "usage", VIEW_STRUCT, "{3}");
    assert_row(f, "slot", VIEW_ARRAY, "{...}");
    assert_row(f, "word", VIEW_NUMBER, "0x1200000034");
    assert_row(f, "text", VIEW_POINTER, "0xffff000000003f00 \"hello\"");
    assert_row(f, "hash", VIEW_LIST, "NULL");
    assert_row(f, "big", VIEW_ARRAY, "{0xb, 0, 0, 0, ...}");
    struct view_row row;
    view_row(f->view, sample_row(f, "parent"), &row);
    assert_true(row.has_target && row.target_va == NODE_B);
    assert_int_equal(row.target_type, 25);
    assert_string_equal(row.type, "struct node *");
    view_row(f->view, sample_row(f, "high"), &row);
    assert_int_equal(row.offset, 48);
    assert_int_equal(row.bit, 3);
    assert_int_equal(row.bits, 5);
    view_row(f->view, 9999, &row);
    assert_string_equal(row.name, "");
}

static void assert_value(struct sample *f, const char *type, uint64_t va, enum view_kind kind,
                         const char *value)
{
    struct btf_member what;
    struct error err;
    const char *rest;
    struct view_row row;
    assert_true(btf_parse(f->btf, type, &what, &rest, &err));
    view_value(&f->linux, sample_symbol, NULL, what.type, va, 0, 0, &row);
    assert_string_equal(view_kind_name(row.kind), view_kind_name(kind));
    assert_string_equal(row.value, value);
}

/* What counts something is decimal first, the rest hex; decimal goes where it is too long. */
static void test_numbers(void **state)
{
    struct sample *f = *state;
    static const struct {
        const char *type;
        uint64_t number;
        const char *value;
    } cases[] = {
        {"int", 9, "9"},
        {"int", 10, "10 (0xa)"},
        {"int", 4194304, "4194304 (0x400000)"},
        {"int", 4194305, "0x400001 (4194305)"},
        {"int", (uint64_t)-110, "-110 (0xffffff92)"},
        {"int", 0x80000000, "0x80000000 (-2147483648)"},
        {"unsigned int", 65535, "65535 (0xffff)"},
        {"unsigned int", 65536, "0x10000 (65536)"},
        {"unsigned long", 0x8e000, "0x8e000 (581632)"},
        {"unsigned long", 9999999999, "0x2540be3ff (9999999999)"},
        {"unsigned long", 10000000000, "0x2540be400"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sample_put(f, NODE_C, cases[i].number, 8);
        assert_int_equal(sample_save(f), 0);
        assert_value(f, cases[i].type, NODE_C, VIEW_NUMBER, cases[i].value);
    }
}

/* What two words are as each type: to the last number that is still written in that way. */
static const struct {
    const char *type;
    uint64_t low, high;
    enum view_kind kind;
    const char *value;
} kinds[] = {
    {"_Bool", 0, 0, VIEW_BOOL, "false"},
    {"_Bool", 1, 0, VIEW_BOOL, "true"},
    {"_Bool", 2, 0, VIEW_BOOL, "2"},
    {"char", 0x1f, 0, VIEW_NUMBER, "31 (0x1f)"},
    {"char", 0x20, 0, VIEW_NUMBER, "32 ' '"},
    {"char", 0x7e, 0, VIEW_NUMBER, "126 '~'"},
    {"char", 0x7f, 0, VIEW_NUMBER, "127 (0x7f)"},
    {"unsigned char", 'a', 0, VIEW_NUMBER, "97 (0x61)"},
    {"int", (uint64_t)-1, 0, VIEW_NUMBER, "-1 (0xffffffff)"},
    {"int", (uint64_t)-9, 0, VIEW_NUMBER, "-9 (0xfffffff7)"},
    {"unsigned long", UINT64_MAX, 0, VIEW_NUMBER, "0xffffffffffffffff"},
    {"double", UINT64_C(0x3ff8000000000000), 0, VIEW_FLOAT, "1.5"},
    {"double", UINT64_C(0xc000000000000000), 0, VIEW_FLOAT, "-2"},
    {"enum state", 1, 0, VIEW_ENUM, "AWAKE (1)"},
    {"enum state", 7, 0, VIEW_ENUM, "7 (0x7, no name)"},
    {"enum flags64", 0, 0, VIEW_ENUM, "0 (0x0, no name)"},
    {"enum flags64", 2, 0, VIEW_ENUM, "F_TWO (2)"},
    {"enum flags64", 3, 0, VIEW_FLAGS, "F_ONE | F_TWO (0x3)"},
    {"enum flags64", UINT64_C(0x100000003), 0, VIEW_FLAGS, "F_ONE | F_TWO | F_HIGH (0x100000003)"},
    {"enum flags64", 5, 0, VIEW_ENUM, "5 (0x5, no name)"},
    /* arrays: the first few */
    {"unsigned char[16]", 0x8007060504030201, 0xffeeddccbbaa0908, VIEW_ARRAY,
     "{01, 02, 03, 04, 05, 06, 07, 80, 08, 09, aa, bb, cc, dd, ee, ff}"},
    {"unsigned char[17]", 1, 0x0200000000000000, VIEW_ARRAY,
     "{01, 00, 00, 00, 00, 00, 00, 00, 00, 00, 00, 00, 00, 00, 00, 02, ...}"},
    {"int[4]", UINT64_C(0xfffffffe00000001), UINT64_C(0x0000000a00000009), VIEW_ARRAY,
     "{1, -2, 9, 10}"},
    {"unsigned int[4]", UINT64_C(0xfffffffe00000001), UINT64_C(0x0000000a00000009), VIEW_ARRAY,
     "{1, 0xfffffffe, 9, 0xa}"},
    {"unsigned int[3]", 0, 7, VIEW_ARRAY, "{0, 0, 7}"},
    {"unsigned long[2]", 9, 10, VIEW_ARRAY, "{9, 0xa}"},
    {"enum state[2]", UINT64_C(0x00000001ffffffff), 0, VIEW_ARRAY, "{-1, 1}"},
    {"enum flags64[2]", 3, UINT64_C(0x100000000), VIEW_ARRAY, "{3, 0x100000000}"},
    {"node*[2]", NODE_A, 0, VIEW_ARRAY, "{0xffff000000000100, 0}"},
    {"pair[1]", 1, 2, VIEW_ARRAY, "{...}"},
    {"char[8]", 0x6867666564636261, 0, VIEW_STRING, "\"abcdefgh\""}, /* no NUL in it */
    {"char[4]", 0x0a5c2201, 0, VIEW_STRING, "\"\\x01\\\"\\\\\\n\""},
    {"unsigned char[4]", 'a', 0, VIEW_ARRAY, "{61, 00, 00, 00}"}, /* too short for text */
    {"unsigned char[4]", 0x6261, 0, VIEW_STRING, "\"ab\""},
    /* pointers */
    {"node*", 0, 0, VIEW_POINTER, "NULL"},
    {"node*", UINT64_MAX - 4094, 0, VIEW_POINTER, "0xfffffffffffff001 (-4095)"},
    {"node*", UINT64_MAX - 4095, 0, VIEW_POINTER, "0xfffffffffffff000"},
    {"node*", UINT64_MAX, 0, VIEW_POINTER, "0xffffffffffffffff (-1)"},
    {"node*", VA + 0x20, 0, VIEW_POINTER, "0xffff000000000020 run_node"},
    {"char*", STRING, 0, VIEW_POINTER, "0xffff000000003f00 \"hello\""},
    {"char*", STRING + 4, 0, VIEW_POINTER, "0xffff000000003f04 \"o\""},
    {"char*", STRING + 5, 0, VIEW_POINTER, "0xffff000000003f05 \"\""},
    {"unsigned char*", STRING + 4, 0, VIEW_POINTER, "0xffff000000003f04"},
    {"unsigned char*", STRING + 3, 0, VIEW_POINTER, "0xffff000000003f03 \"lo\""},
    {"char*", TOP, 0, VIEW_POINTER, "0xffff000000004000"},
    /* lists */
    {"list_head", 0, 0, VIEW_LIST, "NULL"},
    {"list_head", NODE_C, 0, VIEW_LIST, "empty"},
    {"hlist_head", NODE_A, 0, VIEW_LIST, "-> 0xffff000000000100"},
    {"hlist_node", NODE_A, 0, VIEW_LIST, "-> 0xffff000000000100"},
    {"list_head", TOP, 0, VIEW_LIST, "-> 0xffff000000004000 (not mapped)"},
    {"atomic_t", (uint64_t)-3, 0, VIEW_STRUCT, "{-3 (0xfffffffd)}"},
};

static void test_kinds_of_values(void **state)
{
    struct sample *f = *state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        sample_put(f, NODE_C, kinds[i].low, 8);
        sample_put(f, NODE_C + 8, kinds[i].high, 8);
        sample_put(f, NODE_C + 16, 0, 8);
        assert_int_equal(sample_save(f), 0);
        memory_forget(&f->memory);
        assert_value(f, kinds[i].type, NODE_C, kinds[i].kind, kinds[i].value);
    }
}

/* Integers wider than a word, hlist_nulls, and what has nothing to read. */
static void test_rare_kinds(void **state)
{
    struct sample *f = *state;
    static struct btf_builder builder;
    static uint8_t bytes[4096];
    struct btf *btf;
    struct error err;
    struct view_row row;
    builder_start(&builder);
    builder_int(&builder, "__int128", 16, 1);                            /* 1 */
    builder_type(&builder, "hlist_nulls_node", BTF_STRUCT, 1, false, 8); /* 2 */
    builder_member(&builder, "next", 3, 0);
    builder_ref(&builder, BTF_PTR, 2);                       /* 3 */
    builder_type(&builder, "gone", BTF_FWD, 0, false, 0);    /* 4 */
    builder_type(&builder, "float", BTF_FLOAT, 0, false, 4); /* 5 */
    size_t length = builder_finish(&builder, bytes, sizeof bytes);
    assert_true(builder_open(&btf, bytes, length, &err));
    sample_put(f, NODE_C, 0x1234, 8);
    sample_put(f, NODE_C + 8, UINT64_MAX, 8);
    sample_put(f, NODE_C + 16, 13, 8);
    sample_put(f, NODE_C + 24, 0x40200000, 4);
    assert_int_equal(sample_save(f), 0);
    static const struct {
        uint32_t type;
        uint64_t offset;
        enum view_kind kind;
        const char *value;
    } cases[] = {{1, 0, VIEW_NUMBER, "0xffffffffffffffff0000000000001234"},
                 {2, 16, VIEW_LIST, "end (6)"},
                 {4, 0, VIEW_OTHER, ""},
                 {5, 24, VIEW_FLOAT, "2.5"}};
    struct linux_context linux = {.btf = btf, .memory = &f->memory};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        view_value(&linux, NULL, NULL, cases[i].type, NODE_C + cases[i].offset, 0, 0, &row);
        assert_int_equal(row.kind, cases[i].kind);
        assert_string_equal(row.value, cases[i].value);
    }
    view_value(&linux, NULL, NULL, 1, TOP - 8, 0, 0, &row); /* one half of it */
    assert_false(row.readable);
    assert_string_equal(row.value, "not mapped");
    btf_close(btf);
}

/* Bytes that read as text are shown as text; structs show what distinguishes them. */
static void test_summaries(void **state)
{
    struct sample *f = *state;
    static const uint8_t latin[] = {'a', 0xe4, 0};
    assert_value(f, "unsigned char[16]", STRING, VIEW_STRING, "\"hello\"");
    assert_value(f, "unsigned char[5]", STRING, VIEW_ARRAY, "{68, 65, 6c, 6c, 6f}");
    assert_value(f, "unsigned char*", NODE_A + 152, VIEW_POINTER, "0xffff000000003f00 \"hello\"");
    assert_value(f, "pair", NODE_A + 64, VIEW_STRUCT,
                 "{first 0xffff000000001000, second 0xffff000000000020}");
    assert_value(f, "node", NODE_A, VIEW_STRUCT,
                 "{comm \"init\\t\\x1b\\\"\", id -5 (0xfffffffb), state DEAD (-1)}");
    assert_value(f, "list_head", NODE_A, VIEW_LIST, "-> 0xffff000000001000");
    assert_value(f, "pair", TOP, VIEW_STRUCT, "{...}");
    memcpy(f->ram + 8 * 4096 - 256, latin, sizeof latin);
    assert_int_equal(sample_save(f), 0);
    assert_value(f, "unsigned char[3]", STRING, VIEW_ARRAY, "{61, e4, 00}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_setup, sample_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_values),     TEST(test_numbers),   TEST(test_kinds_of_values),
        TEST(test_rare_kinds), TEST(test_summaries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
