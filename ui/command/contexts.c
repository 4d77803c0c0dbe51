/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of panes by name. */
#include "ui/command/contexts.h"

#include "base/text.h"

#include <string.h>

static const char popup_name[] = "popup";

unsigned context_of(const struct pane_type *type)
{
    for (unsigned i = 0; pane_types[i]; i++)
        if (pane_types[i] == type)
            return 1u << i;
    return 0;
}

static bool is_name(const char *text, size_t length, const char *name)
{
    return name && strlen(name) == length && memcmp(text, name, length) == 0;
}

/* The set of a name: one pane, a family, the popup; 0: no such name. */
static unsigned named(const char *text, size_t length)
{
    unsigned set = is_name(text, length, popup_name) ? CONTEXT_POPUP : 0;
    for (unsigned i = 0; pane_types[i]; i++)
        if (is_name(text, length, pane_types[i]->name) ||
            is_name(text, length, pane_types[i]->family))
            set |= 1u << i;
    return set;
}

bool contexts_parse(const char *names, unsigned *set, struct error *err)
{
    unsigned found = 0;
    for (const char *s = names;; s++) {
        size_t length = strcspn(s, ", ");
        unsigned more = named(s, length);
        if (!more)
            return error_at(err, (int)(s - names), "no pane \"%.*s\": Tab shows them",
                            (int)(length < 40 ? length : 40), s);
        found |= more;
        s += length;
        if (*s != ',')
            break;
    }
    *set = found;
    return true;
}

static void add_name(struct text *text, const char *name)
{
    text_add(text, "%s%s", text->length ? "," : "", name);
}

char *contexts_text(unsigned set, char *text, size_t size)
{
    struct text names = text_over(text, size);
    unsigned done = 0;
    for (unsigned i = 0; pane_types[i]; i++) {
        const char *family = pane_types[i]->family;
        unsigned all = family ? named(family, strlen(family)) : 0;
        if (!(set & 1u << i) || done & 1u << i)
            continue;
        bool whole = all && (set & all) == all;
        add_name(&names, whole ? family : pane_types[i]->name);
        done |= whole ? all : 1u << i;
    }
    if (set & CONTEXT_POPUP)
        add_name(&names, popup_name);
    return text;
}

void contexts_each(void (*add)(void *list, const char *word), void *list)
{
    const char *family = NULL;
    for (unsigned i = 0; pane_types[i]; i++) {
        add(list, pane_types[i]->name);
        if (pane_types[i]->family && pane_types[i]->family != family)
            add(list, family = pane_types[i]->family);
    }
    add(list, popup_name);
}
