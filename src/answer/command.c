/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of commands, and how a line finds its row. */
#include "answer/command.h"
#include "answer/render.h"
#include "answer/subjects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDRESS(name) &command_##name,
const struct command *const core_commands[] = {COMMAND_ROWS(ADDRESS) NULL};

const struct command *command_find(const char *name, size_t length)
{
    const struct command *found = NULL;
    bool several = false;
    for (size_t i = 0; core_commands[i]; i++) {
        const struct command *command = core_commands[i];
        if (strncmp(command->name, name, length) != 0)
            continue;
        if (command->name[length] == '\0')
            return command;
        several = found != NULL;
        found = command;
    }
    return length && !several ? found : NULL;
}

bool command_each(struct query *query,
                  bool (*give)(struct query *query, const struct command *command, bool is_only),
                  struct error *err)
{
    const char *name = query->arguments;
    const struct command *one = command_find(name, strlen(name));
    if (*name && !one)
        return error_at(err, 0, "no such command; help lists them");
    for (size_t i = 0; core_commands[i]; i++)
        if ((!one || core_commands[i] == one) && !give(query, core_commands[i], one != NULL))
            break;
    return true;
}

/* A copy of the line without the blanks around it; the caller frees it. */
static char *trimmed(const char *line, size_t *leading)
{
    *leading = strspn(line, " \t\r\n");
    char *copy = strdup(line + *leading);
    size_t length = copy ? strlen(copy) : 0;
    while (length > 0 && strchr(" \t\r\n", copy[length - 1]))
        copy[--length] = '\0';
    return copy;
}

bool command_run(struct session *session, const struct command *command, const char *arguments,
                 struct output *output, struct error *err)
{
    struct text_renderer text;
    struct json_renderer json;
    if (output->json) {
        json_renderer_init(&json, output);
        return query_run(session, command->subject, arguments, &json.sink, err);
    }
    text_renderer_init(&text, output);
    bool done = query_run(session, command->subject, arguments, &text.sink, err);
    text_renderer_deinit(&text);
    return done;
}

static bool run_trimmed(struct session *session, const char *line, struct output *output,
                        struct error *err)
{
    size_t length = strcspn(line, " \t");
    const char *arguments = line + length + strspn(line + length, " \t");
    const struct command *command = command_find(line, length);
    if (!command)
        return error_at(err, 0, "no such command; help lists them");
    if (command_run(session, command, arguments, output, err))
        return true;
    if (err->column >= 0)
        err->column += (int)(arguments - line);
    return false;
}

bool command_line(struct session *session, const char *line, struct output *output)
{
    size_t leading;
    struct error err;
    char *copy = trimmed(line, &leading);
    if (!copy)
        return false;
    bool ok = true;
    session_catch_up(session);
    if (*copy && *copy != '#' && !run_trimmed(session, copy, output, &err)) {
        output_error(output, copy, &err);
        ok = false;
    }
    free(copy);
    return ok;
}
