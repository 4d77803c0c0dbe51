/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The note's lines, honest and lying. */
#include "linux/find/vmcoreinfo.h"
#include "tests/unit/support.h"

#include <stdio.h>
#include <string.h>

#define HEAD                                                                                       \
    "OSRELEASE=6.1.0-50-arm64\nBUILD-ID=338d\nPAGESIZE=4096\nSYMBOL(_stext)=ffffa77c06010000\n"    \
    "OFFSET(list_head.next)=0\nSIZE(page)=64\nLENGTH(mem_section)=16384\n"
#define NOTE HEAD "NUMBER(VA_BITS)=48\n"

static bool parse(struct vmcoreinfo *info, const char *text)
{
    return vmcoreinfo_parse(info, text, strlen(text));
}

static void lines_are_read(void **state)
{
    (void)state;
    struct vmcoreinfo info;
    char text[32];
    uint64_t value;
    assert_true(parse(&info, NOTE));
    assert_true(vmcoreinfo_text(&info, "OSRELEASE", text, sizeof text));
    assert_string_equal(text, "6.1.0-50-arm64");
    assert_true(vmcoreinfo_text(&info, "OSRELEASE", text, 5)); /* cut, terminated */
    assert_string_equal(text, "6.1.");
    assert_true(vmcoreinfo_symbol(&info, "_stext", &value));
    assert_int_equal(value, UINT64_C(0xffffa77c06010000));
    assert_true(vmcoreinfo_number(&info, "VA_BITS", &value));
    assert_int_equal(value, 48);
    assert_true(vmcoreinfo_text(&info, "OFFSET(list_head.next)", text, sizeof text));
    assert_false(vmcoreinfo_text(&info, "OSREL", text, sizeof text));
    assert_false(vmcoreinfo_text(&info, "SRELEASE", text, sizeof text));
    assert_false(vmcoreinfo_text(&info, "", text, sizeof text));
    assert_false(vmcoreinfo_symbol(&info, "VA_BITS", &value));
    assert_false(vmcoreinfo_number(&info, "_stext", &value));
}

struct number_case {
    const char *text;
    bool ok;
    uint64_t value;
};

static void numbers_are_what_they_say_or_nothing(void **state)
{
    (void)state;
    static const struct number_case cases[] = {
        {"0x10", true, 16},
        {"0", true, 0},
        {"-1", true, UINT64_MAX},
        {"-9223372036854775808", true, UINT64_C(1) << 63},
        {"18446744073709551615", true, UINT64_MAX},
        {"0xffffffffffffffff", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"0x10000000000000000", false, 0},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999999999999999999999999999", false, 0},
        {"", false, 0},
        {"0x", false, 0},
        {"12a", false, 0},
        {"0x12 ", false, 0},
        {"--1", false, 0},
        {"VA", false, 0},
        /* more digits than any buffer: not the number of the first thirty */
        {"0000000000000000000000000000000000000048", true, 48},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[600];
        struct vmcoreinfo info;
        uint64_t value = 7;
        snprintf(text, sizeof text, HEAD "NUMBER(x)=%s\n", cases[i].text);
        assert_true(parse(&info, text));
        bool ok = vmcoreinfo_number(&info, "x", &value);
        if (ok != cases[i].ok && !(cases[i].ok && strlen(cases[i].text) > 30))
            fail_msg("%s: %d", cases[i].text, ok);
        if (ok)
            assert_int_equal(value, cases[i].value);
    }
}

static void symbols_are_hexadecimal(void **state)
{
    (void)state;
    struct vmcoreinfo info;
    uint64_t value;
    assert_true(parse(&info,
                      HEAD "SYMBOL(a)=10\nSYMBOL(b)=x\nSYMBOL(c)=\nSYMBOL(d)=10000000000000000\n"
                           "SYMBOL(e)=12 34\n"));
    assert_true(vmcoreinfo_symbol(&info, "a", &value));
    assert_int_equal(value, 16);
    assert_false(vmcoreinfo_symbol(&info, "b", &value));
    assert_false(vmcoreinfo_symbol(&info, "c", &value));
    assert_false(vmcoreinfo_symbol(&info, "d", &value));
    assert_false(vmcoreinfo_symbol(&info, "e", &value));
    assert_false(vmcoreinfo_symbol(&info, "f", &value));
}

static void other_texts_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "OSRELEASE=",
        "OSRELEASE=6.1\n",
        "osrelease=6.1\nPAGESIZE=4096\nSYMBOL(a)=1\na=1\nb=2\nc=3\nd=4\ne=5\n",
        /* eight lines without a page size, without a symbol */
        "OSRELEASE=6.1\nA=1\nB=2\nC=3\nD=4\nE=5\nSYMBOL(a)=1\nF=6\nG=7\n",
        "OSRELEASE=6.1\nA=1\nB=2\nC=3\nD=4\nE=5\nPAGESIZE=4096\nF=6\nG=7\n",
        /* too few lines, then none that has a '=' */
        "OSRELEASE=6.1\nPAGESIZE=4096\nSYMBOL(a)=1\nnothing\nA=1\nB=2\nC=3\nD=4\nE=5\n",
        "OSRELEASE=6.1\nPAGESIZE=4096\nSYMBOL(a)=1\nA=\x1b[31m\nB=2\nC=3\nD=4\nE=5\n",
        "OSRELEASE=6.1 PAGESIZE=4096 SYMBOL(a)=1 A=1 B=2 C=3 D=4 E=5 F=6 G=7",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct vmcoreinfo info;
        if (parse(&info, texts[i]))
            fail_msg("taken: %s", texts[i]);
    }
}

/* What follows the lines is not of the note; nor is a line without its end. */
static void the_text_ends_where_lines_end(void **state)
{
    (void)state;
    struct vmcoreinfo info;
    char text[32];
    assert_true(parse(&info, NOTE "CRASHTIME=1")); /* no newline */
    assert_false(vmcoreinfo_text(&info, "CRASHTIME", text, sizeof text));
    assert_true(parse(&info, NOTE "\x80=1\nCRASHTIME=1\n"));
    assert_false(vmcoreinfo_text(&info, "CRASHTIME", text, sizeof text));
    assert_true(parse(&info, NOTE "\nCRASHTIME=1\n"));
    assert_false(vmcoreinfo_text(&info, "CRASHTIME", text, sizeof text));
    for (const char *c = info.text; *c; c++)
        assert_true(*c == '\n' || (*c >= 0x20 && *c < 0x7f));
}

/* At every length: no byte beyond the end is looked at (the sanitizer watches). */
static void truncation_anywhere_is_survived(void **state)
{
    (void)state;
    struct vmcoreinfo info;
    char whole[] = NOTE;
    for (size_t length = 0; length < sizeof whole; length++) {
        char exact[sizeof whole];
        memset(exact, '=', sizeof exact);
        memcpy(exact, whole, length);
        bool ok = vmcoreinfo_parse(&info, exact, length);
        if (ok)
            assert_true(length >= sizeof whole - 1);
    }
}

static void a_page_full_of_lines_fits(void **state)
{
    (void)state;
    static char page[2 * VMCOREINFO_SIZE];
    struct vmcoreinfo info;
    size_t length = strlen(NOTE);
    memcpy(page, NOTE, length);
    while (length + 4 < sizeof page) {
        memcpy(page + length, "a=1\n", 4);
        length += 4;
    }
    assert_true(vmcoreinfo_parse(&info, page, length));
    assert_in_range(strlen(info.text), VMCOREINFO_SIZE - 4, VMCOREINFO_SIZE);
    memset(page + 10, 'x', sizeof page - 10); /* one line without an end */
    assert_false(vmcoreinfo_parse(&info, page, sizeof page));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_read),
        cmocka_unit_test(numbers_are_what_they_say_or_nothing),
        cmocka_unit_test(symbols_are_hexadecimal),
        cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(the_text_ends_where_lines_end),
        cmocka_unit_test(truncation_anywhere_is_survived),
        cmocka_unit_test(a_page_full_of_lines_fits),
    };
    return cmocka_run_group_tests_name("vmcoreinfo", tests, NULL, NULL);
}
