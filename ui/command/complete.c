/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may follow where; sets too large to be shown are cut, and their number is shown. */
#include "ui/command/complete.h"

#include "answer/filter.h"
#include "session/words.h"
#include "ui/command/command_line.h"
#include "ui/command/prompt.h"

#include <stdio.h>
#include <string.h>

#define SHOWN 300 /* of a large set */

typedef void adding(void *list, const char *word);

/*
 * Those that mean something in one of the contexts.  A word ends for readline at a dash: `typed`
 * (that many bytes) is what stands before the word, and the rest of names that begin so is added.
 */
static void add_commands(unsigned contexts, const char *typed, size_t length, adding *add,
                         void *list)
{
    size_t count;
    const struct command_entry *entries = command_index(&count);
    for (size_t i = 0; i < count; i++)
        if (entries[i].where & contexts && strncmp(entries[i].name, typed, length) == 0)
            add(list, entries[i].name + length);
}

/* Tab completes a beginning to what Enter would run. */
static void add_abbreviated(struct app *app, const char *word, size_t length, size_t start,
                            adding *add, void *list)
{
    const char *alias = command_named(word, length) ? NULL : command_alias_of(word, length);
    if (alias && start == 0)
        add(list, alias);
    else
        add_commands(command_context(app), word, start, add, list);
}

struct adder {
    adding *add;
    void *list;
};

static void add_variable(void *context, const char *name)
{
    const struct adder *adder = context;
    char word[40];
    snprintf(word, sizeof word, "$%s", *name == '$' ? name + 1 : name);
    adder->add(adder->list, word);
}

/* What ends a process's name in an expression. */
static const char name_ends[] = ": \t()[]'$+";

/* Processes to add, with `tail` after each. */
struct process_words {
    struct adder to;
    const char *typed, *tail;
    size_t length, added;
};

static void add_process(void *context, int32_t pid, const char *comm)
{
    struct process_words *words = context;
    char word[96];
    snprintf(word, sizeof word, "%d%s", pid, words->tail);
    if (words->length == 0)
        words->to.add(words->to.list, word);
    snprintf(word, sizeof word, "%s%s", comm, words->tail);
    if (!strpbrk(comm, name_ends) && strncmp(word, words->typed, words->length) == 0) {
        words->to.add(words->to.list, word + words->length);
        words->added++;
    }
}

/*
 * Every process by number and by name, with `tail` after it.  A word ends for readline at signs
 * that names have: `typed` (that many bytes) is what stands before the word of the name.  Answers
 * how many names begin so.
 */
static size_t add_processes(struct app *app, const char *typed, size_t length, const char *tail,
                            adding *add, void *list)
{
    struct process_words words = {{add, list}, typed, tail, length, 0};
    session_each_process(app->session, 4 * SHOWN, add_process, &words);
    return words.added;
}

/* Symbols, or types, that begin with so many bytes of a word, by one of session/words.h. */
static void add_names(struct app *app, const char *word, size_t length,
                      size_t names(struct session *, const char *, size_t, adding *, void *),
                      adding *add, void *list)
{
    char beginning[600];
    if (length >= sizeof beginning)
        return;
    snprintf(beginning, sizeof beginning, "%.*s", (int)length, word);
    size_t count = names(app->session, beginning, SHOWN, add, list);
    if (count > SHOWN)
        prompt_count(count);
}

/* What an expression may go on with: after "v:gt-" only the rest of such a process's name. */
static void add_places(struct app *app, const char *line, size_t start, adding *add, void *list)
{
    struct adder adder = {add, list};
    size_t name = start;
    while (name > 0 && !strchr(name_ends, line[name - 1]))
        name--;
    if (name >= 2 && memcmp(line + name - 2, "v:", 2) == 0 &&
        add_processes(app, line + name, start - name, ":", add, list) && name < start)
        return;
    session_each_variable(app->session, add_variable, &adder);
    for (int i = 0; i < 26; i++)
        if (session_has_mark(app->session, (char)('a' + i)))
            add(list, (char[]){'\'', (char)('a' + i), '\0'});
    size_t length = strcspn(line + start, " \t+-*/()[]|&<>:");
    if (start > 0 || length > 0) /* the empty line is for commands */
        add_names(app, line + start, length, session_symbol_words, add, list);
}

/* What the focused pane's `/` takes, where that is a known set. */
static void add_searched(struct app *app, const char *line, size_t start, adding *add, void *list)
{
    struct pane *pane = app_focused(app);
    if (app->popup || !pane->type->search_words || !app_space(app)->paging)
        return;
    pane->type->search_words(pane, add, list);
    add_places(app, line, start, add, list);
}

/* Words for the argument of a command that starts at line[start]. */
static bool add_arguments(struct app *app, const struct command_entry *entry, const char *line,
                          size_t start, adding *add, void *list)
{
    const struct ui_command *program = entry->program;
    size_t length = strcspn(line, " ");
    const char *before = line + length + strspn(line + length, " ");
    ptrdiff_t at = line + start - before;
    if (program && program->words &&
        program->words(app, before, at > 0 ? (size_t)at : 0, add, list))
        return false;
    enum argument argument = program         ? program->argument
                             : entry->answer ? entry->answer->argument
                                             : ARGUMENT_NONE;
    if (argument == ARGUMENT_COMMAND)
        add_commands(CONTEXT_EVERYWHERE, before, at > 0 ? (size_t)at : 0, add, list);
    if (argument == ARGUMENT_PROCESS)
        add_processes(app, before, (size_t)(line + start - before), "", add, list);
    bool first = line + start <= before;
    if (argument == ARGUMENT_TYPE && first)
        add_names(app, line + start, strcspn(line + start, " "), session_type_words, add, list);
    if (argument == ARGUMENT_FILTER)
        filter_words(app_space(app)->paging, add, list);
    if (argument == ARGUMENT_EXPRESSION || argument == ARGUMENT_FILTER ||
        (argument == ARGUMENT_TYPE && !first))
        add_places(app, line, start, add, list);
    if (entry->answer && at >= 0)
        command_words(entry->answer, before, (size_t)at, add, list);
    return argument == ARGUMENT_FILE;
}

bool complete_command(struct app *app, const char *line, size_t start, adding *add, void *list)
{
    size_t length = strcspn(line, " ");
    if (!line[length] || command_is_expression(line, length)) {
        if (!command_is_expression(line, length) || !strpbrk(line, "$'[(:."))
            add_abbreviated(app, line, length, start, add, list);
        add_places(app, line, start, add, list);
        return false;
    }
    const struct command_entry *entry;
    if (command_abbreviated(line, length, &entry) != 1)
        return false;
    return add_arguments(app, entry, line, start, add, list);
}

bool complete_line(void *context, const char *line, size_t start, adding *add, void *list)
{
    struct app *app = context;
    if (prompt_kind_now() == PROMPT_SEARCH) {
        add_searched(app, line, start, add, list);
        return false;
    }
    size_t blanks = strspn(line, " ") < start ? strspn(line, " ") : start;
    return complete_command(app, line + blanks, start - blanks, add, list);
}
