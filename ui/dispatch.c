/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a key or the mouse to what it does: the prompt first, then a popup, then the panes. */
#include "ui/answer.h"
#include "ui/app_state.h"
#include "ui/commands.h"
#include "ui/prompt/prompt.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { COUNT_MOST = 100000, TWICE_MS = 400, WHEEL_ROWS = 3 };

static struct pane *focused(const struct app *app)
{
    return app->pane[app->focus];
}

static unsigned where_now(const struct app *app)
{
    if (app->popup)
        return ANYWHERE;
    return 1u << app->focus;
}

/* ---- the prompt ---- */

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
static void run_line(struct app *app, const char *line)
{
    struct error err = {.column = -1};
    char kept[sizeof app->held];
    snprintf(kept, sizeof kept, "%s", line);
    app->held[0] = '\0';
    app->session->wanted = false;
    if (ui_command_line(app, kept, &err))
        return;
    if (app->session->wanted)
        memcpy(app->held, kept, sizeof kept);
    else
        app_complain(app, kept, &err);
}

void app_run_held(struct app *app)
{
    struct error unwanted;
    if (!app->held[0] || !session_ready(app->session, &unwanted))
        return;
    run_line(app, app->held);
    app->dirty = true;
}

static void run_search(struct app *app, const char *text)
{
    struct error err;
    if (!*text) {
        if (app->popup)
            popup_act(app->popup, ACTION_SEARCH_NEXT, 1);
        else
            focused(app)->type->act(focused(app), ACTION_SEARCH_NEXT, 1);
    } else if (app->popup) {
        if (!popup_search(app->popup, text, false))
            app_error(app, "not found: %s", text);
    } else if (!focused(app)->type->search(focused(app), text, false, &err)) {
        app_error(app, "%s", err.text);
    }
}

static void act(struct app *app, enum action action, int count, bool jumps);

/* Each letter narrows; Enter keeps that, Esc takes it back. */
static void filter_gets(struct app *app, enum prompt_event event)
{
    struct pane *pane = focused(app);
    const char *text = event == PROMPT_EDITING    ? prompt_text()
                       : event == PROMPT_ACCEPTED ? prompt_accepted()
                                                  : "";
    if (pane->type->filter)
        pane->type->filter(pane, text);
}

static void open_filter(struct app *app)
{
    struct pane *pane = focused(app);
    if (!app->popup && pane->type->filter)
        prompt_open(PROMPT_FILTER, pane->type->filter(pane, NULL), -1);
}

/* The next of the panes that share a place. */
static void next_view(struct app *app, int step)
{
    int which = app->left;
    do
        which = (which + step + PANES) % PANES;
    while (which == PANE_MEMORY);
    if (!app->popup)
        app_show_pane(app, which);
}

static bool begins_symbol(const struct app *app, const char *text, int key)
{
    const struct guest *guest = session_guest(app->session);
    char prefix[32];
    size_t first, last;
    snprintf(prefix, sizeof prefix, "%s%c", text, key);
    return key > ' ' && key < PRESS_DELETE_CHAR && guest && guest->symbols &&
           symbols_prefix(guest->symbols, prefix, &first, &last);
}

/*
 * "gg" is "to the start", but "g" and "get_freq" begin alike: the second g does both, and what
 * follows it tells which was meant.  True: the key is done with.
 */
static bool settle_gg(struct app *app, int key)
{
    enum goto_state before = app->goto_state;
    app->goto_state = GOTO_NONE;
    if (before == GOTO_OPENED && key == 'g') {
        app->goto_state = GOTO_SECOND;
        act(app, ACTION_FIRST, 1, true);
        return false;
    }
    if (before != GOTO_SECOND || key == PRESS_TAB || key == PRESS_BACKSPACE ||
        begins_symbol(app, "g", key))
        return false;
    prompt_cancel();
    if (key != PRESS_ENTER && key != PRESS_ESCAPE && key != PRESS_CTRL_G)
        app_key(app, key);
    return true;
}

static void prompt_gets(struct app *app, int key)
{
    if (settle_gg(app, key))
        return;
    enum prompt_kind kind = prompt_kind_now();
    enum prompt_event event = prompt_key(key);
    if (kind == PROMPT_FILTER)
        filter_gets(app, event);
    if (kind == PROMPT_FILTER || event != PROMPT_ACCEPTED)
        return;
    char line[2048];
    snprintf(line, sizeof line, "%s", prompt_accepted());
    if (kind == PROMPT_COMMAND)
        run_line(app, line);
    else
        run_search(app, line);
}

/* ---- bindings ---- */

/* To the address in the popup's line. */
static void follow_line(struct app *app)
{
    struct address address;
    char line[64];
    int32_t pid = popup_process(app->popup);
    if (!popup_address(app->popup, &address)) {
        app_message(app, "no address in this line");
    } else if (pid && address.space == SPACE_VIRT) {
        snprintf(line, sizeof line, "goto v:%" PRId32 ":%" PRIx64, pid, address.value);
        run_line(app, line);
    } else {
        app_close_popup(app);
        app_go(app, address);
    }
}

static void act(struct app *app, enum action action, int count, bool jumps)
{
    struct visit from = app_visit(app);
    struct pane *pane = focused(app);
    unsigned jumped = app->jumps;
    if (app->popup) {
        if (action == ACTION_FOLLOW)
            follow_line(app);
        else
            popup_act(app->popup, action, count);
        return;
    }
    if (!pane->type->act(pane, action, count))
        app_message(app, "that key does nothing in %s", pane->type->name);
    else if (jumps && app->jumps == jumped) /* a pane that asked for the jump has recorded it */
        app_jumped(app, &from);
}

static void to_mark(struct app *app, int key)
{
    if (key == '\'' || key == '`') {
        app_back(app, false);
        return;
    }
    char line[] = {'g', 'o', 't', 'o', ' ', '\'', (char)key, '\0'};
    if (key < 'a' || key > 'z' || !session_has_mark(app->session, (char)key))
        app_error(app, "there is no mark %s", key > 32 && key < 127 ? line + 5 : "of that name");
    else
        run_line(app, line);
}

static void set_mark(struct app *app, int key)
{
    char line[] = {'m', 'a', 'r', 'k', ' ', (char)key, '\0'};
    if (key < 'a' || key > 'z')
        app_error(app, "a mark is a letter from a to z");
    else
        run_line(app, line);
}

static void copy_address(struct app *app)
{
    char text[ADDRESS_TEXT];
    screen_copy(address_text(app_here(app), text));
    app_message(app, "copied %s", text);
}

static void cancel(struct app *app)
{
    struct pane *pane = focused(app);
    app->message.text[0] = '\0';
    if (app->held[0])
        app->held[0] = '\0';
    else if (answer_stop(app))
        return;
    else if (app->popup)
        app_close_popup(app);
    else if (pane->type->cancel)
        pane->type->cancel(pane);
}

static void program(struct app *app, enum program_key what)
{
    switch (what) {
    case PROGRAM_NONE:
        break;
    case PROGRAM_PROMPT:
        prompt_open(PROMPT_COMMAND, "", -1);
        break;
    case PROGRAM_GOTO:
        if (app->popup) {
            act(app, ACTION_FIRST, 1, false);
            break;
        }
        prompt_open(PROMPT_COMMAND, "goto ", -1);
        app->goto_state = GOTO_OPENED;
        break;
    case PROGRAM_SEARCH:
        prompt_open(PROMPT_SEARCH, "", -1);
        break;
    case PROGRAM_NEXT_PANE:
    case PROGRAM_PREVIOUS_PANE:
        app_focus(app, app_pane_in(app, !app_place_of(app->focus)));
        break;
    case PROGRAM_ZOOM:
        app->zoom = !app->zoom;
        break;
    case PROGRAM_MARK:
    case PROGRAM_TO_MARK:
        app->awaits_letter = (int)what;
        app_message(app, what == PROGRAM_MARK ? "mark: a letter from a to z"
                                              : "to mark: a letter from a to z");
        break;
    case PROGRAM_REFRESH:
        app_refresh(app);
        break;
    case PROGRAM_REDRAW:
        screen_redraw();
        break;
    case PROGRAM_CANCEL:
        cancel(app);
        break;
    case PROGRAM_SUSPEND:
        app_suspend(app);
        break;
    case PROGRAM_COPY:
        copy_address(app);
        break;
    case PROGRAM_FILTER:
        open_filter(app);
        break;
    case PROGRAM_TYPE:
        app_ask_type(app);
        break;
    case PROGRAM_NEXT_VIEW:
        next_view(app, 1);
        break;
    case PROGRAM_PREVIOUS_VIEW:
        next_view(app, -1);
        break;
    }
}

static void run_binding(struct app *app, const struct binding *binding, int count)
{
    if (binding->program != PROGRAM_NONE) {
        program(app, binding->program);
    } else if (binding->command) {
        if (app->popup && strcmp(binding->command, "quit") == 0)
            app_close_popup(app);
        else
            for (int i = 0; i < count && i < 100; i++)
                run_line(app, binding->command);
    } else {
        act(app, binding->action, count, binding->jumps);
    }
}

/* ---- the mouse ---- */

static void click(struct app *app, const struct mouse *mouse)
{
    int64_t now = app_now();
    bool twice = now - app->click_ms < TWICE_MS && mouse->row == app->click_row &&
                 mouse->column == app->click_column;
    app->click_ms = twice ? 0 : now;
    app->click_row = mouse->row;
    app->click_column = mouse->column;
    if (app->popup) {
        popup_click(app->popup, mouse->row);
        if (twice)
            act(app, ACTION_FOLLOW, 1, true);
        return;
    }
    for (int i = 0; i < LAYOUT_PANES; i++) {
        struct area area = app->layout.pane[i];
        int which = app_pane_in(app, i);
        struct pane *pane = app->pane[which];
        if (area_has(app->layout.rule[i], mouse->row, mouse->column))
            app_focus(app, which);
        if (!area_has(area, mouse->row, mouse->column))
            continue;
        app_focus(app, which);
        pane->type->click(pane, mouse->row - area.y, mouse->column - area.x, twice);
        break;
    }
}

static void wheel(struct app *app, const struct mouse *mouse)
{
    enum action action = mouse->kind == MOUSE_WHEEL_UP ? ACTION_UP : ACTION_DOWN;
    if (app->popup) {
        popup_act(app->popup, action, WHEEL_ROWS);
        return;
    }
    for (int i = 0; i < LAYOUT_PANES; i++) {
        struct pane *pane = app->pane[app_pane_in(app, i)];
        if (area_has(app->layout.pane[i], mouse->row, mouse->column))
            pane->type->act(pane, action, WHEEL_ROWS);
    }
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

/* Digits are a count; 0 is one only behind another digit. */
static bool takes_digit(struct app *app, int key)
{
    if (key < '0' || key > '9' || (key == '0' && app->count == 0))
        return false;
    app->count = app->count * 10 + (key - '0');
    if (app->count > COUNT_MOST)
        app->count = COUNT_MOST;
    app_message(app, "%d", app->count);
    return true;
}

static void unbound(struct app *app, int key)
{
    char name[32];
    if (key != PRESS_OTHER)
        app_message(app, "%s does nothing here; ? shows the keys",
                    key_name(key, name, sizeof name));
}

/* Into the prompt as it is; elsewhere its first line is where to go, once Enter is pressed. */
static void take_paste(struct app *app)
{
    char line[PASTE_MOST + 8];
    const char *text = app->paste.text;
    app->goto_state = GOTO_NONE;
    if (prompt_is_open()) {
        prompt_insert(text);
        if (prompt_kind_now() == PROMPT_FILTER)
            filter_gets(app, PROMPT_EDITING);
        return;
    }
    text += strspn(text, " \n");
    app->message.text[0] = '\0';
    app->awaits_letter = PROGRAM_NONE;
    app->count = 0;
    snprintf(line, sizeof line, "goto %.*s", (int)strcspn(text, "\n"), text);
    if (*text)
        prompt_open(PROMPT_COMMAND, line, -1);
}

void app_key(struct app *app, int key)
{
    enum paste_event pasted = paste_key(&app->paste, key);
    if (pasted != PASTE_NOT) {
        if (pasted == PASTE_DONE)
            take_paste(app);
        return;
    }
    if (key == PRESS_CTRL_Z) {
        app_suspend(app);
        return;
    }
    app->half = session_user_half(app->session);
    if (key == PRESS_MOUSE) {
        use_mouse(app);
        return;
    }
    if (prompt_is_open()) {
        prompt_gets(app, key);
        return;
    }
    app->message.text[0] = '\0';
    int awaits = app->awaits_letter;
    app->awaits_letter = PROGRAM_NONE;
    if (awaits != PROGRAM_NONE) {
        if (awaits == PROGRAM_MARK)
            set_mark(app, key);
        else
            to_mark(app, key);
        return;
    }
    if (takes_digit(app, key))
        return;
    int count = app->count ? app->count : 1;
    app->count = 0;
    const struct binding *binding = key_find(key, where_now(app));
    if (binding)
        run_binding(app, binding, count);
    else
        unbound(app, key);
}
