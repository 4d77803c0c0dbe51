/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTF that the test builds: every kind, split BTF, and bytes that lie. */
#include "linux/types/btf.h"
#include "linux/types/btf_private.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/btf_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint8_t bytes[32768];
static struct btf_builder builder;

static struct btf *open_sample(void)
{
    struct btf *btf = NULL;
    struct error err = {.text = ""};
    builder_sample(&builder);
    size_t length = builder_finish(&builder, bytes, sizeof bytes);
    bool opened = builder_open(&btf, bytes, length, &err);
    assert_string_equal(err.text, "");
    assert_true(opened);
    return btf;
}

static void assert_text(const struct btf *btf, uint32_t id, const char *wanted)
{
    char text[128];
    assert_string_equal(btf_type_text(btf, id, text, sizeof text), wanted);
}

static void test_kinds(void **state)
{
    (void)state;
    struct btf *btf = open_sample();
    assert_int_equal(btf_count(btf), 43);
    assert_int_equal(btf_kind(btf, 0), BTF_VOID);
    assert_int_equal(btf_kind(btf, 43), BTF_VOID);
    assert_int_equal(btf_kind(btf, UINT32_MAX), BTF_VOID);
    assert_string_equal(btf_name(btf, 25), "node");
    assert_int_equal(btf_size(btf, 25), 1384);
    assert_int_equal(btf_size(btf, 24), 1000);
    assert_int_equal(btf_size(btf, 21), 64);
    assert_int_equal(btf_size(btf, 20), 4);
    assert_int_equal(btf_size(btf, 28), 8);
    assert_int_equal(btf_size(btf, 17), 0);
    assert_int_equal(btf_size(btf, 34), 1384);
    assert_int_equal(btf_strip(btf, 28), 5);
    assert_int_equal(btf_target(btf, 24), 2);
    assert_int_equal(btf_target(btf, 18), 17);
    assert_int_equal(btf_complete(btf, 14), 25);
    assert_true(btf_is_char(btf, 12));
    assert_true(btf_is_bool(btf, 4));
    assert_true(btf_is_signed(btf, 1));
    assert_false(btf_is_signed(btf, 2));
    assert_true(btf_is_signed(btf, 10));
    assert_false(btf_is_signed(btf, 11));
    btf_close(btf);
}

static void test_find(void **state)
{
    (void)state;
    struct btf *btf = open_sample();
    assert_int_equal(btf_find(btf, "node", BTF_VOID), 25);
    assert_int_equal(btf_find(btf, "struct node", BTF_VOID), 25);
    assert_int_equal(btf_find(btf, " struct  node", BTF_STRUCT), 25);
    assert_int_equal(btf_find(btf, "node", BTF_FWD), 14);
    assert_int_equal(btf_find(btf, "union node", BTF_VOID), 0);
    assert_int_equal(btf_find(btf, "struct node", BTF_ENUM), 0);
    assert_int_equal(btf_find(btf, "enum flags64", BTF_VOID), 11);
    assert_int_equal(btf_find(btf, "unsigned int", BTF_VOID), 2);
    assert_int_equal(btf_find(btf, "atomic_t", BTF_VOID), 20);
    assert_int_equal(btf_find(btf, "run_node", BTF_FUNC), 32);
    assert_int_equal(btf_find(btf, "the_node", BTF_VAR), 34);
    assert_int_equal(btf_find(btf, "", BTF_VOID), 0);
    assert_int_equal(btf_find(btf, "struct ", BTF_VOID), 0);
    assert_int_equal(btf_find(btf, "nod", BTF_VOID), 0);
    btf_close(btf);
}

static void assert_parsed(struct btf *btf, const char *asked, const char *type, const char *rest)
{
    struct btf_member what;
    struct error err;
    const char *after;
    char text[128];
    assert_true(btf_parse(btf, asked, &what, &after, &err));
    assert_string_equal(btf_type_text(btf, what.type, text, sizeof text), type);
    assert_string_equal(after, rest);
}

static void assert_not_parsed(struct btf *btf, const char *asked, const char *why)
{
    struct btf_member what;
    struct error err;
    const char *after;
    assert_false(btf_parse(btf, asked, &what, &after, &err));
    assert_string_equal(err.text, why);
}

/* Types as people write them, and what is made of them: pointers and arrays. */
static void test_parse(void **state)
{
    (void)state;
    struct btf *btf = open_sample();
    struct btf_member what;
    struct error err;
    const char *rest;
    assert_parsed(btf, "node v:10", "struct node", "v:10");
    assert_parsed(btf, "struct node*", "struct node *", "");
    assert_parsed(btf, "const struct node * const * x+1", "struct node **", "x+1");
    assert_parsed(btf, "node*[4]  [v:10]", "struct node *[4]", "[v:10]");
    assert_parsed(btf, "node [ffff0000]", "struct node", "[ffff0000]");
    assert_parsed(btf, "char [16] x", "char [16]", "x");
    assert_parsed(btf, "int[2][3] x", "int [2][3]", "x");
    assert_parsed(btf, "unsigned long[8] x", "long unsigned int [8]", "x");
    assert_parsed(btf, "unsigned x", "unsigned int", "x");
    assert_parsed(btf, "long unsigned int x", "long unsigned int", "x");
    assert_parsed(btf, "node.slot[2].second x", "long unsigned int", "x");
    assert_true(btf_parse(btf, "node.slot[2].second", &what, &rest, &err));
    assert_int_equal(what.bit_offset, 704 + 2 * 128 + 64);
    assert_not_parsed(btf, "", "no type given; usage: task_struct, file*[4], unsigned long");
    assert_not_parsed(btf, "struct nodes x", "this kernel has no type struct nodes");
    assert_not_parsed(btf, "node-x", "this kernel has no type node-x");
    assert_not_parsed(btf, "node.nothing x", "node has no member nothing");
    assert_not_parsed(btf, "node[0] x", "there is no array of so many node");
    assert_not_parsed(btf, "int[999999][999999][999999]", "there is no array of so many int");
    /* The same each time, with its own members and sizes. */
    uint32_t node = btf_find(btf, "node", BTF_VOID), pointer = btf_derive(btf, node, 0);
    uint32_t array = btf_derive(btf, pointer, 4);
    assert_int_equal(btf_derive(btf, node, 0), pointer);
    assert_true(array >= btf_count(btf) && btf_module(btf, array) == NULL);
    assert_int_equal(btf_size(btf, array), 32);
    assert_int_equal(btf_target(btf, btf_target(btf, array)), node);
    assert_int_equal(btf_derive(btf, 0, 4), 0);
    btf_close(btf);
}

static void test_paths(void **state)
{
    (void)state;
    struct btf *btf = open_sample();
    struct btf_member member;
    uint64_t offset;
    assert_true(btf_offset(btf, "node", "links.prev", &offset));
    assert_int_equal(offset, 8);
    assert_true(btf_offset(btf, "struct node", "right", &offset)); /* two anonymous levels */
    assert_int_equal(offset, 60);
    assert_true(btf_offset(btf, "node", "slot[2].second", &offset));
    assert_int_equal(offset, 88 + 2 * 16 + 8);
    assert_true(btf_offset(btf, "node", "usage.counter", &offset));
    assert_int_equal(offset, 80);
    assert_true(btf_path(btf, 25, "high", &member));
    assert_int_equal(member.bit_offset, 387);
    assert_int_equal(member.bits, 5);
    assert_true(btf_path(btf, 21, "[3].first", &member));
    assert_int_equal(member.bit_offset, 48 * 8);
    static const char *const wrong[] = {"",        "nothing",      "links.",    ".links",
                                        "slot[4]", "slot[",        "slot[-1]",  "slot[1",
                                        "slot[]",  "links[0]",     "parent.id", "links..next",
                                        "id.x",    "slot[1]first", "high"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(btf_offset(btf, "node", wrong[i], &offset));
    assert_false(btf_offset(btf, "no_struct", "id", &offset));
    btf_close(btf);
}

static void test_enums(void **state)
{
    (void)state;
    struct btf *btf = open_sample();
    int64_t value = 0;
    assert_int_equal(btf_values(btf, 10), 3);
    assert_string_equal(btf_value(btf, 10, 0, &value), "DEAD");
    assert_int_equal(value, -1);
    assert_string_equal(btf_value(btf, 11, 2, &value), "F_HIGH");
    assert_true(value == INT64_C(0x100000000));
    btf_close(btf);
}

static void test_text(void **state)
{
    (void)state;
    struct btf *btf = open_sample();
    char small[5];
    assert_text(btf, 0, "void");
    assert_text(btf, 7, "struct list_head *");
    assert_text(btf, 8, "char [16]");
    assert_text(btf, 9, "const char *");
    assert_text(btf, 18, "int (*)(struct node *, ...)");
    assert_text(btf, 16, "struct {...}");
    assert_text(btf, 20, "atomic_t");
    assert_text(btf, 28, "volatile long unsigned int");
    assert_text(btf, 41, "struct hlist_node *restrict");
    assert_text(btf, 10, "enum state");
    assert_string_equal(btf_type_text(btf, 7, small, sizeof small), "stru");
    btf_close(btf);
}

/* A module's own `struct device` and a pointer to it, with `tail` in its name to distinguish two.
 */
static size_t make_module(const struct btf *kernel, uint32_t strings, const char *tail)
{
    builder_start(&builder);
    builder.first = btf_count(kernel);
    builder.strings_first = strings;
    builder.strings = 0;
    uint32_t id = builder_type(&builder, tail, BTF_STRUCT, 2, false, 24);
    builder_member(&builder, "links", 6, 0);
    builder_member(&builder, "next", id + 1, 128);
    builder_ref(&builder, BTF_PTR, id);
    return builder_finish(&builder, bytes, sizeof bytes);
}

/* Modules all number their types from where the kernel's end: here each has its own numbers. */
static void test_modules(void **state)
{
    (void)state;
    struct btf *btf = open_sample(), *alone;
    struct error err;
    uint32_t own = (uint32_t)builder.strings;
    size_t length = make_module(btf, own, "device");
    /* Without the kernel's its ids and names mean nothing. */
    assert_false(builder_open(&alone, bytes, length, &err));
    static uint8_t second[sizeof bytes];
    size_t second_length = make_module(btf, own, "gadget");
    memcpy(second, bytes, second_length);
    length = make_module(btf, own, "device");
    assert_int_equal(btf_find(btf, "struct device", BTF_VOID), 0);
    assert_true(builder_extend(btf, bytes, length, &err));
    assert_true(builder_extend(btf, second, second_length, &err));
    assert_int_equal(btf_count(btf), 47);
    assert_int_equal(btf_find(btf, "struct device", BTF_VOID), 43);
    assert_int_equal(btf_find(btf, "gadget", BTF_VOID), 45);
    assert_int_equal(btf_find(btf, "struct node", BTF_VOID), 25);
    assert_null(btf_module(btf, 25));
    assert_string_equal(btf_module(btf, 45), "sample");
    assert_text(btf, 44, "struct device *");
    assert_text(btf, 46, "struct gadget *");
    assert_int_equal(btf_target(btf, 46), 45);
    assert_int_equal(btf_member(btf, 45, 1).type, 46);
    assert_string_equal(btf_member(btf, 45, 1).name, "next");
    uint64_t offset;
    assert_true(btf_offset(btf, "gadget", "links.prev", &offset));
    assert_int_equal(offset, 8);
    /* One that lies is refused, and what was there stays. */
    length = make_module(btf, own + 1000, "liar");
    assert_false(builder_extend(btf, bytes, length, &err));
    assert_int_equal(btf_count(btf), 47);
    assert_int_equal(btf_find(btf, "gadget", BTF_VOID), 45);
    btf_close(btf);
}

static void assert_refused(const char *why)
{
    struct btf *btf;
    struct error err;
    size_t length = builder_finish(&builder, bytes, sizeof bytes);
    assert_false(builder_open(&btf, bytes, length, &err));
    if (!strstr(err.text, why))
        fail_msg("\"%s\" does not say \"%s\"", err.text, why);
}

static void test_lies(void **state)
{
    (void)state;
    builder_start(&builder);
    builder_ref(&builder, BTF_CONST, 1);
    assert_refused("contains itself");
    builder_start(&builder);
    builder_array(&builder, 2, 3);
    builder_type(&builder, "s", BTF_STRUCT, 1, false, 8);
    builder_member(&builder, "m", 1, 0);
    assert_refused("contains itself");
    builder_start(&builder);
    builder_ref(&builder, BTF_PTR, 2);
    assert_refused("does not exist");
    builder_start(&builder);
    builder_type(&builder, "s", BTF_STRUCT, 1, false, 8);
    builder_member(&builder, "m", 1, 65);
    assert_refused("does not exist");
    builder_start(&builder);
    builder_type(&builder, "s", BTF_STRUCT, 2, false, 8);
    builder_member(&builder, "m", 1, 0);
    assert_refused("truncated");
    builder_start(&builder);
    builder_type(&builder, "new", (enum btf_kind)20, 0, false, 0);
    assert_refused("not known");
    builder_start(&builder);
    builder_int(&builder, "int", 17, 0);
    assert_refused("does not exist");
    builder_start(&builder);
    builder_int(&builder, "u", 8, 0);
    for (uint32_t i = 1; i < 4; i++)
        builder_array(&builder, i, UINT32_MAX);
    assert_refused("too deep");
    builder_start(&builder);
    builder_int(&builder, "u", 8, 0);
    builder.word[0] = 100000;
    assert_refused("does not exist");
    builder_start(&builder);
    builder_int(&builder, "u", 8, 0);
    builder.strings--;
    assert_refused("strings do not end");
    /* 70 typedefs of one another end, but no kernel has that. */
    builder_start(&builder);
    for (uint32_t i = 0; i < 70; i++)
        builder_type(&builder, "t", BTF_TYPEDEF, 0, false, i);
    assert_refused("too deep");
}

static void test_headers(void **state)
{
    (void)state;
    size_t total, length;
    struct btf *btf = open_sample();
    btf_close(btf);
    length = builder_finish(&builder, bytes, sizeof bytes);
    assert_true(btf_header(bytes, BTF_HEADER, &total));
    assert_int_equal(total, length);
    assert_false(btf_header(bytes, BTF_HEADER - 1, &total));
    struct error err;
    assert_false(builder_open(&btf, bytes, length - 1, &err));
    static const struct {
        size_t word;
        uint32_t value;
    } lie[] = {{0, 0x0001eb9e}, {0, 0x0002eb9f}, {1, 20},        {1, 26},         {1, 0xffffffff},
               {2, 2},          {3, 0xffffffff}, {4, 0},         {4, 0xffffffff}, {5, 0},
               {5, 0xffffffff}, {3, 0x7fffffff}, {2, 0xfffffffc}};
    for (size_t i = 0; i < sizeof lie / sizeof *lie; i++) {
        builder_finish(&builder, bytes, sizeof bytes);
        memcpy(bytes + 4 * lie[i].word, &lie[i].value, 4);
        assert_false(btf_header(bytes, BTF_HEADER, &total));
        assert_false(builder_open(&btf, bytes, length, &err));
    }
}

/* What a terminal would obey never leaves the names. */
static void test_names_are_clean(void **state)
{
    (void)state;
    struct btf *btf;
    struct error err;
    builder_start(&builder);
    builder_int(&builder, "a\x1b[2J\xff", 4, 0);
    size_t length = builder_finish(&builder, bytes, sizeof bytes);
    assert_true(builder_open(&btf, bytes, length, &err));
    assert_string_equal(btf_name(btf, 1), "a.[2J.");
    btf_close(btf);
}

/* An old pahole's enums have no sign, an old kernel's bit-fields are integers. */
static void test_old_ways(void **state)
{
    (void)state;
    struct btf *btf;
    struct error err;
    int64_t value = 0;
    builder_start(&builder);
    builder_type(&builder, "old", BTF_ENUM, 1, false, 4);
    builder_word(&builder, builder_string(&builder, "MINUS"));
    builder_word(&builder, UINT32_MAX);
    builder_type(&builder, "unsigned int", BTF_INT, 0, false, 4);
    builder_word(&builder, 3 << 16 | 5);
    builder_type(&builder, "s", BTF_STRUCT, 1, false, 8);
    builder_member(&builder, "field", 2, 32);
    size_t length = builder_finish(&builder, bytes, sizeof bytes);
    assert_true(builder_open(&btf, bytes, length, &err));
    btf_value(btf, 1, 0, &value);
    assert_int_equal(value, -1);
    assert_true(btf_is_signed(btf, 1));
    struct btf_member member = btf_member(btf, 3, 0);
    assert_int_equal(member.bit_offset, 35);
    assert_int_equal(member.bits, 5);
    btf_close(btf);
}

/* Of several types of one name the first of the kind that says most, and the kernel's own. */
static void test_equal_names(void **state)
{
    (void)state;
    struct btf *btf;
    struct error err;
    builder_start(&builder);
    builder_int(&builder, "twin", 8, 0);                      /* 1 */
    builder_type(&builder, "twin", BTF_ENUM, 0, false, 4);    /* 2 */
    builder_type(&builder, "twin", BTF_TYPEDEF, 0, false, 1); /* 3 */
    builder_type(&builder, "twin", BTF_UNION, 0, false, 16);  /* 4 */
    builder_type(&builder, "twin", BTF_STRUCT, 0, false, 24); /* 5 */
    builder_type(&builder, "twin", BTF_STRUCT, 0, false, 32); /* 6 */
    builder_type(&builder, "twin", BTF_UNION, 0, false, 40);  /* 7 */
    builder_type(&builder, "twin", BTF_ENUM64, 0, false, 8);  /* 8 */
    builder_type(&builder, "twin", BTF_FLOAT, 0, false, 8);   /* 9 */
    builder_type(&builder, "twin", BTF_TYPEDEF, 0, false, 5); /* 10 */
    builder_type(&builder, "only", BTF_TYPEDEF, 0, false, 1); /* 11 */
    builder_type(&builder, "only", BTF_UNION, 0, false, 8);   /* 12 */
    builder_type(&builder, "wide", BTF_INT, 0, false, 8);     /* 13 */
    builder_word(&builder, 64);
    builder_type(&builder, "wide", BTF_ENUM64, 0, false, 8); /* 14 */
    builder_type(&builder, "later", BTF_FWD, 0, false, 0);   /* 15 */
    builder_type(&builder, "later", BTF_FWD, 0, false, 0);   /* 16 */
    size_t length = builder_finish(&builder, bytes, sizeof bytes);
    assert_true(builder_open(&btf, bytes, length, &err));
    assert_int_equal(btf_find(btf, "twin", BTF_VOID), 5);
    assert_int_equal(btf_find(btf, "twin", BTF_STRUCT), 5);
    assert_int_equal(btf_find(btf, "union twin", BTF_VOID), 4);
    assert_int_equal(btf_find(btf, "twin", BTF_ENUM), 2);
    assert_int_equal(btf_find(btf, "twin", BTF_ENUM64), 8);
    assert_int_equal(btf_find(btf, "typedef twin", BTF_VOID), 3);
    assert_int_equal(btf_find(btf, "twin", BTF_INT), 1);
    assert_int_equal(btf_find(btf, "twin", BTF_FLOAT), 9);
    assert_int_equal(btf_find(btf, "twin", BTF_PTR), 0);
    assert_int_equal(btf_find(btf, "only", BTF_VOID), 12);
    assert_int_equal(btf_find(btf, "wide", BTF_VOID), 14);
    assert_int_equal(btf_find(btf, "wide", BTF_ENUM), 14);
    assert_int_equal(btf_find(btf, "later", BTF_FWD), 15);
    btf_close(btf);
}

/* An integer has no more bits than its bytes; one of fewer is a bit-field's (before 4.20). */
static void test_integers(void **state)
{
    (void)state;
    static const struct {
        uint32_t size, bits, shift;
        bool good;
    } cases[] = {{4, 32, 0, true}, {4, 33, 0, false}, {4, 31, 1, true},   {4, 31, 2, false},
                 {1, 0, 8, true},  {1, 0, 9, false},  {16, 128, 0, true}, {17, 8, 0, false},
                 {0, 0, 0, false}, {8, 64, 0, true},  {8, 65, 0, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct btf *btf;
        struct error err;
        builder_start(&builder);
        builder_type(&builder, "t", BTF_INT, 0, false, cases[i].size);
        builder_word(&builder, cases[i].shift << 16 | cases[i].bits);
        builder_type(&builder, "s", BTF_STRUCT, 1, false, 16);
        builder_member(&builder, "m", 1, 0);
        size_t length = builder_finish(&builder, bytes, sizeof bytes);
        bool opened = builder_open(&btf, bytes, length, &err);
        assert_int_equal(opened, cases[i].good);
        if (!opened)
            continue;
        struct btf_member member = btf_member(btf, 2, 0);
        bool is_field = cases[i].bits && cases[i].bits != 8 * cases[i].size;
        assert_int_equal(member.bits, is_field ? cases[i].bits : 0);
        assert_int_equal(member.bit_offset, is_field ? cases[i].shift : 0);
        btf_close(btf);
    }
}

/* Anonymous unions that nest twice each: 2^40 ways to look for a name. */
static void test_exponential(void **state)
{
    (void)state;
    struct btf *btf;
    struct error err;
    uint64_t offset;
    builder_start(&builder);
    builder_int(&builder, "int", 4, 0);
    for (uint32_t i = 1; i <= 40; i++) {
        builder_type(&builder, i == 40 ? "top" : NULL, BTF_UNION, 2, false, 4);
        builder_member(&builder, NULL, i, 0);
        builder_member(&builder, NULL, i, 0);
    }
    size_t length = builder_finish(&builder, bytes, sizeof bytes);
    assert_true(builder_open(&btf, bytes, length, &err));
    assert_false(btf_offset(btf, "top", "nothing", &offset));
    struct budget budget; /* whoever asks for many names pays for each look */
    struct btf_member member;
    budget_init(&budget, 1000, BUDGET_ENDLESS, NULL);
    assert_false(btf_path_within(btf, btf_find(btf, "top", BTF_VOID), "no", &budget, &member));
    assert_true(budget_has_ended(&budget));
    btf_close(btf);
    assert_true(fuzz_btf(bytes, length));
}

/* A function type that returns and takes itself: the text comes to an end. */
static void test_endless_text(void **state)
{
    (void)state;
    struct btf *btf;
    struct error err;
    char text[256];
    builder_start(&builder);
    builder_int(&builder, "int", 4, 0);
    builder_type(&builder, NULL, BTF_FUNC_PROTO, 8, false, 2); /* 2 */
    for (int i = 0; i < 8; i++) {
        builder_word(&builder, 0);
        builder_word(&builder, 2);
    }
    size_t length = builder_finish(&builder, bytes, sizeof bytes);
    assert_true(builder_open(&btf, bytes, length, &err));
    assert_non_null(strstr(btf_type_text(btf, 2, text, sizeof text), "..."));
    btf_close(btf);
}

/* As many of one name as there is room for: one is entered, and found. */
static void test_one_name(void **state)
{
    (void)state;
    struct btf *btf;
    struct error err;
    builder_start(&builder);
    for (uint32_t i = 0; i < 1000; i++)
        builder_type(&builder, "twin", BTF_STRUCT, 0, false, 8);
    size_t length = builder_finish(&builder, bytes, sizeof bytes);
    assert_true(builder_open(&btf, bytes, length, &err));
    assert_int_equal(btf_find(btf, "twin", BTF_VOID), 1);
    assert_int_equal(btf->part[0].names.count, 1);
    btf_close(btf);
}

static void test_damage(void **state)
{
    (void)state;
    uint64_t random = 1;
    unsigned opened = 0;
    builder_sample(&builder);
    for (unsigned round = 0; round < 5000; round++) {
        size_t length = builder_finish(&builder, bytes, sizeof bytes);
        for (unsigned n = round % 4; n < 4; n++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            size_t at = (size_t)(random >> 33) % length;
            unsigned what = (unsigned)(random >> 29) & 7;
            bytes[at] = (uint8_t)(what < 4 ? 1u << what : (unsigned)(random >> 40));
        }
        /* Its own buffer: the sanitizer sees a byte too far. */
        uint8_t *own = malloc(length);
        assert_non_null(own);
        memcpy(own, bytes, length);
        opened += fuzz_btf(own, length - round % 3 / 2);
        free(own);
    }
    assert_true(opened > 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),           cmocka_unit_test(test_find),
        cmocka_unit_test(test_paths),           cmocka_unit_test(test_parse),
        cmocka_unit_test(test_enums),           cmocka_unit_test(test_text),
        cmocka_unit_test(test_modules),         cmocka_unit_test(test_lies),
        cmocka_unit_test(test_headers),         cmocka_unit_test(test_old_ways),
        cmocka_unit_test(test_names_are_clean), cmocka_unit_test(test_exponential),
        cmocka_unit_test(test_endless_text),    cmocka_unit_test(test_one_name),
        cmocka_unit_test(test_damage),          cmocka_unit_test(test_equal_names),
        cmocka_unit_test(test_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
