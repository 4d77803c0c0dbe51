/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `schema`: every key of every answer in JSON, made from the columns of the subjects. */
#include "answer/command.h"
#include "answer/subjects.h"

#include <stdio.h>

#define DEPTH_MAX 4 /* of lists in lists */

enum { COMMAND, KEY, TYPE, JSON, MAY_LACK, NAMES, HELP, COLUMNS };

static const char *json_name(unsigned i)
{
    static const char *const names[] = {"string", "number", "hex", "boolean",
                                        "array",  "object", "any"};
    return i < sizeof names / sizeof *names ? names[i] : NULL;
}

/* What a value of a type is in JSON; any of them may be null. */
static const char *json_of(enum value_type type)
{
    static const char *const names[VALUE_TYPES] = {
        [VALUE_TEXT] = "string",  [VALUE_ENUM] = "string",   [VALUE_PERMISSION] = "string",
        [VALUE_FLAGS] = "string", [VALUE_NUMBER] = "number", [VALUE_TIME] = "number",
        [VALUE_REAL] = "number",  [VALUE_HEX] = "hex",       [VALUE_SIZE] = "hex",
        [VALUE_ADDRESS] = "hex",  [VALUE_BOOL] = "boolean",  [VALUE_ARRAY] = "array",
        [VALUE_LIST] = "array",   [VALUE_OBJECT] = "object", [VALUE_ANY] = "any",
    };
    return names[type];
}

static const struct column columns[COLUMNS] = {
    [COMMAND] = {"command", "COMMAND", "the command; empty: of any", VALUE_TEXT, 0, 9},
    [KEY] = {"key", "KEY", "list[].key: of each row of a list; object.key; members[] nest",
             VALUE_TEXT, 0, 22},
    [TYPE] = {"type", "TYPE", "of the column, as in help COMMAND", VALUE_TEXT, COLUMN_NO_TEXT, 10},
    [JSON] = {"json", "JSON", "hex: a string \"0x...\"; each may be null", VALUE_ENUM, 0, 7,
              .names = json_name},
    [MAY_LACK] = {"may_lack", "LACKS", "there may be not even the key", VALUE_BOOL, 0, 5},
    [NAMES] = {"names", NULL, "the values that it can have", VALUE_ARRAY, COLUMN_NO_TEXT},
    [HELP] = {"help", "MEANING", "what it says", VALUE_TEXT},
};
static const struct shape shape = SHAPE(columns);

static struct value names_of(struct query *query, const struct column *column)
{
    unsigned count = 0;
    while (column->names && column->names(count))
        count++;
    struct value *item = count ? query_array(query, count) : NULL;
    for (unsigned i = 0; item && i < count; i++)
        item[i] = value_text(column->names(i));
    return item ? value_array(item, count) : (struct value){.type = VALUE_NULL};
}

static bool give_key(struct query *query, const char *command, const char *key,
                     const struct column *column)
{
    struct value *row = query_row(query);
    row[COMMAND] = value_text(command);
    row[KEY] = value_text(key);
    row[TYPE] = value_text(value_type_name(column->type));
    row[JSON] = value_word(VALUE_ENUM, json_of(column->type));
    row[MAY_LACK] = value_bool(column->flags & COLUMN_MAY_LACK);
    row[NAMES] = names_of(query, column);
    row[HELP] = value_text(column->brief);
    return query_emit(query);
}

/* The rows of a list may hold lists of the same shape: its keys are listed once. */
static bool give_shape(struct query *query, const char *command, const struct shape *of,
                       const char *prefix, unsigned depth)
{
    for (unsigned i = 0; i < of->columns; i++) {
        const struct column *column = &of->column[i];
        char key[160], inner[168];
        if (column->flags & COLUMN_NO_JSON)
            continue;
        snprintf(key, sizeof key, "%s%s", prefix, column->name);
        snprintf(inner, sizeof inner, column->type == VALUE_LIST ? "%s[]." : "%s.", key);
        if (!give_key(query, command, key, column))
            return false;
        if (column->inner && column->inner != of && depth < DEPTH_MAX &&
            !give_shape(query, command, column->inner, inner, depth + 1))
            return false;
    }
    return true;
}

/* What stands in the place of an answer, or after it. */
static bool give_common(struct query *query)
{
    static const struct column common[] = {
        [0] = {"incomplete", NULL, "by itself after the rows: why they may not be all", VALUE_TEXT,
               COLUMN_MAY_LACK},
        [1] = {"input", NULL, "in the place of an answer: the line that was not answered",
               VALUE_TEXT, COLUMN_MAY_LACK},
        [2] = {"error", NULL, "why not", VALUE_TEXT, COLUMN_MAY_LACK},
        [3] = {"column", NULL, "the byte of the line where it goes wrong", VALUE_NUMBER,
               COLUMN_MAY_LACK},
    };
    static const struct shape common_shape = SHAPE(common);
    return give_shape(query, "", &common_shape, "", 0);
}

static bool give_command(struct query *query, const struct command *command, bool is_only)
{
    (void)is_only;
    return give_shape(query, command->name, command->subject->shape, "", 0);
}

static bool rows(struct query *query, struct error *err)
{
    if (!command_each(query, give_command, err))
        return false;
    if (!*query->arguments)
        give_common(query);
    return true;
}

static const struct subject subject = {.shape = &shape, .rows = rows};

const struct command command_schema = {
    .name = "schema",
    .arguments = "[COMMAND]",
    .brief = "the keys of all answers in JSON",
    .argument = ARGUMENT_COMMAND,
    .at_once = true,
    .subject = &subject,
};
