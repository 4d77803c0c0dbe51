/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What panes and the prompt ask of the program about the Linux in the guest. */
#include "base/text.h"
#include "session/owners.h"
#include "ui/app/app_state.h"
#include "ui/command/prompt.h"
#include "ui/pane/list/list_elements.h"
#include "ui/pane/struct/pane_struct.h"

#include <string.h>

void app_show_struct(struct app *app, uint32_t type, struct address address)
{
    struct history_entry from = app_visit(app);
    struct error err;
    if (!struct_pane_show(app_pane(app, &struct_pane_type), type, address, &err)) {
        app_error(app, "%s", err.text);
        return;
    }
    app_focus(app, app_pane_number(app, &struct_pane_type));
    app_jumped(app, &from);
}

void app_show_list(struct app *app, const char *type, const char *path, struct address address,
                   bool is_object)
{
    struct history_entry from = app_visit(app);
    struct error err;
    struct pane *pane = app_pane(app, &elements_pane_type);
    if (!elements_pane_show(pane, type, path, address, is_object, &err)) {
        app_error(app, "%s", err.text);
        return;
    }
    app_focus(app, app_pane_number(app, &elements_pane_type));
    app_jumped(app, &from);
}

void app_ask(struct app *app, const char *line, int cursor)
{
    (void)app;
    prompt_open(PROMPT_COMMAND, line, cursor);
}

/* The type of the object around the cursor of the memory pane, and where it starts.  NULL: not
 * known. */
static const char *object_here(struct app *app, struct address *start)
{
    struct place place;
    if (app_focused(app)->type != &hex_pane_type)
        return NULL;
    session_locate(app->session, app_here(app), app_space(app), &place);
    return place.has_pa ? owners_object(app_owners(app), place.pa, start) : NULL;
}

void app_ask_type(struct app *app)
{
    char line[160], at[ADDRESS_TEXT];
    struct text text = TEXT_OVER(line);
    struct address start;
    const char *type = object_here(app, &start);
    if (!type) {
        app_ask(app, "struct  $here", (int)strlen("struct "));
        return;
    }
    text_add(&text, "struct %s", type);
    size_t end = text.length;
    text_add(&text, " %s", address_text(start, at));
    app_ask(app, line, (int)end);
}

const struct space *app_space(const struct app *app)
{
    const struct pane *pane = app_focused(app);
    if (!pane->type->space)
        pane = app_pane(app, &hex_pane_type);
    return pane->type->space(pane);
}

void app_use(struct app *app, const struct space *space)
{
    for (int i = 0; i < app->panes; i++)
        if (app->pane[i]->type->use)
            app->pane[i]->type->use(app->pane[i], space);
    owners_forget(app->owners);
    app->dirty = true;
}

/* The first page that the process has mapped: its first mapping may not have been touched yet. */
static bool first_mapped(struct app *app, struct address *address)
{
    uint64_t pa, to;
    if (session_translate(app->session, *address, &pa))
        return true;
    bool found = session_skip_within(app->session, *address, false, true, &to) == SKIP_FOUND;
    address->value = to;
    return found && !space_is_shared(address->space, to);
}

void app_open_process(struct app *app, const struct space *space)
{
    struct history_entry from = app_visit(app);
    struct error ignored;
    app_use(app, space);
    app_message(app, "%s (%d): v: is its user half now", space->process.comm, space->process.pid);
    struct pane *tables = app_pane(app, &tree_pane_type), *memory = app_pane(app, &hex_pane_type);
    struct address first = address_in(memory->type->space(memory), 0);
    if (!first_mapped(app, &first))
        return;
    tables->type->go(tables, first, &ignored);
    memory->type->go(memory, first, &ignored);
    app_focus(app, app_pane_number(app, &tree_pane_type));
    app_focus(app, app_pane_number(app, &hex_pane_type));
    app_jumped(app, &from);
}

static void tell_fate(struct app *app, const struct space *before, enum space_fate fate)
{
    const struct space_process *process = &before->process;
    if (fate == SPACE_EXECUTED)
        app_message(app, "%s (%d) has executed another program: v: is its new user half",
                    process->comm, process->pid);
    else if (fate == SPACE_ENDED)
        app_error(app, "%s (%d) has ended: v: is the kernel's half alone", process->comm,
                  process->pid);
}

void app_watch_processes(struct app *app)
{
    for (int i = 0; i < app->panes; i++) {
        struct pane *pane = app->pane[i];
        const struct space *before = pane->type->space ? pane->type->space(pane) : NULL, *now;
        if (!before)
            continue;
        enum space_fate fate = session_fate(app->session, before, &now);
        if (now == before)
            continue;
        tell_fate(app, before, fate);
        pane->type->use(pane, now);
        app->dirty = true;
    }
}

static bool leave_process(struct app *app, struct error *err)
{
    struct session *session = app->session;
    const struct space *kernel = session_kernel_space(session);
    struct history_entry from = app_visit(app);
    if (!session_set_paging(session, NULL, kernel->roots.kernel_pa, NO_ROOT, err))
        return false;
    app_facts_changed(app);
    app_use(app, session_kernel_space(session));
    app_jumped(app, &from);
    app_message(app, "no process: v: is the kernel's half alone");
    return true;
}

bool app_enter_named(struct app *app, const char *name, struct error *err)
{
    if (strcmp(name, "none") == 0)
        return leave_process(app, err);
    const struct space *space = session_space_named(app->session, name, err);
    if (!space)
        return false;
    app_close_popup(app);
    app_open_process(app, space);
    return true;
}
