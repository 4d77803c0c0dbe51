/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is set of the guest by hand, whose memory is shown, and as what. */
#include "session/expression.h"
#include "session/guest.h"
#include "ui/command/answer.h"
#include "ui/command/commands_run.h"

#include <stdio.h>
#include <string.h>

static bool change_paging(struct app *app, const struct paging *paging, uint64_t root_pa,
                          uint64_t user_pa, struct error *err)
{
    struct history_entry from = app_visit(app);
    if (!session_set_paging(app->session, paging, root_pa, user_pa, err))
        return false;
    app_facts_changed(app);
    app_use(app, session_space(app->session));
    app_jumped(app, &from);
    return true;
}

bool run_paging(struct app *app, const char *arguments, struct error *err)
{
    const struct paging *paging = session_paging_named(arguments);
    struct roots roots = session_space(app->session)->roots;
    if (!paging)
        return error_at(err, 0, "no paging mode of that name: Tab shows them");
    return change_paging(app, paging, roots.kernel_pa, roots.user_pa, err);
}

/* The expression as a physical address: "none", p:, or anything that has one. */
static bool root_of(struct app *app, const char *text, uint64_t *pa, struct error *err)
{
    struct address address;
    struct place place;
    *pa = NO_ROOT;
    if (strcmp(text, "none") == 0)
        return true;
    session_set_here(app->session, app_here(app));
    if (!expression_eval(app->session, text, SPACE_PHYS, &address, err))
        return false;
    session_locate(app->session, address, app_space(app), &place);
    *pa = place.pa;
    return place.has_pa || error_at(err, 0, "that has no physical address");
}

bool run_root(struct app *app, const char *arguments, struct error *err)
{
    uint64_t pa;
    return root_of(app, arguments, &pa, err) &&
           change_paging(app, NULL, pa, session_space(app->session)->roots.user_pa, err);
}

bool run_root_user(struct app *app, const char *arguments, struct error *err)
{
    uint64_t pa;
    return root_of(app, arguments, &pa, err) &&
           change_paging(app, NULL, session_space(app->session)->roots.kernel_pa, pa, err);
}

bool words_of_paging(struct app *app, const char *before, size_t start,
                     void (*add)(void *, const char *), void *list)
{
    (void)app, (void)before, (void)start;
    const char *name;
    for (size_t i = 0; (name = session_paging_name(i)); i++)
        add(list, name);
    return true;
}

bool run_process(struct app *app, const char *arguments, struct error *err)
{
    if (!*arguments)
        return error_at(err, 0, "no process given: process PID, process COMM, or process none");
    return app_enter_named(app, arguments, err);
}

bool words_of_process(struct app *app, const char *before, size_t start,
                      void (*add)(void *, const char *), void *list)
{
    (void)app, (void)start;
    if (strncmp("none", before, strlen(before)) == 0)
        add(list, "none");
    return false; /* and the processes */
}

/* The expression as a virtual address. */
static bool take_place(struct app *app, const char *text, struct address *address,
                       struct error *err)
{
    struct place place;
    session_set_here(app->session, app_here(app));
    if (!expression_eval(app->session, text, SPACE_VIRT, address, err))
        return false;
    session_locate(app->session, *address, app_space(app), &place);
    *address = place_virtual(&place);
    return place.has_va || error_at(err, 0, "no virtual address of that place is known");
}

bool run_struct(struct app *app, const char *arguments, struct error *err)
{
    uint32_t type;
    uint64_t offset;
    const char *place;
    struct address address;
    if (!session_parse_type(app->session, arguments, &type, &offset, &place, err))
        return false;
    if (!*place) {
        const struct command *core = command_find("struct", strlen("struct"));
        char line[300];
        snprintf(line, sizeof line, "struct %.280s", arguments);
        return answer_run(app, core, line, arguments, err);
    }
    if (!take_place(app, place, &address, err)) {
        err->column += err->column < 0 ? 0 : (int)(place - arguments);
        return false;
    }
    app_close_popup(app);
    address.value += offset;
    app_show_struct(app, type, address);
    return true;
}

bool run_ask_type(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app_ask_type(app);
    return true;
}
