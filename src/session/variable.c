/* SPDX-License-Identifier: GPL-3.0-or-later */
/* $names: a table of what the session knows, and the user's own. */
#include "session/session_private.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool var_here(const struct session *session, struct address *value)
{
    *value = session->here;
    return true;
}

static bool var_root(const struct session *session, struct address *value)
{
    *value = address_phys(session->memory.space->roots.kernel_pa);
    return value->value != NO_ROOT;
}

static bool var_root_user(const struct session *session, struct address *value)
{
    *value = address_phys(session->memory.space->roots.user_pa);
    return value->value != NO_ROOT;
}

static bool var_ram(const struct session *session, struct address *value)
{
    size_t count;
    const struct segment *range = source_segments(session->source, &count);
    *value = address_phys(range[0].pa);
    return true;
}

static bool var_size(const struct session *session, struct address *value)
{
    *value = address_file(source_size(session->source));
    return true;
}

static bool var_text(const struct session *session, struct address *value)
{
    *value = address_in(session->memory.space, session->kernel.stext_va);
    return session->kernel.has_text_va;
}

static const struct {
    const char *name;
    bool has_space;
    bool (*get)(const struct session *session, struct address *value);
} known[] = {
    {"base", true, var_ram},  {"here", true, var_here},           {"ram", true, var_ram},
    {"root", true, var_root}, {"root_user", true, var_root_user}, {"size", false, var_size},
    {"text", true, var_text},
};
#define KNOWN (sizeof known / sizeof *known)

static bool is_name(const char *name)
{
    if (!isalpha((unsigned char)*name) && *name != '_')
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && *name != '_')
            return false;
    return true;
}

bool session_set_variable(struct session *session, const char *name, bool has_space,
                          struct address value, struct error *err)
{
    struct variable *variable = session->variable;
    struct variable *end = variable + session->variables;
    for (size_t i = 0; i < KNOWN; i++)
        if (strcmp(known[i].name, name) == 0)
            return error_set(err, "$%s is the program's own; choose another name", name);
    if (!is_name(name) || strlen(name) >= sizeof variable->name)
        return error_set(err, "%s: a name is letters, digits and _, at most 31", name);
    while (variable < end && strcmp(variable->name, name) != 0)
        variable++;
    if (variable == session->variable + SESSION_VARIABLES)
        return error_set(err, "$%s: there are %d variables already", name, SESSION_VARIABLES);
    if (variable == end)
        session->variables++;
    snprintf(variable->name, sizeof variable->name, "%s", name);
    variable->has_space = has_space;
    variable->value = value;
    return true;
}

bool session_variable(const struct session *session, const char *name, bool *has_space,
                      struct address *value)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (strcmp(known[i].name, name) == 0) {
            *has_space = known[i].has_space;
            return known[i].get(session, value);
        }
    for (size_t i = 0; i < session->variables; i++)
        if (strcmp(session->variable[i].name, name) == 0) {
            *has_space = session->variable[i].has_space;
            *value = session->variable[i].value;
            return true;
        }
    return false;
}

void session_each_variable(const struct session *session, void (*each)(void *, const char *),
                           void *context)
{
    for (size_t i = 0; i < KNOWN; i++)
        each(context, known[i].name);
    for (size_t i = 0; i < session->variables; i++)
        each(context, session->variable[i].name);
}
