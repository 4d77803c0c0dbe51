/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `help`: the commands that answer, and the columns of their answers. */
#include "answer/command.h"
#include "answer/subjects.h"

enum { COLUMN_NAME, COLUMN_TYPE, COLUMN_BRIEF, COLUMN_COLUMNS };

static const struct column column_columns[COLUMN_COLUMNS] = {
    [COLUMN_NAME] = {"name", "NAME", "its key in JSON, its word after where, sort= and columns=",
                     VALUE_TEXT, 0, 12},
    [COLUMN_TYPE] = {"type", "TYPE", "text, number, hex, size, address, ...", VALUE_TEXT, 0, 11},
    [COLUMN_BRIEF] = {"help", "MEANING", "what it says", VALUE_TEXT},
};
static const struct shape column_shape = SHAPE(column_columns);

enum { LINE_TEXT, LINE_COLUMNS };

static const struct column line_columns[LINE_COLUMNS] = {
    [LINE_TEXT] = {"text", NULL, "a line", VALUE_TEXT},
};
static const struct shape line_shape = SHAPE(line_columns);

enum { USAGE, COMMAND, ARGUMENTS, HELP, LINES, COLUMNS_OF, COLUMNS };

static const struct column columns[COLUMNS] = {
    [USAGE] = {"usage", "USAGE", "how it is written", VALUE_TEXT, COLUMN_NO_JSON, 28},
    [COMMAND] = {"command", "COMMAND", "its name", VALUE_TEXT, COLUMN_NO_TEXT},
    [ARGUMENTS] = {"arguments", "ARGUMENTS", "what it takes", VALUE_TEXT, COLUMN_NO_TEXT},
    [HELP] = {"help", "HELP", "what it answers", VALUE_TEXT},
    [LINES] = {"detail", NULL, "more about it", VALUE_LIST, COLUMN_NO_JSON, .inner = &line_shape},
    [COLUMNS_OF] = {"columns", NULL, "of its answers", VALUE_LIST, COLUMN_MAY_LACK,
                    .inner = &column_shape},
};
static const struct shape shape = SHAPE(columns);

static struct value detail_of(struct query *query, const char *detail)
{
    struct list *list = query_list(query, &line_shape);
    while (detail && *detail) {
        size_t length = strcspn(detail, "\n");
        query_list_row(query, list)[LINE_TEXT] = value_bytes(VALUE_TEXT, detail, length);
        detail += length + (detail[length] == '\n');
    }
    return value_list(list);
}

static struct value columns_of(struct query *query, const struct shape *of)
{
    struct list *list = query_list(query, &column_shape);
    for (unsigned i = 0; of && i < of->columns; i++) {
        struct value *row = query_list_row(query, list);
        row[COLUMN_NAME] = value_text(of->column[i].name);
        row[COLUMN_TYPE] = value_text(value_type_name(of->column[i].type));
        row[COLUMN_BRIEF] = value_text(of->column[i].brief);
    }
    return value_list(list);
}

static bool give_command(struct query *query, const struct command *command, bool in_full)
{
    struct value *row = query_row(query);
    row[USAGE] = value_text(query_text(query, "%s %s", command->name, command->arguments));
    row[COMMAND] = value_text(command->name);
    row[ARGUMENTS] = value_text(command->arguments);
    row[HELP] = value_text(command->brief);
    row[LINES] = in_full ? detail_of(query, command->detail) : value_absent();
    row[COLUMNS_OF] = in_full ? columns_of(query, command->subject->shape) : value_absent();
    return query_emit(query);
}

static bool rows(struct query *query, struct error *err)
{
    return command_each(query, give_command, err);
}

static const struct subject subject = {.shape = &shape, .bare = true, .rows = rows};

const struct command command_help = {
    .name = "help",
    .arguments = "[COMMAND]",
    .brief = "the commands, or one of them in full",
    .argument = ARGUMENT_COMMAND,
    .at_once = true,
    .subject = &subject,
};
