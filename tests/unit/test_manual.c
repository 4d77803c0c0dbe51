/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each row of the tables of options, commands, keys and settings is in the manual page. */
#include "tests/unit/checks.h"

#include "ui/app/settings.h"
#include "ui/arguments.h"
#include "ui/command/command_index.h"
#include "ui/command/keymap.h"
#include "ui/manual/manual.h"
#include "ui/terminal/key.h"

#include <stdlib.h>
#include <string.h>

/* The page without fonts, as it reads: "\n" before and after each of its lines. */
static char *page;

static const struct {
    const char *escape;
    char meaning;
} escapes[] = {
    {"\\-", '-'},  {"\\(aq", '\''}, {"\\(ga", '`'}, {"\\(ha", '^'}, {"\\(ti", '~'},
    {"\\e", '\\'}, {"\\&", 0},      {"\\fB", 0},    {"\\fR", 0},    {"\\fI", 0},
};

static void read_as_shown(char *text)
{
    char *to = text;
    for (const char *s = text; *s;) {
        size_t i = 0, count = sizeof escapes / sizeof *escapes;
        while (i < count && strncmp(s, escapes[i].escape, strlen(escapes[i].escape)) != 0)
            i++;
        if (i < count && escapes[i].meaning)
            *to++ = escapes[i].meaning;
        if (i == count)
            assert_true(*s != '\\');
        *to = *s;
        to += i == count;
        s += i < count ? strlen(escapes[i].escape) : 1;
    }
    *to = '\0';
}

static int make_page(void **state)
{
    size_t size;
    (void)state;
    FILE *to = open_memstream(&page, &size);
    if (!to || !manual_print(manual_named("man"), "1.2", to) || fclose(to) != 0)
        return -1;
    read_as_shown(page);
    return 0;
}

static int free_page(void **state)
{
    (void)state;
    free(page);
    return 0;
}

/* A paragraph about that, and after it what it means. */
static void expect(const char *about, const char *meaning)
{
    char wanted[400];
    snprintf(wanted, sizeof wanted, "\n.TP\n%s\n%s", about, meaning);
    if (!strstr(page, wanted))
        fail_msg("the page has no %s", wanted + 1);
}

static void test_options(void **state)
{
    (void)state;
    for (const struct option_row *row = option_table; row->name; row++) {
        char about[80];
        const char letter[] = {'-', row->letter, ',', ' ', '\0'};
        snprintf(about, sizeof about, "%s--%s%s%s", row->letter ? letter : "", row->name,
                 row->value ? " " : "", row->value ? row->value : "");
        char *first = strndup(row->help, strcspn(row->help, "\n"));
        expect(about, first);
        free(first);
    }
}

static void test_keys(void **state)
{
    (void)state;
    for (const struct key_row *row = key_table; row->keys; row++)
        if (row->help)
            expect(row->keys, row->help);
}

static void test_commands(void **state)
{
    size_t count;
    const struct command_entry *entries = command_index(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        char wanted[80];
        snprintf(wanted, sizeof wanted, "\n.TP\n%s ", entries[i].name);
        if (!strstr(page, wanted))
            fail_msg("the page has no %s", entries[i].name);
    }
}

/* Columns too. */
static void test_answers(void **state)
{
    (void)state;
    for (const struct command *const *c = core_commands; *c; c++) {
        char heading[80], about[80];
        snprintf(heading, sizeof heading, "\n.SS %s\n", (*c)->name);
        snprintf(about, sizeof about, "%s %s", (*c)->name, (*c)->arguments);
        assert_non_null(strstr(page, heading));
        expect(about, (*c)->brief);
        for (unsigned i = 0; i < (*c)->subject->shape->columns; i++)
            assert_non_null(strstr(page, (*c)->subject->shape->column[i].brief));
    }
}

static void test_settings(void **state)
{
    (void)state;
    for (const struct setting *setting = setting_table; setting->name; setting++) {
        char about[80];
        snprintf(about, sizeof about, "%-6s %s", setting->name, setting->values);
        expect(about, setting->brief);
    }
}

static void test_version(void **state)
{
    (void)state;
    assert_int_equal(strncmp(page, ".TH RAMWALK 1 \"\" \"ramwalk 1.2\"", 30), 0);
}

/* Every word that an option takes is in each shell's completion. */
static void test_completions(void **state)
{
    (void)state;
    for (const struct manual *manual = manual_table; manual->name; manual++) {
        char *text;
        size_t size;
        FILE *to = open_memstream(&text, &size);
        assert_true(manual_print(manual, "1.2", to));
        fclose(to);
        for (const struct command *const *c = core_commands; *c; c++)
            assert_non_null(strstr(text, (*c)->name));
        free(text);
    }
    assert_null(manual_named("tcsh"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options),     cmocka_unit_test(test_keys),
        cmocka_unit_test(test_commands),    cmocka_unit_test(test_answers),
        cmocka_unit_test(test_settings),    cmocka_unit_test(test_version),
        cmocka_unit_test(test_completions),
    };
    return cmocka_run_group_tests(tests, make_page, free_page);
}
