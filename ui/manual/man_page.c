/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manual page: man(7) macros, which groff and mandoc both read. */
#include "ui/manual/manual_private.h"

#include "ui/arguments.h"
#include "ui/command/help_text.h"

#include <stdlib.h>
#include <string.h>

/* A text of a line of its own: no first character may make it a request, and - and quotes are
 * meant as they are typed. */
static void print_text(FILE *to, const char *text, size_t length)
{
    if (length && (*text == '.' || *text == '\''))
        fputs("\\&", to);
    for (size_t i = 0; i < length; i++) {
        switch (text[i]) {
        case '\\':
            fputs("\\e", to);
            break;
        case '-':
            fputs("\\-", to);
            break;
        case '\'':
            fputs("\\(aq", to);
            break;
        case '`':
            fputs("\\(ga", to);
            break;
        case '^':
            fputs("\\(ha", to);
            break;
        case '~':
            fputs("\\(ti", to);
            break;
        case '\n':
            fputc(' ', to);
            break;
        default:
            fputc(text[i], to);
        }
    }
}

static void print_line(FILE *to, const char *text)
{
    print_text(to, text, strlen(text));
    fputc('\n', to);
}

/* A tagged paragraph: what it is about in bold, and what it means. */
static void print_item(FILE *to, const char *tag, const char *meaning)
{
    fputs(".TP\n\\fB", to);
    print_text(to, tag, strlen(tag));
    fputs("\\fR\n", to);
    print_line(to, meaning);
}

/* help_writer */
static void add_heading(void *to, const char *text)
{
    fputs(".SS ", to);
    print_line(to, text);
}

/* Within a command: its columns. */
static void add_paragraph(void *to, const char *text)
{
    fputs(".PP\n", to);
    print_line(to, text);
}

static void add_row(void *to, enum help_width width, const char *left, const char *meaning)
{
    if (width == HELP_WIDTH_NONE)
        print_line(to, meaning);
    else
        print_item(to, left, meaning);
}

static void print_option(FILE *to, const struct option_row *row)
{
    fputs(".TP\n\\fB", to);
    if (row->letter)
        fprintf(to, "\\-%c\\fR, \\fB", row->letter);
    fputs("\\-\\-", to);
    print_text(to, row->name, strlen(row->name));
    fputs("\\fR", to);
    if (row->value)
        fprintf(to, " \\fI%s\\fR", row->value);
    fputc('\n', to);
    print_line(to, row->help);
}

static const char beginning[] =
    ".SH NAME\n"
    "ramwalk \\- browse the memory of a virtual machine\n"
    ".SH SYNOPSIS\n"
    ".B ramwalk\n"
    "[\\fIOPTION\\fR...]\n"
    "\\fIFILE\\fR[\\fB:\\fIOFFSET\\fR][\\fB@\\fIPA\\fR][\\fB+\\fISIZE\\fR][\\fB,\\fR...]\n"
    ".SH DESCRIPTION\n"
    ".B ramwalk\n"
    "opens the RAM of a guest, such as the file of QEMU\\(aqs memory\\-backend\\-file, and lets "
    "its\n"
    "user walk in it: bytes, page tables from the PGD down to the PTEs, processes, symbols and\n"
    "structs of a Linux kernel, and from any pointer to what it points to and back.\n"
    "It needs no debug symbols, no debugger and no help from the guest.\n"
    "The file is only read; a running guest is followed as it changes.\n"
    ".PP\n"
    "\\fISIZE\\fR bytes of the file at \\fIOFFSET\\fR lie at \\fIPA\\fR in guest physical space\n"
    "(hexadecimal, \\fISIZE\\fR also with K, M or G); without \\fIPA\\fR it is found.\n"
    "A file may be named for several segments.\n"
    ".PP\n"
    "Without\n"
    ".B \\-c\n"
    "the browser opens, in which\n"
    ".B ?\\&\n"
    "is help.\n"
    ".SH OPTIONS\n";

static const char ending[] =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nThe browser was left, or each command was answered.\n"
    ".TP\n.B 1\nThe file cannot be opened, or a command failed.\n"
    ".TP\n.B 2\nThe options are wrong.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B NO_COLOR\nIf set and not empty, no colours, as with \\fB\\-\\-no\\-color\\fR.\n"
    ".TP\n.B XDG_CONFIG_HOME\nInstead of \\(ti/.config.\n"
    ".TP\n.B XDG_STATE_HOME\nInstead of \\(ti/.local/state.\n"
    ".SH FILES\n"
    ".TP\n.I \\(ti/.config/ramwalk/rc\nCommands that the browser begins with: settings, keys.\n"
    ".TP\n.I \\(ti/.local/state/ramwalk/history\nWhat was typed at the prompt.\n"
    ".SH EXAMPLES\n"
    ".TP\nBrowse a running guest:\n"
    "qemu\\-system\\-aarch64 ... \\-object memory\\-backend\\-file,id=ram,size=6G,"
    "mem\\-path=ram,share=on\n.br\nramwalk ram\n"
    ".TP\nThe writable and executable mappings, as JSON:\nramwalk \\-j \\-c \\(aqtables "
    "perm=wx\\(aq ram\n"
    ".TP\nThe largest mappings first:\nramwalk \\-c \\(aqtables sort=\\-size\\(aq ram\n"
    ".SH SEE ALSO\n"
    ".BR crash (8),\n.BR gdb (1),\n.BR qemu\\-system\\-aarch64 (1)\n";

/* What answers, each with its columns. */
static void print_answers(FILE *to)
{
    const struct help_writer writer = {add_paragraph, add_row, to};
    fputs(".SH ANSWERS\n", to);
    for (const struct command *const *command = core_commands; *command; command++) {
        add_heading(to, (*command)->name);
        help_answer(&writer, *command);
    }
}

void man_page_print(const char *version, FILE *to)
{
    static struct keymap map;
    const struct help_writer writer = {add_heading, add_row, to};
    struct error err;
    fprintf(to, ".TH RAMWALK 1 \"\" \"ramwalk %s\" \"User Commands\"\n", version);
    fputs(beginning, to);
    for (const struct option_row *row = option_table; row->name; row++)
        print_option(to, row);
    fputs(".SH KEYS\n", to);
    if (keymap_init(&map, &err)) {
        help_keys(&writer, &map, 0);
        keymap_deinit(&map);
    }
    fputs(".SH COMMANDS\n", to);
    help_commands(&writer);
    print_answers(to);
    fputs(".SH EXPRESSIONS AND SETTINGS\n", to);
    help_expressions(&writer);
    help_settings(&writer);
    fputs(ending, to);
}
