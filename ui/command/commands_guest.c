/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `pane`, `process` and `struct` at the prompt. */
#include "ui/command/commands_guest.h"

#include "session/expression.h"
#include "ui/command/answer.h"

#include <stdio.h>
#include <string.h>

bool run_pane(struct app *app, const char *arguments, struct error *err)
{
    for (int i = 0; i < PANES; i++)
        if (strcmp(app->pane[i]->type->name, arguments) == 0) {
            app_close_popup(app);
            app_show_pane(app, i);
            return true;
        }
    return error_at(err, 0, "no pane of that name: Tab shows them");
}

bool words_of_pane(struct app *app, const char *before, void (*add)(void *, const char *),
                   void *list)
{
    (void)before;
    for (int i = 0; i < PANES; i++)
        add(list, app->pane[i]->type->name);
    return true;
}

bool run_process(struct app *app, const char *arguments, struct error *err)
{
    if (!*arguments)
        return error_at(err, 0, "which one? process PID, process COMM, or process none");
    return app_enter_named(app, arguments, err);
}

bool words_of_process(struct app *app, const char *before, void (*add)(void *, const char *),
                      void *list)
{
    (void)app;
    if (strncmp("none", before, strlen(before)) == 0)
        add(list, "none");
    return false; /* and the processes */
}

/* The expression as a virtual address. */
static bool take_place(struct app *app, const char *text, uint64_t *va, struct error *err)
{
    struct address address;
    struct place place;
    app->session->here = app_here(app);
    bool done = expression_eval(app->session, text, SPACE_VIRT, &address, err);
    app_catch_up(app);
    if (!done)
        return false;
    session_locate(app->session, address, session_space(app->session), &place);
    *va = place.va;
    return place.has_va || error_at(err, 0, "no virtual address of that place is known");
}

bool run_struct(struct app *app, const char *arguments, struct error *err)
{
    struct btf_member what;
    const char *place;
    uint64_t va;
    struct linux_context *linux = session_need(app->session, LINUX_TYPES, err);
    if (!linux || !btf_parse(linux->btf, arguments, &what, &place, err))
        return false;
    if (!*place) {
        const struct command *core = command_find(core_commands, "struct", strlen("struct"));
        char line[300];
        snprintf(line, sizeof line, "struct %.280s", arguments);
        return answer_run(app, core, line, arguments, err);
    }
    if (!take_place(app, place, &va, err)) {
        err->column += err->column < 0 ? 0 : (int)(place - arguments);
        return false;
    }
    app_close_popup(app);
    app_show_struct(app, what.type, va + what.bit_offset / 8);
    return true;
}
