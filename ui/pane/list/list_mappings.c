/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a process has mapped; without one, the regions of the kernel's address space. */
#include "answer/subjects.h"
#include "ui/pane/list/list_pane.h"

#include <inttypes.h>
#include <stdio.h>

enum { LIVE_MS = 1000 };

struct mappings {
    const struct space *space; /* NULL: the session says */
};

static const struct space *space_of(const struct list_pane *list)
{
    const struct space *space = ((const struct mappings *)list->state)->space;
    return space ? space : session_space(list->session);
}

static bool ask(struct list_pane *list, struct list_question *question, struct error *why)
{
    struct mappings *self = list->state;
    /* Those of a kernel that was left are no more. */
    if (space_kernel(space_of(list)) != session_kernel_space(list->session))
        self->space = NULL;
    const struct space *space = space_of(list);
    const struct space_process *process = &space->process;
    if (space_has_ended(space))
        return error_set(why, "%s (%d) has ended, and its mappings with it", process->comm,
                         process->pid);
    question->subject = process->pid ? command_vmas.subject : command_regions.subject;
    if (process->pid)
        snprintf(question->arguments, sizeof question->arguments, "%" PRId32, process->pid);
    return session_knows(list->session, process->pid ? LINUX_TASKS : LINUX_REGIONS, why);
}

static struct address address(const struct list_pane *list, size_t row)
{
    return address_in(space_of(list), list_pane_address(list, row, "start").value);
}

static bool show_struct(struct pane *pane, const struct pane_call *call)
{
    size_t row;
    struct list_pane *list = list_pane_call(pane, call, &row);
    if (!list)
        return false;
    if (!list_pane_cell(list, row, "vma"))
        return error_set(call->err, "a region of the kernel has no vm_area_struct");
    if (!session_knows(list->session, LINUX_TASKS, call->err))
        return false;
    app_show_struct(list->app, session_type(list->session, "vm_area_struct"),
                    list_pane_address(list, row, "vma"));
    return true;
}

static const struct pane_command commands[] = {
    {"show-struct", "", "its vm_area_struct", show_struct, 0, true},
    {NULL, NULL, NULL, NULL, 0, false},
};

static void caption(const struct list_pane *list, struct text *text)
{
    const struct space_process *process = &space_of(list)->process;
    if (process->pid)
        text_add(text, " of %s (%" PRId32 ")", process->comm, process->pid);
    else
        text_add(text, " of the kernel");
}

static const struct list_kind kind = {
    .title = "Mappings",
    .sort = "start",
    .state_size = sizeof(struct mappings),
    .live_ms = LIVE_MS,
    .ask = ask,
    .address = address,
    .caption = caption,
};

static struct pane *create(struct app *app, struct session *session)
{
    return list_pane_create(&mappings_pane_type, &kind, app, session);
}

static const struct space *space(const struct pane *pane)
{
    return space_of((const struct list_pane *)(const void *)pane);
}

static void use(struct pane *pane, const struct space *space)
{
    struct list_pane *list = (struct list_pane *)(void *)pane;
    struct mappings *self = list->state;
    self->space = space;
    list_pane_facts_changed(pane);
}

const struct pane_type mappings_pane_type = {
    .name = "mappings",
    .create = create,
    .commands = commands,
    .space = space,
    .use = use,
    LIST_PANE_OPERATIONS,
};
