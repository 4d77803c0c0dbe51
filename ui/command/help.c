/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help, made from the tables of keys, commands and settings. */
#include "ui/command/help.h"

#include "base/text.h"
#include "ui/command/command_index.h"

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

/* The keys of a row that are in force. */
static bool keys_of(const struct keymap *map, const struct key_row *row, struct text *keys)
{
    char name[KEY_NAME];
    for (size_t i = 0; i < map->count; i++)
        if (map->binding[i].row == row)
            text_add(keys, "%s%s", keys->length ? " " : "",
                     key_notation(map->binding[i].key, false, name, sizeof name));
    return keys->length > 0;
}

/* Those rows of key_table that are of the context alone, or all others. */
static void add_rows(struct popup *popup, const struct keymap *map, unsigned context, bool its_own)
{
    const char *group = "";
    struct error ignored;
    for (const struct key_row *row = key_table; row->keys; row++) {
        char line[80];
        struct text keys = TEXT_OVER(line);
        unsigned where = 0;
        bool own = row->panes && contexts_parse(row->panes, &where, &ignored) && where & context;
        if (own != its_own || !row->help || !keys_of(map, row, &keys))
            continue;
        if (strcmp(group, row->group) != 0)
            heading(popup, group = row->group);
        add_meaning(popup, KEYS_WIDTH, line, row->help);
    }
}

/* Those bound by hand, with the panes where they are not all. */
static void add_bound(struct popup *popup, const struct keymap *map)
{
    bool first = true;
    for (size_t i = 0; i < map->count; i++) {
        const struct binding *binding = &map->binding[i];
        char name[KEY_NAME], panes[120], line[400];
        if (binding->row)
            continue;
        if (first)
            heading(popup, "Bound by you");
        first = false;
        bool everywhere = (binding->where & CONTEXT_PANES) == CONTEXT_PANES;
        snprintf(line, sizeof line, "%s%s%s", binding->line, everywhere ? "" : "  in ",
                 everywhere ? "" : contexts_text(binding->where, panes, sizeof panes));
        add_meaning(popup, KEYS_WIDTH, key_notation(binding->key, false, name, sizeof name), line);
    }
}

static void add_keys(struct popup *popup, const struct keymap *map, unsigned context)
{
    add_rows(popup, map, context, true);
    add_bound(popup, map);
    add_rows(popup, map, context, false);
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

/* Everything of a name that panes have, by what it means there. */
static void add_pane_command(struct popup *popup, const struct command_entry *entry)
{
    unsigned left = entry->where & CONTEXT_PANES;
    for (size_t i = 0; pane_types[i]; i++) {
        const struct pane_command *command, *other;
        unsigned same = 0;
        char panes[120], meaning[240];
        command = pane_command_find(pane_types[i], entry->name, strlen(entry->name));
        if (!command || !(left & context_of(pane_types[i])))
            continue;
        for (size_t k = i; pane_types[k]; k++) {
            other = pane_command_find(pane_types[k], entry->name, strlen(entry->name));
            if (other && strcmp(other->brief, command->brief) == 0)
                same |= context_of(pane_types[k]);
        }
        left &= ~same;
        snprintf(meaning, sizeof meaning, "%s: %s", contexts_text(same, panes, sizeof panes),
                 command->brief);
        add_command(popup, command->name, command->arguments, meaning);
    }
}

static void add_entry(struct popup *popup, const struct command_entry *entry)
{
    if (entry->motion || entry->program || entry->answer)
        add_command(popup, entry->name, entry->arguments, entry->brief);
    else
        add_pane_command(popup, entry);
    if (entry->popup)
        add_command(popup, entry->popup->name, "", entry->popup->brief);
}

static void add_commands(struct popup *popup)
{
    size_t count;
    const struct command_entry *entries = command_index(&count);
    heading(popup, "Commands (:), a unique beginning is enough; any expression goes there");
    for (size_t i = 0; i < count; i++)
        if (entries[i].program)
            add_entry(popup, &entries[i]);
    heading(popup, "Commands that answer with text (also ramwalk -c COMMAND FILE)");
    for (size_t i = 0; i < count; i++)
        if (entries[i].answer)
            add_entry(popup, &entries[i]);
    heading(popup, "Commands that move the cursor, and those of panes");
    for (size_t i = 0; i < count; i++)
        if (!entries[i].program && !entries[i].answer)
            add_entry(popup, &entries[i]);
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

/* What a key runs, and where. */
static bool add_key(struct popup *popup, const struct keymap *map, int key)
{
    bool bound = false;
    for (size_t i = 0; i < map->count; i++) {
        const struct binding *binding = &map->binding[i];
        char panes[120], meaning[300];
        if (binding->key != key)
            continue;
        const char *help = binding->row && binding->row->help ? binding->row->help : "";
        snprintf(meaning, sizeof meaning, "%s%s%s", binding->line, *help ? "  -- " : "", help);
        bool everywhere = (binding->where & CONTEXT_PANES) == CONTEXT_PANES;
        add_meaning(popup, USAGE_WIDTH,
                    everywhere ? "everywhere" : contexts_text(binding->where, panes, sizeof panes),
                    meaning);
        bound = true;
    }
    return bound;
}

/* What its answers can be filtered, sorted and shown by. */
static void add_answer(struct popup *popup, const struct command *command)
{
    const struct shape *shape = command->subject->shape;
    add_detail(popup, command->detail);
    heading(popup, "Columns (where COLUMN=VALUE ..., sort=[-]COLUMN, columns=A,B)");
    for (unsigned i = 0; i < shape->columns; i++) {
        const struct column *column = &shape->column[i];
        char name[64];
        snprintf(name, sizeof name, "%-11s %s", column->name, value_type_name(column->type));
        add_meaning(popup, USAGE_WIDTH, name, column->brief);
    }
}

static bool add_topic(struct popup *popup, const struct keymap *map, const char *topic,
                      struct error *err)
{
    const struct command_entry *entry = command_named(topic, strlen(topic));
    const char *rest;
    int key = key_parse(topic, &rest);
    if (entry) {
        add_entry(popup, entry);
        if (strcmp(topic, "set") == 0)
            add_settings(popup);
        if (entry->answer)
            add_answer(popup, entry->answer);
        return true;
    }
    if (key == PRESS_NONE || *rest)
        return error_at(err, 0, "no command \"%.40s\"", topic);
    return add_key(popup, map, key) || error_at(err, 0, "%.40s is not bound", topic);
}

struct popup *help_popup(const struct keymap *map, unsigned context, const char *topic,
                         struct error *err)
{
    struct popup *popup = popup_create(*topic ? topic : "help");
    if (!popup) {
        error_set(err, "out of memory");
        return NULL;
    }
    if (*topic) {
        if (add_topic(popup, map, topic, err))
            return popup;
        popup_destroy(popup);
        return NULL;
    }
    add_keys(popup, map, context);
    add_commands(popup);
    add_expressions(popup);
    add_settings(popup);
    return popup;
}
