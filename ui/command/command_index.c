/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of all commands as one, merged by name when it is first asked for. */
#include "ui/command/command_index.h"

#include <assert.h>
#include <string.h>

enum { ENTRIES_MAX = 192 };

static struct command_entry entries[ENTRIES_MAX];
static size_t entry_count;

/* Where the name stands in entries[], or would. */
static size_t place_of(const char *name, size_t length)
{
    size_t low = 0, high = entry_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const char *other = entries[middle].name;
        int order = strncmp(other, name, length);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The entry of a name, which is made where it is not there yet. */
static struct command_entry *entry_of(const char *name, const char *arguments, const char *brief)
{
    size_t at = place_of(name, strlen(name) + 1);
    if (at < entry_count && strcmp(entries[at].name, name) == 0)
        return &entries[at];
    assert(entry_count < ENTRIES_MAX);
    memmove(&entries[at + 1], &entries[at], (entry_count - at) * sizeof *entries);
    entry_count++;
    entries[at] = (struct command_entry){.name = name, .arguments = arguments, .brief = brief};
    return &entries[at];
}

static void add_pane_commands(const struct pane_command *commands, unsigned context)
{
    for (const struct pane_command *c = commands; c && c->name; c++)
        entry_of(c->name, c->arguments, c->brief)->where |= context;
}

static unsigned contexts_of_program(const struct ui_command *command)
{
    unsigned set = 0;
    for (size_t i = 0; command->applies && pane_types[i]; i++)
        if (command->applies(pane_types[i]))
            set |= context_of(pane_types[i]);
    return command->applies ? set : CONTEXT_EVERYWHERE;
}

static void build(void)
{
    for (size_t i = 0; pane_types[i]; i++) {
        add_pane_commands(pane_types[i]->commands, context_of(pane_types[i]));
        add_pane_commands(pane_types[i]->shared_commands, context_of(pane_types[i]));
    }
    for (const struct ui_command *c = popup_commands; c->name; c++) {
        struct command_entry *entry = entry_of(c->name, c->arguments, c->brief);
        entry->where |= CONTEXT_POPUP;
        entry->popup = c;
    }
    for (const struct motion_command *m = motion_commands; m->name; m++) {
        struct command_entry *entry = entry_of(m->name, "[N]", m->brief);
        entry->where = CONTEXT_EVERYWHERE;
        entry->motion = m;
    }
    for (const struct ui_command *c = ui_commands; c->name; c++) {
        struct command_entry *entry = entry_of(c->name, c->arguments, c->brief);
        entry->where |= contexts_of_program(c);
        entry->program = c;
    }
    /* What answers with text has its own form in the browser: `help`, `struct`. */
    for (size_t i = 0; core_commands[i]; i++) {
        const struct command *c = core_commands[i];
        struct command_entry *entry = entry_of(c->name, c->arguments, c->brief);
        entry->where = CONTEXT_EVERYWHERE;
        if (!entry->program)
            entry->answer = c;
    }
}

const struct command_entry *command_index(size_t *count)
{
    if (!entry_count)
        build();
    *count = entry_count;
    return entries;
}

const struct command_entry *command_named(const char *name, size_t length)
{
    size_t count;
    command_index(&count);
    for (size_t at = place_of(name, length); at < count; at++) {
        if (strncmp(entries[at].name, name, length) != 0)
            break;
        if (!entries[at].name[length])
            return &entries[at];
    }
    return NULL;
}

const struct command_alias command_aliases[] = {
    {"fo", "forward"}, {"g", "goto"},     {"l", "list"}, {"m", "mark"},
    {"pr", "process"}, {"sea", "search"}, {"w", "walk"}, {NULL, NULL},
};

const char *command_alias_of(const char *word, size_t length)
{
    for (const struct command_alias *a = command_aliases; a->name; a++)
        if (length >= strlen(a->shortest) && length <= strlen(a->name) &&
            memcmp(word, a->name, length) == 0)
            return a->name;
    return NULL;
}

size_t command_abbreviated(const char *word, size_t length, const struct command_entry **entry)
{
    size_t count, fits = 0;
    command_index(&count);
    const char *alias = command_alias_of(word, length);
    *entry = command_named(word, length);
    if (!*entry && alias)
        *entry = command_named(alias, strlen(alias));
    if (*entry)
        return 1;
    for (size_t at = place_of(word, length); at < count; at++, fits++) {
        if (strncmp(entries[at].name, word, length) != 0)
            break;
        *entry = &entries[at];
    }
    if (fits != 1)
        *entry = NULL;
    return fits;
}
