/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion for fish: a line an option. */
#include "ui/manual/manual_private.h"

#include "ui/arguments.h"

#include <string.h>

/* Within '...', where fish knows \' and \\; -a is expanded once more, so that its words stand in
 * "..." there. */
static void print_word(void *to, const char *word, const char *meaning)
{
    fprintf(to, "%s", word);
    if (*meaning) {
        fputs("\\t\"", to);
        print_escaped(to, meaning, strlen(meaning), "'\"$");
        fputc('"', to);
    }
    fputc(' ', to);
}

void fish_print(const char *version, FILE *to)
{
    fprintf(to, "# fish completion for ramwalk %s\n", version);
    for (const struct option_row *row = option_table; row->name; row++) {
        fputs("complete -c ramwalk", to);
        if (row->letter)
            fprintf(to, " -s %c", row->letter);
        fprintf(to, " -l %s", row->name);
        if (row->value)
            fputs(option_takes(row) == OPTION_FILE ? " -r" : " -x", to);
        if (row->value && option_takes(row) == OPTION_WORDS) {
            fputs(" -a '", to);
            option_each_value(row, print_word, to);
            fputc('\'', to);
        }
        fputs(" -d '", to);
        print_escaped(to, row->help, first_line(row->help), "'\\");
        fputs("'\n", to);
    }
}
