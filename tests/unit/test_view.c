/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects, and the rows of a view of them, over a few pages of memory. */
#include "linux/types/object.h"
#include "tests/unit/btf_builder.h"
#include "tests/unit/sample.h"

#include <string.h>

static void test_object(void **state)
{
    struct sample *f = *state;
    struct object node, other;
    char text[32];
    uint64_t u;
    int64_t s;
    assert_true(object_at(&node, &f->linux, "node", NODE_A));
    assert_false(object_at(&node, &f->linux, "nodes", NODE_A));
    assert_true(object_s64(&node, "id", &s) && s == -5);
    assert_true(object_u64(&node, "low", &u) && u == 5);
    assert_true(object_s64(&node, "high", &s) && s == -2);
    assert_true(object_u64(&node, "right", &u) && u == 0x12);
    assert_true(object_pointer(&node, "parent", &u) && u == NODE_B);
    assert_true(object_string(&node, "comm", text, sizeof text));
    assert_string_equal(text, "init\t\x1b\"");
    assert_true(object_string(&node, "comm", text, 3));
    assert_string_equal(text, "in");
    assert_true(object_string(&node, "text", text, sizeof text));
    assert_string_equal(text, "hello");
    assert_true(object_member(&node, "links", &other) && other.va == NODE_A);
    assert_true(object_follow(&node, "parent", &other)); /* through the declaration */
    assert_true(object_s64(&other, "id", &s) && s == 6);
    assert_false(object_follow(&other, "parent", &other)); /* NULL */
    assert_false(object_u64(&node, "comm", &u));
    assert_false(object_has(&node, "nothing"));
    assert_true(object_container(&other, &f->linux, "node", "usage", NODE_B + 80));
    assert_true(other.va == NODE_B);
    node.va = TOP - 18;
    assert_false(object_u64(&node, "id", &u)); /* half of it is not mapped */
    assert_false(object_string(&node, "comm", text, sizeof text));
    assert_false(memory_string(&f->memory, 0, text, sizeof text));
}

/* A bit-field of 64 bits that starts in the middle of a byte needs nine of them. */
static void test_extract(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0xf0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x07};
    struct field field = {.size = 8, .bits = 64, .bit = 4};
    assert_true(field_extract(&field, bytes) == UINT64_C(0x7fffffffffffffff));
    field = (struct field){.size = 8, .bits = 63, .bit = 4, .sign = true};
    assert_true(field_extract(&field, bytes) == UINT64_MAX);
    field = (struct field){.size = 2, .sign = true};
    assert_true(field_extract(&field, bytes) == (uint64_t)-16);
    field = (struct field){.size = 4, .bits = 1, .bit = 3};
    assert_int_equal(field_extract(&field, bytes), 0);
}

static void test_open(void **state)
{
    struct sample *f = *state;
    char text[64];
    struct view_row row;
    sample_show(f, "node", NODE_A);
    size_t closed = view_rows(f->view);
    assert_int_equal(closed, 18 + 4); /* the anonymous ones are open */
    assert_true(view_open(f->view, sample_row(f, "slot"), true));
    assert_false(view_open(f->view, sample_row(f, "slot"), true));
    assert_false(view_open(f->view, sample_row(f, "id"), true));
    assert_true(view_open(f->view, sample_row(f, "slot[2]"), true));
    size_t second = sample_row(f, "slot[2].second");
    view_row(f->view, second, &row);
    assert_int_equal(row.depth, 2);
    assert_int_equal(row.offset, 88 + 2 * 16 + 8);
    assert_true(row.va == NODE_A + row.offset);
    assert_int_equal(view_row_at(f->view, row.va + 3), second);
    view_path(f->view, view_parent(f->view, second), text, sizeof text);
    assert_string_equal(text, "slot[2]");
    /* 250 elements: ranges of sixteen. */
    assert_true(view_open(f->view, sample_row(f, "big"), true));
    size_t last = sample_row(f, "big[240..249]");
    view_row(f->view, last, &row);
    assert_int_equal(row.kind, VIEW_RANGE);
    assert_int_equal(row.size, 40);
    assert_true(view_open(f->view, last, true));
    assert_row(f, "big[249]", VIEW_NUMBER, "77 (0x4d)");
    /* The same is open in another instance of the type, and in nothing else. */
    size_t opened = view_rows(f->view);
    sample_show(f, "pair", NODE_A);
    assert_int_equal(view_rows(f->view), 2);
    sample_show(f, "node", NODE_B);
    assert_int_equal(view_rows(f->view), opened);
    assert_true(view_open(f->view, sample_row(f, "slot"), false));
    assert_true(view_open(f->view, sample_row(f, "big"), false));
    assert_int_equal(view_rows(f->view), closed);
    /* An anonymous member closes too. */
    view_row(f->view, 8, &row);
    assert_true(row.anonymous && row.open);
    assert_true(view_open(f->view, 8, false));
    assert_int_equal(view_rows(f->view), closed - 4);
}

/* A row is found again by the way to it, whatever was opened and closed since. */
static void test_way(void **state)
{
    struct sample *f = *state;
    uint64_t way[4], cut[2];
    sample_show(f, "node", NODE_A);
    assert_true(view_open(f->view, sample_row(f, "slot"), true));
    assert_true(view_open(f->view, sample_row(f, "slot[2]"), true));
    size_t second = sample_row(f, "slot[2].second"), id = sample_row(f, "id");
    view_way(f->view, second, way, 4);
    assert_int_equal(view_reveal(f->view, way, 4), second);
    assert_true(way[0] && way[1] && way[2] && !way[3]);
    /* Rows before it come and go, in another instance. */
    sample_show(f, "node", NODE_B);
    assert_true(view_open(f->view, sample_row(f, "comm"), true));
    assert_int_equal(view_reveal(f->view, way, 4), second + 16);
    assert_true(view_open(f->view, sample_row(f, "slot"), false));
    size_t again = view_reveal(f->view, way, 4);
    assert_int_equal(again, sample_row(f, "slot[2].second"));
    assert_true(view_open(f->view, sample_row(f, "comm"), false));
    view_way(f->view, id, way, 4);
    assert_true(way[0] && !way[1]);
    assert_int_equal(view_reveal(f->view, way, 4), id);
    /* Anonymous members have no name, but a way. */
    view_way(f->view, 8, way, 4);
    assert_int_equal(view_reveal(f->view, way, 4), 8);
    /* A way that had no room for all leads to what the row is a part of. */
    view_way(f->view, sample_row(f, "slot[2].second"), cut, 2);
    assert_int_equal(view_reveal(f->view, cut, 2), sample_row(f, "slot[2]"));
    /* Of another type, or of nothing. */
    sample_show(f, "pair", NODE_A);
    assert_int_equal(view_reveal(f->view, cut, 2), 0);
    view_way(f->view, 99, way, 4);
    assert_int_equal(way[0], 0);
    assert_int_equal(view_reveal(f->view, way, 4), 0);
}

/* The parts of rows: bit-fields, ranges of a large array, what lies beyond the end. */
static void test_places(void **state)
{
    struct sample *f = *state;
    sample_show(f, "node", NODE_A);
    struct {
        uint64_t offset;
        const char *path;
    } places[] = {{0, "links"},   {15, "links"},  {16, "id"},    {48, "low"},    {49, ""},
                  {52, "ok"},     {56, "left"},   {60, "right"}, {64, "parent"}, {80, "usage"},
                  {88, "slot"},   {151, "slot"},  {152, "text"}, {168, "big"},   {1167, "big"},
                  {1168, "wide"}, {1375, "later"}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char text[64] = "";
        view_path(f->view, view_row_at(f->view, NODE_A + places[i].offset), text, sizeof text);
        assert_string_equal(text, places[i].path);
    }
    assert_int_equal(view_row_at(f->view, NODE_A + 1384), view_rows(f->view));
    assert_int_equal(view_row_at(f->view, NODE_A - 1), view_rows(f->view));
    assert_true(view_open(f->view, sample_row(f, "big"), true));
    size_t first = sample_row(f, "big[0..15]");
    assert_int_equal(view_row_at(f->view, NODE_A + 168 + 63), first);
    assert_int_equal(view_row_at(f->view, NODE_A + 168 + 64), first + 1);
    assert_int_equal(view_row_at(f->view, NODE_A + 168 + 999), first + 15);
    struct view_row row;
    view_row(f->view, first, &row);
    assert_int_equal(row.size, 64);
    assert_int_equal(row.va, NODE_A + 168);
    assert_string_equal(row.type, "unsigned int");
    assert_int_equal(view_parent(f->view, first), first - 1);
    assert_int_equal(view_parent(f->view, 0), 0);
    assert_int_equal(view_widest_name(f->view), 13); /* "(anonymous)", one deep */
    sample_show(f, "pair", NODE_A);
    assert_int_equal(view_widest_name(f->view), 6);
    assert_false(view_is_cut(f->view));
}

/* A member whose pointer is NULL still says what it would point to. */
static void test_target(void **state)
{
    struct sample *f = *state;
    struct view_row row;
    sample_show(f, "node", NODE_B);
    view_row(f->view, sample_row(f, "parent"), &row);
    assert_string_equal(row.value, "NULL");
    assert_false(row.has_target);
    assert_int_equal(row.target_type, 25);
    view_row(f->view, sample_row(f, "links"), &row);
    assert_true(row.has_target);
    assert_int_equal(row.target_va, NODE_C);
    assert_int_equal(row.target_type, 6);
}

static void test_any_type(void **state)
{
    struct sample *f = *state;
    struct error err;
    struct view_row row;
    sample_show(f, "unsigned int", NODE_C + 16);
    assert_int_equal(view_rows(f->view), 1);
    view_row(f->view, 0, &row);
    assert_string_equal(row.value, "1234 (0x4d2)");
    assert_false(row.can_open);
    assert_true(view_show(f->view, 21, NODE_A, &err)); /* an array */
    assert_int_equal(view_rows(f->view), 4);
    assert_true(view_show(f->view, 8, NODE_A + 32, &err)); /* an array of char: its text */
    assert_int_equal(view_rows(f->view), 1);
    view_row(f->view, 0, &row);
    assert_string_equal(row.value, "\"init\\t\\x1b\\\"\"");
    assert_true(view_open(f->view, 0, true));
    assert_int_equal(view_rows(f->view), 17);
    assert_false(view_show(f->view, 0, NODE_A, &err));
    assert_false(view_show(f->view, 17, NODE_A, &err));
    assert_false(view_show(f->view, 1000, NODE_A, &err));
}

/* A struct without members is an answer: no rows; as a member, a row of no bytes. */
static void test_empty(void **state)
{
    struct sample *f = *state;
    static struct btf_builder types;
    static uint8_t bytes[4096];
    struct btf *btf = NULL;
    struct error err;
    struct view_row row;
    builder_start(&types);
    uint32_t u64 = builder_int(&types, "long unsigned int", 8, 0);
    uint32_t nothing = builder_type(&types, "nothing", BTF_STRUCT, 0, false, 0);
    uint32_t alias = builder_type(&types, "nothing_t", BTF_TYPEDEF, 0, false, nothing);
    uint32_t some = builder_array(&types, nothing, 3), none = builder_array(&types, u64, 0);
    uint32_t holder = builder_type(&types, "holder", BTF_STRUCT, 2, false, 8);
    builder_member(&types, "key", alias, 0);
    builder_member(&types, "word", u64, 0);
    uint32_t declared = builder_type(&types, "declared", BTF_FWD, 0, false, 0);
    assert_true(builder_open(&btf, bytes, builder_finish(&types, bytes, sizeof bytes), &err));
    struct linux_context linux = {.btf = btf, .memory = &f->memory};
    struct view *view = view_create(&linux);
    assert_true(view_show(view, nothing, NODE_A, &err));
    assert_int_equal(view_rows(view), 0);
    assert_int_equal(view_row_at(view, NODE_A), 0);
    assert_true(view_show(view, alias, TOP, &err));
    assert_int_equal(view_rows(view), 0);
    assert_true(view_show(view, holder, NODE_A, &err));
    assert_int_equal(view_rows(view), 2);
    view_row(view, 0, &row);
    assert_int_equal(row.size, 0);
    assert_int_equal(row.kind, VIEW_STRUCT);
    assert_false(row.can_open);
    assert_string_equal(row.value, "{}");
    assert_true(view_show(view, some, NODE_A, &err));
    assert_int_equal(view_rows(view), 3);
    assert_true(view_show(view, none, NODE_A, &err));
    assert_int_equal(view_rows(view), 1);
    assert_false(view_show(view, declared, NODE_A, &err));
    view_destroy(view);
    btf_close(btf);
}

static void test_unmapped(void **state)
{
    struct sample *f = *state;
    struct view_row row;
    static const uint64_t at[] = {TOP, TOP - 24, 0, UINT64_MAX - 100};
    for (size_t n = 0; n < sizeof at / sizeof *at; n++) {
        sample_show(f, "node", at[n]);
        for (size_t i = 0; i < view_rows(f->view); i++)
            view_open(f->view, i, true);
        for (size_t i = 0; i < view_rows(f->view); i++)
            view_row(f->view, i, &row);
    }
    sample_show(f, "node", TOP - 18);
    view_row(f->view, sample_row(f, "id"), &row);
    assert_false(row.readable);
    assert_string_equal(row.value, "not mapped");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_setup, sample_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_object),   TEST(test_extract), TEST(test_open),
        TEST(test_way),      TEST(test_places),  TEST(test_target),
        TEST(test_any_type), TEST(test_empty),   TEST(test_unmapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
