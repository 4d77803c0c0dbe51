/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pane is shown and used, and what is searched for in it. */
#include "ui/command/commands_run.h"
#include "ui/command/prompt.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The type of that name (of `length` bytes).  NULL: none. */
static const struct pane_type *type_named(const char *name, size_t length)
{
    for (size_t i = 0; pane_types[i]; i++)
        if (strlen(pane_types[i]->name) == length && memcmp(pane_types[i]->name, name, length) == 0)
            return pane_types[i];
    return NULL;
}

static void add_names(void (*add)(void *, const char *), void *list)
{
    for (size_t i = 0; pane_types[i]; i++)
        add(list, pane_types[i]->name);
}

bool run_pane(struct app *app, const char *arguments, struct error *err)
{
    const struct pane_type *type = type_named(arguments, strlen(arguments));
    if (!type)
        return error_at(err, 0, "no pane of that name: Tab shows them");
    app_close_popup(app);
    app_show_pane(app, type);
    return true;
}

bool words_of_pane(struct app *app, const char *before, size_t start,
                   void (*add)(void *, const char *), void *list)
{
    (void)app, (void)before, (void)start;
    add_names(add, list);
    return true;
}

/* The n-th leaf on the screen, from 1; LAYOUT_NONE: there are fewer. */
static int leaf_numbered(const struct layout *layout, const char *number)
{
    char *end;
    unsigned long n = strtoul(number, &end, 10);
    if (!isdigit((unsigned char)*number) || *end || n < 1 ||
        n > (unsigned long)layout_leaves(layout))
        return LAYOUT_NONE;
    int leaf = layout_first(layout);
    while (--n)
        leaf = layout_step(layout, leaf, 1);
    return leaf;
}

bool run_focus(struct app *app, const char *arguments, struct error *err)
{
    struct layout *layout = &app->layout;
    const struct pane_type *type = type_named(arguments, strlen(arguments));
    int leaf = leaf_numbered(layout, arguments);
    if (strcmp(arguments, "next") == 0 || strcmp(arguments, "previous") == 0)
        leaf = layout_step(layout, layout->focus, *arguments == 'n' ? 1 : -1);
    else if (type)
        leaf = layout_leaf_of(layout, app_pane_number(app, type));
    if (leaf == LAYOUT_NONE)
        return error_at(err, 0,
                        type ? "that pane is not on the screen: pane %s shows it"
                             : "focus next, previous, a pane on the screen or its number",
                        arguments);
    layout_focus(layout, leaf);
    return true;
}

bool words_of_focus(struct app *app, const char *before, size_t start,
                    void (*add)(void *, const char *), void *list)
{
    const struct layout *layout = &app->layout;
    int leaf = layout_first(layout);
    (void)before, (void)start;
    add(list, "next");
    add(list, "previous");
    for (int i = layout_leaves(layout); i > 0; i--, leaf = layout_step(layout, leaf, 1))
        add(list, app->pane[layout->node[leaf].pane]->type->name);
    return true;
}

bool run_zoom(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    layout_zoom(&app->layout, !app->layout.zoom);
    return true;
}

/* "[right|below] [PANE]": the direction, and what follows it. */
static enum layout_direction take_direction(const char **rest)
{
    static const struct {
        const char *name;
        enum layout_direction direction;
    } directions[] = {{"right", LAYOUT_RIGHT}, {"below", LAYOUT_BELOW}};
    size_t length = strcspn(*rest, " ");
    for (size_t i = 0; i < sizeof directions / sizeof *directions; i++)
        if (strlen(directions[i].name) == length &&
            memcmp(*rest, directions[i].name, length) == 0) {
            *rest += length + strspn(*rest + length, " ");
            return directions[i].direction;
        }
    return LAYOUT_AUTO;
}

bool run_split(struct app *app, const char *arguments, struct error *err)
{
    const char *name = arguments;
    enum layout_direction direction = take_direction(&name);
    const struct pane_type *type = *name ? type_named(name, strlen(name)) : app_focused(app)->type;
    if (!type)
        return error_at(err, (int)(name - arguments),
                        "split, split right or split below, and the name of a pane");
    app_close_popup(app);
    return app_split(app, type, direction, err);
}

bool words_of_split(struct app *app, const char *before, size_t start,
                    void (*add)(void *, const char *), void *list)
{
    (void)app, (void)start;
    if (!strchr(before, ' ')) {
        add(list, "right");
        add(list, "below");
    }
    add_names(add, list);
    return true;
}

bool run_close_pane(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments;
    return layout_close(&app->layout, app->layout.focus) ||
           error_set(err, "that is the only pane on the screen");
}

bool run_only(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    layout_only(&app->layout);
    return true;
}

/* Without an argument: the pane that was used before this one, or none any longer. */
static const struct pane_type *usual_leader(const struct app *app)
{
    const struct layout *layout = &app->layout;
    int found = LAYOUT_NONE, leaf = layout_first(layout);
    if (app_leader(app, app_focus_number(app)))
        return NULL;
    for (int i = layout_leaves(layout); i > 0; i--, leaf = layout_step(layout, leaf, 1))
        if (leaf != layout->focus &&
            (found == LAYOUT_NONE || layout->node[leaf].focused > layout->node[found].focused))
            found = leaf;
    return found == LAYOUT_NONE ? NULL : app->pane[layout->node[found].pane]->type;
}

bool run_follow_cursor(struct app *app, const char *arguments, struct error *err)
{
    const struct pane_type *type =
        *arguments ? type_named(arguments, strlen(arguments)) : usual_leader(app);
    if (*arguments && !type && strcmp(arguments, "off") != 0)
        return error_at(err, 0, "follow-cursor and the name of another pane, or off");
    if (!app_set_leader(app, type, err))
        return false;
    app_message(app, "%s follows %s", app_focused(app)->type->name,
                type ? type->name : "no other pane");
    return true;
}

bool words_of_follow_cursor(struct app *app, const char *before, size_t start,
                            void (*add)(void *, const char *), void *list)
{
    add(list, "off");
    return words_of_pane(app, before, start, add, list);
}

bool run_next_view(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    if (!app->popup)
        app_next_view(app, 1);
    return true;
}

bool run_previous_view(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    if (!app->popup)
        app_next_view(app, -1);
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
        return app_focused(app)->type->search(app_focused(app), arguments, false, err);
    return popup_search(app->popup, arguments, false) || error_set(err, "not found: %s", arguments);
}

static bool search_again(struct app *app, bool reverse, struct error *err)
{
    if (!app->popup)
        return app_focused(app)->type->search_again(app_focused(app), reverse, err);
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
    struct pane *pane = app_focused(app);
    if (*arguments)
        pane->type->filter(pane, arguments);
    else
        prompt_open(PROMPT_FILTER, pane->type->filter(pane, NULL), -1);
    return true;
}
