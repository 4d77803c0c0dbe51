/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion for zsh: a file of $fpath named _ramwalk.  Each option is a specification of
 * _arguments in single quotes. */
#include "ui/manual/manual_private.h"

#include "ui/arguments.h"

#include <string.h>

/* Text within single quotes. */
static void print_quoted(FILE *to, const char *text, size_t length, const char *special)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'')
            fputs("'\\''", to);
        else
            print_escaped(to, text + i, 1, special);
    }
}

static void print_word(void *to, const char *word, const char *meaning)
{
    fprintf(to, " %s", word);
    if (!*meaning)
        return;
    fputs("\\:\"", to);
    print_quoted(to, meaning, strlen(meaning), "\"\\$`:");
    fputc('"', to);
}

/* ":message:action" */
static void print_value(const struct option_row *row, FILE *to)
{
    fprintf(to, ":%s:", row->value);
    switch (option_takes(row)) {
    case OPTION_ANYTHING:
        fputc(' ', to);
        break;
    case OPTION_FILE:
        fputs("_files", to);
        break;
    case OPTION_WORDS:
        fputs("((", to);
        option_each_value(row, print_word, to);
        fputs("))", to);
        break;
    }
}

/* -c may be given again. */
static void print_names(const struct option_row *row, FILE *to)
{
    bool again = row->value && strcmp(row->value, "COMMAND") == 0;
    const char *equals = row->value ? "=" : "";
    if (!row->letter)
        fprintf(to, "'%s--%s%s", again ? "*" : "", row->name, equals);
    else if (again)
        fprintf(to, "'*'{-%c,--%s%s}'", row->letter, row->name, equals);
    else
        fprintf(to, "'(-%c --%s)'{-%c,--%s%s}'", row->letter, row->name, row->letter, row->name,
                equals);
}

void zsh_print(const char *version, FILE *to)
{
    fprintf(to, "#compdef ramwalk\n# zsh completion for ramwalk %s\n_arguments -s -S \\\n",
            version);
    for (const struct option_row *row = option_table; row->name; row++) {
        fputs("    ", to);
        print_names(row, to);
        fputc('[', to);
        print_quoted(to, row->help, first_line(row->help), "[]:");
        fputc(']', to);
        if (row->value)
            print_value(row, to);
        fputs("' \\\n", to);
    }
    fputs("    ':the RAM of a guest:_files'\n", to);
}
