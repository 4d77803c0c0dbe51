/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a command means something and where a key is bound: sets of panes by their types, and the
 * popup, which takes the keys while it is open.  A set is a mask: bit i stands for pane_types[i].
 */
#ifndef RAMWALK_UI_COMMAND_CONTEXTS_H
#define RAMWALK_UI_COMMAND_CONTEXTS_H

#include "ui/pane/pane.h"

#define CONTEXT_POPUP      (1u << 31)
#define CONTEXT_PANES      (CONTEXT_POPUP - 1)
#define CONTEXT_EVERYWHERE (~0u)

/* The set of that type alone. */
unsigned context_of(const struct pane_type *type);

/*
 * Parses "tables,struct" up to a blank or the end: names of panes, of families ("lists") and
 * "popup".  False with a reason whose column is in `names`.
 */
bool contexts_parse(const char *names, unsigned *set, struct error *err);

/* The set as contexts_parse() takes it, with families in the place of all their members. */
char *contexts_text(unsigned set, char *text, size_t size);

/* Adds every name that contexts_parse() knows, for completion. */
void contexts_each(void (*add)(void *list, const char *word), void *list);

#endif
