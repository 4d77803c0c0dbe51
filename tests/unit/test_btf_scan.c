/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTF in an image: where it lies, what is none, and the modules' own, by the kernel's list. */
#include "linux/modules/btf_modules.h"
#include "linux/types/btf_scan.h"
#include "tests/unit/btf_builder.h"
#include "tests/unit/kernel_types.h"
#include "tests/unit/small_guest.h"
#include "tests/unit/support.h"

#include <stdlib.h>
#include <string.h>

#define MIB_OF_IMAGE (IMAGE_VA + MIB(1))
#define COUNT(array) (sizeof(array) / sizeof *(array))

static uint8_t types[65536];
static size_t types_length;

static void put_bytes(struct small_guest *linux, uint64_t va, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        small_put(linux, va + i, ((const uint8_t *)bytes)[i], 1);
}

/* A kernel in small; `other`: without mm_struct, and longer. */
static const struct type_text kernel[] = {{"task_struct", 8, "pid:u4@0"},
                                          {"mm_struct", 8, "x:u4@0"}};
static const struct type_text other[] = {{"task_struct", 8, "pid:u4@0"},
                                         {"a_struct_with_a_long_name", 8, "x:u4@0"},
                                         {"another_struct", 8, "y:u4@0 z:u4@4"}};

static struct btf *scan(struct small_guest *linux, uint64_t *va, struct error *err)
{
    struct btf *btf = NULL;
    *err = (struct error){.text = ""};
    small_open(linux);
    struct linux_context context = small_context(linux, NULL);
    bool found = btf_scan(&context, &btf, va, err);
    assert_int_equal(found, err->text[0] == '\0');
    assert_int_equal(found, btf != NULL);
    small_close(linux);
    return btf;
}

/* At the image's start and end, and at each place around the border of two chunks. */
static void test_places(void **state)
{
    (void)state;
    types_length = types_of_text_bytes(kernel, 2, types, sizeof types);
    const uint64_t at[] = {IMAGE_VA,          IMAGE_VA + IMAGE_SIZE - types_length,
                           MIB_OF_IMAGE - 1,  MIB_OF_IMAGE - 22,
                           MIB_OF_IMAGE - 23, MIB_OF_IMAGE - 24,
                           MIB_OF_IMAGE - 25, MIB_OF_IMAGE};
    for (size_t i = 0; i < COUNT(at); i++) {
        struct small_guest linux;
        struct error err;
        uint64_t va = 0;
        small_make(&linux);
        put_bytes(&linux, at[i], types, types_length);
        struct btf *btf = scan(&linux, &va, &err);
        if (!btf)
            fail_msg("%zu: %s", i, err.text);
        assert_int_equal(va, at[i]);
        assert_true(btf_find(btf, "mm_struct", BTF_STRUCT));
        btf_close(btf);
    }
}

static void assert_none(struct small_guest *linux, const char *why)
{
    struct error err;
    uint64_t va;
    assert_null(scan(linux, &va, &err));
    if (!strstr(err.text, why))
        fail_msg("%s", err.text);
}

static void test_none(void **state)
{
    (void)state;
    struct small_guest linux;
    small_make(&linux);
    assert_none(&linux, "0 headers");
    types_length = types_of_text_bytes(kernel, 2, types, sizeof types);
    small_make(&linux); /* it goes on after the image */
    put_bytes(&linux, IMAGE_VA + IMAGE_SIZE - types_length + 1, types, types_length - 1);
    assert_none(&linux, "1 header ");
    small_make(&linux);
    put_bytes(&linux, IMAGE_VA + 0x100, types, types_length);
    small_put(&linux, IMAGE_VA + 0x100 + types_length - 1, 'x', 1); /* no end of the strings */
    assert_none(&linux, "is damaged");
    types_length = types_of_text_bytes(other, 3, types, sizeof types);
    small_make(&linux); /* of something else */
    put_bytes(&linux, IMAGE_VA + 0x100, types, types_length);
    put_bytes(&linux, IMAGE_VA + 0x2100, types, types_length);
    assert_none(&linux, "2 headers");
}

/* Of several the largest that is a kernel's; what is larger and none does not hide it. */
static void test_several(void **state)
{
    (void)state;
    static const struct type_text more[] = {
        {"task_struct", 8, "pid:u4@0"}, {"mm_struct", 8, "x:u4@0"}, {"only_here", 8, "x:u4@0"}};
    for (unsigned order = 0; order < 2; order++) {
        struct small_guest linux;
        struct error err;
        uint64_t va = 0;
        small_make(&linux);
        types_length = types_of_text_bytes(kernel, 2, types, sizeof types);
        put_bytes(&linux, IMAGE_VA + (order ? 0x100 : 0x4100), types, types_length);
        types_length = types_of_text_bytes(more, 3, types, sizeof types);
        put_bytes(&linux, IMAGE_VA + 0x2100, types, types_length);
        types_length = types_of_text_bytes(other, 3, types, sizeof types);
        put_bytes(&linux, IMAGE_VA + 0x3100, types, types_length);
        struct btf *btf = scan(&linux, &va, &err);
        assert_non_null(btf);
        assert_int_equal(va, IMAGE_VA + 0x2100);
        assert_true(btf_find(btf, "only_here", BTF_STRUCT));
        btf_close(btf);
    }
}

static void test_read(void **state)
{
    (void)state;
    struct small_guest linux;
    struct error err;
    size_t length = 0;
    types_length = types_of_text_bytes(kernel, 2, types, sizeof types);
    small_make(&linux);
    put_bytes(&linux, IMAGE_VA, types, types_length);

    small_open(&linux);
    struct memory *memory = &linux.memory;
    void *bytes = btf_read(memory, IMAGE_VA, types_length, &length, &err);
    assert_non_null(bytes);
    assert_int_equal(length, types_length);
    assert_memory_equal(bytes, types, types_length);
    free(bytes);
    assert_null(btf_read(memory, IMAGE_VA, types_length - 1, &length, &err));
    assert_non_null(strstr(err.text, "claims "));
    assert_null(btf_read(memory, IMAGE_VA, BTF_HEADER - 1, &length, &err));
    assert_null(btf_read(memory, IMAGE_VA + 1, types_length, &length, &err));
    assert_non_null(strstr(err.text, "no BTF header"));
    assert_null(btf_read(memory, IMAGE_VA + IMAGE_SIZE, 100, &length, &err));
    assert_non_null(strstr(err.text, "cannot be read"));
    small_close(&linux);
}

/* --- modules ------------------------------------------------------------------------------- */

#define LIST      (IMAGE_VA + 0x8000)
#define ENTRY(i)  (MODULES_VA + 0x100 * (uint64_t)(i))
#define HOLDER(i) (MODULES_VA + 0x1000 + 0x100 * (uint64_t)(i))
#define MODULE(i) (MODULES_VA + 0x2000 + 0x100 * (uint64_t)(i))
#define SPLIT(i)  (MODULES_VA + 0x4000 + 0x1000 * (uint64_t)(i))
#define LINK      8 /* btf_module.list */

static const struct type_text with_modules[] = {
    {"task_struct", 8, "pid:u4@0"},
    {"mm_struct", 8, "x:u4@0"},
    {"list_head", 16, "next:p@0 prev:p@8"},
    {"btf", 128, "data:p@0 data_size:u4@8 name:c56@16"},
    {"module", 128, "name:c56@0 btf_data_size:u4@64"},
    {"btf_module", 64, "list:list_head@8 btf:*btf@24 module:*module@32"},
};

static struct btf *make_modules(struct small_guest *linux, unsigned count)
{
    static struct btf_builder builder;
    static uint8_t split[4096];
    uint32_t strings;
    struct btf *btf = types_of_text(with_modules, COUNT(with_modules));
    types_of_text_bytes(with_modules, COUNT(with_modules), types, sizeof types);
    memcpy(&strings, types + 20, sizeof strings);
    small_make(linux);
    for (unsigned i = 0; i < count; i++) {
        char name[16] = "mod_a", own[16] = "own_a";
        name[4] = own[4] = (char)('a' + i);
        builder_start(&builder);
        builder.first = btf_count(btf);
        builder.strings_first = strings;
        builder.strings = 0;
        builder_type(&builder, own, BTF_STRUCT, 0, false, 8 + i);
        size_t length = builder_finish(&builder, split, sizeof split);
        put_bytes(linux, SPLIT(i), split, length);
        small_put(linux, ENTRY(i) + 24, HOLDER(i), 8);
        small_put(linux, ENTRY(i) + 32, MODULE(i), 8);
        small_put(linux, HOLDER(i), SPLIT(i), 8);
        small_put(linux, HOLDER(i) + 8, length, 4);
        small_put_text(linux, HOLDER(i) + 16, name);
        small_put_text(linux, MODULE(i), name);
        small_put(linux, MODULE(i) + 64, length, 4);
        uint64_t before = i ? ENTRY(i - 1) + LINK : LIST;
        small_put(linux, before, ENTRY(i) + LINK, 8);
        small_put(linux, ENTRY(i) + LINK + 8, before, 8);
        small_put(linux, ENTRY(i) + LINK, LIST, 8);
        small_put(linux, LIST + 8, ENTRY(i) + LINK, 8);
    }
    return btf;
}

/* Loads, and expects so many modules with types. */
static void expect_modules(struct small_guest *linux, struct btf *btf, size_t count, size_t bad)
{
    struct btf_modules modules;
    small_open(linux);
    struct linux_context context = small_context(linux, btf);
    btf_modules_load(&modules, &context);
    assert_int_equal(modules.count, count);
    assert_int_equal(modules.bad, bad);
    assert_int_equal(bad > 0, modules.why.text[0] != '\0');
    assert_int_equal(modules.list_va, count + bad ? LIST : 0);
    if (count && !bad) {
        uint32_t own = btf_find(btf, "own_b", BTF_STRUCT);
        assert_true(own);
        assert_string_equal(btf_module(btf, own), "mod_b");
        assert_int_equal(btf_size(btf, own), 9);
    }
    small_close(linux);
    btf_close(btf);
}

static void test_modules(void **state)
{
    (void)state;
    struct small_guest linux;
    struct btf *btf = make_modules(&linux, 3);
    expect_modules(&linux, btf, 3, 0);
    btf = make_modules(&linux, 0);
    expect_modules(&linux, btf, 0, 0);
    btf = make_modules(&linux, 3); /* one of them is damaged: the others are known */
    small_put(&linux, SPLIT(1), 0, 4);
    expect_modules(&linux, btf, 2, 1);
    btf = make_modules(&linux, 3); /* the first two do not agree: no list is known by them */
    small_put_text(&linux, MODULE(0), "other");
    expect_modules(&linux, btf, 0, 0);
    btf = make_modules(&linux, 3);
    small_put(&linux, MODULE(0) + 64, 1, 4);
    expect_modules(&linux, btf, 0, 0);
    btf = make_modules(&linux, 3);
    small_put(&linux, HOLDER(0) + 16, 0, 1);
    small_put(&linux, MODULE(0), 0, 1);
    expect_modules(&linux, btf, 0, 0);
    btf = make_modules(&linux, 3); /* not linked back */
    small_put(&linux, ENTRY(0) + LINK + 8, LIST + 8, 8);
    expect_modules(&linux, btf, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),  cmocka_unit_test(test_none),
        cmocka_unit_test(test_several), cmocka_unit_test(test_read),
        cmocka_unit_test(test_modules),
    };
    return cmocka_run_group_tests_name("BTF in an image", tests, NULL, NULL);
}
