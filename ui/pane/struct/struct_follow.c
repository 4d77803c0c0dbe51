/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a member leads (session/instance.h), and the list that it links. */
#include "ui/pane/struct/pane_struct.h"

#include <stdio.h>
#include <string.h>

/* A link to what is no element of the list shows as a link, and a message says why. */
static void follow_link(struct struct_pane *self, const struct lead *lead)
{
    char symbol[128] = "", key[KEYMAP_HINT];
    const char *linked = lead->linked;
    app_show_struct(self->app, lead->type, lead->address);
    bool named = owners_symbol(app_owners(self->app), lead->address.value, symbol, sizeof symbol);
    if (lead->kind == LEAD_HEAD)
        app_message(self->app, "the head of the list%s%s", named ? ": " : "", named ? symbol : "");
    else
        app_message(self->app, "of another type than %s: %s asks", linked,
                    app_hint(self->app, "walk-list", key, sizeof key));
}

bool struct_follow(struct struct_pane *self, struct error *err)
{
    struct view_row row;
    size_t i = (size_t)self->list.cursor;
    char key[KEYMAP_HINT];
    view_row(self->view, i, &row);
    struct lead lead = instance_lead(self->instance, i);
    switch (lead.kind) {
    case LEAD_HEAD:
    case LEAD_LINK:
        follow_link(self, &lead);
        break;
    case LEAD_STRUCT:
        app_show_struct(self->app, lead.type, lead.address);
        break;
    case LEAD_BYTES:
        app_go(self->app, lead.address);
        break;
    case LEAD_INSIDE:
        struct_pane_open(self, i, !row.open);
        break;
    case LEAD_UNMAPPED:
        return error_set(err, "%s: nothing is mapped where it leads", row.name);
    case LEAD_NULL:
        if (row.kind != VIEW_LIST)
            return error_set(err, "%s is NULL", row.name);
        app_message(self->app, "%s: %s", row.name, row.value);
        break;
    case LEAD_NONE:
        app_message(self->app, "%s is no pointer: %s goes to its bytes", row.name,
                    app_hint(self->app, "go-entry", key, sizeof key));
        break;
    }
    return true;
}

bool struct_walk_list(struct struct_pane *self, struct error *err)
{
    struct view_row row;
    struct linked_list list;
    size_t i = (size_t)self->list.cursor;
    char line[320], at[ADDRESS_TEXT];
    instance_list(self->instance, i, &list);
    switch (list.kind) {
    case LINKED_NONE:
        view_row(self->view, i, &row);
        return error_set(err, "%s links no list", row.name);
    case LINKED_UNTOLD:
        snprintf(line, sizeof line, "list  %s", address_text(list.address, at));
        app_ask(self->app, line, (int)strlen("list "));
        app_message(self->app, "a list of what? TYPE.MEMBER that links it");
        break;
    case LINKED_HEAD:
    case LINKED_OBJECT:
        app_show_list(self->app, list.type, list.path, list.address, list.kind == LINKED_OBJECT);
        break;
    }
    return true;
}
