/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What panes and the prompt ask of the program about the Linux in the guest. */
#include "base/text.h"
#include "ui/app/app_state.h"
#include "ui/command/prompt.h"
#include "ui/pane/hex/owners.h"
#include "ui/pane/list/list_elements.h"
#include "ui/pane/struct/pane_struct.h"

#include <string.h>

void app_show_struct(struct app *app, uint32_t type, uint64_t va)
{
    struct history_entry from = app_visit(app);
    struct error err;
    if (!struct_pane_show(app_pane(app, &struct_pane_type), type, va, &err)) {
        app_error(app, "%s", err.text);
        return;
    }
    app_focus(app, app_pane_number(app, &struct_pane_type));
    app_jumped(app, &from);
}

void app_show_list(struct app *app, const char *type, const char *path, uint64_t va, bool is_object)
{
    struct history_entry from = app_visit(app);
    struct error err;
    if (!elements_pane_show(app_pane(app, &elements_pane_type), type, path, va, is_object, &err)) {
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

/* The object around the cursor of the memory pane, and its type.  False: not known. */
static bool object_here(struct app *app, struct slab_object *object, const char **type)
{
    struct linux_context *linux = session_linux(app->session);
    struct place place;
    if (app->pane[app->focus]->type != &hex_pane_type || !linux || !linux->btf)
        return false;
    session_locate(app->session, app_here(app), session_space(app->session), &place);
    if (!place.has_pa || !owners_object(app_owners(app), place.pa, object))
        return false;
    *type = slab_type(linux->btf, object);
    return *type != NULL;
}

void app_ask_type(struct app *app)
{
    char line[160];
    struct text text = TEXT_OVER(line);
    struct slab_object object;
    const char *type;
    if (!object_here(app, &object, &type)) {
        app_ask(app, "struct  $here", (int)strlen("struct "));
        return;
    }
    text_add(&text, "struct %s", type);
    size_t end = text.length;
    text_add(&text, " v:%llx", (unsigned long long)object.va);
    app_ask(app, line, (int)end);
}

bool app_enter(struct app *app, const struct task *task)
{
    struct error err;
    if (!session_enter(app->session, task, &err)) {
        app_error(app, "%s", err.text);
        return false;
    }
    app_facts_changed(app);
    return true;
}

/* The first page that the process has mapped: its first mapping may not have been touched yet. */
static bool first_mapped(struct app *app, uint64_t *va)
{
    struct address first = address_in(session_space(app->session), 0);
    uint64_t pa;
    *va = 0;
    if (session_translate(app->session, first, &pa))
        return true;
    return session_skip(app->session, first, false, va) && !(*va >> 63);
}

void app_open_process(struct app *app, const struct task *task)
{
    struct history_entry from = app_visit(app);
    struct task kept = *task;
    struct error ignored;
    uint64_t va;
    if (!app_enter(app, &kept))
        return;
    app_message(app, "%s (%d): v: is its user half now", kept.comm, kept.pid);
    if (!first_mapped(app, &va))
        return;
    struct pane *tables = app_pane(app, &tree_pane_type), *memory = app_pane(app, &hex_pane_type);
    tables->type->go(tables, address_in(session_space(app->session), va), &ignored);
    memory->type->go(memory, address_in(session_space(app->session), va), &ignored);
    app_focus(app, app_pane_number(app, &tree_pane_type));
    app_focus(app, app_pane_number(app, &hex_pane_type));
    app_jumped(app, &from);
}

void app_tell_process(struct app *app)
{
    const struct task *now = session_process(app->session);
    struct task before = app->process;
    app->process = now ? *now : (struct task){0};
    if (!now || now->va != before.va || now->mm == before.mm)
        return;
    if (now->mm)
        app_message(app, "%s (%d) has executed another program: v: is its new user half",
                    before.comm, now->pid);
    else
        app_error(app, "%s (%d) has ended: v: is the kernel's half alone", now->comm, now->pid);
}

static bool leave_process(struct app *app, struct error *err)
{
    struct session *session = app->session;
    struct history_entry from = app_visit(app);
    session->process = (struct task){0};
    if (!session_set_paging(session, NULL, session_space(session)->roots.kernel_pa, NO_ROOT, err))
        return false;
    app_facts_changed(app);
    app_jumped(app, &from);
    app_message(app, "no process: v: is the kernel's half alone");
    return true;
}

bool app_enter_named(struct app *app, const char *name, struct error *err)
{
    if (strcmp(name, "none") == 0)
        return leave_process(app, err);
    const struct task *task = session_task(app->session, name, err);
    if (!task)
        return false;
    app_close_popup(app);
    app_open_process(app, task);
    return true;
}
