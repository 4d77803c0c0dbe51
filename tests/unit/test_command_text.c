/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands print as text: no control characters, and an end on request. */
#include "answer/command.h"
#include "tests/unit/support_session.h"

#include <stdlib.h>
#include <string.h>

/* Printable ASCII, or whole UTF-8 characters that are no controls (C1: U+0080..U+009F). */
static void assert_harmless(const char *line, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        bool c1 = *c == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f;
        bool raw_c1 =
            *c >= 0x80 && *c <= 0x9f && (c == (const unsigned char *)text || c[-1] < 0x80);
        if ((*c < 0x20 && *c != '\n') || *c == 0x7f || c1 || raw_c1)
            fail_msg("%s: byte %02x in the output: %s", line, *c, text);
    }
}

static void run_text(const char *line, struct capture *capture)
{
    capture_start(capture, false);
    command_line(session, line, &capture->output);
    assert_harmless(line, capture->text);
}

static void text_carries_no_control_characters(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "hex v:ffff000000000000 100",
        "hex f:2000000 10000",
        "info",
        "tables",
        "help",
        "help tables",
        "translate v:ffff000000000000",
        "walk v:ffff000000000000",
        "walk v:ffff048000000000",
        "translate v:0001000000000000",
        "translate p:1",
        "nonsense",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct capture capture;
        run_text(lines[i], &capture);
        assert_true(capture.lines > 0);
        capture_free(&capture);
    }
}

/* What was typed comes back with the error: not as it is. */
static void errors_carry_no_control_characters(void **state)
{
    (void)state;
    static const char *const lines[] = {"translate \x1b[2Jx",
                                        "\x1b[31m",
                                        "translate v:1\x07",
                                        "tables flag=\x1b]0;x\x07 y=\x1b",
                                        "help \x9b"
                                        "31m",
                                        "translate \xc2\x9b"
                                        "31m"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct capture capture;
        run_text(lines[i], &capture);
        assert_true(capture.lines > 0);
        capture_free(&capture);
    }
}

/* A reader that has had enough stops the lister. */
static bool take_two(void *context, const char *line)
{
    (void)line;
    return ++*(int *)context < 2;
}

static void a_reader_may_stop(void **state)
{
    (void)state;
    for (int json = 0; json < 2; json++) {
        int lines = 0;
        struct output output = {.json = json, .line = take_two, .context = &lines};
        assert_true(command_line(session, "tables", &output));
        assert_int_equal(lines, 2);
        assert_true(output.stopped);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_carries_no_control_characters),
        cmocka_unit_test(errors_carry_no_control_characters),
        cmocka_unit_test(a_reader_may_stop),
    };
    return cmocka_run_group_tests_name("command text", tests, tables_sample, tables_teardown);
}
