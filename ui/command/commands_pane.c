/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pane is shown and used, and what is searched for in it. */
#include "ui/command/commands_run.h"
#include "ui/command/prompt.h"

#include <string.h>

static struct pane *focused(const struct app *app)
{
    return app->pane[app->focus];
}

bool run_pane(struct app *app, const char *arguments, struct error *err)
{
    for (size_t i = 0; pane_types[i]; i++)
        if (strcmp(pane_types[i]->name, arguments) == 0) {
            app_close_popup(app);
            app_show_pane(app, pane_types[i]);
            return true;
        }
    return error_at(err, 0, "no pane of that name: Tab shows them");
}

bool words_of_pane(struct app *app, const char *before, size_t start,
                   void (*add)(void *, const char *), void *list)
{
    (void)app, (void)before, (void)start;
    for (size_t i = 0; pane_types[i]; i++)
        add(list, pane_types[i]->name);
    return true;
}

bool run_focus(struct app *app, const char *arguments, struct error *err)
{
    int other = app_pane_in(app, !app_place_of(app, app->focus));
    if (strcmp(arguments, "next") == 0 || strcmp(arguments, "previous") == 0) {
        app_focus(app, other);
        return true;
    }
    for (int place = 0; place < LAYOUT_PANES; place++)
        if (strcmp(app->pane[app_pane_in(app, place)]->type->name, arguments) == 0) {
            app_focus(app, app_pane_in(app, place));
            return true;
        }
    return error_at(err, 0, "focus next, focus previous, or the name of a pane on screen");
}

bool words_of_focus(struct app *app, const char *before, size_t start,
                    void (*add)(void *, const char *), void *list)
{
    (void)before, (void)start;
    add(list, "next");
    add(list, "previous");
    for (int place = 0; place < LAYOUT_PANES; place++)
        add(list, app->pane[app_pane_in(app, place)]->type->name);
    return true;
}

bool run_zoom(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app->zoom = !app->zoom;
    return true;
}

/* The next of the panes that share a place. */
static void show_view(struct app *app, int step)
{
    int which = app->left;
    do
        which = (which + step + app->panes) % app->panes;
    while (app_place_of(app, which) != 0);
    if (!app->popup)
        app_show_pane(app, app->pane[which]->type);
}

bool run_next_view(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    show_view(app, 1);
    return true;
}

bool run_previous_view(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    show_view(app, -1);
    return true;
}

/* ---- in the pane ---- */

bool run_search(struct app *app, const char *arguments, struct error *err)
{
    if (!*arguments) {
        prompt_open(PROMPT_SEARCH, "", -1);
        return true;
    }
    if (!app->popup)
        return focused(app)->type->search(focused(app), arguments, false, err);
    return popup_search(app->popup, arguments, false) || error_set(err, "not found: %s", arguments);
}

static bool search_again(struct app *app, bool reverse, struct error *err)
{
    if (!app->popup)
        return focused(app)->type->search_again(focused(app), reverse, err);
    popup_search_again(app->popup, reverse);
    return true;
}

bool run_search_next(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments;
    return search_again(app, false, err);
}

bool run_search_previous(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments;
    return search_again(app, true, err);
}

bool has_filter(const struct pane_type *type)
{
    return type->filter != NULL;
}

bool run_filter(struct app *app, const char *arguments, struct error *err)
{
    (void)err;
    struct pane *pane = focused(app);
    if (*arguments)
        pane->type->filter(pane, arguments);
    else
        prompt_open(PROMPT_FILTER, pane->type->filter(pane, NULL), -1);
    return true;
}
