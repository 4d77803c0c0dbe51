/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the popup. */
#include "ui/command/commands_run.h"
#include "ui/command/prompt.h"

bool run_popup_close(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app_close_popup(app);
    return true;
}

bool run_popup_filter(struct app *app, const char *arguments, struct error *err)
{
    if (!*arguments) {
        prompt_open(PROMPT_FILTER, popup_filter(app->popup, NULL), -1);
        return true;
    }
    popup_filter(app->popup, arguments);
    const char *wrong = popup_wrong(app->popup);
    return !wrong || error_set(err, "%s", wrong);
}

static bool sort_rows(struct app *app, int step, struct error *err)
{
    const char *heading;
    bool inverted;
    if (!popup_sort(app->popup, step, &heading, &inverted))
        return error_set(err, "there are no rows to sort");
    app_message(app, heading ? "sorted by %s%s" : "as they come%s%s", heading ? heading : "",
                inverted ? ", reversed" : "");
    return true;
}

bool run_popup_sort_next(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments;
    return sort_rows(app, 1, err);
}

bool run_popup_sort_reverse(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments;
    return sort_rows(app, 0, err);
}

/* To the address that the popup's line is about, in the process whose it is. */
bool run_popup_follow(struct app *app, const char *arguments, struct error *err)
{
    struct address target;
    (void)arguments, (void)err;
    if (!popup_target(app->popup, &target)) {
        app_message(app, "no address in this line");
        return true;
    }
    app_close_popup(app);
    app_go(app, target);
    return true;
}
