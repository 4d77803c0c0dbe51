/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One picture of the program: bar, panes with their rules, inspector, message or prompt. */
#include "base/text.h"
#include "ui/app/app_state.h"
#include "ui/command/prompt.h"
#include "ui/widget/inspector.h"
#include "ui/widget/titlebar.h"

#include <stdio.h>
#include <string.h>

static void draw_rule(struct area rule, enum style style)
{
    for (int x = 0; x < rule.columns && rule.rows > 0; x++)
        screen_put(rule, 0, x, style, "─");
}

static void draw_divider(struct area divider)
{
    for (int y = 0; y < divider.rows && divider.columns > 0; y++)
        screen_put(divider, y, 0, STYLE_BORDER, y ? "│" : "┬");
}

/* The hint that another pane is there, where only some have room: its width, 0 for none. */
static int hint_of(const struct app *app, int leaf, char *text, size_t size)
{
    const struct layout *layout = &app->layout;
    int next = layout_step(layout, leaf, 1);
    char key[KEYMAP_HINT];
    text[0] = '\0';
    if (leaf == layout->focus && !layout_shows(layout, next) &&
        layout->node[leaf].rule.columns > 60)
        snprintf(text, size, " %s: %s ", app_hint(app, "focus next", key, sizeof key),
                 app->pane[layout->node[next].pane]->type->name);
    return screen_width(text, strlen(text));
}

/* Titles name the most important first: the words that do not fit are left out from the end. */
static void shorten(char *title, size_t size, int capacity)
{
    size_t fits = 0, length = strlen(title);
    if (screen_width(title, length) <= capacity)
        return;
    for (size_t i = 1; i < length && screen_width(title, i) < capacity; i++)
        if (title[i] == ' ')
            fits = i;
    while (fits && strchr(" ,:", title[fits - 1]))
        fits--;
    if (fits)
        snprintf(title + fits, size - fits, "…");
}

static void draw_pane(struct app *app, int leaf)
{
    const struct layout_node *node = &app->layout.node[leaf];
    struct pane *pane = app->pane[node->pane];
    bool focused = leaf == app->layout.focus && !app->popup;
    enum style style = focused ? STYLE_FOCUS : STYLE_BORDER;
    char title[256] = "", hint[80];
    int hinted = hint_of(app, leaf, hint, sizeof hint), edge = node->rule.columns - hinted - 1;
    const char *leader = app_leader(app, node->pane);
    pane->type->title(pane, title, sizeof title);
    struct text text = {title, sizeof title, strlen(title)};
    if (leader)
        text_add(&text, "  follows %s", leader);
    shorten(title, sizeof title, edge - 3);
    draw_rule(node->rule, style);
    screen_printf(node->rule, 0, 1, style, " %s ", title);
    screen_put(node->rule, 0, edge, STYLE_BORDER, hint);
    pane->type->draw(pane, node->area, focused);
}

/* A message that is too long for its line also takes the lines above it. */
static void draw_message(struct app *app, struct area whole)
{
    const char *text = app->message.text;
    enum style style = app->message.failed ? STYLE_ERROR : STYLE_MESSAGE;
    int width = screen_width(text, strlen(text)), across = app->layout.message.columns;
    int bottom = app->layout.message.y;
    if (across < 1 || app->layout.message.rows < 1)
        return;
    int lines = (width + across - 1) / across;
    if (lines > bottom + 1)
        lines = bottom + 1;
    for (int i = 0; i < lines; i++) {
        screen_fill(whole, bottom - lines + 1 + i, 0, STYLE_TEXT);
        screen_put(whole, bottom - lines + 1 + i, -i * across, style, text);
    }
}

/* What the focused pane's cursor is on, in full.  False: it has nothing to show. */
static bool draw_status(struct app *app, struct area line)
{
    struct pane *pane = app_focused(app);
    char text[900] = "";
    if (app->popup || !pane->type->status)
        return false;
    pane->type->status(pane, text, sizeof text);
    screen_put(line, 0, 0, STYLE_DIM, text);
    return *text;
}

/* The lines above the message: what the cursor is on. */
static void draw_inspector(struct app *app)
{
    struct pane *pane = app_focused(app);
    struct area area = app->layout.inspector;
    draw_rule(app->layout.inspector_rule, STYLE_BORDER);
    if (area.rows > 0 && pane->type->inspect && pane->type->inspect(pane, area))
        return;
    inspector_draw(app->session, app->owners, &app->settings, app_here(app), app_space(app), area);
}

/* The progress itself is in the bar. */
static void draw_held(struct app *app, struct area line)
{
    const char *next = app->held[0] ? app->held : postponed_next(&app->postponed);
    int x = screen_put(line, 0, 0, STYLE_MESSAGE, next);
    char key[KEYMAP_HINT];
    screen_printf(line, 0, x, STYLE_DIM, "  queued until loading finishes; %s cancels",
                  app_hint(app, "cancel", key, sizeof key));
}

/* The keys that one needs first, as they are bound. */
static void draw_keys(struct app *app, struct area line)
{
    static const struct {
        const char *line, *help;
    } keys[] = {{"help", " help  "},
                {"prompt", " command or address  "},
                {"follow", " follow  "},
                {"back", " back  "},
                {"focus next", " other pane"}};
    int x = 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char hint[KEYMAP_HINT];
        x = screen_put(line, 0, x, STYLE_KEY, app_hint(app, keys[i].line, hint, sizeof hint));
        x = screen_put(line, 0, x, STYLE_DIM, keys[i].help);
    }
}

static void draw_bottom(struct app *app, struct area whole)
{
    struct area line = app->layout.message;
    if (prompt_is_open()) {
        /* A screen of one row has no line of messages: the prompt takes the row. */
        struct area row = line.rows ? line : (struct area){whole.rows - 1, 0, 1, whole.columns};
        struct area above = {0, 0, row.y, whole.columns};
        prompt_draw(row, above);
    } else if (app->message.text[0]) {
        draw_message(app, whole);
    } else if (app->is_cut) {
        screen_put(line, 0, 0, STYLE_ERROR,
                   "not all of this can be read within a frame: it is cut");
    } else if (app->held[0] || postponed_next(&app->postponed)) {
        draw_held(app, line);
    } else if (draw_status(app, line)) {
        return;
    } else if (line.columns >= 60) {
        draw_keys(app, line);
    }
}

static void place_all(struct app *app, struct area whole)
{
    struct layout_need need[APP_PANES];
    for (int i = 0; i < app->panes; i++) {
        const struct pane_type *type = app->pane[i]->type;
        need[i] = (struct layout_need){type->least_rows, type->least_columns};
    }
    layout_compute(&app->layout, whole.rows, whole.columns, need);
}

void app_draw(struct app *app)
{
    screen_begin();
    struct area whole = screen_area();
    struct layout *layout = &app->layout;
    place_all(app, whole);
    titlebar_draw(app->session, app_space(app), &app->settings, app->image_said.text[0] != '\0',
                  layout->title);
    for (int i = 0; i < LAYOUT_NODES; i++) {
        if (layout_shows(layout, i))
            draw_pane(app, i);
        draw_divider(layout->node[i].divider);
    }
    draw_inspector(app);
    if (app->popup) {
        int bottom = whole.rows - layout->message.rows;
        popup_draw(app->popup, &app->keymap, (struct area){0, 0, bottom, whole.columns});
    }
    app->is_cut = session_turn_is_over(app->session);
    draw_bottom(app, whole);
    screen_finish();
}
