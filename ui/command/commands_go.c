/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where to: addresses, marks, history. */
#include "session/expression.h"
#include "ui/command/commands_run.h"

#include <string.h>

bool command_evaluate(struct app *app, const char *text, struct address *address, struct error *err)
{
    session_set_here(app->session, app_here(app));
    return expression_eval(app->session, text, session_here(app->session).space->kind, address,
                           err);
}

bool run_goto(struct app *app, const char *arguments, struct error *err)
{
    struct address address;
    if (!command_evaluate(app, arguments, &address, err))
        return false;
    app_close_popup(app);
    app_go(app, address);
    return true;
}

bool run_reveal(struct app *app, const char *arguments, struct error *err)
{
    struct address address = app_here(app);
    if (*arguments && !command_evaluate(app, arguments, &address, err))
        return false;
    app_close_popup(app);
    app_reveal(app, address);
    return true;
}

bool run_back(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app_back(app, false);
    return true;
}

bool run_forward(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app_back(app, true);
    return true;
}

bool run_mark(struct app *app, const char *arguments, struct error *err)
{
    char letter = *arguments;
    if (letter && arguments[1] && arguments[1] != ' ')
        return error_at(err, 0, "a mark is one letter");
    struct address address = app_here(app);
    const char *rest = letter ? arguments + 1 : arguments;
    rest += strspn(rest, " ");
    if (*rest && !command_evaluate(app, rest, &address, err)) {
        err->column += err->column < 0 ? 0 : (int)(rest - arguments);
        return false;
    }
    char text[ADDRESS_TEXT];
    if (!session_set_mark(app->session, letter, address, err))
        return false;
    app_message(app, "mark '%c is %s", letter, address_text(address, text));
    return true;
}

bool run_mark_letter(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app->awaits = "mark ";
    app_message(app, "mark: a letter from a to z");
    return true;
}

/* To a mark, or by a second quote back, as in vi. */
bool run_goto_mark(struct app *app, const char *arguments, struct error *err)
{
    char letter = *arguments;
    if (!letter) {
        app->awaits = "goto-mark ";
        app_message(app, "to mark: a letter from a to z");
        return true;
    }
    if (strcmp(arguments, "'") == 0 || strcmp(arguments, "`") == 0)
        return run_back(app, "", err);
    if (arguments[1] || !session_has_mark(app->session, letter))
        return error_set(err,
                         letter > ' ' && letter < PRESS_DELETE_CHAR ? "there is no mark '%.20s"
                                                                    : "there is no such mark",
                         arguments);
    return run_goto(app, (char[]){'\'', letter, '\0'}, err);
}
