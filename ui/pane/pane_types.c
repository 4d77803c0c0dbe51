/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of panes, of the rows in pane.h. */
#include "ui/pane/pane.h"

#include <string.h>

#define ADDRESS(name) &name##_pane_type,
const struct pane_type *const pane_types[] = {PANE_ROWS(ADDRESS) NULL};

static const struct pane_command *find_in(const struct pane_command *commands, const char *name,
                                          size_t length)
{
    for (const struct pane_command *c = commands; c && c->name; c++)
        if (strlen(c->name) == length && memcmp(c->name, name, length) == 0)
            return c;
    return NULL;
}

const struct pane_command *pane_command_find(const struct pane_type *type, const char *name,
                                             size_t length)
{
    const struct pane_command *own = find_in(type->commands, name, length);
    return own ? own : find_in(type->shared_commands, name, length);
}

bool pane_call_space(const struct pane_call *call, enum space_kind *kind)
{
    const char *word = call->arguments;
    return (space_of_letter(word[0], kind) && word[1] == ':' && !word[2]) ||
           error_at(call->err, 0, "\"%.20s\" is none of v:, p: and f:", word);
}
