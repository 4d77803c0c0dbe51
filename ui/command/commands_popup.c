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

/* To the address in the popup's line, in the process that the answer is about. */
bool run_popup_follow(struct app *app, const char *arguments, struct error *err)
{
    struct address address;
    char expression[64];
    int32_t pid = popup_process(app->popup);
    (void)arguments;
    if (!popup_address(app->popup, session_space(app->session), &address)) {
        app_message(app, "no address in this line");
        return true;
    }
    if (pid && address_is_virtual(address)) {
        snprintf(expression, sizeof expression, "v:%" PRId32 ":%" PRIx64, pid, address.value);
        return run_goto(app, expression, err);
    }
    app_close_popup(app);
    app_go(app, address);
    return true;
}
