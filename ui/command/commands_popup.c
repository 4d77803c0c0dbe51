/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the popup. */
#include "ui/command/commands_run.h"

#include <inttypes.h>
#include <stdio.h>

bool run_popup_close(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app_close_popup(app);
    return true;
}

/* To the address in the popup's line, in the process whose it is. */
bool run_popup_follow(struct app *app, const char *arguments, struct error *err)
{
    struct popup_target target;
    char expression[64];
    (void)arguments;
    if (!popup_target(app->popup, &target)) {
        app_message(app, "no address in this line");
        return true;
    }
    if (target.pid) {
        snprintf(expression, sizeof expression, "v:%" PRId32 ":%" PRIx64, target.pid,
                 target.address.value);
        return run_goto(app, expression, err);
    }
    app_close_popup(app);
    app_go(app, target.address);
    return true;
}
