/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which address Enter takes from a line of an answer; help that fits a small screen. */
#include "ui/command/command_index.h"
#include "ui/command/help.h"
#include "ui/widget/popup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_address(void **state)
{
    static const struct {
        const char *line;
        enum space_kind space;
        uint64_t value; /* 0: none */
    } lines[] = {
        {"PTE [ 296] at p:13819f940    0068000137b28703", SPACE_PHYS, 0x13819f940},
        {"000000400000-00000049e000 r-xp 00000000  /bin/gtest", SPACE_VIRT, 0x400000},
        {"  ffff800008000000-ffff80000fffffff  128M  modules", SPACE_VIRT, 0xffff800008000000},
        {"[    1.000000] at 0xffff800008000010, gone", SPACE_VIRT, 0xffff800008000010},
        {"ffff800008000000 T _stext, v:ffff800008000004", SPACE_VIRT, 0xffff800008000004},
        {"12345678 bytes, abcdefghijkl, xffff800008000000", SPACE_VIRT, 0},
        {"0123456789abcdef0 is too long, 123456789g is none", SPACE_VIRT, 0},
        {"", SPACE_VIRT, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct popup *popup = popup_create("");
        struct popup_target target;
        popup_add(popup, lines[i].line);
        assert_int_equal(popup_target(popup, &target), lines[i].value != 0);
        if (lines[i].value) {
            assert_int_equal(target.address.space->kind, lines[i].space);
            assert_true(target.address.value == lines[i].value);
        }
        popup_destroy(popup);
    }
}

/* Tabs reach to columns of the screen, which are not bytes. */
static void test_tabs(void **state)
{
    static const char *const lines[][2] = {
        {"\tRude variant", "        Rude variant"},
        {"rcu: \tRCU", "rcu:    RCU"},
        {"1234567\t8", "1234567 8"},
        {"12345678\t\t9", "12345678                9"},
        {"\xc3\xa9\t|\t", "\xc3\xa9       |       "},
        {"none", "none"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct popup *popup = popup_create("");
        assert_true(popup_add(popup, lines[i][0]));
        assert_string_equal(popup_line(popup, 0), lines[i][1]);
        popup_destroy(popup);
    }
}

static void assert_fits(const char *topic)
{
    struct error err;
    struct keymap *map = calloc(1, sizeof *map);
    assert_true(keymap_init(map, &err));
    struct popup *popup = help_popup(map, CONTEXT_POPUP, topic, &err);
    assert_non_null(popup);
    for (size_t i = 0; i < popup_lines(popup); i++)
        if (strlen(popup_line(popup, i)) > 79)
            fail_msg("help %s: cut at 80 columns: %s", topic, popup_line(popup, i));
    popup_destroy(popup);
    keymap_deinit(map);
    free(map);
}

static void test_help_fits(void **state)
{
    (void)state;
    assert_fits("");
    size_t count;
    const struct command_entry *entries = command_index(&count);
    for (size_t i = 0; i < count; i++)
        assert_fits(entries[i].name);
    assert_fits("e");
    assert_fits("PgDn");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address),
        cmocka_unit_test(test_tabs),
        cmocka_unit_test(test_help_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
