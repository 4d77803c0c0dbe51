/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: a row an option. */
#include "ui/arguments.h"

#include "answer/command.h"
#include "base/text.h"
#include "ui/app/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef RAMWALK_VERSION
#define RAMWALK_VERSION "0.1"
#endif

typedef enum arguments_result taker(struct arguments *arguments, const char *value,
                                    struct error *err);

static enum arguments_result wrong(struct error *err, const char *what, const char *value,
                                   const char *example)
{
    error_set(err, "%s: \"%.80s\" is not an address in hexadecimal, such as %s", what, value,
              example);
    return ARGUMENTS_WRONG;
}

static enum arguments_result take_base(struct arguments *arguments, const char *value,
                                       struct error *err)
{
    arguments->options.has_base = true;
    return parse_hex(value, &arguments->options.base) ? ARGUMENTS_RUN
                                                      : wrong(err, "--base", value, "40000000");
}

static const char *without_space(const char *value)
{
    return strncmp(value, "p:", 2) == 0 ? value + 2 : value;
}

static enum arguments_result take_root(struct arguments *arguments, const char *value,
                                       struct error *err)
{
    arguments->options.has_root = true;
    return parse_hex(without_space(value), &arguments->options.root_pa)
               ? ARGUMENTS_RUN
               : wrong(err, "--root", value, "p:41853000");
}

static enum arguments_result take_root_user(struct arguments *arguments, const char *value,
                                            struct error *err)
{
    arguments->options.has_root_user = true;
    return parse_hex(without_space(value), &arguments->options.root_user_pa)
               ? ARGUMENTS_RUN
               : wrong(err, "--root-user", value, "p:43a10000");
}

static enum arguments_result take_paging(struct arguments *arguments, const char *value,
                                         struct error *err)
{
    arguments->options.paging = value;
    if (strcmp(value, "list") == 0) {
        for (const struct paging *p = paging_modes; p->name; p++)
            printf("%s\n", p->name);
        return ARGUMENTS_DONE;
    }
    if (paging_find(value))
        return ARGUMENTS_RUN;
    error_set(err, "--paging: there is no mode \"%.80s\"; --paging list names them", value);
    return ARGUMENTS_WRONG;
}

static enum arguments_result take_json(struct arguments *arguments, const char *value,
                                       struct error *err)
{
    (void)value, (void)err;
    arguments->json = true;
    return ARGUMENTS_RUN;
}

static enum arguments_result take_no_color(struct arguments *arguments, const char *value,
                                           struct error *err)
{
    (void)value, (void)err;
    arguments->no_color = true;
    return ARGUMENTS_RUN;
}

static enum arguments_result take_rate(struct arguments *arguments, const char *value,
                                       struct error *err)
{
    struct settings settings = default_settings;
    if (!setting_set(&settings, setting_find("rate", strlen("rate")), value, err)) {
        error_context(err, "--rate %.80s", value);
        return ARGUMENTS_WRONG;
    }
    arguments->rate = settings.rate;
    return ARGUMENTS_RUN;
}

static enum arguments_result take_command(struct arguments *arguments, const char *value,
                                          struct error *err)
{
    if (arguments->commands == ARGUMENTS_COMMANDS) {
        error_set(err, "-c: at most %d commands; -c - reads more from standard input",
                  ARGUMENTS_COMMANDS);
        return ARGUMENTS_WRONG;
    }
    arguments->command[arguments->commands++] = value;
    return ARGUMENTS_RUN;
}

static taker print_help, print_version;

static const struct option_row {
    const char *name, *letter; /* letter: NULL where there is none */
    const char *value;         /* NULL: the option takes none */
    const char *help;
    taker *take;
} table[] = {
    {"--command", "-c", "COMMAND",
     "answer on standard output instead of opening the browser;\n"
     "may be repeated; -c - reads commands from standard input",
     take_command},
    {"--json", NULL, NULL, "with -c: one JSON object a line", take_json},
    {"--base", NULL, "PA", "physical address of the file's first byte (hex); else it is found",
     take_base},
    {"--paging", NULL, "MODE", "paging mode; \"list\" names them; else it is found", take_paging},
    {"--root", NULL, "PA", "physical address of the kernel's root table", take_root},
    {"--root-user", NULL, "PA", "physical address of a process's root table", take_root_user},
    {"--rate", NULL, "N", "refreshes a second, 1 to 50 (default 10); as \"set rate N\"", take_rate},
    {"--no-color", NULL, NULL, "no colours (also by NO_COLOR)", take_no_color},
    {"--help", "-h", NULL, "this help", print_help},
    {"--version", "-V", NULL, "the version", print_version},
};
enum { ROWS = sizeof table / sizeof *table };

static enum arguments_result print_version(struct arguments *arguments, const char *value,
                                           struct error *err)
{
    (void)arguments, (void)value, (void)err;
    puts("ramwalk " RAMWALK_VERSION);
    return ARGUMENTS_DONE;
}

static void print_option(const struct option_row *row)
{
    char usage[64];
    snprintf(usage, sizeof usage, "%s%s%s%s%s", row->letter ? row->letter : "",
             row->letter ? ", " : "", row->name, row->value ? " " : "",
             row->value ? row->value : "");
    for (const char *s = row->help; *s;) {
        size_t length = strcspn(s, "\n");
        printf("  %-24s %.*s\n", usage, (int)length, s);
        usage[0] = '\0';
        s += length + (s[length] == '\n');
    }
}

static enum arguments_result print_help(struct arguments *arguments, const char *value,
                                        struct error *err)
{
    (void)arguments, (void)value, (void)err;
    puts("ramwalk: browse the memory of a virtual machine\n\n"
         "usage: ramwalk [OPTION...] FILE[@PA][,FILE[@PA]...]\n\n"
         "FILE is the guest's RAM as a file, such as QEMU's memory-backend-file; it is only read.\n"
         "PA is where it lies in guest physical space (hex).\n");
    for (int i = 0; i < ROWS; i++)
        print_option(&table[i]);
    puts("\nCommands for -c (in the browser, after ':', there are more; ? lists everything):");
    for (const struct command *c = core_commands; c->name; c++) {
        char usage[64];
        snprintf(usage, sizeof usage, "%s %s", c->name, c->arguments);
        printf("  %-24s %s\n", usage, c->brief);
    }
    return ARGUMENTS_DONE;
}

/* The row of "--name", "--name=value" or "-n"; *value is what stands behind '=', or NULL. */
static const struct option_row *find_option(const char *word, const char **value)
{
    size_t length = strcspn(word, "=");
    for (int i = 0; i < ROWS; i++) {
        *value = NULL;
        if (table[i].letter && strcmp(word, table[i].letter) == 0)
            return &table[i];
        if (strlen(table[i].name) != length || strncmp(word, table[i].name, length) != 0)
            continue;
        *value = word[length] ? word + length + 1 : NULL;
        return &table[i];
    }
    return NULL;
}

static enum arguments_result take_option(struct arguments *arguments, int argc, char **argv,
                                         int *at, struct error *err)
{
    const char *value;
    const struct option_row *row = find_option(argv[*at], &value);
    if (!row) {
        error_set(err, "unknown option %.80s; --help lists them", argv[*at]);
        return ARGUMENTS_WRONG;
    }
    if (row->value && !value) {
        if (++*at >= argc) {
            error_set(err, "%s needs a value: %s %s", row->name, row->name, row->value);
            return ARGUMENTS_WRONG;
        }
        value = argv[*at];
    } else if (!row->value && value) {
        error_set(err, "%s takes no value", row->name);
        return ARGUMENTS_WRONG;
    }
    return row->take(arguments, value, err);
}

enum arguments_result arguments_parse(struct arguments *arguments, int argc, char **argv,
                                      struct error *err)
{
    bool only_files = false;
    *arguments = (struct arguments){.options = {.image = NULL}};
    for (int i = 1; i < argc; i++) {
        if (!only_files && strcmp(argv[i], "--") == 0) {
            only_files = true;
        } else if (!only_files && argv[i][0] == '-' && argv[i][1]) {
            enum arguments_result result = take_option(arguments, argc, argv, &i, err);
            if (result != ARGUMENTS_RUN)
                return result;
        } else if (arguments->options.image) {
            error_set(err,
                      "one image at a time: %.80s and %.80s; several files of one guest are "
                      "joined by commas",
                      arguments->options.image, argv[i]);
            return ARGUMENTS_WRONG;
        } else {
            arguments->options.image = argv[i];
        }
    }
    if (!arguments->options.image) {
        error_set(err, "which file? usage: ramwalk [OPTION...] FILE[@PA]; --help says more");
        return ARGUMENTS_WRONG;
    }
    if (arguments->json && !arguments->commands) {
        error_set(err, "--json goes with -c COMMAND");
        return ARGUMENTS_WRONG;
    }
    return ARGUMENTS_RUN;
}
