/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What words can be completed to in real guests: RAMWALK_GUESTS names their folder. */
#include "session/handles.h"
#include "tests/unit/guest_truth.h"
#include "ui/command/complete.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Words offered that readline would keep: those that begin with what is typed of the word. */
struct offered {
    const char *typed, *wanted;
    size_t words, symbols;
    bool has_wanted;
};

static void note(void *context, const char *word)
{
    struct offered *offered = context;
    if (strncmp(word, offered->typed, strlen(offered->typed)) != 0)
        return;
    offered->words++;
    offered->symbols += !strchr("$'", *word);
    offered->has_wanted = offered->has_wanted || strcmp(word, offered->wanted) == 0;
}

static struct offered complete(struct app *app, const char *line, size_t start, const char *wanted)
{
    struct offered offered = {.typed = line + start, .wanted = wanted};
    complete_line(app, line, start, note, &offered);
    return offered;
}

static void check(struct guest_truth *linux)
{
    static const char *const expressions[] = {"goto ", "struct task_struct ", "list module.list ",
                                              "walk "};
    struct pane memory = {&hex_pane_type};
    struct app app = {.session = linux->session, .pane = {&memory}, .panes = 1};
    struct error err;
    assert_non_null(session_need(app.session, LINUX_SYMBOLS, &err));
    assert_non_null(session_need(app.session, LINUX_TASKS, &err));
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++) {
        struct offered all = complete(&app, expressions[i], strlen(expressions[i]), "$here");
        assert_true(all.has_wanted);
        assert_true(all.symbols > 100);
    }
    assert_true(complete(&app, "", 0, "walk").symbols < 100);
    /* A name of a process that has a sign in it at which words end. */
    struct offered name = complete(&app, "goto v:gt-a", strlen("goto v:gt-"), "alpha:");
    assert_true(name.has_wanted);
    assert_int_equal(name.words, 1);
    assert_true(complete(&app, "process gt-a", strlen("process gt-"), "alpha").has_wanted);
    assert_true(complete(&app, "goto v:schedul", strlen("goto v:"), "schedule").has_wanted);
}

static void test_guests(void **state)
{
    (void)state;
    if (!guest_truth_each(check))
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_guests)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
