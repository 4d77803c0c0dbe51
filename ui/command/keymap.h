/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys and the command lines that they run.  key_table has those that the program comes with, a
 * row each; a keymap holds the bindings in force, which `bind` and `unbind` change.
 */
#ifndef RAMWALK_UI_COMMAND_KEYMAP_H
#define RAMWALK_UI_COMMAND_KEYMAP_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct key_row {
    const char *keys; /* "j Down C-n": each of them */
    const char
        *panes; /* "tables,struct" (ui/command/contexts.h); NULL: wherever the line applies */
    const char *line;
    const char *group, *help; /* help: NULL where another row of the group says it */
};

/* In the order of the help; the row after the last has keys NULL. */
extern const struct key_row key_table[];

struct binding {
    int key;                   /* ui/terminal/key.h */
    unsigned where;            /* contexts */
    const char *line;          /* as typed at the prompt */
    const struct key_row *row; /* NULL: bound by hand, and `line` is the keymap's own */
};

#define KEYMAP_BINDINGS 1024
struct keymap {
    struct binding binding[KEYMAP_BINDINGS];
    size_t count;
};

/* The bindings of key_table.  False with a reason: a row of it is wrong. */
bool keymap_init(struct keymap *map, struct error *err);
void keymap_deinit(struct keymap *map);

/* The binding of a key in a context.  NULL: none. */
const struct binding *keymap_find(const struct keymap *map, int key, unsigned context);

/*
 * Binds a key to a line (copied) in the contexts of `where`; 0: wherever the line applies, but not
 * in the popup where that has a binding of the key for itself.  False with a reason: the line is
 * wrong (the column is one of `line`), or means nothing in one of the contexts.
 */
bool keymap_bind(struct keymap *map, int key, unsigned where, const char *line, struct error *err);

/* Takes the key's bindings in these contexts away.  False: it had none. */
bool keymap_unbind(struct keymap *map, int key, unsigned where);

/*
 * How to run a line in a context, for hints: the full name of the first key bound to exactly that
 * line, or ":line" where there is none.  Returns text.
 */
#define KEYMAP_HINT 48
char *keymap_hint(const struct keymap *map, const char *line, unsigned context, char *text,
                  size_t size);

#endif
