/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/command/help_text.h"

#include "base/text.h"
#include "ui/app/settings.h"
#include "ui/terminal/key.h"

#include <stdio.h>
#include <string.h>

static void heading(const struct help_writer *to, const char *text)
{
    to->heading(to->context, text);
}

static void row(const struct help_writer *to, enum help_width width, const char *left,
                const char *meaning)
{
    to->row(to->context, width, left, meaning);
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
static void add_rows(const struct help_writer *to, const struct keymap *map, unsigned context,
                     bool its_own)
{
    const char *group = "";
    struct error ignored;
    for (const struct key_row *key = key_table; key->keys; key++) {
        char line[80];
        struct text keys = TEXT_OVER(line);
        unsigned where = 0;
        bool own = key->panes && contexts_parse(key->panes, &where, &ignored) && where & context;
        if (own != its_own || !key->help || !keys_of(map, key, &keys))
            continue;
        if (strcmp(group, key->group) != 0)
            heading(to, group = key->group);
        row(to, HELP_WIDTH_KEYS, line, key->help);
    }
}

/* Those bound by hand, with the panes where they are not all. */
static void add_bound(const struct help_writer *to, const struct keymap *map)
{
    bool first = true;
    for (size_t i = 0; i < map->count; i++) {
        const struct binding *binding = &map->binding[i];
        char name[KEY_NAME], panes[120], line[400];
        if (binding->row)
            continue;
        if (first)
            heading(to, "Bound by you");
        first = false;
        bool everywhere = (binding->where & CONTEXT_PANES) == CONTEXT_PANES;
        snprintf(line, sizeof line, "%s%s%s", binding->line, everywhere ? "" : "  in ",
                 everywhere ? "" : contexts_text(binding->where, panes, sizeof panes));
        row(to, HELP_WIDTH_KEYS, key_notation(binding->key, false, name, sizeof name), line);
    }
}

void help_keys(const struct help_writer *to, const struct keymap *map, unsigned context)
{
    add_rows(to, map, context, true);
    add_bound(to, map);
    add_rows(to, map, context, false);
    row(to, HELP_WIDTH_KEYS, "1-9...", "a count for the key that follows: 20j");
    row(to, HELP_WIDTH_KEYS, "mouse", "click: cursor; twice: follow or open; wheel: scroll");
    row(to, HELP_WIDTH_KEYS, "paste",
        "into the prompt; elsewhere: go to what is pasted, after Enter");
}

static void add_command(const struct help_writer *to, const char *name, const char *arguments,
                        const char *brief)
{
    char usage[64];
    snprintf(usage, sizeof usage, "%s %s", name, arguments);
    row(to, HELP_WIDTH_USAGE, usage, brief);
}

/* Everything of a name that panes have, by what it means there. */
static void add_pane_command(const struct help_writer *to, const struct command_entry *entry)
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
        add_command(to, command->name, command->arguments, meaning);
    }
}

static void add_entry(const struct help_writer *to, const struct command_entry *entry)
{
    if (entry->motion || entry->program || entry->answer)
        add_command(to, entry->name, entry->arguments, entry->brief);
    else
        add_pane_command(to, entry);
    if (entry->popup)
        add_command(to, entry->popup->name, "", entry->popup->brief);
}

void help_commands(const struct help_writer *to)
{
    size_t count;
    const struct command_entry *entries = command_index(&count);
    heading(to, "Commands (:), a unique beginning is enough; any expression goes there");
    for (size_t i = 0; i < count; i++)
        if (entries[i].program)
            add_entry(to, &entries[i]);
    heading(to, "Commands that answer with text (also ramwalk -c COMMAND FILE)");
    for (size_t i = 0; i < count; i++)
        if (entries[i].answer)
            add_entry(to, &entries[i]);
    heading(to, "Commands that move the cursor, and those of panes");
    for (size_t i = 0; i < count; i++)
        if (!entries[i].program && !entries[i].answer)
            add_entry(to, &entries[i]);
}

void help_settings(const struct help_writer *to)
{
    heading(to, "Settings (set NAME VALUE)");
    for (const struct setting *s = setting_table; s->name; s++) {
        char values[64];
        snprintf(values, sizeof values, "%-6s %s", s->name, s->values);
        row(to, HELP_WIDTH_USAGE, values, s->brief);
    }
}

void help_expressions(const struct help_writer *to)
{
    static const char *const lines[][2] = {
        {"v:ffff800081a3b000+0x10", "virtual; p: is physical, f: an offset into the file"},
        {"p:$ram+.4096", "numbers are hexadecimal, .4096 is decimal"},
        {"v:156:400000", "an address in a process: PIDs are decimal, as in ps"},
        {"v:init:ADDR", "the same, by the process's name"},
        {"init_task+0x10", "a symbol of the kernel"},
        {"[v:ADDR]", "the pointer stored there"},
        {"'a  $here  $root", "marks, variables (set NAME EXPR)"},
        {"+ - * / & | << >> ( )", "as in C; a bare number is of the pane's own space"},
    };
    heading(to, "Expressions");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        row(to, HELP_WIDTH_USAGE, lines[i][0], lines[i][1]);
}

static void add_detail(const struct help_writer *to, const char *detail)
{
    for (const char *s = detail; s && *s;) {
        char line[256];
        size_t length = strcspn(s, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, s);
        row(to, HELP_WIDTH_NONE, "", line);
        s += length + (s[length] == '\n');
    }
}

/* What a key runs, and where. */
bool help_key(const struct help_writer *to, const struct keymap *map, int key)
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
        row(to, HELP_WIDTH_USAGE,
            everywhere ? "everywhere" : contexts_text(binding->where, panes, sizeof panes),
            meaning);
        bound = true;
    }
    return bound;
}

void help_answer(const struct help_writer *to, const struct command *command)
{
    const struct shape *shape = command->subject->shape;
    add_command(to, command->name, command->arguments, command->brief);
    add_detail(to, command->detail);
    heading(to, "Columns (where COLUMN=VALUE ..., sort=[-]COLUMN, columns=A,B)");
    for (unsigned i = 0; i < shape->columns; i++) {
        const struct column *column = &shape->column[i];
        char name[64];
        snprintf(name, sizeof name, "%-11s %s", column->name, value_type_name(column->type));
        row(to, HELP_WIDTH_USAGE, name, column->brief);
    }
}

void help_command(const struct help_writer *to, const struct command_entry *entry)
{
    if (entry->answer)
        help_answer(to, entry->answer);
    else
        add_entry(to, entry);
    if (strcmp(entry->name, "set") == 0)
        help_settings(to);
}
