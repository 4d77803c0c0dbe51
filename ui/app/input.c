/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a key or the mouse to what it does: the prompt first, then a popup, then the panes. */
#include "base/clock.h"
#include "session/words.h"
#include "ui/app/app_state.h"
#include "ui/command/command_line.h"
#include "ui/command/commands_run.h"
#include "ui/command/prompt.h"

#include <stdio.h>
#include <string.h>

enum { TWICE_MS = 400, WHEEL_ROWS = 3 };

/* ---- lines ---- */

void app_complain(struct app *app, const char *line, const struct error *err)
{
    if (err->column < 0 || prompt_is_open()) {
        app_error(app, "%s", err->text);
        return;
    }
    /* The line comes back to be mended: C-u clears it, a ':' begins another. */
    prompt_open(PROMPT_COMMAND, line, -1);
    prompt_complain(err->text, err->column);
}

/* What needs something that is still being loaded is run again when that is there. */
static void run_line(struct app *app, const char *line, enum line_from from, int count)
{
    struct error err = {.column = -1};
    char kept[sizeof app->held];
    snprintf(kept, sizeof kept, "%s", line);
    session_take_wanted(app->session);
    if (from == LINE_PROMPT)
        app->held[0] = '\0';
    if (command_line_run(app, kept, from, count, &err))
        return;
    if (session_take_wanted(app->session))
        memcpy(app->held, kept, sizeof kept);
    else if (from == LINE_PROMPT)
        app_complain(app, kept, &err);
    else
        app_error(app, "%s", err.text);
}

/* The next line of a file that had to wait. */
static void run_postponed(struct app *app)
{
    struct error err = {.column = -1};
    char line[COMMAND_LINE_MAX], where[sizeof err.text];
    postponed_take(&app->postponed, line, sizeof line, where, sizeof where);
    session_take_wanted(app->session);
    if (!command_line_run(app, line, LINE_FILE, 1, &err))
        app_error(app, "%s: %s", where, err.text);
    app->dirty = true;
}

void app_run_held(struct app *app)
{
    char line[sizeof app->held];
    struct error ignored;
    while (postponed_next(&app->postponed) && session_ready(app->session, &ignored))
        run_postponed(app);
    if (!app->held[0] || !session_ready(app->session, &ignored))
        return;
    memcpy(line, app->held, sizeof line);
    app->held[0] = '\0';
    run_line(app, line, LINE_PROMPT, 1);
    app->dirty = true;
}

/* ---- the prompt ---- */

/* Each letter narrows; Enter keeps that, Esc takes it back. */
static void filter_gets(struct app *app, enum prompt_event event)
{
    struct pane *pane = app_focused(app);
    const char *text = event == PROMPT_EDITING    ? prompt_text()
                       : event == PROMPT_ACCEPTED ? prompt_accepted()
                                                  : "";
    if (app->popup)
        popup_filter(app->popup, text);
    else if (pane->type->filter)
        pane->type->filter(pane, text);
}

static bool begins_symbol(const struct app *app, int first, int second)
{
    char prefix[8] = "";
    size_t length = key_text(first, prefix);
    key_text(second, prefix + length);
    return second > ' ' && second < PRESS_DELETE_CHAR &&
           session_symbol_words(app->session, prefix, 0, NULL, NULL);
}

/*
 * "gg" is "to the start", but "g" and "get_freq" begin alike: the second g does both, and what
 * follows it tells which was meant.  True: the key is done with.
 */
static bool settle_again(struct app *app, int key)
{
    enum again_state before = app->again_state;
    app->again_state = AGAIN_NONE;
    if (before == AGAIN_OPENED && key == app->again_key) {
        app->again_state = AGAIN_TYPED;
        run_line(app, app->again, LINE_KEY, 1);
        return false;
    }
    if (before != AGAIN_TYPED || key == PRESS_TAB || key == PRESS_BACKSPACE ||
        begins_symbol(app, app->again_key, key))
        return false;
    prompt_cancel();
    if (key != PRESS_ENTER && key != PRESS_ESCAPE && key != PRESS_CTRL_G)
        app_key(app, key);
    return true;
}

/* The text as it is: blanks count.  Nothing typed: the same as before. */
static void search(struct app *app, const char *text)
{
    struct error err;
    if (!(*text ? run_search : run_search_next)(app, text, &err))
        app_error(app, "%s", err.text);
}

static void prompt_gets(struct app *app, int key)
{
    if (settle_again(app, key))
        return;
    enum prompt_kind kind = prompt_kind_now();
    enum prompt_event event = prompt_key(key);
    if (kind == PROMPT_FILTER)
        filter_gets(app, event);
    if (kind == PROMPT_FILTER || event != PROMPT_ACCEPTED)
        return;
    if (kind == PROMPT_COMMAND)
        run_line(app, prompt_accepted(), LINE_PROMPT, 1);
    else
        search(app, prompt_accepted());
}

/* ---- the mouse ---- */

static void click(struct app *app, const struct mouse *mouse)
{
    int64_t now = clock_ms();
    bool twice = now - app->click_ms < TWICE_MS && mouse->row == app->click_row &&
                 mouse->column == app->click_column;
    app->click_ms = twice ? 0 : now;
    app->click_row = mouse->row;
    app->click_column = mouse->column;
    if (app->popup) {
        popup_click(app->popup, mouse->row);
        if (twice)
            run_line(app, "follow", LINE_KEY, 1);
        return;
    }
    int leaf = layout_at(&app->layout, mouse->row, mouse->column);
    if (leaf == LAYOUT_NONE)
        return;
    struct area area = app->layout.node[leaf].area;
    struct pane *pane = app->pane[app->layout.node[leaf].pane];
    layout_focus(&app->layout, leaf);
    if (area_has(area, mouse->row, mouse->column))
        pane->type->click(pane, mouse->row - area.y, mouse->column - area.x, twice);
}

static void wheel(struct app *app, const struct mouse *mouse)
{
    int rows = mouse->kind == MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS;
    if (app->popup) {
        popup_move(app->popup, MOTION_ROW, rows);
        return;
    }
    int leaf = layout_at(&app->layout, mouse->row, mouse->column);
    if (leaf == LAYOUT_NONE || !area_has(app->layout.node[leaf].area, mouse->row, mouse->column))
        return;
    struct pane *pane = app->pane[app->layout.node[leaf].pane];
    pane->type->move(pane, MOTION_ROW, rows);
}

static void use_mouse(struct app *app)
{
    struct mouse mouse;
    if (!screen_mouse(&mouse))
        return;
    if (mouse.kind == MOUSE_PRESS)
        click(app, &mouse);
    else
        wheel(app, &mouse);
}

/* ---- a key ---- */

/* Digits are a count, but for those that are bound when none is typed yet. */
static bool takes_digit(struct app *app, int key)
{
    if (key < '0' || key > '9' ||
        (app->count == 0 && keymap_find(&app->keymap, key, command_context(app))))
        return false;
    app->count = app->count * 10 + (key - '0');
    if (app->count > COMMAND_COUNT)
        app->count = COMMAND_COUNT;
    app_message(app, "%d", app->count);
    return true;
}

static void unbound(struct app *app, int key)
{
    char name[KEY_NAME], help[KEYMAP_HINT];
    if (key != PRESS_OTHER)
        app_message(app, "%s does nothing here; %s shows the keys",
                    key_notation(key, true, name, sizeof name),
                    app_hint(app, "help", help, sizeof help));
}

/* Into the prompt as it is; elsewhere its first line is where to go, once Enter is pressed. */
static void take_paste(struct app *app)
{
    char line[PASTE_MAX + 8];
    const char *text = app->paste.text;
    app->again_state = AGAIN_NONE;
    if (prompt_is_open()) {
        prompt_insert(text);
        if (prompt_kind_now() == PROMPT_FILTER)
            filter_gets(app, PROMPT_EDITING);
        return;
    }
    text += strspn(text, " \n");
    app->message.text[0] = '\0';
    app->awaits = NULL;
    app->count = 0;
    snprintf(line, sizeof line, "goto %.*s", (int)strcspn(text, "\n"), text);
    if (*text)
        prompt_open(PROMPT_COMMAND, line, -1);
}

/* The letter that completes a line: "mark " and "a". */
static void complete_awaited(struct app *app, int key)
{
    char line[48], text[5] = "";
    key_text(key, text);
    snprintf(line, sizeof line, "%s%s", app->awaits, text);
    app->awaits = NULL;
    run_line(app, line, LINE_KEY, 1);
}

static void run_binding(struct app *app, const struct binding *binding, int count)
{
    char line[COMMAND_LINE_MAX]; /* the line may bind its own key anew */
    snprintf(line, sizeof line, "%s", binding->line);
    app->key = binding->key;
    run_line(app, line, LINE_KEY, count);
    app->key = PRESS_NONE;
}

static void run_key(struct app *app, int key)
{
    app->message.text[0] = '\0';
    if (app->awaits) {
        complete_awaited(app, key);
        return;
    }
    if (takes_digit(app, key))
        return;
    int count = app->count ? app->count : 1;
    app->count = 0;
    const struct binding *binding = keymap_find(&app->keymap, key, command_context(app));
    if (binding)
        run_binding(app, binding, count);
    else
        unbound(app, key);
}

void app_key(struct app *app, int key)
{
    enum paste_event pasted = paste_key(&app->paste, key);
    if (pasted != PASTE_NOT) {
        if (pasted == PASTE_DONE)
            take_paste(app);
        return;
    }
    if (key == PRESS_MOUSE)
        use_mouse(app);
    else if (prompt_is_open() && key == PRESS_CTRL_Z)
        app_suspend(app);
    else if (prompt_is_open())
        prompt_gets(app, key);
    else
        run_key(app, key);
}
