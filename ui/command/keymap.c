/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bindings in force: no two of a key have a context in common. */
#include "ui/command/keymap.h"

#include "ui/command/command_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct binding *keymap_find(const struct keymap *map, int key, unsigned context)
{
    for (size_t i = 0; i < map->count; i++)
        if (map->binding[i].key == key && map->binding[i].where & context)
            return &map->binding[i];
    return NULL;
}

bool keymap_unbind(struct keymap *map, int key, unsigned where)
{
    size_t kept = 0;
    bool had = false;
    for (size_t i = 0; i < map->count; i++) {
        struct binding binding = map->binding[i];
        if (binding.key == key) {
            had = had || binding.where & where;
            binding.where &= ~where;
        }
        if (binding.where)
            map->binding[kept++] = binding;
        else if (!binding.row)
            free((char *)binding.line);
    }
    map->count = kept;
    return had;
}

static bool add(struct keymap *map, struct binding binding, struct error *err)
{
    if (map->count == KEYMAP_BINDINGS)
        return error_set(err, "there is no room for more than %d bindings", KEYMAP_BINDINGS);
    keymap_unbind(map, binding.key, binding.where);
    map->binding[map->count++] = binding;
    return true;
}

/* Has the popup a binding of that key for itself? */
static bool is_popups_own(const struct keymap *map, int key)
{
    const struct binding *binding = keymap_find(map, key, CONTEXT_POPUP);
    return binding && binding->where == CONTEXT_POPUP;
}

/* The contexts of a binding, checked against those in which its line means something. */
static bool resolve(const char *line, unsigned *where, struct error *err)
{
    char panes[120];
    unsigned applies;
    if (!command_line_check(line, &applies, err))
        return false;
    if (!*where)
        *where = applies;
    unsigned wrong = *where & ~applies;
    return !wrong ||
           error_at(err, 0, "that is no command of %s", contexts_text(wrong, panes, sizeof panes));
}

bool keymap_bind(struct keymap *map, int key, unsigned where, const char *line, struct error *err)
{
    bool spares_popup = !where && is_popups_own(map, key);
    if (!resolve(line, &where, err))
        return false;
    if (spares_popup && where != CONTEXT_POPUP)
        where &= ~CONTEXT_POPUP;
    char *copy = strdup(line);
    if (!copy)
        return error_set(err, "out of memory");
    if (add(map, (struct binding){key, where, copy, NULL}, err))
        return true;
    free(copy);
    return false;
}

static bool add_row(struct keymap *map, const struct key_row *row, struct error *err)
{
    unsigned where = 0;
    if ((row->panes && !contexts_parse(row->panes, &where, err)) ||
        !resolve(row->line, &where, err))
        return error_context(err, "%s", row->keys);
    const char *rest = row->keys;
    for (int key; (key = key_parse(rest, &rest)) != PRESS_NONE;)
        if (!add(map, (struct binding){key, where, row->line, row}, err))
            return false;
    return true;
}

bool keymap_init(struct keymap *map, struct error *err)
{
    map->count = 0;
    for (const struct key_row *row = key_table; row->keys; row++)
        if (!row->panes && !add_row(map, row, err))
            return false;
    for (const struct key_row *row = key_table; row->keys; row++)
        if (row->panes && !add_row(map, row, err))
            return false;
    return true;
}

void keymap_deinit(struct keymap *map)
{
    for (size_t i = 0; i < map->count; i++)
        if (!map->binding[i].row)
            free((char *)map->binding[i].line);
    map->count = 0;
}

char *keymap_hint(const struct keymap *map, const char *line, unsigned context, char *text,
                  size_t size)
{
    for (size_t i = 0; i < map->count; i++)
        if (map->binding[i].where & context && strcmp(map->binding[i].line, line) == 0)
            return key_notation(map->binding[i].key, true, text, size);
    snprintf(text, size, ":%s", line);
    return text;
}
