/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/manual/manual_private.h"

#include "answer/command.h"
#include "session/guest.h"
#include "ui/arguments.h"

#include <string.h>

const struct manual manual_table[] = {
    {"man", man_page_print}, {"bash", bash_print}, {"zsh", zsh_print},
    {"fish", fish_print},    {NULL, NULL},
};

const struct manual *manual_named(const char *name)
{
    for (const struct manual *manual = manual_table; manual->name; manual++)
        if (strcmp(manual->name, name) == 0)
            return manual;
    return NULL;
}

bool manual_print(const struct manual *manual, const char *version, FILE *to)
{
    manual->print(version, to);
    return fflush(to) == 0 && !ferror(to);
}

typedef void adding(void *list, const char *word, const char *meaning);

static void each_command(adding *add, void *list)
{
    for (const struct command *const *command = core_commands; *command; command++)
        add(list, (*command)->name, (*command)->brief);
}

static void each_paging(adding *add, void *list)
{
    const char *name;
    add(list, "list", "names them");
    for (size_t i = 0; (name = session_paging_name(i)); i++)
        add(list, name, "");
}

static void each_manual(adding *add, void *list)
{
    for (const struct manual *manual = manual_table; manual->name; manual++)
        add(list, manual->name, "");
}

static const struct {
    const char *value; /* as in option_row */
    enum option_takes kind;
    void (*each)(adding *add, void *list);
} values[] = {
    {"FILE", OPTION_FILE, NULL},
    {"COMMAND", OPTION_WORDS, each_command},
    {"MODE", OPTION_WORDS, each_paging},
    {"KIND", OPTION_WORDS, each_manual},
};
enum { VALUES = sizeof values / sizeof *values };

enum option_takes option_takes(const struct option_row *row)
{
    for (size_t i = 0; i < VALUES; i++)
        if (strcmp(row->value, values[i].value) == 0)
            return values[i].kind;
    return OPTION_ANYTHING;
}

void option_each_value(const struct option_row *row, adding *add, void *list)
{
    for (size_t i = 0; i < VALUES; i++)
        if (strcmp(row->value, values[i].value) == 0 && values[i].each)
            values[i].each(add, list);
}

void print_escaped(FILE *to, const char *text, size_t length, const char *special)
{
    for (size_t i = 0; i < length; i++)
        fprintf(to, "%s%c", strchr(special, text[i]) ? "\\" : "", text[i]);
}

size_t first_line(const char *text)
{
    return strcspn(text, "\n");
}
