/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commands in a worker: they print what they print in the batch mode, are held up
 * while nobody takes it, fail with the same words, and end on request.
 */
#include "answer/job.h"
#include "answer/render.h"
#include "session/session_private.h"
#include "tests/unit/support_session.h"
#include "ui/widget/popup.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZE MIB(32)
#define RUNS 5000

/* So many runs that their lines are more than a slice: every other page. */
static int setup(void **state)
{
    (void)state;
    struct error err;
    struct tables tables;
    tables_start(&tables);
    for (uint64_t i = 0; i < RUNS; i++)
        builder_leaf(&tables.kernel, HALF + 2 * i * 4096, BASE + i * 4096, 3, KERNEL_RW);
    tables_write(&tables, SIZE);
    tables_open(NO_ROOT);
    session_settle(session, true);
    while (!session_ready(session, &err))
        session_step(session);
    return 0;
}

static struct job *start(const char *name, const char *arguments, struct sink *sink)
{
    struct error err;
    const struct command *command = command_find(name, strlen(name));
    struct job *job = job_start(session, command, arguments, sink, &err);
    if (!job)
        fail_msg("%s", err.text);
    return job;
}

/* Waits for the next slice. */
static enum job_state next(struct job *job, struct error *err)
{
    struct pollfd pipe = {job_descriptor(job), POLLIN, 0};
    assert_int_equal(poll(&pipe, 1, 60000), 1);
    return job_take(job, err);
}

/* A capture's text as the answer's sink prints it. */
static struct sink *printed(struct text_renderer *text, struct capture *come)
{
    capture_start(come, false);
    text_renderer_init(text, &come->output);
    return &text->sink;
}

static void printed_free(struct text_renderer *text, struct capture *come)
{
    text_renderer_deinit(text);
    capture_free(come);
}

static void it_prints_what_the_batch_mode_prints(void **state)
{
    (void)state;
    static const struct {
        const char *name, *arguments;
    } lines[] = {{"tables", ""},
                 {"tables", "size>4K"},
                 {"hex", "v:ffff000000000000 1000"},
                 {"info", ""},
                 {"help", ""}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct capture direct, come;
        struct text_renderer text;
        struct error err;
        char line[64];
        capture_start(&direct, false);
        snprintf(line, sizeof line, "%s %s", lines[i].name, lines[i].arguments);
        assert_true(command_line(session, line, &direct.output));
        struct job *job = start(lines[i].name, lines[i].arguments, printed(&text, &come));
        enum job_state end;
        while ((end = next(job, &err)) == JOB_RUNNING)
            ;
        assert_int_equal(end, JOB_DONE);
        assert_int_equal(come.lines, direct.lines);
        assert_string_equal(come.text, direct.text);
        job_end(job);
        capture_free(&direct);
        printed_free(&text, &come);
    }
}

static void it_fails_with_the_same_words(void **state)
{
    (void)state;
    struct capture come;
    struct text_renderer text;
    struct error err, direct;
    struct sink *sink = printed(&text, &come);
    const struct command *command = command_find("tables", 6);
    assert_false(command_run(session, command, "perm=q", &come.output, &direct));
    struct job *job = start("tables", "perm=q", sink);
    assert_int_equal(next(job, &err), JOB_FAILED);
    assert_string_equal(err.text, direct.text);
    assert_int_equal(err.column, direct.column);
    assert_int_equal(come.lines, 0);
    job_end(job);
    printed_free(&text, &come);
}

static void it_ends_when_told_to(void **state)
{
    (void)state;
    struct capture come;
    struct text_renderer text;
    struct error err;
    struct sink *sink = printed(&text, &come);
    struct job *job = start("tables", "", sink);
    assert_int_equal(next(job, &err), JOB_RUNNING);
    assert_in_range(come.lines, 1, RUNS - 1);
    job_end(job);
    job_end(start("tables", "", sink)); /* before a row was taken */
    job_end(NULL);
    printed_free(&text, &come);
}

/* What a command learns on its clone is no matter of the session, which may be gone before it. */
static void it_outlives_the_session(void **state)
{
    (void)state;
    struct capture come;
    struct text_renderer text;
    struct error err;
    struct session *other = open_session(&file, BASE, "arm64-4k-48", ROOT_PA, NO_ROOT),
                   *kept = session;
    while (!session_ready(other, &err))
        session_step(other);
    assert_true(session_set_variable(other, "place", true, address_phys(BASE), &err));
    session = other;
    struct job *job = start("hex", "$place 10", printed(&text, &come));
    session = kept;
    session_close(other);
    enum job_state end;
    while ((end = next(job, &err)) == JOB_RUNNING)
        ;
    assert_int_equal(end, JOB_DONE);
    assert_int_equal(come.lines, 1);
    job_end(job);
    printed_free(&text, &come);
}

/* What is kept is bounded, in lines and in bytes; the last line says so and the job is let go. */
static void a_popup_is_bounded(void **state)
{
    (void)state;
    struct popup *popup = popup_create("lines");
    struct error err;
    while (popup_lines(popup) < POPUP_LINES - 5)
        assert_true(popup_add(popup, "a line"));
    struct job *job = start("tables", "", popup_sink(popup, session));
    enum job_state end;
    while ((end = next(job, &err)) == JOB_RUNNING)
        ;
    assert_int_equal(end, JOB_DONE);
    job_end(job);
    assert_int_equal(popup_lines(popup), POPUP_LINES);
    assert_non_null(strstr(popup_line(popup, POPUP_LINES - 1), "more lines than are kept"));
    assert_false(popup_add(popup, "one more"));
    assert_int_equal(popup_lines(popup), POPUP_LINES);
    popup_destroy(popup);

    popup = popup_create("long lines");
    static char wide[1 << 20];
    memset(wide, 'x', sizeof wide - 1);
    size_t kept = 0;
    while (popup_add(popup, wide))
        kept++;
    assert_in_range(kept, POPUP_BYTES / sizeof wide, POPUP_BYTES / sizeof wide + 1);
    assert_non_null(strstr(popup_line(popup, kept), "more lines than are kept"));
    popup_destroy(popup);
}

/* A nonblocking session does not wait: it says what for, and answers when that is there. */
static void a_nonblocking_session_does_not_wait(void **state)
{
    (void)state;
    struct options options = {.image = file.path};
    struct error err;
    struct session *own = session_open(&options, &err);
    assert_non_null(own);
    session_set_nonblocking(own);
    const struct seeker *seeker = own->seeker;
    assert_non_null(seeker);
    assert_null(session_need(own, LINUX_TASKS, &err));
    assert_true(session_take_wanted(own));
    assert_non_null(strstr(err.text, "not known yet"));
    assert_false(session_await(own, true, &err));
    assert_false(session_ready(own, &err));
    assert_ptr_equal(own->seeker, seeker); /* nothing was taken over */
    while (!session_ready(own, &err))
        session_step(own);
    session_take_wanted(own);
    assert_true(session_await(own, true, &err));
    assert_false(session_take_wanted(own));
    session_close(own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_prints_what_the_batch_mode_prints),
        cmocka_unit_test(it_fails_with_the_same_words),
        cmocka_unit_test(it_ends_when_told_to),
        cmocka_unit_test(it_outlives_the_session),
        cmocka_unit_test(a_popup_is_bounded),
        cmocka_unit_test(a_nonblocking_session_does_not_wait),
    };
    return cmocka_run_group_tests(tests, setup, tables_teardown);
}
