/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: a row an option. */
#include "ui/arguments.h"

#include "answer/command.h"
#include "base/text.h"
#include "session/guest.h"
#include "ui/app/settings.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        const char *name;
        for (size_t i = 0; (name = session_paging_name(i)); i++)
            puts(name);
        return ARGUMENTS_DONE;
    }
    if (session_paging_named(value))
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

static enum arguments_result take_rc(struct arguments *arguments, const char *value,
                                     struct error *err)
{
    (void)err;
    arguments->rc = value;
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

static enum arguments_result take_version(struct arguments *arguments, const char *value,
                                          struct error *err)
{
    (void)arguments, (void)value, (void)err;
    return ARGUMENTS_VERSION;
}

static enum arguments_result take_generate(struct arguments *arguments, const char *value,
                                           struct error *err)
{
    arguments->manual = manual_named(value);
    if (arguments->manual)
        return ARGUMENTS_MANUAL;
    error_set(err, "--generate: there is no \"%.80s\"; it is man, bash, zsh or fish", value);
    return ARGUMENTS_WRONG;
}

static enum arguments_result print_help(struct arguments *arguments, const char *value,
                                        struct error *err);

const struct option_row option_table[] = {
    {"command", 'c', "COMMAND",
     "answer on standard output instead of opening the browser\n"
     "(may be repeated; -c - reads commands from standard input)",
     take_command},
    {"json", 'j', NULL, "with -c: one JSON object a line", take_json},
    {"base", 0, "PA", "physical address of the file's first byte (hex); else it is found",
     take_base},
    {"paging", 0, "MODE", "paging mode; \"list\" names them; else it is found", take_paging},
    {"root", 0, "PA", "physical address of the kernel's root table", take_root},
    {"root-user", 0, "PA", "physical address of a process's root table", take_root_user},
    {"rate", 0, "N", "refreshes a second, 1 to 50 (default 10); as \"set rate N\"", take_rate},
    {"rc", 0, "FILE", "commands to begin with, instead of ~/.config/ramwalk/rc", take_rc},
    {"no-color", 0, NULL, "no colours (also by NO_COLOR)", take_no_color},
    {"generate", 0, "KIND", "the manual page (man), or completions for bash, zsh, fish",
     take_generate},
    {"help", 'h', NULL, "this help", print_help},
    {"version", 'V', NULL, "the version", take_version},
    {NULL, 0, NULL, NULL, NULL},
};
enum { ROWS = sizeof option_table / sizeof *option_table - 1 };

static void print_option(const struct option_row *row)
{
    char usage[64];
    const char letter[] = {'-', row->letter, ',', ' ', '\0'};
    snprintf(usage, sizeof usage, "%s--%s%s%s", row->letter ? letter : "", row->name,
             row->value ? " " : "", row->value ? row->value : "");
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
         "usage: ramwalk [OPTION...] FILE[:OFFSET][@PA][+SIZE][,...]\n\n"
         "FILE is the guest's RAM as a file, such as QEMU's memory-backend-file; it is only read.\n"
         "SIZE bytes of it at OFFSET lie at PA in guest physical space (hexadecimal, SIZE also\n"
         "with K, M or G); without PA it is found. A file may be named for several segments.\n");
    for (int i = 0; i < ROWS; i++)
        print_option(&option_table[i]);
    puts("\nCommands for -c (in the browser, after ':', there are more; ? lists everything):");
    for (size_t i = 0; core_commands[i]; i++) {
        const struct command *c = core_commands[i];
        char usage[64];
        snprintf(usage, sizeof usage, "%s %s", c->name, c->arguments);
        printf("  %-24s %s\n", usage, c->brief);
    }
    return ARGUMENTS_DONE;
}

/* What getopt_long() answers for a row: its letter, or a number that is no letter. */
static int row_code(size_t row)
{
    return option_table[row].letter ? option_table[row].letter : (int)(UCHAR_MAX + 1 + row);
}

static const struct option_row *row_of(int code)
{
    for (size_t i = 0; i < ROWS; i++)
        if (row_code(i) == code)
            return &option_table[i];
    return NULL;
}

/* The table in getopt_long()'s two forms; ':' first lets it tell a missing value from the rest. */
static int next_option(int argc, char **argv)
{
    char letters[2 * ROWS + 2] = ":", *letter = letters + 1;
    struct option names[ROWS + 1] = {{NULL, 0, NULL, 0}};
    for (size_t i = 0; i < ROWS; i++) {
        int has = option_table[i].value ? required_argument : no_argument;
        names[i] = (struct option){option_table[i].name, has, NULL, row_code(i)};
        if (!option_table[i].letter)
            continue;
        *letter++ = option_table[i].letter;
        if (option_table[i].value)
            *letter++ = ':';
    }
    *letter = '\0';
    return getopt_long(argc, argv, letters, names, NULL);
}

/* How many rows begin like the long option in `word`; the first two of them. */
static size_t candidates(const char *word, const struct option_row *found[2])
{
    size_t count = 0, length = strcspn(word + 2, "=");
    for (size_t i = 0; i < ROWS; i++)
        if (strncmp(option_table[i].name, word + 2, length) == 0 && count++ < 2)
            found[count - 1] = &option_table[i];
    return count;
}

/* What getopt_long() refused with '?' or ':', as a sentence. */
static enum arguments_result refuse(int code, const char *word, struct error *err)
{
    const struct option_row *row = row_of(optopt), *like[2];
    if (code == ':')
        error_set(err, "--%s needs a value: --%s %s", row->name, row->name, row->value);
    else if (row)
        error_set(err, "--%s takes no value", row->name);
    else if (optopt)
        error_set(err, "unknown option -%c; --help lists them", optopt);
    else if (candidates(word, like) > 1)
        error_set(err, "%.80s may mean --%s or --%s; write more of it", word, like[0]->name,
                  like[1]->name);
    else
        error_set(err, "unknown option %.80s; --help lists them", word);
    return ARGUMENTS_WRONG;
}

static enum arguments_result take_options(struct arguments *arguments, int argc, char **argv,
                                          struct error *err)
{
    int code;
    optind = 0; /* glibc: begin anew, also in its memory of what it has moved */
    opterr = 0; /* the sentences are ours */
    while ((code = next_option(argc, argv)) != -1) {
        const struct option_row *row = row_of(code);
        enum arguments_result result =
            row ? row->take(arguments, optarg, err) : refuse(code, argv[optind - 1], err);
        if (result != ARGUMENTS_RUN)
            return result;
    }
    return ARGUMENTS_RUN;
}

enum arguments_result arguments_parse(struct arguments *arguments, int argc, char **argv,
                                      struct error *err)
{
    *arguments = (struct arguments){.options = {.image = NULL}};
    enum arguments_result result = take_options(arguments, argc, argv, err);
    if (result != ARGUMENTS_RUN)
        return result;
    if (optind >= argc) {
        error_set(err, "no image given; usage: ramwalk [OPTION...] FILE; --help says more");
        return ARGUMENTS_WRONG;
    }
    arguments->options.image = argv[optind];
    if (optind + 1 < argc) {
        error_set(err,
                  "one image at a time: %.80s and %.80s; several files of one guest are joined by "
                  "commas",
                  argv[optind], argv[optind + 1]);
        return ARGUMENTS_WRONG;
    }
    if (arguments->rc && arguments->commands) {
        error_set(err, "--rc is for the browser: -c reads commands as -c - < FILE");
        return ARGUMENTS_WRONG;
    }
    if (arguments->json && !arguments->commands) {
        error_set(err, "--json goes with -c COMMAND");
        return ARGUMENTS_WRONG;
    }
    return ARGUMENTS_RUN;
}
