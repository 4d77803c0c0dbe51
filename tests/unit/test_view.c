/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects, rows and lists over a few pages of memory made by hand (arm64, 4K, 48 bits). */
#include "arch/arch.h"
#include "linux/lists/list_iterator.h"
#include "linux/types/object.h"
#include "linux/types/view.h"
#include "tests/unit/btf_builder.h"
#include "tests/unit/checks.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PA    UINT64_C(0x40000000)
#define VA    UINT64_C(0xffff000000000000)
#define PAGES 8 /* four of tables, four of data: VA .. VA+0x3fff */
#define TOP   (VA + 0x4000)

#define NODE_A (VA + 0x100)
#define NODE_B (VA + 0x1000)
#define NODE_C (VA + 0x2000)
#define STRING (VA + 0x3f00)

struct fixture {
    uint8_t ram[PAGES * 4096];
    char path[32];
    struct source *image;
    struct space space;
    struct memory memory;
    struct btf *btf;
    struct linux_context linux; /* reads `memory` */
    struct view *view;
};

static void put(struct fixture *f, uint64_t va, uint64_t value, size_t size)
{
    memcpy(f->ram + 4 * 4096 + (va - VA), &value, size);
}

static void put_node(struct fixture *f, uint64_t va, uint64_t next, uint64_t prev, int id)
{
    put(f, va, next, 8);
    put(f, va + 8, prev, 8);
    put(f, va + 16, (uint32_t)id, 4);
}

/* Three nodes in a ring, the first with a value in each member. */
static void fill(struct fixture *f)
{
    static const char comm[16] = "init\t\x1b\"";
    for (uint64_t level = 0; level < 3; level++) {
        uint64_t table = (PA + (level + 1) * 4096) | 3;
        memcpy(f->ram + level * 4096, &table, 8);
    }
    for (uint64_t page = 0; page < 4; page++) {
        uint64_t leaf = (PA + (4 + page) * 4096) | UINT64_C(0x0060000000000703);
        memcpy(f->ram + 3 * 4096 + 8 * page, &leaf, 8);
    }
    put_node(f, NODE_A, NODE_B, NODE_C, -5);
    put_node(f, NODE_B, NODE_C, NODE_A, 6);
    put_node(f, NODE_C, NODE_A, NODE_B, 1234);
    put(f, NODE_A + 20, UINT32_MAX, 4);
    put(f, NODE_A + 24, UINT64_C(0x100000001), 8);
    memcpy(f->ram + 4 * 4096 + 0x100 + 32, comm, sizeof comm);
    put(f, NODE_A + 48, 5 | 0x1e << 3, 4); /* low 5, high -2 */
    put(f, NODE_A + 52, 1, 1);
    put(f, NODE_A + 56, UINT64_C(0x1200000034), 8);
    put(f, NODE_A + 64, NODE_B, 8);
    put(f, NODE_A + 72, VA + 0x20, 8);
    put(f, NODE_A + 80, 3, 4);
    put(f, NODE_A + 152, STRING, 8);
    put(f, NODE_A + 168, 11, 4);
    put(f, NODE_A + 168 + 4 * 249, 77, 4);
    memcpy(f->ram + 8 * 4096 - 256, "hello", 6);
}

static int save(struct fixture *f)
{
    FILE *file = fopen(f->path, "r+");
    if (!file)
        return -1;
    size_t written = fwrite(f->ram, 1, sizeof f->ram, file);
    return fclose(file) || written != sizeof f->ram ? -1 : 0;
}

static int setup(void **state)
{
    static uint8_t bytes[32768];
    static struct btf_builder builder;
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;
    if (!f)
        return -1;
    *state = f;
    fill(f);
    snprintf(f->path, sizeof f->path, "/tmp/test-view-XXXXXX");
    int fd = mkstemp(f->path);
    if (fd < 0 || close(fd) || save(f))
        return -1;
    if (!source_open(&f->image, f->path, &err) || !source_place_base(f->image, PA) ||
        !memory_init(&f->memory, f->image, &err))
        return -1;
    f->space = (struct space){
        .kind = SPACE_VIRT, .paging = arch_mode_named("arm64-4k-48"), .roots = {PA, NO_ROOT}};
    memory_use(&f->memory, &f->space);
    builder_sample(&builder);
    size_t length = builder_finish(&builder, bytes, sizeof bytes);
    if (!builder_open(&f->btf, bytes, length, &err))
        return -1;
    f->linux = (struct linux_context){.btf = f->btf, .memory = &f->memory};
    f->view = view_create(&f->linux);
    return f->view ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    view_destroy(f->view);
    btf_close(f->btf);
    memory_deinit(&f->memory);
    source_drop(f->image);
    unlink(f->path);
    free(f);
    return 0;
}

static void test_object(void **state)
{
    struct fixture *f = *state;
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

static char *name_function(void *context, uint64_t va, char *text, size_t size)
{
    (void)context;
    snprintf(text, size, "%s", va == VA + 0x20 ? "run_node" : "");
    return text;
}

static size_t row_of(const struct fixture *f, const char *path)
{
    char text[128];
    for (size_t i = 0; i < view_rows(f->view); i++)
        if (strcmp(view_path(f->view, i, text, sizeof text), path) == 0)
            return i;
    fail_msg("there is no row %s", path);
    return 0;
}

static void assert_row(const struct fixture *f, const char *path, enum view_kind kind,
                       const char *value)
{
    struct view_row row;
    view_row(f->view, row_of(f, path), &row);
    assert_string_equal(view_kind_name(row.kind), view_kind_name(kind));
    assert_string_equal(row.value, value);
    assert_true(row.readable);
}

static void show(struct fixture *f, const char *type, uint64_t va)
{
    struct error err;
    assert_true(view_show(f->view, btf_find(f->btf, type, BTF_VOID), va, &err));
}

static void test_values(void **state)
{
    struct fixture *f = *state;
    view_set_symbolizer(f->view, name_function, NULL);
    show(f, "node", NODE_A);
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
    view_row(f->view, row_of(f, "parent"), &row);
    assert_true(row.has_target && row.target_va == NODE_B);
    assert_int_equal(row.target_type, 25);
    assert_string_equal(row.type, "struct node *");
    view_row(f->view, row_of(f, "high"), &row);
    assert_int_equal(row.offset, 48);
    assert_int_equal(row.bit, 3);
    assert_int_equal(row.bits, 5);
    view_row(f->view, 9999, &row);
    assert_string_equal(row.name, "");
}

static void test_open(void **state)
{
    struct fixture *f = *state;
    char text[64];
    struct view_row row;
    show(f, "node", NODE_A);
    size_t closed = view_rows(f->view);
    assert_int_equal(closed, 18 + 4); /* the anonymous ones are open */
    assert_true(view_open(f->view, row_of(f, "slot"), true));
    assert_false(view_open(f->view, row_of(f, "slot"), true));
    assert_false(view_open(f->view, row_of(f, "id"), true));
    assert_true(view_open(f->view, row_of(f, "slot[2]"), true));
    size_t second = row_of(f, "slot[2].second");
    view_row(f->view, second, &row);
    assert_int_equal(row.depth, 2);
    assert_int_equal(row.offset, 88 + 2 * 16 + 8);
    assert_true(row.va == NODE_A + row.offset);
    assert_int_equal(view_row_at(f->view, row.va + 3), second);
    view_path(f->view, view_parent(f->view, second), text, sizeof text);
    assert_string_equal(text, "slot[2]");
    /* 250 elements: ranges of sixteen. */
    assert_true(view_open(f->view, row_of(f, "big"), true));
    size_t last = row_of(f, "big[240..249]");
    view_row(f->view, last, &row);
    assert_int_equal(row.kind, VIEW_RANGE);
    assert_int_equal(row.size, 40);
    assert_true(view_open(f->view, last, true));
    assert_row(f, "big[249]", VIEW_NUMBER, "77 (0x4d)");
    /* The same is open in another instance of the type, and in nothing else. */
    size_t opened = view_rows(f->view);
    show(f, "pair", NODE_A);
    assert_int_equal(view_rows(f->view), 2);
    show(f, "node", NODE_B);
    assert_int_equal(view_rows(f->view), opened);
    assert_true(view_open(f->view, row_of(f, "slot"), false));
    assert_true(view_open(f->view, row_of(f, "big"), false));
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
    struct fixture *f = *state;
    uint64_t way[4], cut[2];
    show(f, "node", NODE_A);
    assert_true(view_open(f->view, row_of(f, "slot"), true));
    assert_true(view_open(f->view, row_of(f, "slot[2]"), true));
    size_t second = row_of(f, "slot[2].second"), id = row_of(f, "id");
    view_way(f->view, second, way, 4);
    assert_int_equal(view_reveal(f->view, way, 4), second);
    assert_true(way[0] && way[1] && way[2] && !way[3]);
    /* Rows before it come and go, in another instance. */
    show(f, "node", NODE_B);
    assert_true(view_open(f->view, row_of(f, "comm"), true));
    assert_int_equal(view_reveal(f->view, way, 4), second + 16);
    assert_true(view_open(f->view, row_of(f, "slot"), false));
    size_t again = view_reveal(f->view, way, 4);
    assert_int_equal(again, row_of(f, "slot[2].second"));
    assert_true(view_open(f->view, row_of(f, "comm"), false));
    view_way(f->view, id, way, 4);
    assert_true(way[0] && !way[1]);
    assert_int_equal(view_reveal(f->view, way, 4), id);
    /* Anonymous members have no name, but a way. */
    view_way(f->view, 8, way, 4);
    assert_int_equal(view_reveal(f->view, way, 4), 8);
    /* A way that had no room for all leads to what the row is a part of. */
    view_way(f->view, row_of(f, "slot[2].second"), cut, 2);
    assert_int_equal(view_reveal(f->view, cut, 2), row_of(f, "slot[2]"));
    /* Of another type, or of nothing. */
    show(f, "pair", NODE_A);
    assert_int_equal(view_reveal(f->view, cut, 2), 0);
    view_way(f->view, 99, way, 4);
    assert_int_equal(way[0], 0);
    assert_int_equal(view_reveal(f->view, way, 4), 0);
}

static void assert_value(struct fixture *f, const char *type, uint64_t va, enum view_kind kind,
                         const char *value)
{
    struct btf_member what;
    struct error err;
    const char *rest;
    struct view_row row;
    assert_true(btf_parse(f->btf, type, &what, &rest, &err));
    view_value(&f->linux, name_function, NULL, what.type, va, 0, 0, &row);
    assert_string_equal(view_kind_name(row.kind), view_kind_name(kind));
    assert_string_equal(row.value, value);
}

/* What counts something is decimal first, the rest hex; decimal goes where it is too long. */
static void test_numbers(void **state)
{
    struct fixture *f = *state;
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
        put(f, NODE_C, cases[i].number, 8);
        assert_int_equal(save(f), 0);
        assert_value(f, cases[i].type, NODE_C, VIEW_NUMBER, cases[i].value);
    }
}

/* What two words are as each type: to the last number that is still written in that way. */
static void test_kinds_of_values(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *type;
        uint64_t low, high;
        enum view_kind kind;
        const char *value;
    } cases[] = {
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
        {"enum flags64", UINT64_C(0x100000003), 0, VIEW_FLAGS,
         "F_ONE | F_TWO | F_HIGH (0x100000003)"},
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
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put(f, NODE_C, cases[i].low, 8);
        put(f, NODE_C + 8, cases[i].high, 8);
        put(f, NODE_C + 16, 0, 8);
        assert_int_equal(save(f), 0);
        memory_forget(&f->memory);
        assert_value(f, cases[i].type, NODE_C, cases[i].kind, cases[i].value);
    }
}

/* Integers wider than a word, hlist_nulls, and what has nothing to read. */
static void test_rare_kinds(void **state)
{
    struct fixture *f = *state;
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
    put(f, NODE_C, 0x1234, 8);
    put(f, NODE_C + 8, UINT64_MAX, 8);
    put(f, NODE_C + 16, 13, 8);
    put(f, NODE_C + 24, 0x40200000, 4);
    assert_int_equal(save(f), 0);
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

/* The parts of rows: bit-fields, ranges of a large array, what is behind the end. */
static void test_places(void **state)
{
    struct fixture *f = *state;
    show(f, "node", NODE_A);
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
    assert_true(view_open(f->view, row_of(f, "big"), true));
    size_t first = row_of(f, "big[0..15]");
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
    show(f, "pair", NODE_A);
    assert_int_equal(view_widest_name(f->view), 6);
    assert_false(view_is_cut(f->view));
}

/* A member whose pointer is NULL still says what it would point to. */
static void test_target(void **state)
{
    struct fixture *f = *state;
    struct view_row row;
    show(f, "node", NODE_B);
    view_row(f->view, row_of(f, "parent"), &row);
    assert_string_equal(row.value, "NULL");
    assert_false(row.has_target);
    assert_int_equal(row.target_type, 25);
    view_row(f->view, row_of(f, "links"), &row);
    assert_true(row.has_target);
    assert_int_equal(row.target_va, NODE_C);
    assert_int_equal(row.target_type, 6);
}

/* Bytes that read as text are shown as text; structs say what tells them apart. */
static void test_summaries(void **state)
{
    struct fixture *f = *state;
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
    assert_int_equal(save(f), 0);
    assert_value(f, "unsigned char[3]", STRING, VIEW_ARRAY, "{61, e4, 00}");
}

static void test_any_type(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct view_row row;
    show(f, "unsigned int", NODE_C + 16);
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
    struct fixture *f = *state;
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
    struct fixture *f = *state;
    struct view_row row;
    static const uint64_t at[] = {TOP, TOP - 24, 0, UINT64_MAX - 100};
    for (size_t n = 0; n < sizeof at / sizeof *at; n++) {
        show(f, "node", at[n]);
        for (size_t i = 0; i < view_rows(f->view); i++)
            view_open(f->view, i, true);
        for (size_t i = 0; i < view_rows(f->view); i++)
            view_row(f->view, i, &row);
    }
    show(f, "node", TOP - 18);
    view_row(f->view, row_of(f, "id"), &row);
    assert_false(row.readable);
    assert_string_equal(row.value, "not mapped");
}

static size_t follow(struct fixture *f, struct list_iterator *list, const char *type,
                     const char *path, uint64_t va, bool is_object)
{
    struct error err;
    struct object object;
    size_t n = 0;
    assert_true(list_iterator_start(list, &f->linux, type, path, va, is_object, &err));
    while (list_iterator_next(list, &object))
        n++;
    assert_int_equal(n, list->count);
    list_iterator_end(list);
    return n;
}

static void test_lists(void **state)
{
    struct fixture *f = *state;
    struct list_iterator list;
    struct error err;
    assert_int_equal(follow(f, &list, "node", "links", NODE_A, true), 3);
    assert_int_equal(list.state, LIST_ITERATOR_END);
    assert_int_equal(list.strays, 0);
    assert_int_equal(follow(f, &list, "node", "links", NODE_A, false), 2);
    assert_int_equal(list.state, LIST_ITERATOR_END);
    put(f, NODE_C + 8, NODE_A, 8); /* C says that it comes behind A */
    assert_int_equal(save(f), 0);
    assert_int_equal(follow(f, &list, "node", "links", NODE_A, true), 3);
    assert_int_equal(list.strays, 1);
    put(f, NODE_C, NODE_B, 8);
    assert_int_equal(save(f), 0);
    assert_int_equal(follow(f, &list, "node", "links", NODE_A, true), 3);
    assert_int_equal(list.state, LIST_ITERATOR_LOOP);
    put(f, NODE_C, UINT64_C(0xdead000000000100), 8);
    assert_int_equal(save(f), 0);
    assert_int_equal(follow(f, &list, "node", "links", NODE_A, true), 3);
    assert_int_equal(list.state, LIST_ITERATOR_BROKEN);
    assert_non_null(strstr(list.remark, "dead000000000100"));
    assert_false(list_iterator_start(&list, &f->linux, "node", "id", 0, true, &err));
    assert_false(list_iterator_start(&list, &f->linux, "node", "no", 0, true, &err));
    assert_false(list_iterator_start(&list, &f->linux, "no", "links", 0, true, &err));
    assert_int_equal(follow(f, &list, "node", "links", 0, false), 0);
    assert_int_equal(follow(f, &list, "node", "links", TOP, false), 0);
    assert_int_equal(list.state, LIST_ITERATOR_BROKEN);
}

/* Chains that end in NULL: hlist, and structs that point to their own type. */
static void test_chains(void **state)
{
    struct fixture *f = *state;
    struct list_iterator list;
    uint64_t one = VA + 0x3000, two = VA + 0x3040, head = VA + 0x3080;
    put(f, head, one + 8, 8);
    put(f, one + 8, two + 8, 8);
    put(f, two + 8, 0, 8);
    assert_int_equal(save(f), 0);
    assert_int_equal(follow(f, &list, "entry", "chain", head, false), 2);
    assert_int_equal(list.state, LIST_ITERATOR_END);
    assert_int_equal(follow(f, &list, "entry", "chain", two, true), 1);
    put(f, one + 8, two, 8);
    put(f, two + 8, 0, 8);
    assert_int_equal(save(f), 0);
    assert_int_equal(follow(f, &list, "single", "next", one, false), 2);
    assert_int_equal(list.state, LIST_ITERATOR_END);
    put(f, two + 8, one, 8); /* a ring */
    assert_int_equal(save(f), 0);
    assert_int_equal(follow(f, &list, "single", "next", one, false), 2);
    assert_int_equal(list.state, LIST_ITERATOR_END);
    put(f, two + 8, two, 8);
    assert_int_equal(save(f), 0);
    assert_int_equal(follow(f, &list, "single", "next", one, false), 2);
    assert_int_equal(list.state, LIST_ITERATOR_LOOP);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_object),   TEST(test_extract), TEST(test_values),     TEST(test_open),
        TEST(test_any_type), TEST(test_empty),   TEST(test_numbers),    TEST(test_summaries),
        TEST(test_unmapped), TEST(test_lists),   TEST(test_chains),     TEST(test_kinds_of_values),
        TEST(test_places),   TEST(test_target),  TEST(test_rare_kinds), TEST(test_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
