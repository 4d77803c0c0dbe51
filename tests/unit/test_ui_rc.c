/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of commands: their lines and mistakes, and keys bound anew. */
#include "ui/command/command_line.h"
#include "ui/command/keymap.h"
#include "ui/command/rc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- lines ---- */

struct lines {
    char text[400]; /* "NUMBER:LINE|" of each */
};

/* Notes a line; "wrong" is refused, and "inner" has failed in another file. */
static enum rc_line note(void *context, const char *line, size_t number, struct error *err)
{
    struct lines *lines = context;
    size_t used = strlen(lines->text);
    snprintf(lines->text + used, sizeof lines->text - used, "%zu:%s|", number, line);
    if (strncmp(line, "inner", 5) != 0 && strncmp(line, "wrong", 5) != 0)
        return RC_DONE;
    error_at(err, 3, "that is %s", line);
    return *line == 'i' ? RC_ELSEWHERE : RC_MISTAKE;
}

static struct rc_result run_bytes(const char *bytes, size_t length, struct lines *lines)
{
    struct rc_result result;
    struct rc_text text = {(char *)(uintptr_t)bytes, length};
    lines->text[0] = '\0';
    rc_run(&text, note, lines, &result);
    return result;
}

static void test_lines(void **state)
{
    static const struct {
        const char *text, *lines;
    } rows[] = {
        {"", ""},
        {"\n\n  \n\t\n", ""},
        {"set word 4", "1:set word 4|"},
        {"set word 4\n", "1:set word 4|"},
        {"# comment\n  # another\n\n  a\tb\r\nc # d\n", "4:a b|5:c # d|"},
        {"bind # help\n", "1:bind # help|"},
        {"a\nb", "1:a|2:b|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lines lines;
        struct rc_result result = run_bytes(rows[i].text, strlen(rows[i].text), &lines);
        assert_string_equal(lines.text, rows[i].lines);
        assert_int_equal(result.mistakes, 0);
    }
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        const char *sentence;
    } rows[] = {
        {"a\nwrong 1\nb\n", 12, "f:2: that is wrong 1"},
        {"wrong 1\nwrong 2\n", 16, "f:1: that is wrong 1 (and 1 more mistake)"},
        {"wrong 1\nwrong\nwrong", 19, "f:1: that is wrong 1 (and 2 more mistakes)"},
        {"a\ninner:7\nwrong\n", 16, "that is inner:7 (and 1 more mistake)"},
        {"a\n\x1b[2J\n", 7, "f:2: byte 1 of the line is a control character (1b)"},
        {"a\0b\n", 4, "f:1: byte 2 of the line is a control character (00)"},
        {"\r\r\n", 3, "f:1: byte 1 of the line is a control character (0d)"},
        {"\x7f", 1, "f:1: byte 1 of the line is a control character (7f)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lines lines;
        struct error err = {.text = ""};
        struct rc_result result = run_bytes(rows[i].text, rows[i].length, &lines);
        assert_false(rc_verdict(&result, "f", &err));
        assert_string_equal(err.text, rows[i].sentence);
        assert_int_equal(err.column, -1);
    }
}

static void test_line_length(void **state)
{
    char text[RC_LINE + 8];
    struct lines lines;
    struct error err;
    (void)state;
    memset(text, 'a', sizeof text);
    assert_int_equal(run_bytes(text, RC_LINE - 1, &lines).mistakes, 0);
    text[RC_LINE] = '\n';
    text[RC_LINE + 1] = 'b';
    struct rc_result result = run_bytes(text, RC_LINE + 2, &lines);
    assert_int_equal(result.mistakes, 1);
    assert_string_equal(lines.text, "2:b|"); /* the lines after it are run */
    assert_false(rc_verdict(&result, "f", &err));
    assert_non_null(strstr(err.text, "too long"));
}

/* ---- files ---- */

static char folder[] = "/tmp/ramwalk-rc.XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void test_paths(void **state)
{
    char path[RC_PATH], longest[RC_PATH + 8];
    (void)state;
    setenv("HOME", "/home/me", 1);
    setenv("XDG_CONFIG_HOME", "/etc/xdg", 1);
    assert_true(rc_default_path(path, sizeof path));
    assert_string_equal(path, "/etc/xdg/ramwalk/rc");
    setenv("XDG_CONFIG_HOME", "relative", 1); /* the specification: to be ignored */
    assert_true(rc_default_path(path, sizeof path));
    assert_string_equal(path, "/home/me/.config/ramwalk/rc");
    unsetenv("XDG_CONFIG_HOME");
    memset(longest, 'a', sizeof longest);
    longest[0] = '/';
    longest[sizeof longest - 1] = '\0';
    setenv("HOME", longest, 1);
    assert_false(rc_default_path(path, sizeof path));
    unsetenv("HOME");
    assert_false(rc_default_path(path, sizeof path));
}

static void write_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < size; i++)
        putc(i % 64 == 63 ? '\n' : '#', file);
    assert_int_equal(fclose(file), 0);
}

static void test_files(void **state)
{
    char path[128];
    struct rc_text text = {NULL, 0};
    struct error err;
    bool missing = false;
    (void)state;
    snprintf(path, sizeof path, "%s/rc", folder);
    assert_false(rc_read(path, &text, &missing, &err));
    assert_true(missing);
    assert_non_null(strstr(err.text, "No such file"));
    write_file(path, RC_BYTES);
    assert_true(rc_read(path, &text, &missing, &err));
    assert_int_equal(text.length, RC_BYTES);
    free(text.data);
    setenv("HOME", folder, 1);
    assert_true(rc_read("~/rc", &text, NULL, &err));
    free(text.data);
    write_file(path, RC_BYTES + 1);
    assert_false(rc_read(path, &text, &missing, &err));
    assert_false(missing);
    assert_non_null(strstr(err.text, "larger"));
    unlink(path);
    assert_false(rc_read(folder, &text, &missing, &err));
    assert_false(missing);
    assert_non_null(strstr(err.text, "directory"));
    assert_true(rc_read("/dev/null", &text, NULL, &err));
    assert_int_equal(text.length, 0);
    free(text.data);
    assert_false(rc_read("/dev/zero", &text, NULL, &err)); /* and it ends */
}

/* ---- bindings ---- */

static const char *line_of(const struct keymap *map, int key, unsigned context)
{
    const struct binding *binding = keymap_find(map, key, context);
    return binding ? binding->line : "";
}

static void test_bind(void **state)
{
    struct keymap *map = calloc(1, sizeof *map);
    struct error err = {.text = ""};
    unsigned memory = context_of(&hex_pane_type), tables = context_of(&tree_pane_type),
             structs = context_of(&struct_pane_type), list = context_of(&elements_pane_type);
    (void)state;
    assert_true(keymap_init(map, &err));
    /* Everywhere: also where panes had their own rows. */
    assert_true(keymap_bind(map, 'e', 0, "walk $here", &err));
    assert_string_equal(line_of(map, 'e', memory), "walk $here");
    assert_string_equal(line_of(map, 'e', tables), "walk $here");
    assert_string_equal(line_of(map, 'e', CONTEXT_POPUP), "walk $here");
    /* In some panes: the others keep what they had. */
    assert_true(keymap_bind(map, 'e', memory, "set order", &err));
    assert_string_equal(line_of(map, 'e', memory), "set order");
    assert_string_equal(line_of(map, 'e', tables), "walk $here");
    /* A pane's command: where panes have it. */
    assert_true(keymap_bind(map, 'e', 0, "open", &err));
    assert_string_equal(line_of(map, 'e', memory), "set order");
    assert_string_equal(line_of(map, 'e', structs), "open");
    assert_string_equal(line_of(map, 'e', list), "walk $here");
    /* q closes a popup whatever else it does, until that is asked for. */
    assert_true(keymap_bind(map, 'q', 0, "back", &err));
    assert_string_equal(line_of(map, 'q', memory), "back");
    assert_string_equal(line_of(map, 'q', CONTEXT_POPUP), "close");
    assert_true(keymap_bind(map, 'q', CONTEXT_POPUP, "help", &err));
    assert_string_equal(line_of(map, 'q', CONTEXT_POPUP), "help");
    /* The line is copied. */
    char line[] = "pause";
    assert_true(keymap_bind(map, 'X', 0, line, &err));
    memset(line, 'x', 5);
    assert_string_equal(line_of(map, 'X', memory), "pause");
    assert_true(keymap_unbind(map, 'X', tables));
    assert_string_equal(line_of(map, 'X', memory), "pause");
    assert_string_equal(line_of(map, 'X', tables), "");
    assert_false(keymap_unbind(map, 'X', tables));
    assert_true(keymap_unbind(map, 'X', CONTEXT_EVERYWHERE));
    assert_string_equal(line_of(map, 'X', memory), "");
    keymap_deinit(map);
    free(map);
}

static void test_bind_refuses(void **state)
{
    struct keymap *map = calloc(1, sizeof *map);
    struct error err = {.text = ""};
    (void)state;
    assert_true(keymap_init(map, &err));
    assert_false(keymap_bind(map, 'j', 0, "dwn", &err));
    assert_non_null(strstr(err.text, "no command \"dwn\""));
    assert_false(keymap_bind(map, 'j', 0, "wal $here", &err)); /* no abbreviations */
    assert_false(keymap_bind(map, 'j', context_of(&hex_pane_type), "open", &err));
    assert_non_null(strstr(err.text, "memory"));
    assert_string_equal(line_of(map, 'j', CONTEXT_POPUP), "down");
    /* There is an end, and the keymap is whole after it. */
    int key = 0x1000;
    while (keymap_bind(map, key, 0, "pause", &err))
        key++;
    assert_int_equal(map->count, KEYMAP_BINDINGS);
    assert_non_null(strstr(err.text, "no room"));
    assert_string_equal(line_of(map, key, CONTEXT_POPUP), "");
    assert_string_equal(line_of(map, key - 1, CONTEXT_POPUP), "pause");
    keymap_deinit(map);
    free(map);
}

static void test_hints(void **state)
{
    struct keymap *map = calloc(1, sizeof *map);
    struct error err = {.text = ""};
    char text[KEYMAP_HINT];
    unsigned memory = context_of(&hex_pane_type);
    (void)state;
    assert_true(keymap_init(map, &err));
    assert_string_equal(keymap_hint(map, "back", memory, text, sizeof text), "Backspace");
    assert_true(keymap_bind(map, PRESS_BACKSPACE, memory, "pause", &err));
    assert_string_equal(keymap_hint(map, "back", memory, text, sizeof text), "C-o");
    assert_string_equal(keymap_hint(map, "set rate", memory, text, sizeof text), ":set rate");
    keymap_deinit(map);
    free(map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_line_length),  cmocka_unit_test(test_paths),
        cmocka_unit_test(test_files),        cmocka_unit_test(test_bind),
        cmocka_unit_test(test_bind_refuses), cmocka_unit_test(test_hints),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
