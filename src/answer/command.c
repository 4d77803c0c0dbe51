/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of commands, and how a line finds its row. */
#include "answer/command.h"
#include "answer/render.h"
#include "answer/subjects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct command core_commands[] = {
    {"dmesg", "", "the kernel's log", NULL, ARGUMENT_NONE, false, &subject_dmesg},
    {"help", "[COMMAND]", "the commands, or one of them in full", NULL, ARGUMENT_COMMAND, true,
     &subject_help},
    {"hex", "EXPR [LENGTH]", "bytes at an address, as they are now",
     "LENGTH is hexadecimal (.N decimal), 100 where it is not given, 100000 at most.\n"
     "Bytes that are not mapped or not in the file are shown as --.",
     ARGUMENT_EXPRESSION, false, &subject_hex},
    {"info", "", "what is known of the guest", NULL, ARGUMENT_NONE, true, &subject_info},
    {"list", "TYPE.MEMBER EXPR [MEMBER ...]", "the structs of a list, with members of each",
     "EXPR is a struct in the list or the list's head: list task_struct.tasks init_task pid comm\n"
     "It has no blanks in it.  Loops are cut, broken links are said.",
     ARGUMENT_TYPE, false, &subject_list},
    {"page", "EXPR", "what a physical page is, and whose",
     "A page of a file comes with its inode and its place in the file, one that processes use\n"
     "with who maps it and where, one of a slab with the object that EXPR lies in.",
     ARGUMENT_EXPRESSION, false, &subject_page},
    {"pages", "", "how many pages of RAM there are of each kind", NULL, ARGUMENT_NONE, false,
     &subject_pages},
    {"ps", "", "the tasks, threads too", NULL, ARGUMENT_NONE, false, &subject_ps},
    {"regions", "", "the kernel's address space by name", NULL, ARGUMENT_NONE, true,
     &subject_regions},
    {"schema", "[COMMAND]", "the keys of all answers in JSON", NULL, ARGUMENT_COMMAND, true,
     &subject_schema},
    {"struct", "TYPE[.MEMBER] [EXPR]", "memory as a struct; without EXPR its layout",
     "struct task_struct init_task\nstruct task_struct.se v:ffff0000c0a18000\nstruct file*[4] "
     "v:ffff0000c0a18000",
     ARGUMENT_TYPE, false, &subject_struct},
    {"sym", "[NAME|EXPR]", "a symbol by name, or the one that an address lies in; all of them",
     NULL, ARGUMENT_EXPRESSION, false, &subject_sym},
    {"tables", "[FILTER ...]", "all mappings of the known roots, as merged runs",
     "Filters, all of which must hold:\n"
     "  kernel, user      one half only\n"
     "  perm=wx           all of these letters are allowed; perm=-w: this one is not\n"
     "  size>=2M, size<1G, size=4K    the run's size\n"
     "  page=2M           the size of its pages\n"
     "  level=PMD         the level of its entries\n"
     "  flag=AF           a flag by its field name\n"
     "  contiguous=broken part of a contiguous group whose members disagree (or: whole)\n"
     "  EXPR..EXPR        runs that touch this virtual range",
     ARGUMENT_FILTER, false, &subject_tables},
    {"translate", "EXPR", "a place by all its names: v:, p: and f:", NULL, ARGUMENT_EXPRESSION,
     true, &subject_translate},
    {"types", "[NAME]", "the kernel's types, with their sizes; the values of an enum NAME", NULL,
     ARGUMENT_TYPE, false, &subject_types},
    {"vmas", "PID|COMM", "what a process has mapped", NULL, ARGUMENT_PROCESS, false, &subject_vmas},
    {"walk", "EXPR", "the page-table walk of an address, every step", NULL, ARGUMENT_EXPRESSION,
     true, &subject_walk},
    {NULL, NULL, NULL, NULL, ARGUMENT_NONE, false, NULL},
};

const struct command *command_find(const struct command *table, const char *name, size_t length)
{
    const struct command *found = NULL;
    bool several = false;
    for (const struct command *command = table; command->name; command++) {
        if (strncmp(command->name, name, length) != 0)
            continue;
        if (command->name[length] == '\0')
            return command;
        several = found != NULL;
        found = command;
    }
    return length && !several ? found : NULL;
}

/* A copy of the line without the blanks around it; the caller frees it. */
static char *trimmed(const char *line, size_t *leading)
{
    *leading = strspn(line, " \t\r\n");
    char *copy = strdup(line + *leading);
    size_t length = copy ? strlen(copy) : 0;
    while (length > 0 && strchr(" \t\r\n", copy[length - 1]))
        copy[--length] = '\0';
    return copy;
}

bool command_run(struct session *session, const struct command *command, const char *arguments,
                 struct output *output, struct error *err)
{
    struct text_renderer text;
    struct json_renderer json;
    if (output->json) {
        json_renderer_init(&json, output);
        return query_run(session, command->subject, arguments, &json.sink, err);
    }
    text_renderer_init(&text, output);
    bool done = query_run(session, command->subject, arguments, &text.sink, err);
    text_renderer_deinit(&text);
    return done;
}

static bool run_trimmed(struct session *session, const char *line, struct output *output,
                        struct error *err)
{
    size_t length = strcspn(line, " \t");
    const char *arguments = line + length + strspn(line + length, " \t");
    const struct command *command = command_find(core_commands, line, length);
    if (!command)
        return error_at(err, 0, "no such command; help lists them");
    if (command_run(session, command, arguments, output, err))
        return true;
    if (err->column >= 0)
        err->column += (int)(arguments - line);
    return false;
}

bool command_line(struct session *session, const char *line, struct output *output)
{
    size_t leading;
    struct error err;
    char *copy = trimmed(line, &leading);
    if (!copy)
        return false;
    bool ok = true;
    session_catch_up(session);
    if (*copy && *copy != '#' && !run_trimmed(session, copy, output, &err)) {
        output_error(output, copy, &err);
        ok = false;
    }
    free(copy);
    return ok;
}
