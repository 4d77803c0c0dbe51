/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program as a whole: help, the prompt, the screen, the end. */
#include "ui/command/answer.h"
#include "ui/command/command_line.h"
#include "ui/command/commands_run.h"
#include "ui/command/help.h"
#include "ui/command/prompt.h"

#include <stdio.h>
#include <string.h>

bool run_quit(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app->leave = true;
    return true;
}

bool run_help(struct app *app, const char *arguments, struct error *err)
{
    struct popup *popup = help_popup(&app->keymap, command_context(app), arguments, err);
    if (!popup)
        return false;
    app_close_popup(app);
    app->popup = popup;
    return true;
}

bool run_pause(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app->settings.live = !app->settings.live;
    app_message(app, app->settings.live ? "live: following the guest's changes"
                                        : "paused: what is on screen stays until it is moved");
    return true;
}

bool run_copy(struct app *app, const char *arguments, struct error *err)
{
    char text[ADDRESS_TEXT];
    (void)arguments, (void)err;
    screen_copy(address_text(app_here(app), text));
    app_message(app, "copied %s", text);
    return true;
}

bool run_redraw(struct app *app, const char *arguments, struct error *err)
{
    (void)app, (void)arguments, (void)err;
    screen_redraw();
    return true;
}

bool run_refresh(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app->owners_ms = 0;
    app_refresh(app);
    return true;
}

bool run_suspend(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app_suspend(app);
    return true;
}

/* The innermost of what goes on ends first. */
bool run_cancel(struct app *app, const char *arguments, struct error *err)
{
    struct pane *pane = app_focused(app);
    (void)arguments, (void)err;
    app->message.text[0] = '\0';
    if (app->held[0] || postponed_next(&app->postponed)) {
        app->held[0] = '\0';
        postponed_clear(&app->postponed);
        return true;
    }
    if ((app->popup && popup_cancel(app->popup)) || answer_stop(app))
        return true;
    else if (app->popup)
        app_close_popup(app);
    else if (pane->type->cancel)
        pane->type->cancel(pane);
    return true;
}

/* TEXT in quotes keeps its last blanks, and AGAIN may follow it; without quotes it is all. */
bool run_prompt(struct app *app, const char *arguments, struct error *err)
{
    char text[sizeof app->again];
    const char *again = "";
    bool quoted = *arguments == '"';
    size_t length = quoted ? strcspn(arguments + 1, "\"") : strlen(arguments);
    if (quoted && arguments[1 + length] != '"')
        return error_at(err, 0, "the quote is not closed");
    if (quoted)
        again = arguments + length + 2 + strspn(arguments + length + 2, " ");
    if (length >= sizeof text || strlen(again) >= sizeof app->again)
        return error_at(err, 0, "too long: at most %zu bytes", sizeof text - 1);
    snprintf(text, sizeof text, "%.*s", (int)length, arguments + quoted);
    prompt_open(PROMPT_COMMAND, text, -1);
    snprintf(app->again, sizeof app->again, "%s", again);
    app->again_state = *again && app->key ? AGAIN_OPENED : AGAIN_NONE;
    app->again_key = app->key;
    return true;
}
