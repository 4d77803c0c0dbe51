/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Most answers are complete at once: only one that has two lines, or is not complete after a
 * frame, is a popup that goes on filling.
 */
#include "ui/command/answer.h"

#include "answer/job.h"
#include "base/clock.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

enum { FRAME_MS = 16 };

/* Takes the popup away, from the screen too. */
static void drop(struct app *app, struct popup *popup)
{
    if (popup == app->popup)
        app_close_popup(app);
    else
        popup_destroy(popup);
}

static void show(struct app *app, struct popup *popup)
{
    if (popup == app->popup)
        return;
    app_close_popup(app);
    app->popup = popup;
}

/* The whole answer is there. */
static void complete(struct app *app, struct popup *popup, const char *name)
{
    size_t lines = popup_lines(popup);
    bool alone = !app->popup || app->popup == popup;
    if (lines == 0)
        app_message(app, "%s: done", name);
    else if (lines == 1 && alone)
        app_message(app, "%s", popup_line(popup, 0));
    if (lines == 0 || (lines == 1 && alone))
        drop(app, popup);
    else
        show(app, popup);
}

/* Whose the addresses of the answer are: of the process that it is about, else as v: here. */
static const struct space *space_of(struct app *app, const struct command *command,
                                    const char *arguments)
{
    struct error ignored;
    const struct space *space = command->argument == ARGUMENT_PROCESS
                                    ? session_space_named(app->session, arguments, &ignored)
                                    : NULL;
    return space ? space : session_virtual(app->session);
}

static bool run_here(struct app *app, const struct command *command, struct popup *popup,
                     const char *arguments, struct error *err)
{
    struct sink *sink = popup_sink(popup, app->session);
    bool done = sink ? query_run(app->session, command->subject, arguments, sink, err)
                     : error_set(err, "out of memory");
    if (done)
        complete(app, popup, command->name);
    else
        popup_destroy(popup);
    return done;
}

/* Nothing more is to come: the popup is on the screen, or the caller's. */
static struct popup *end(struct app *app)
{
    struct popup *popup = app->answer.popup;
    job_end(app->answer.job);
    app->answer.job = NULL;
    app->answer.popup = NULL;
    app->dirty = true;
    popup_coming(popup, -1);
    return popup;
}

/* A slice; at the end what is to be done then.  False: it failed. */
static bool take(struct app *app, struct error *err)
{
    struct answer *answer = &app->answer;
    struct popup *popup = answer->popup;
    size_t lines = popup_lines(popup);
    enum job_state state = job_take(answer->job, err);
    app->dirty = app->dirty || lines <= popup_rows(popup);
    if (state == JOB_RUNNING)
        return true;
    end(app);
    app_catch_up(app);
    if (state == JOB_FAILED)
        drop(app, popup);
    else
        complete(app, popup, answer->name);
    return state != JOB_FAILED;
}

bool answer_run(struct app *app, const struct command *command, const char *line,
                const char *arguments, struct error *err)
{
    struct answer *answer = &app->answer;
    session_set_here(app->session, app_here(app));
    if (!command->at_once && !session_ready(app->session, err))
        return false;
    struct popup *popup = popup_create(line);
    if (!popup)
        return error_set(err, "out of memory");
    popup_set_space(popup, space_of(app, command, arguments));
    if (command->at_once)
        return run_here(app, command, popup, arguments, err);
    answer_stop(app);
    struct sink *sink = popup_sink(popup, app->session);
    answer->job = sink ? job_start(app->session, command, arguments, sink, err) : NULL;
    if (!sink)
        error_set(err, "out of memory");
    if (!answer->job) {
        popup_destroy(popup);
        return false;
    }
    answer->popup = popup;
    answer->name = command->name;
    snprintf(answer->line, sizeof answer->line, "%s", line);
    answer->column = (int)(strlen(line) - strlen(arguments));
    int64_t now = clock_ms(), until = now + FRAME_MS;
    popup_coming(popup, now);
    for (; answer->job && popup_lines(popup) < 2 && now < until; now = clock_ms()) {
        struct pollfd file = {job_descriptor(answer->job), POLLIN, 0};
        if (poll(&file, 1, (int)(until - now)) > 0 && !take(app, err))
            return false;
    }
    if (answer->job)
        show(app, popup);
    return true;
}

int answer_descriptor(const struct app *app)
{
    if (app->popup && popup_is_arranging(app->popup))
        return popup_descriptor(app->popup);
    return app->answer.job ? job_descriptor(app->answer.job) : -1;
}

void answer_take(struct app *app)
{
    struct error err;
    if (app->popup && popup_is_arranging(app->popup)) {
        popup_settle(app->popup, 0);
        app->dirty = true;
        return;
    }
    if (!app->answer.job || take(app, &err))
        return;
    if (err.column >= 0)
        err.column += app->answer.column;
    app_complain(app, app->answer.line, &err);
}

bool answer_stop(struct app *app)
{
    if (!app->answer.job)
        return false;
    popup_add(app->answer.popup, "... stopped here");
    end(app);
    return true;
}
