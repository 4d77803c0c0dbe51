/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may follow where; sets too large to be shown are cut, and their number is shown. */
#include "ui/command/complete.h"

#include "answer/filter.h"
#include "ui/command/command_line.h"
#include "ui/command/prompt.h"
#include "ui/command/type_names.h"

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

/*
 * Every process by number and by name, with `tail` after it.  A word ends for readline at signs
 * that names have: `typed` (that many bytes) is what stands before the word of the name.  Answers
 * how many names begin so.
 */
static size_t add_processes(struct app *app, const char *typed, size_t length, const char *tail,
                            adding *add, void *list)
{
    struct error ignored;
    size_t added = 0;
    const struct tasks *tasks =
        session_linux(app->session) ? session_tasks(app->session, &ignored) : NULL;
    for (size_t i = 0; tasks && i < tasks->count && i < 4 * SHOWN; i++) {
        const struct task *task = &tasks->task[i];
        char word[96];
        if (task->pid != task->tgid || task->user_pa == NO_ROOT)
            continue;
        snprintf(word, sizeof word, "%d%s", task->pid, tail);
        if (length == 0)
            add(list, word);
        snprintf(word, sizeof word, "%s%s", task->comm, tail);
        if (!strpbrk(task->comm, name_ends) && strncmp(word, typed, length) == 0) {
            add(list, word + length);
            added++;
        }
    }
    return added;
}

/* Of a per-CPU variable the first CPU's, for the plain name is no address. */
static void add_symbol(const struct linux_context *linux, const struct symbol *symbol, adding *add,
                       void *list)
{
    char word[SYMBOL_NAME + 3];
    bool percpu = percpu_holds(linux->percpu, symbol->name, symbol->va);
    snprintf(word, sizeof word, "%s%s", symbol->name, percpu ? ":0" : "");
    add(list, word);
}

/*
 * Symbols that start with the word.  Where these are too many, the first ones and the last: what
 * readline then finds common to them is common to all.
 */
static void add_symbols(struct app *app, const char *word, size_t length, adding *add, void *list)
{
    const struct linux_context *linux = session_linux(app->session);
    char prefix[SYMBOL_NAME + 1];
    size_t first, last, marks, after;
    if (!linux || !linux->symbols || length > SYMBOL_NAME || *word == '$')
        return;
    memcpy(prefix, word, length);
    prefix[length] = '\0';
    if (!symbols_prefix(linux->symbols, prefix, &first, &last))
        return;
    /* The assembler's "$x" and "$d" cannot be meant: $ begins a variable. */
    if (length == 0 && symbols_prefix(linux->symbols, "$", &marks, &after) && marks == first)
        first = after;
    for (size_t i = first; i < last; i++) {
        if (i - first == SHOWN) {
            prompt_count(last - first);
            i = last - 1;
        }
        add_symbol(linux, symbols_by_name(linux->symbols, i), add, list);
    }
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
        add_symbols(app, line + start, length, add, list);
}

/* "task_struct.se.": the members of what stands before the last dot. */
static void add_members(const struct btf *btf, const char *word, size_t length, adding *add,
                        void *list)
{
    char path[256], whole[512];
    struct btf_member member = {0};
    snprintf(path, sizeof path, "%.*s", (int)length, word);
    char *last = strrchr(path, '.'), *dot = strchr(path, '.');
    *last = '\0';
    if (dot < last)
        *dot = '\0';
    uint32_t type = btf_find(btf, path, BTF_VOID);
    if (!type)
        return;
    if (dot < last) {
        if (!btf_path(btf, type, dot + 1, &member))
            return;
        type = member.type;
        *dot = '.';
    }
    type = btf_strip(btf, type);
    for (uint32_t i = 0; i < btf_members(btf, type); i++) {
        struct btf_member part = btf_member(btf, type, i);
        uint32_t inner = btf_strip(btf, part.type);
        for (uint32_t k = 0; !*part.name && k < btf_members(btf, inner); k++) {
            snprintf(whole, sizeof whole, "%s.%s", path, btf_member(btf, inner, k).name);
            add(list, whole);
        }
        snprintf(whole, sizeof whole, "%s.%s", path, part.name);
        if (*part.name)
            add(list, whole);
    }
}

static void add_types(struct app *app, const char *word, adding *add, void *list)
{
    const struct linux_context *linux = session_linux(app->session);
    size_t length = strcspn(word, " "), first, last;
    char prefix[256];
    if (!linux || !linux->btf || length >= sizeof prefix)
        return;
    if (memchr(word, '.', length)) {
        add_members(linux->btf, word, length, add, list);
        return;
    }
    snprintf(prefix, sizeof prefix, "%.*s", (int)length, word);
    if (!type_names_use(&app->types, linux->btf) ||
        !type_names_prefix(app->types, prefix, &first, &last))
        return;
    for (size_t i = first; i < last; i++) {
        if (i - first == SHOWN) {
            prompt_count(last - first);
            i = last - 1;
        }
        add(list, type_names_at(app->types, i));
    }
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
        add_types(app, line + start, add, list);
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
