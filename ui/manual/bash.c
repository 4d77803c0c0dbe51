/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion for bash, which the package bash-completion loads by the program's name; it needs no
 * function of that package. */
#include "ui/manual/manual_private.h"

#include "ui/arguments.h"

static void print_word(void *to, const char *word, const char *meaning)
{
    (void)meaning;
    fprintf(to, " %s", word);
}

static void print_names(const struct option_row *row, const char *between, FILE *to)
{
    fprintf(to, "--%s", row->name);
    if (row->letter)
        fprintf(to, "%s-%c", between, row->letter);
}

/* What may follow an option that takes a value. */
static void print_values(const struct option_row *row, FILE *to)
{
    fputs("    ", to);
    print_names(row, "|", to);
    fputs(") ", to);
    switch (option_takes(row)) {
    case OPTION_ANYTHING:
        fputs("return ;;\n", to);
        break;
    case OPTION_FILE:
        fputs(";;\n", to);
        break;
    case OPTION_WORDS:
        fputs("words='", to);
        option_each_value(row, print_word, to);
        fputs("' ;;\n", to);
        break;
    }
}

void bash_print(const char *version, FILE *to)
{
    fprintf(to, "# bash completion for ramwalk %s\n", version);
    fputs(
        "_ramwalk()\n{\n"
        "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=\n"
        "    COMPREPLY=()\n"
        "    # bash cuts at =, too: --paging=arm64 is three words.\n"
        "    [ \"$current\" != = ] || current=\n"
        "    [ \"$before\" != = ] || before=${COMP_WORDS[COMP_CWORD - 2]}\n"
        "    case $before in\n",
        to);
    for (const struct option_row *row = option_table; row->name; row++)
        if (row->value)
            print_values(row, to);
    fputs("    *) [[ $current != -* ]] || words='", to);
    for (const struct option_row *row = option_table; row->name; row++) {
        fputc(' ', to);
        print_names(row, " ", to);
    }
    fputs("' ;;\n"
          "    esac\n"
          "    if [ -n \"$words\" ]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
          "    else\n"
          "        compopt -o filenames 2>/dev/null\n"
          "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
          "    fi\n"
          "}\n"
          "complete -F _ramwalk ramwalk\n",
          to);
}
