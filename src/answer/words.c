/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may stand after a command's own arguments, for completion: from its columns. */
#include "answer/command.h"

#include <stdio.h>

typedef void adding(void *list, const char *word);

static void add_pair(adding *add, void *list, const char *before, size_t length, const char *name)
{
    char word[200];
    snprintf(word, sizeof word, "%.*s%s", (int)length, before, name);
    add(list, word);
}

/* All columns after `length` bytes of `before`. */
static void add_columns(const struct shape *shape, const char *before, size_t length, adding *add,
                        void *list)
{
    for (unsigned i = 0; i < shape->columns; i++)
        add_pair(add, list, before, length, shape->column[i].name);
}

/* "state=R", "kthread=yes": of columns whose values are known. */
static void add_values(const struct column *column, adding *add, void *list)
{
    char before[80];
    const char *name;
    snprintf(before, sizeof before, "%s=", column->name);
    for (unsigned i = 0; column->names && (name = column->names(i)); i++)
        add_pair(add, list, before, strlen(before), name);
    for (unsigned i = 0; column->type == VALUE_BOOL && i < 2; i++)
        add_pair(add, list, before, strlen(before), i ? "yes" : "no");
}

static void add_terms(const struct shape *shape, const char *word, adding *add, void *list)
{
    for (unsigned i = 0; i < shape->columns; i++) {
        const struct column *column = &shape->column[i];
        size_t length = strlen(column->name);
        bool typed = strncmp(word, column->name, length) == 0 && word[length] == '=';
        if (column->type == VALUE_LIST || column->type == VALUE_OBJECT)
            continue;
        if (typed)
            add_values(column, add, list);
        else
            add(list, column->name);
    }
}

/* How much of a list of columns is complete: up to its last comma, or "columns=". */
static size_t complete_columns(const char *word)
{
    const char *comma = strrchr(word, ',');
    return (size_t)((comma ? comma : word + strlen("columns")) + 1 - word);
}

void command_words(const struct command *command, const char *arguments, size_t start, adding *add,
                   void *list)
{
    const struct shape *shape = command->subject->shape;
    const char *word = arguments + start, *tail = query_tail(arguments);
    bool after_minus = start >= 6 && memcmp(word - 6, "sort=-", 6) == 0;
    if (after_minus) {
        add_columns(shape, "", 0, add, list);
    } else if (strncmp(word, "columns=", 8) == 0) {
        add_columns(shape, word, complete_columns(word), add, list);
    } else if (strncmp(word, "sort=", 5) == 0) {
        add_columns(shape, word, 5, add, list);
    } else {
        add(list, "where");
        add(list, "sort=");
        add(list, "columns=");
        if (tail < word)
            add_terms(shape, word, add, list);
    }
}
