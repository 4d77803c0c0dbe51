/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `set`: settings, and variables of expressions. */
#include "ui/command/commands_run.h"

#include <stdio.h>
#include <string.h>

static void list_settings(struct app *app)
{
    struct popup *popup = popup_create("settings");
    if (!popup)
        return;
    for (const struct setting *s = setting_table; s->name; s++) {
        char line[160], value[32];
        snprintf(line, sizeof line, "set %-6s %-7s %s (%s)", s->name,
                 setting_text(&app->settings, s, value, sizeof value), s->brief, s->values);
        popup_add(popup, line);
    }
    app_close_popup(app);
    app->popup = popup;
}

static bool set_variable(struct app *app, const char *name, size_t length, const char *value,
                         struct error *err)
{
    char text[32];
    struct address address;
    if (length >= sizeof text || length == 0)
        return error_at(err, 0, "a name has at most 31 letters");
    memcpy(text, name, length);
    text[length] = '\0';
    if (!command_evaluate(app, value, &address, err)) {
        err->column += err->column < 0 ? 0 : (int)(value - name);
        return false;
    }
    if (!session_set_variable(app->session, text, true, address, err))
        return false;
    char shown[ADDRESS_TEXT];
    app_message(app, "$%s is %s", text, address_text(address, shown));
    return true;
}

static bool change(struct app *app, const struct setting *setting, const char *value,
                   struct error *err)
{
    char text[32];
    if (!*value)
        setting_cycle(&app->settings, setting);
    else if (!setting_set(&app->settings, setting, value, err))
        return false;
    app_message(app, "%s %s", setting->name,
                setting_text(&app->settings, setting, text, sizeof text));
    screen_mouse_enable(app->settings.mouse != 0);
    return true;
}

bool run_set(struct app *app, const char *arguments, struct error *err)
{
    size_t length = strcspn(arguments, " =");
    const char *value = arguments + length + strspn(arguments + length, " =");
    const struct setting *setting = setting_find(arguments, length);
    if (!*arguments) {
        list_settings(app);
        return true;
    }
    if (setting)
        return change(app, setting, value, err);
    if (*arguments == '$') {
        bool set = set_variable(app, arguments + 1, length - 1, value, err);
        if (!set && err->column >= 0)
            err->column++;
        return set;
    }
    if (*value)
        return set_variable(app, arguments, length, value, err);
    return error_at(err, 0, "no such setting; \"set NAME EXPR\" sets the variable $NAME");
}

bool words_of_set(struct app *app, const char *before, size_t start,
                  void (*add)(void *, const char *), void *list)
{
    (void)app, (void)start;
    size_t length = strcspn(before, " ");
    const struct setting *known = setting_find(before, length);
    if (!before[length]) {
        for (const struct setting *s = setting_table; s->name; s++)
            add(list, s->name);
        return true;
    }
    for (const char *v = known ? known->values : ""; *v; v += strspn(v, " ")) {
        char word[16];
        size_t n = strcspn(v, " ");
        snprintf(word, sizeof word, "%.*s", (int)n, v);
        add(list, word);
        v += n;
    }
    return known != NULL;
}
