/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a line finds what carries it out. */
#include "ui/command/command_line.h"

#include "ui/command/answer.h"
#include "ui/command/commands_run.h"
#include "ui/command/prompt.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPEATED = 100 }; /* a line is run so often at most */

struct line {
    const struct command_entry *entry; /* NULL: an address to go to */
    size_t length;                     /* of the first word */
    const char *arguments;
};

unsigned command_context(const struct app *app)
{
    return app->popup ? CONTEXT_POPUP : context_of(app_focused(app)->type);
}

bool command_is_expression(const char *line, size_t length)
{
    enum space_kind kind;
    if (strchr("$[('.", *line) || (line[1] == ':' && space_of_letter(*line, &kind)))
        return true;
    for (size_t i = 0; i < length; i++)
        if (!isxdigit((unsigned char)line[i]) && !strchr("xX+-*/|&<>()", line[i]))
            return false;
    return true;
}

/* What a whole name, or an address, stands for: the language of keys and files. */
static bool parse_whole(const char *text, struct line *line, struct error *err)
{
    line->entry = command_named(text, line->length);
    return line->entry || command_is_expression(text, line->length) ||
           error_at(err, 0, "no command \"%.*s\": help lists them",
                    (int)(line->length < 60 ? line->length : 60), text);
}

/* At the prompt a beginning will do, and what fits nothing is looked for among the symbols. */
static bool parse_typed(const char *text, struct line *line, struct error *err)
{
    line->entry = command_named(text, line->length);
    if (line->entry || command_is_expression(text, line->length))
        return true;
    return command_abbreviated(text, line->length, &line->entry) <= 1 ||
           error_at(err, 0, "\"%.*s\" fits several commands: Tab shows them",
                    (int)(line->length < 60 ? line->length : 60), text);
}

static bool parse(const char *text, enum line_from from, struct line *line, struct error *err)
{
    line->length = strcspn(text, " ");
    line->arguments = text + line->length + strspn(text + line->length, " ");
    return from == LINE_PROMPT ? parse_typed(text, line, err) : parse_whole(text, line, err);
}

/* The line without the blanks around it; `skipped` is how many stood before it. */
static void trim(const char *line, char text[COMMAND_LINE_MAX], size_t *skipped)
{
    *skipped = strspn(line, " \t");
    snprintf(text, COMMAND_LINE_MAX, "%s", line + *skipped);
    for (size_t n = strlen(text); n && isspace((unsigned char)text[n - 1]);)
        text[--n] = '\0';
}

bool command_line_check(const char *line, unsigned *where, struct error *err)
{
    char text[COMMAND_LINE_MAX];
    struct line parsed;
    size_t skipped;
    trim(line, text, &skipped);
    if (!parse(text, LINE_FILE, &parsed, err)) {
        err->column += (int)skipped;
        return false;
    }
    *where = parsed.entry ? parsed.entry->where : CONTEXT_EVERYWHERE;
    return true;
}

static bool takes_count(const char *arguments)
{
    return strcmp(arguments, "[N]") == 0;
}

/* Refuses arguments where there are none to give; multiplies the count by that of the line. */
static bool take_count(const char *usage, const char *arguments, int *count, struct error *err)
{
    char *end;
    if (!*usage && *arguments)
        return error_at(err, 0, "it takes no arguments");
    if (!takes_count(usage) || !*arguments)
        return true;
    unsigned long number = strtoul(arguments, &end, 10);
    if (!isdigit((unsigned char)*arguments) || *end || number < 1 || number > COMMAND_COUNT)
        return error_at(err, 0, "a count is a number from 1 to %d", COMMAND_COUNT);
    int64_t product = (int64_t)number * *count;
    *count = product < COMMAND_COUNT ? (int)product : COMMAND_COUNT;
    return true;
}

static bool run_program(struct app *app, const struct ui_command *command, const char *arguments,
                        int count, struct error *err)
{
    const struct popup *popup = app->popup;
    bool again = true;
    if (!take_count(command->arguments, arguments, &count, err))
        return false;
    const char *rest = takes_count(command->arguments) ? "" : arguments;
    for (int i = 0; again && i < count && i < REPEATED; i++) {
        if (!command->run(app, rest, err))
            return false;
        again = !app->leave && !prompt_is_open() && !app->awaits && popup == app->popup;
    }
    return true;
}

static bool run_motion(struct app *app, const struct motion_command *command, const char *arguments,
                       int count, struct error *err)
{
    struct pane *pane = app_focused(app);
    if (!take_count("[N]", arguments, &count, err))
        return false;
    int64_t steps = (int64_t)count * command->direction;
    bool moved = app->popup ? popup_move(app->popup, command->motion, steps)
                            : pane->type->move(pane, command->motion, steps);
    if (!moved)
        app_message(app, "%s does nothing in %s", command->name,
                    app->popup ? "a popup" : pane->type->name);
    return true;
}

static bool run_pane_command(struct app *app, const char *name, size_t length,
                             const char *arguments, int count, struct error *err)
{
    struct pane *pane = app_focused(app);
    const struct pane_command *command = pane_command_find(pane->type, name, length);
    if (!take_count(command->arguments, arguments, &count, err))
        return false;
    const char *rest = takes_count(command->arguments) ? "" : arguments;
    struct pane_call call = {rest, count, command->how, err};
    err->column = -1;
    return command->run(pane, &call);
}

static bool jumps(const struct app *app, const struct command_entry *entry)
{
    if (app->popup || entry->program || entry->answer)
        return false;
    if (entry->motion)
        return entry->motion->jumps;
    const struct pane_type *type = app_focused(app)->type;
    return pane_command_find(type, entry->name, strlen(entry->name))->jumps;
}

/* A motion or a command of the pane or popup in use, with the place it leaves for the history. */
static bool run_in_context(struct app *app, const struct command_entry *entry,
                           const char *arguments, int count, struct error *err)
{
    struct history_entry from = app_visit(app);
    unsigned jumped = app->jumps;
    bool records = jumps(app, entry);
    bool done = entry->motion ? run_motion(app, entry->motion, arguments, count, err)
                : app->popup  ? run_program(app, entry->popup, arguments, count, err)
                              : run_pane_command(app, entry->name, strlen(entry->name), arguments,
                                                 count, err);
    /* A pane that asked for the jump has recorded it. */
    if (done && records && app->jumps == jumped)
        app_jumped(app, &from);
    return done;
}

/* What reads the guest reads it as it is by now. */
static void catch_up(struct app *app, const struct command_entry *entry)
{
    if (entry && !entry->answer && !(entry->program && entry->program->argument != ARGUMENT_NONE))
        return;
    session_catch_up(app->session);
    app_catch_up(app);
}

static bool run_entry(struct app *app, const struct command_entry *entry, const char *text,
                      const char *arguments, int count, struct error *err)
{
    char where[120];
    if (!(entry->where & command_context(app)))
        return error_at(err, -1, "%s is a command of %s", entry->name,
                        contexts_text(entry->where, where, sizeof where));
    if (entry->answer)
        return answer_run(app, entry->answer, text, arguments, err);
    if (entry->program && !(app->popup && entry->popup))
        return run_program(app, entry->program, arguments, count, err);
    return run_in_context(app, entry, arguments, count, err);
}

static bool run_address(struct app *app, const char *text, size_t length, struct error *err)
{
    if (run_goto(app, text, err))
        return true;
    if (!command_is_expression(text, length) && err->column == 0)
        error_at(err, 0, "no command \"%.*s\", nor a symbol: help lists the commands", (int)length,
                 text);
    return false;
}

bool command_line_run(struct app *app, const char *line, enum line_from from, int count,
                      struct error *err)
{
    char text[COMMAND_LINE_MAX];
    struct line parsed;
    size_t skipped;
    trim(line, text, &skipped);
    if (!*text || *text == '#')
        return true;
    const char *arguments = text;
    bool done = parse(text, from, &parsed, err);
    if (done) {
        catch_up(app, parsed.entry);
        if (parsed.entry)
            arguments = parsed.arguments;
        done = parsed.entry ? run_entry(app, parsed.entry, text, arguments, count, err)
                            : run_address(app, text, parsed.length, err);
    }
    if (!done && err->column >= 0)
        err->column += (int)(skipped + (size_t)(arguments - text));
    return done;
}
