/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The elements of one list of the kernel: where each is, and what distinguishes it from the others.
 */
#include "ui/pane/list/list_elements.h"
#include "answer/subjects.h"
#include "ui/pane/list/list_pane.h"

#include <stdio.h>

struct elements {
    bool asked; /* type, path, ... say which list */
    char type[128], path[256];
    struct address address;
    bool is_object;
};

static const struct elements *state_of(const struct list_pane *list)
{
    return list->state;
}

static bool ask(struct list_pane *list, struct list_question *question, struct error *why)
{
    const struct elements *self = state_of(list);
    char at[ADDRESS_TEXT];
    if (!session_knows(list->session, LINUX_TYPES, why))
        return false;
    if (!self->asked)
        return error_set(why, "L on a member of a struct that links a list shows it here");
    question->subject = &subject_elements;
    snprintf(question->arguments, sizeof question->arguments, "%s %s.%s %s",
             self->is_object ? "object" : "head", self->type, self->path,
             address_text(self->address, at));
    return true;
}

static bool follow(struct list_pane *list, size_t row, struct error *err)
{
    if (!session_knows(list->session, LINUX_TYPES, err))
        return false;
    app_show_struct(list->app, session_type(list->session, state_of(list)->type),
                    list_pane_address(list, row, "virt"));
    return true;
}

static bool show_struct(struct pane *pane, const struct pane_call *call)
{
    size_t row;
    struct list_pane *list = list_pane_call(pane, call, &row);
    return list && follow(list, row, call->err);
}

static const struct pane_command commands[] = {
    {"show-struct", "", "this element as a struct", show_struct, 0, true},
    {NULL, NULL, NULL, NULL, 0, false},
};

static const struct list_kind kind = {
    .title = "List",
    .state_size = sizeof(struct elements),
    .ask = ask,
    .follow = follow,
};

static struct pane *create(struct app *app, struct session *session)
{
    return list_pane_create(&elements_pane_type, &kind, app, session);
}

const struct pane_type elements_pane_type = {
    .name = "list", .create = create, .commands = commands, LIST_PANE_OPERATIONS};

bool elements_pane_show(struct pane *pane, const char *type, const char *path,
                        struct address address, bool is_object, struct error *err)
{
    struct list_pane *list = (struct list_pane *)(void *)pane;
    struct elements *self = list->state;
    self->asked = true;
    snprintf(self->type, sizeof self->type, "%s", type);
    snprintf(self->path, sizeof self->path, "%s", path);
    self->address = address;
    self->is_object = is_object;
    list_pane_filter(pane, "");
    scroll_to(&list->view.scroll, 0);
    list_pane_forget(list);
    list->view.seeking = false;
    list_pane_reload(list);
    if (!list->view.browser)
        *err = list->why;
    return list->view.browser || list->asked;
}
