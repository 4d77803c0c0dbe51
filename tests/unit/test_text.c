/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors, bounded text, sizes and numbers as people type them, the letters of spaces. */
#include "base/error.h"
#include "base/text.h"
#include "memory/address.h"
#include "tests/unit/support.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- errors -------------------------------------------------------------------------------- */

static void test_errors(void **state)
{
    (void)state;
    struct error err = {.column = 7};
    assert_false(error_set(&err, "no %s", "file"));
    assert_string_equal(err.text, "no file");
    assert_int_equal(err.column, -1);
    assert_false(error_at(&err, 12, "bad %d", 3));
    assert_string_equal(err.text, "bad 3");
    assert_int_equal(err.column, 12);
    assert_false(error_context(&err, "line %d", 4)); /* the column stays */
    assert_string_equal(err.text, "line 4: bad 3");
    assert_int_equal(err.column, 12);
    error_set(&err, "\033[31m%s\n", "x");
    assert_string_equal(err.text, "?[31mx?");
    char longer[1000];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    error_set(&err, "%s", longer);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    error_context(&err, "%.310s", longer);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_memory_equal(err.text + 308, "aa: aaaaaa", 10);
}

/* --- text ---------------------------------------------------------------------------------- */

static void test_text(void **state)
{
    (void)state;
    char array[8] = "zzzzzzz";
    struct text text = TEXT_OVER(array);
    assert_string_equal(array, "");
    text_add(&text, "%d,", 12);
    text_add(&text, "%s", "345");
    assert_string_equal(array, "12,345");
    assert_int_equal(text.length, 6);
    text_add(&text, "%s", "7");
    assert_string_equal(array, "12,3457");
    text_add(&text, "%s", "89"); /* what does not fit is cut */
    assert_string_equal(array, "12,3457");
    assert_int_equal(text.length, 7);
    text = TEXT_OVER(array);
    text_add_printable(&text, "a\x1f \x7e\x7f\x80z", 7);
    assert_string_equal(array, "a. ~..z");
    text = TEXT_OVER(array);
    text_add(&text, "ab");
    text_add_printable(&text, "123456789", 9);
    assert_string_equal(array, "ab12345");
    text = TEXT_OVER(array);
    text_add_printable(&text, "abc", 2);
    assert_string_equal(array, "ab");
}

static void test_harmless(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"plain ~", "plain ~"},
        {"\x01\x1f\x7f", "???"},
        {"\xc2\xa0\xdf\xbf", "\xc2\xa0\xdf\xbf"},
        {"\xc2\x80\xc2\x9f|", "????|"}, /* control characters of two bytes */
        {"\xc1\xbf", "??"},             /* overlong */
        {"\xe0\xa0\x80", "\xe0\xa0\x80"},
        {"\xe0\x9f\xbf", "???"},
        {"\xef\xbf\xbd", "\xef\xbf\xbd"},
        {"\xe2\x82", "??"},
        {"\xe2\x82z", "??z"},
        {"\xf0\x90\x80\x80", "\xf0\x90\x80\x80"},
        {"\xf0\x8f\xbf\xbf", "????"},
        {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
        {"\xf5\x80\x80\x80", "????"},
        {"\x80\xbf", "??"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[32];
        strcpy(text, cases[i][0]);
        text_make_harmless(text);
        assert_string_equal(text, cases[i][1]);
    }
}

static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *text;
    } cases[] = {
        {0, "0B"},
        {1023, "1023B"},
        {1024, "1K"},
        {1025, "1.00K"},
        {1536, "1.50K"},
        {10 * 1024, "10K"},
        {10 * 1024 + 512, "10.5K"},
        {100 * 1024 + 512, "100K"},
        {MIB(1) - 1, "1023K"},
        {MIB(1), "1M"},
        {GIB(4) - 1, "3.99G"}, /* cut, not rounded */
        {GIB(10) - 1, "9.99G"},
        {GIB(100) - 1, "99.9G"},
        {GIB(1024), "1T"},
        {UINT64_C(3) << 49, "1.50P"},
        {UINT64_C(5) << 58, "1.25E"},
        {UINT64_MAX, "15.9E"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char array[32];
        struct text text = TEXT_OVER(array);
        text_add_size(&text, cases[i].bytes);
        assert_string_equal(array, cases[i].text);
    }
}

/* --- numbers ------------------------------------------------------------------------------- */

static void test_parse_size(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint64_t bytes;
    } cases[] = {
        {"0", true, 0},
        {"12", true, 12},
        {"12B", true, 12},
        {"12b", true, 12},
        {"0x1F", true, 0x1f},
        {"0X10k", true, 0x4000},
        {"1K", true, 1024},
        {"2kib", true, 2048},
        {"3MiB", true, 3 << 20},
        {"4gB", true, UINT64_C(4) << 30},
        {"5T", true, UINT64_C(5) << 40},
        {"6P", true, UINT64_C(6) << 50},
        {"15E", true, UINT64_C(15) << 60},
        {"16E", false, 0},
        {"16383P", true, UINT64_C(16383) << 50},
        {"16384P", false, 0},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"", false, 0},
        {"K", false, 0},
        {"-1", false, 0},
        {" 1", false, 0},
        {"1i", false, 0},
        {"1KK", false, 0},
        {"1BB", false, 0},
        {"1Kx", false, 0},
        {"x", false, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t bytes = 77;
        if (parse_size(cases[i].text, &bytes) != cases[i].good)
            fail_msg("%s", cases[i].text);
        assert_int_equal(bytes, cases[i].good ? cases[i].bytes : 77);
    }
}

static void test_parse_hex(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "0x", "g", "1 ", " 1", "-1", "12345678901234567", "1x"};
    uint64_t value = 0;
    assert_true(parse_hex("0x1f", &value));
    assert_int_equal(value, 0x1f);
    assert_true(parse_hex("0XAbC", &value));
    assert_int_equal(value, 0xabc);
    assert_true(parse_hex("0", &value));
    assert_int_equal(value, 0);
    assert_true(parse_hex("ffffffffffffffff", &value));
    assert_int_equal(value, UINT64_MAX);
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(parse_hex(bad[i], &value));
    assert_int_equal(value, UINT64_MAX);
}

static void test_spaces(void **state)
{
    (void)state;
    static const struct {
        enum space_kind space;
        const struct space *of;
        char letter;
        const char *text, *name;
    } cases[] = {{SPACE_FILE, &space_file, 'f', "f:1a", "file offset"},
                 {SPACE_PHYS, &space_phys, 'p', "p:1a", "physical"},
                 {SPACE_VIRT, &space_unknown, 'v', "v:1a", "virtual"}};
    char text[ADDRESS_TEXT];
    enum space_kind space;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(space_of_letter(cases[i].letter, &space));
        assert_int_equal(space, cases[i].space);
        assert_int_equal(space_letter(space), cases[i].letter);
        assert_string_equal(space_kind_name(space), cases[i].name);
        assert_string_equal(address_text(address_in(cases[i].of, 0x1a), text), cases[i].text);
    }
    assert_false(space_of_letter('V', &space));
    assert_false(space_of_letter('\0', &space));
    assert_string_equal(address_text(address_in(&space_unknown, UINT64_MAX), text),
                        "v:ffffffffffffffff");
}

static void test_find_address(void **state)
{
    static const struct {
        const char *text;
        uint64_t value; /* 0: none */
    } cases[] = {
        {"000000400000-00000049e000 r-xp 00000000", 0x400000},
        {"pc : ffff800008000010 at last", 0xffff800008000010},
        {"gone at 0xffff800008000010, or <ffff800008000014>", 0xffff800008000010},
        {"12345678 bytes, abcdefghijkl, xffff800008000000", 0},
        {"0123456789abcdef0 is too long, 123456789g is none", 0},
        {"", 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t value = 0;
        assert_int_equal(find_address(cases[i].text, &value), cases[i].value != 0);
        assert_true(value == cases[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),     cmocka_unit_test(test_text),
        cmocka_unit_test(test_harmless),   cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_parse_size), cmocka_unit_test(test_parse_hex),
        cmocka_unit_test(test_spaces),     cmocka_unit_test(test_find_address),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
