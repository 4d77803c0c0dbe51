/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help, made from the tables of keys, commands and settings. */
#include "ui/command/help.h"

#include "ui/command/commands.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void add(struct popup *popup, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct popup *popup, const char *format, ...)
{
    char line[320];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    popup_add(popup, line);
}

static void heading(struct popup *popup, const char *text)
{
    if (popup_lines(popup))
        popup_add(popup, "");
    popup_add(popup, text);
    popup_heading(popup);
}

enum { WIDTH = 79, KEYS_WIDTH = 14, USAGE_WIDTH = 24 };

/* What stands left and what it means, over as many lines as 80 columns ask for. */
static void add_meaning(struct popup *popup, int left_width, const char *left, const char *meaning)
{
    int capacity = WIDTH - 3 - left_width, width = screen_width(left, strlen(left));
    if (width > left_width) {
        add(popup, "  %s", left);
        left = "";
    }
    do {
        size_t length = strlen(meaning);
        if (length > (size_t)capacity) {
            length = (size_t)capacity;
            while (length > 1 && meaning[length] != ' ')
                length--;
        }
        add(popup, "  %-*s %.*s", left_width, left, (int)length, meaning);
        meaning += length;
        meaning += strspn(meaning, " ");
        left = "";
    } while (*meaning);
}

static void add_keys(struct popup *popup)
{
    const char *group = "";
    for (const struct binding *b = key_table; b->keys; b++) {
        if (!b->help)
            continue;
        if (strcmp(group, b->group) != 0)
            heading(popup, group = b->group);
        add_meaning(popup, KEYS_WIDTH, b->keys, b->help);
    }
    add_meaning(popup, KEYS_WIDTH, "1-9...", "a count for the key that follows: 20j");
    add_meaning(popup, KEYS_WIDTH, "mouse", "click: cursor; twice: follow or open; wheel: scroll");
    add_meaning(popup, KEYS_WIDTH, "paste",
                "into the prompt; elsewhere: go to what is pasted, after Enter");
}

static void add_command(struct popup *popup, const char *name, const char *arguments,
                        const char *brief)
{
    char usage[64];
    snprintf(usage, sizeof usage, "%s %s", name, arguments);
    add_meaning(popup, USAGE_WIDTH, usage, brief);
}

static void add_commands(struct popup *popup)
{
    heading(popup, "Commands (:), a unique beginning is enough; any expression goes there");
    for (const struct ui_command *c = ui_commands; c->name; c++)
        add_command(popup, c->name, c->arguments, c->brief);
    heading(popup, "Commands that answer with text (also ramwalk -c COMMAND FILE)");
    for (const struct command *c = core_commands; c->name; c++)
        if (strcmp(c->name, "help") != 0)
            add_command(popup, c->name, c->arguments, c->brief);
}

static void add_settings(struct popup *popup)
{
    heading(popup, "Settings (set NAME VALUE)");
    for (const struct setting *s = setting_table; s->name; s++) {
        char values[64];
        snprintf(values, sizeof values, "%-6s %s", s->name, s->values);
        add_meaning(popup, USAGE_WIDTH, values, s->brief);
    }
}

static void add_expressions(struct popup *popup)
{
    static const char *const lines[] = {
        "  v:ffff800081a3b000+0x10   virtual; p: is physical, f: an offset into the file",
        "  p:$ram+.4096              numbers are hexadecimal, .4096 is decimal",
        "  v:156:400000  v:init:ADDR an address in a process: PIDs are decimal, as in ps",
        "  init_task+0x10            a symbol of the kernel",
        "  [v:ADDR]                  the pointer stored there",
        "  'a  $here  $root          marks, variables (set NAME EXPR)",
        "  + - * / & | << >> ( )     as in C; a bare number is of the pane's own space",
    };
    heading(popup, "Expressions");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        popup_add(popup, lines[i]);
}

static void add_detail(struct popup *popup, const char *detail)
{
    for (const char *s = detail; s && *s;) {
        char line[256];
        size_t length = strcspn(s, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, s);
        add_meaning(popup, 0, "", line);
        s += length + (s[length] == '\n');
    }
}

static bool add_topic(struct popup *popup, const char *topic)
{
    for (const struct ui_command *c = ui_commands; c->name; c++)
        if (strcmp(c->name, topic) == 0) {
            add_command(popup, c->name, c->arguments, c->brief);
            if (strcmp(topic, "set") == 0)
                add_settings(popup);
            return true;
        }
    for (const struct command *c = core_commands; c->name; c++)
        if (strcmp(c->name, topic) == 0) {
            add_command(popup, c->name, c->arguments, c->brief);
            add_detail(popup, c->detail);
            return true;
        }
    return false;
}

struct popup *help_popup(const char *topic, struct error *err)
{
    struct popup *popup = popup_create(*topic ? topic : "help");
    if (!popup) {
        error_set(err, "out of memory");
        return NULL;
    }
    if (*topic) {
        if (add_topic(popup, topic))
            return popup;
        popup_destroy(popup);
        error_at(err, 0, "no command \"%.40s\"", topic);
        return NULL;
    }
    add_keys(popup);
    add_commands(popup);
    add_expressions(popup);
    add_settings(popup);
    return popup;
}
