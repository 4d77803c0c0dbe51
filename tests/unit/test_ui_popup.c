/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which address Enter takes from a line of an answer; help that fits a small screen. */
#include "ui/commands.h"
#include "ui/help.h"
#include "ui/popup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_address(void **state)
{
    static const struct {
        const char *line;
        enum space space;
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
        struct address address = {0};
        popup_add(popup, lines[i].line);
        assert_int_equal(popup_address(popup, &address), lines[i].value != 0);
        if (lines[i].value) {
            assert_int_equal(address.space, lines[i].space);
            assert_true(address.value == lines[i].value);
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
    struct popup *popup = help_popup(topic, &err);
    assert_non_null(popup);
    for (size_t i = 0; i < popup_lines(popup); i++)
        if (strlen(popup_line(popup, i)) > 79)
            fail_msg("help %s: cut at 80 columns: %s", topic, popup_line(popup, i));
    popup_destroy(popup);
}

static void test_help_fits(void **state)
{
    (void)state;
    assert_fits("");
    for (const struct ui_command *c = ui_commands; c->name; c++)
        assert_fits(c->name);
    for (const struct command *c = core_commands; c->name; c++)
        assert_fits(c->name);
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
