/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of names: both orders against plain sorting, prefixes, ranges, who names an address. */
#include "linux/symbols/symbols.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void add(struct symbols *symbols, uint64_t va, char type, const char *name,
                const char *module)
{
    assert_true(symbols_add(symbols, va, type, name, strlen(name), module));
}

static const char *text_at(const struct symbols *symbols, uint64_t va)
{
    static char text[600];
    return symbols_text(symbols, va, text, sizeof text);
}

static void test_empty(void **state)
{
    (void)state;
    struct symbols *symbols = symbols_create();
    size_t first, last;
    assert_null(symbols_find(symbols, "init_task"));
    symbols_complete(symbols);
    assert_int_equal(symbols_count(symbols), 0);
    assert_null(symbols_find(symbols, "init_task"));
    assert_null(symbols_at(symbols, 0x1000));
    assert_false(symbols_prefix(symbols, "", &first, &last));
    assert_string_equal(text_at(symbols, 0x1000), "");
    assert_true(symbols_add_range(symbols, NULL, 0x1000, 0x1fff));
    symbols_complete(symbols);
    assert_null(symbols_at(symbols, 0x1000));
    assert_false(symbols_add_range(symbols, NULL, 2, 1));
    symbols_destroy(symbols);
    symbols_destroy(NULL);
}

static void test_ranges(void **state)
{
    (void)state;
    struct symbols *symbols = symbols_create();
    add(symbols, 0x100, 'A', "per_cpu_thing", NULL); /* in no range */
    add(symbols, 0x1000, 'T', "_text", NULL);
    add(symbols, 0x1800, 't', "last", NULL);
    add(symbols, 0x5010, 't', "run", "tun");
    symbols_add_range(symbols, "tun", 0x5000, 0x5fff);
    symbols_add_range(symbols, NULL, 0x1000, 0x1fff);
    assert_string_equal(symbols_find(symbols, "run")->name, "run"); /* before completing */
    symbols_complete(symbols);
    assert_string_equal(text_at(symbols, 0x1000), "_text");
    assert_string_equal(text_at(symbols, 0x17ff), "_text+0x7ff");
    assert_string_equal(text_at(symbols, 0x1fff), "last+0x7ff");
    assert_string_equal(text_at(symbols, 0x2000), "");
    assert_string_equal(text_at(symbols, 0x100), "");
    assert_string_equal(text_at(symbols, 0x5000), ""); /* "last" is not of this range */
    assert_string_equal(text_at(symbols, 0x5010), "run [tun]");
    assert_string_equal(text_at(symbols, 0x5fff), "run+0xfef [tun]");
    assert_string_equal(text_at(symbols, UINT64_MAX), "");
    add(symbols, 0x1900, 't', "later", NULL); /* what comes later joins at the next completing */
    symbols_complete(symbols);
    assert_string_equal(text_at(symbols, 0x1900), "later");
    symbols_destroy(symbols);
}

static void test_who_speaks(void **state)
{
    (void)state;
    struct symbols *symbols = symbols_create();
    symbols_add_range(symbols, NULL, 0, 0xffff);
    add(symbols, 0x1000, 't', "$x", NULL);
    add(symbols, 0x1000, 't', "__pfx_a", NULL);
    add(symbols, 0x1000, 't', "local", NULL);
    add(symbols, 0x1000, 'T', "global", NULL);
    add(symbols, 0x1000, 'T', "global_too", NULL);
    add(symbols, 0x2000, 't', "__hidden", NULL);
    add(symbols, 0x2000, 't', "plain", NULL);
    add(symbols, 0x2100, 't', ".L12", NULL); /* a label within plain() */
    add(symbols, 0x3000, 'd', "$d", NULL);   /* nothing of its kind before it */
    symbols_complete(symbols);
    assert_string_equal(text_at(symbols, 0x1004), "global+0x4");
    assert_string_equal(text_at(symbols, 0x2000), "plain");
    assert_string_equal(text_at(symbols, 0x2104), "plain+0x104");
    assert_string_equal(text_at(symbols, 0x3001), "$d+0x1");
    assert_string_equal(symbols_by_address(symbols, 0)->name, "$x");
    assert_string_equal(symbols_by_address(symbols, 4)->name, "global_too");
    symbols_destroy(symbols);
}

static void test_names_are_safe(void **state)
{
    (void)state;
    char huge[2000];
    memset(huge, 'x', sizeof huge);
    struct symbols *symbols = symbols_create();
    assert_true(symbols_add(symbols, 1, 't', ".L1\0021\x1b[\xff", 8, "m\033"));
    assert_true(symbols_add(symbols, 2, 't', huge, sizeof huge, NULL));
    memset(huge, '\1', sizeof huge);
    assert_true(symbols_add(symbols, 3, 't', huge, sizeof huge, NULL));
    symbols_complete(symbols);
    assert_string_equal(symbols_by_address(symbols, 0)->name, ".L1^B1^[[^.");
    assert_string_equal(symbols_by_address(symbols, 0)->module, "m^[");
    assert_int_equal(strlen(symbols_by_address(symbols, 1)->name), SYMBOL_NAME);
    assert_int_equal(strlen(symbols_by_address(symbols, 2)->name), SYMBOL_NAME - 1);
    symbols_destroy(symbols);
}

/* --- many: both orders, every prefix, against the slow way --------------------------------------
 */

#define MANY 20000

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names that begin alike for 0 to 40 bytes, equal ones, and one that is another's beginning. */
static void some_name(char *name, size_t size, unsigned i)
{
    unsigned r = i * 2654435761u;
    int alike = (int)(r >> 8) % 41;
    if (r % 10 == 0)
        snprintf(name, size, ".L%u", r % 3);
    else
        snprintf(name, size, "%.*s%x", alike, "__pfx_a_rather_long_name_of_a_function_x",
                 r % (i % 2 ? 50 : 65536));
}

static void test_many(void **state)
{
    (void)state;
    struct symbols *symbols = symbols_create();
    const char **sorted = malloc(MANY * sizeof *sorted);
    char name[64];
    for (unsigned i = 0; i < MANY; i++) {
        some_name(name, sizeof name, i);
        add(symbols, i * UINT64_C(7919) % 65536 * 16, 't', name, i % 3 ? NULL : "mod");
    }
    symbols_complete(symbols);
    assert_int_equal(symbols_count(symbols), MANY);
    for (size_t i = 0; i < MANY; i++) {
        sorted[i] = symbols_by_address(symbols, i)->name;
        if (i)
            assert_true(symbols_by_address(symbols, i - 1)->va <=
                        symbols_by_address(symbols, i)->va);
        assert_string_equal(symbols_find(symbols, sorted[i])->name, sorted[i]);
    }
    qsort(sorted, MANY, sizeof *sorted, by_text);
    for (size_t i = 0; i < MANY; i++)
        assert_string_equal(symbols_by_name(symbols, i)->name, sorted[i]);
    static const char *const prefixes[] = {"",
                                           ".",
                                           ".L",
                                           "__pfx_",
                                           "__pfx_a_",
                                           "nope",
                                           "__pfx_a_r",
                                           "__pfx_a_rather_long",
                                           "z",
                                           "1",
                                           "__pfx_a_rather_long_name_of_a_function_x1"};
    for (size_t p = 0; p < sizeof prefixes / sizeof *prefixes; p++) {
        size_t length = strlen(prefixes[p]), from = 0, to, first = 0, last = 0;
        while (from < MANY && strncmp(sorted[from], prefixes[p], length) < 0)
            from++;
        for (to = from; to < MANY && strncmp(sorted[to], prefixes[p], length) == 0;)
            to++;
        assert_int_equal(symbols_prefix(symbols, prefixes[p], &first, &last), to > from);
        if (to > from) {
            assert_int_equal(first, from);
            assert_int_equal(last, to);
        }
    }
    assert_null(symbols_find(symbols, "__pfx_"));
    free(sorted);
    symbols_destroy(symbols);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),      cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_who_speaks), cmocka_unit_test(test_names_are_safe),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
