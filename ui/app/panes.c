/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which panes there are, which of them are on the screen and where, and which follow others.  A
 * pane that loses its place keeps its state, and takes it along when it is shown again; so the
 * number of a pane always means the same one.
 */
#include "ui/app/app_state.h"

#include "base/clock.h"

#include <assert.h>

struct pane *app_focused(const struct app *app)
{
    return app->pane[app_focus_number(app)];
}

int app_focus_number(const struct app *app)
{
    return app->layout.node[app->layout.focus].pane;
}

static bool is_shown(const struct app *app, int which)
{
    return layout_leaf_of(&app->layout, which) != LAYOUT_NONE;
}

/* ---- panes ---- */

/* Another pane of a type; its number, or -1: no memory, or no room for more. */
static int create_pane(struct app *app, const struct pane_type *type)
{
    if (app->panes == APP_PANES)
        return -1;
    struct pane *pane = type->create(app, app->session);
    if (!pane)
        return -1;
    app->pane[app->panes] = pane;
    app->follow[app->panes] = (struct follow){.leader = -1};
    return app->panes++;
}

bool app_create_panes(struct app *app)
{
    for (size_t i = 0; pane_types[i]; i++)
        if (create_pane(app, pane_types[i]) < 0)
            return false;
    /* Memory to the right or below, and a place for all others. */
    layout_init(&app->layout, app_pane_number(app, &hex_pane_type));
    layout_focus(&app->layout, app->layout.root);
    return layout_split(&app->layout, app->layout.root, LAYOUT_AUTO, layout_first_two, true,
                        app_pane_number(app, pane_types[0])) != LAYOUT_NONE;
}

/* One that is moved by another is taken last, one that is not on the screen after those that are;
 * of equal ones that which was used last. */
static unsigned worth(const struct app *app, int which)
{
    int leaf = layout_leaf_of(&app->layout, which);
    unsigned shown = leaf == LAYOUT_NONE ? 0 : 1 + app->layout.node[leaf].focused;
    return which == app_focus_number(app) ? ~0u : app->follow[which].leader >= 0 ? 0 : shown;
}

int app_pane_number(const struct app *app, const struct pane_type *type)
{
    int found = -1;
    for (int i = 0; i < app->panes; i++)
        if (app->pane[i]->type == type && (found < 0 || worth(app, i) > worth(app, found)))
            found = i;
    assert(found >= 0);
    return found;
}

struct pane *app_pane(const struct app *app, const struct pane_type *type)
{
    return app->pane[app_pane_number(app, type)];
}

/* ---- places ---- */

/* The leaf whose pane gives way to others: the one used last of those that may. */
static int shared_place(const struct app *app)
{
    const struct layout *layout = &app->layout;
    int found = LAYOUT_NONE, leaf = layout_first(layout);
    for (int i = layout_leaves(layout); i > 0; i--, leaf = layout_step(layout, leaf, 1)) {
        if (app->pane[layout->node[leaf].pane]->type->keeps_place)
            continue;
        if (found == LAYOUT_NONE || layout->node[leaf].focused > layout->node[found].focused)
            found = leaf;
    }
    return found;
}

/* The leaf for a pane that has none: the shared place, or another beside all others. */
static int make_place(struct app *app, int which)
{
    bool keeps = app->pane[which]->type->keeps_place;
    int leaf = keeps ? LAYOUT_NONE : shared_place(app);
    if (leaf == LAYOUT_NONE)
        leaf = layout_split(&app->layout, app->layout.root, LAYOUT_AUTO, layout_first_two, !keeps,
                            which);
    return leaf == LAYOUT_NONE ? app->layout.focus : leaf;
}

static void refresh(struct app *app, int which)
{
    struct pane *pane = app->pane[which];
    if (pane->type->refresh)
        pane->type->refresh(pane, clock_ms());
}

void app_focus(struct app *app, int which)
{
    int leaf = layout_leaf_of(&app->layout, which);
    bool appears = leaf == LAYOUT_NONE;
    if (appears) {
        leaf = make_place(app, which);
        layout_put(&app->layout, leaf, which);
    }
    layout_focus(&app->layout, leaf);
    if (appears)
        refresh(app, which);
}

void app_show_pane(struct app *app, const struct pane_type *type)
{
    struct history_entry from = app_visit(app);
    app_focus(app, app_pane_number(app, type));
    app_jumped(app, &from);
}

static int index_of(const struct pane_type *type)
{
    int i = 0;
    while (pane_types[i] && pane_types[i] != type)
        i++;
    return i;
}

void app_next_view(struct app *app, int step)
{
    int count = 0, leaf = shared_place(app);
    while (pane_types[count])
        count++;
    if (leaf == LAYOUT_NONE || count == 0)
        return;
    int from = index_of(app->pane[app->layout.node[leaf].pane]->type);
    for (int i = (from + step + count) % count; i != from; i = (i + step + count) % count) {
        int which = app_pane_number(app, pane_types[i]);
        if (pane_types[i]->keeps_place || is_shown(app, which))
            continue;
        struct history_entry before = app_visit(app);
        layout_put(&app->layout, leaf, which);
        layout_focus(&app->layout, leaf);
        refresh(app, which);
        app_jumped(app, &before);
        return;
    }
}

/* A pane of the type that is not on the screen, made where there is none; -1: there cannot be. */
static int hidden_pane(struct app *app, const struct pane_type *type)
{
    for (int i = 0; i < app->panes; i++)
        if (app->pane[i]->type == type && !is_shown(app, i))
            return i;
    int which = create_pane(app, type);
    if (which >= 0 && type->use)
        type->use(app->pane[which], app_space(app));
    return which;
}

/* Two of a kind begin at the same place. */
static void copy_place(const struct pane *from, struct pane *to)
{
    struct visit_detail detail = {{0}};
    if (from->type->detail)
        from->type->detail(from, &detail);
    if (to->type->recall)
        to->type->recall(to, &detail);
    to->type->restore(to, from->type->here(from), from->type->top(from));
}

bool app_split(struct app *app, const struct pane_type *type, enum layout_direction direction,
               struct error *err)
{
    struct pane *from = app_focused(app);
    if (layout_leaves(&app->layout) == LAYOUT_LEAVES)
        return error_set(err, "there is no room for more than %d panes", LAYOUT_LEAVES);
    int which = hidden_pane(app, type);
    if (which < 0)
        return error_set(err, "no more panes can be made: close one first");
    int leaf =
        layout_split(&app->layout, app->layout.focus, direction, layout_halves, false, which);
    refresh(app, which);
    if (from->type == type)
        copy_place(from, app->pane[which]);
    layout_focus(&app->layout, leaf);
    return true;
}

/* ---- following ---- */

void app_follow(struct app *app)
{
    for (int i = 0; i < app->panes; i++) {
        struct follow *follow = &app->follow[i];
        struct error ignored;
        if (follow->leader < 0 || !is_shown(app, i) || i == app_focus_number(app))
            continue;
        const struct pane *leader = app->pane[follow->leader];
        struct address here = leader->type->here(leader);
        if (follow->has_followed && address_equal(here, follow->at))
            continue;
        /* What it cannot show it leaves alone, and says nothing of. */
        app->quiet = true;
        app->pane[i]->type->go(app->pane[i], here, &ignored);
        app->quiet = false;
        *follow = (struct follow){follow->leader, true, here};
    }
}

void app_follow_again(struct app *app)
{
    for (int i = 0; i < app->panes; i++)
        app->follow[i].has_followed = false;
}

bool app_set_leader(struct app *app, const struct pane_type *type, struct error *err)
{
    int self = app_focus_number(app), leader = -1;
    for (int i = 0; type && i < app->panes; i++)
        if (i != self && app->pane[i]->type == type && is_shown(app, i) &&
            (leader < 0 || worth(app, i) > worth(app, leader)))
            leader = i;
    if (type && leader < 0)
        return error_set(err, "no other pane on the screen is called %s: split shows one",
                         type->name);
    app->follow[self] = (struct follow){.leader = leader};
    return true;
}

const char *app_leader(const struct app *app, int which)
{
    int leader = app->follow[which].leader;
    return leader < 0 ? NULL : app->pane[leader]->type->name;
}
