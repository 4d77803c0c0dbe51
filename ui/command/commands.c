/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of the commands that need a screen, and how a line of the prompt is run. */
#include "ui/command/commands.h"

#include "session/expression.h"
#include "ui/command/answer.h"
#include "ui/command/commands_guest.h"
#include "ui/command/help.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* An expression may enter a process (v:PID:ADDR): then the panes are told at once. */
static bool evaluate(struct app *app, const char *text, struct address *address, struct error *err)
{
    app->session->here = app_here(app);
    bool done = expression_eval(app->session, text, app->session->here.space->kind, address, err);
    app_catch_up(app);
    return done;
}

static bool run_goto(struct app *app, const char *arguments, struct error *err)
{
    struct address address;
    if (!evaluate(app, arguments, &address, err))
        return false;
    app_close_popup(app);
    app_go(app, address);
    return true;
}

static bool run_reveal(struct app *app, const char *arguments, struct error *err)
{
    struct address address = app_here(app);
    if (*arguments && !evaluate(app, arguments, &address, err))
        return false;
    app_close_popup(app);
    app_reveal(app, address);
    return true;
}

static bool run_back(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app_back(app, false);
    return true;
}

static bool run_forward(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app_back(app, true);
    return true;
}

static bool run_quit(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app->leave = true;
    return true;
}

static bool run_help(struct app *app, const char *arguments, struct error *err)
{
    struct popup *popup = help_popup(arguments, err);
    if (!popup)
        return false;
    app_close_popup(app);
    app->popup = popup;
    return true;
}

static bool run_pause(struct app *app, const char *arguments, struct error *err)
{
    (void)arguments, (void)err;
    app->settings.live = !app->settings.live;
    app_message(app, app->settings.live ? "live: following the guest's changes"
                                        : "paused: what is on screen stays until it is moved");
    return true;
}

static bool run_mark(struct app *app, const char *arguments, struct error *err)
{
    char letter = *arguments;
    if (letter && arguments[1] && arguments[1] != ' ')
        return error_at(err, 0, "a mark is one letter");
    struct address address = app_here(app);
    const char *rest = arguments + 1;
    rest += strspn(rest, " ");
    if (*rest && !evaluate(app, rest, &address, err)) {
        err->column += err->column < 0 ? 0 : (int)(rest - arguments);
        return false;
    }
    char text[ADDRESS_TEXT];
    if (!session_set_mark(app->session, letter, address, err))
        return false;
    app_message(app, "mark '%c is %s", letter, address_text(address, text));
    return true;
}

static bool run_search(struct app *app, const char *arguments, struct error *err)
{
    struct pane *pane = app->pane[app->focus];
    return pane->type->search(pane, arguments, false, err);
}

static bool change_paging(struct app *app, const struct paging *paging, uint64_t root_pa,
                          uint64_t user_pa, struct error *err)
{
    struct history_entry from = app_visit(app);
    if (!session_set_paging(app->session, paging, root_pa, user_pa, err))
        return false;
    app_facts_changed(app);
    app_jumped(app, &from);
    return true;
}

static bool run_paging(struct app *app, const char *arguments, struct error *err)
{
    const struct paging *paging = paging_find(arguments);
    struct roots roots = session_space(app->session)->roots;
    if (!paging)
        return error_at(err, 0, "no paging mode of that name: Tab shows them");
    return change_paging(app, paging, roots.kernel_pa, roots.user_pa, err);
}

/* The expression as a physical address: "none", p:, or anything that has one. */
static bool root_of(struct app *app, const char *text, uint64_t *pa, struct error *err)
{
    struct address address;
    struct place place;
    *pa = NO_ROOT;
    if (strcmp(text, "none") == 0)
        return true;
    app->session->here = app_here(app);
    if (!expression_eval(app->session, text, SPACE_PHYS, &address, err))
        return false;
    session_locate(app->session, address, session_space(app->session), &place);
    *pa = place.pa;
    return place.has_pa || error_at(err, 0, "that has no physical address");
}

static bool run_root(struct app *app, const char *arguments, struct error *err)
{
    uint64_t pa;
    return root_of(app, arguments, &pa, err) &&
           change_paging(app, NULL, pa, session_space(app->session)->roots.user_pa, err);
}

static bool run_root_user(struct app *app, const char *arguments, struct error *err)
{
    uint64_t pa;
    return root_of(app, arguments, &pa, err) &&
           change_paging(app, NULL, session_space(app->session)->roots.kernel_pa, pa, err);
}

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
    if (!evaluate(app, value, &address, err)) {
        err->column += err->column < 0 ? 0 : (int)(value - name);
        return false;
    }
    if (!session_set_variable(app->session, text, true, address, err))
        return false;
    char shown[ADDRESS_TEXT];
    app_message(app, "$%s is %s", text, address_text(address, shown));
    return true;
}

static bool run_set(struct app *app, const char *arguments, struct error *err)
{
    size_t length = strcspn(arguments, " =");
    const char *value = arguments + length + strspn(arguments + length, " =");
    const struct setting *setting = setting_find(arguments, length);
    if (!*arguments) {
        list_settings(app);
        return true;
    }
    if (!setting && *arguments == '$') {
        bool set = set_variable(app, arguments + 1, length - 1, value, err);
        if (!set && err->column >= 0)
            err->column++;
        return set;
    }
    if (!setting && *value)
        return set_variable(app, arguments, length, value, err);
    if (!setting)
        return error_at(err, 0, "no such setting; \"set NAME EXPR\" sets the variable $NAME");
    if (!*value)
        setting_cycle(&app->settings, setting);
    else if (!setting_set(&app->settings, setting, value, err))
        return false;
    char text[32];
    app_message(app, "%s %s", setting->name,
                setting_text(&app->settings, setting, text, sizeof text));
    screen_mouse_enable(app->settings.mouse != 0);
    return true;
}

static bool words_of_set(struct app *app, const char *before, void (*add)(void *, const char *),
                         void *list)
{
    (void)app;
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

static bool words_of_paging(struct app *app, const char *before, void (*add)(void *, const char *),
                            void *list)
{
    (void)app, (void)before;
    for (const struct paging *p = paging_modes; p->name; p++)
        add(list, p->name);
    return true;
}

const struct ui_command ui_commands[] = {
    {"back", "", "to where we were before the last jump", ARGUMENT_NONE, NULL, run_back},
    {"forward", "", "forward again", ARGUMENT_NONE, NULL, run_forward},
    {"goto", "EXPR", "show an address in memory", ARGUMENT_EXPRESSION, NULL, run_goto},
    {"help", "[COMMAND]", "keys and commands, or one command", ARGUMENT_COMMAND, NULL, run_help},
    {"mark", "LETTER [EXPR]", "set a mark here or there; expressions call it 'a",
     ARGUMENT_EXPRESSION, NULL, run_mark},
    {"paging", "MODE", "set the paging mode by hand", ARGUMENT_NONE, words_of_paging, run_paging},
    {"pane", "NAME", "show a pane: tables, processes, symbols, mappings, struct, list, memory",
     ARGUMENT_NONE, words_of_pane, run_pane},
    {"pause", "", "pause, or go on following the guest's changes", ARGUMENT_NONE, NULL, run_pause},
    {"process", "PID|COMM|none", "enter a process: its user half is shown; none: leave it",
     ARGUMENT_PROCESS, words_of_process, run_process},
    {"quit", "", "leave", ARGUMENT_NONE, NULL, run_quit},
    {"reveal", "[EXPR]", "show what maps an address in the tables", ARGUMENT_EXPRESSION, NULL,
     run_reveal},
    {"root", "EXPR", "set the kernel's root table by hand (p:; or \"none\")", ARGUMENT_EXPRESSION,
     NULL, run_root},
    {"root-user", "EXPR", "set the root table of a process (p:; or \"none\")", ARGUMENT_EXPRESSION,
     NULL, run_root_user},
    {"search", "TEXT", "find text, or \"hex 7f454c46\", onward; as the key /", ARGUMENT_NONE, NULL,
     run_search},
    {"set", "[NAME [VALUE]]", "settings; any other name sets the variable $NAME",
     ARGUMENT_EXPRESSION, words_of_set, run_set},
    {"struct", "TYPE[.MEMBER] [EXPR]", "show memory as a type; without EXPR: the type's layout",
     ARGUMENT_TYPE, NULL, run_struct},
    {NULL, NULL, NULL, ARGUMENT_NONE, NULL, NULL},
};

/* ---- a line ---- */

size_t ui_command_find(const char *word, size_t length, const struct ui_command **ui,
                       const struct command **core)
{
    size_t fits = 0;
    *ui = NULL;
    *core = NULL;
    for (const struct ui_command *c = ui_commands; c->name; c++) {
        if (strncmp(c->name, word, length) != 0)
            continue;
        *ui = c;
        fits++;
        if (strlen(c->name) == length)
            return *core = NULL, 1;
    }
    for (const struct command *c = core_commands; c->name; c++) {
        if (strncmp(c->name, word, length) != 0 || (*ui && strcmp(c->name, (*ui)->name) == 0))
            continue;
        *core = c;
        fits++;
        if (strlen(c->name) == length)
            return *ui = NULL, 1;
    }
    return fits;
}

bool ui_is_expression(const char *line, size_t length)
{
    enum space_kind kind;
    if (strchr("$[('.", *line) || (line[1] == ':' && space_of_letter(*line, &kind)))
        return true;
    for (size_t i = 0; i < length; i++)
        if (!isxdigit((unsigned char)line[i]) && !strchr("xX+-*/|&<>()", line[i]))
            return false;
    return true;
}

static bool is_name(const char *word, size_t length)
{
    const struct ui_command *ui;
    const struct command *core;
    ui_command_find(word, length, &ui, &core);
    const char *name = ui ? ui->name : core ? core->name : "";
    return strlen(name) == length && strncmp(name, word, length) == 0;
}

bool ui_command_line(struct app *app, const char *line, struct error *err)
{
    char text[2048];
    snprintf(text, sizeof text, "%s", line + strspn(line, " \t"));
    for (size_t n = strlen(text); n && isspace((unsigned char)text[n - 1]);)
        text[--n] = '\0';
    size_t skipped = strspn(line, " \t"), length = strcspn(text, " ");
    if (!*text || *text == '#')
        return true;
    session_catch_up(app->session);
    app_catch_up(app);
    const struct ui_command *ui;
    const struct command *core;
    const char *arguments = text + length + strspn(text + length, " ");
    bool done;
    size_t fits = ui_command_find(text, length, &ui, &core);
    if (fits == 0 || (ui_is_expression(text, length) && !is_name(text, length))) {
        arguments = text;
        done = run_goto(app, text, err);
        if (!done && !ui_is_expression(text, length) && err->column == 0)
            error_at(err, 0, "no command \"%.*s\", nor a symbol: help lists the commands",
                     (int)length, text);
    } else if (fits > 1) {
        return error_at(err, (int)skipped, "\"%.*s\" fits several commands: Tab shows them",
                        (int)length, text);
    } else {
        done = ui ? ui->run(app, arguments, err) : answer_run(app, core, text, arguments, err);
    }
    if (!done && err->column >= 0)
        err->column += (int)(skipped + (size_t)(arguments - text));
    return done;
}
