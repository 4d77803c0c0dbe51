/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/words.h"

#include "linux/types/btf.h"
#include "session/session_private.h"
#include "session/type_names.h"

#include <stdio.h>
#include <string.h>

/* Of a per-CPU variable the first CPU's, for the plain name is no address. */
static void add_symbol(const struct linux_context *linux, const struct symbol *symbol,
                       session_word *add, void *list)
{
    char word[SYMBOL_NAME + 3];
    bool percpu = percpu_holds(linux->percpu, symbol->name, symbol->va);
    snprintf(word, sizeof word, "%s%s", symbol->name, percpu ? ":0" : "");
    add(list, word);
}

/* The words to give of [first, last): calls one more than `most` at most. */
static size_t next_word(size_t i, size_t first, size_t last, size_t most)
{
    return i + 1 - first == most && i + 1 < last ? last - 1 : i + 1;
}

size_t session_symbol_words(struct session *session, const char *beginning, size_t most,
                            session_word *add, void *list)
{
    const struct linux_context *linux = session_linux(session);
    size_t first, last, marks, after;
    if (!linux || !linux->symbols || *beginning == '$' ||
        !symbols_prefix(linux->symbols, beginning, &first, &last))
        return 0;
    /* The assembler's "$x" and "$d" cannot be meant: $ begins a variable. */
    if (!*beginning && symbols_prefix(linux->symbols, "$", &marks, &after) && marks == first)
        first = after;
    for (size_t i = first; most && i < last; i = next_word(i, first, last, most))
        add_symbol(linux, symbols_by_name(linux->symbols, i), add, list);
    return last - first;
}

static void add_member(const char *path, const char *name, session_word *add, void *list)
{
    char word[512];
    snprintf(word, sizeof word, "%s.%s", path, name);
    if (*name)
        add(list, word);
}

/* Cuts "a.b.c" to "a.b", whose type it answers; 0: there is none. */
static uint32_t outer_type(const struct btf *btf, char *path)
{
    char *last = strrchr(path, '.'), *dot = strchr(path, '.');
    struct btf_member member;
    *last = '\0';
    if (dot == last)
        return btf_strip(btf, btf_find(btf, path, BTF_VOID));
    *dot = '\0';
    uint32_t type = btf_find(btf, path, BTF_VOID);
    bool is_there = type && btf_path(btf, type, dot + 1, &member);
    *dot = '.';
    return is_there ? btf_strip(btf, member.type) : 0;
}

/* "task_struct.se.": the members of what stands before the last dot. */
static size_t add_members(const struct btf *btf, const char *beginning, session_word *add,
                          void *list)
{
    char path[256];
    snprintf(path, sizeof path, "%s", beginning);
    uint32_t type = outer_type(btf, path), count = btf_members(btf, type);
    for (uint32_t i = 0; i < count; i++) {
        struct btf_member part = btf_member(btf, type, i);
        uint32_t inner = btf_strip(btf, part.type);
        for (uint32_t k = 0; !*part.name && k < btf_members(btf, inner); k++)
            add_member(path, btf_member(btf, inner, k).name, add, list);
        add_member(path, part.name, add, list);
    }
    return count;
}

size_t session_type_words(struct session *session, const char *beginning, size_t most,
                          session_word *add, void *list)
{
    const struct linux_context *linux = session_linux(session);
    size_t first, last;
    if (!linux || !linux->btf)
        return 0;
    if (strchr(beginning, '.'))
        return add_members(linux->btf, beginning, add, list);
    if (!type_names_use(&session->type_names, linux->btf) ||
        !type_names_prefix(session->type_names, beginning, &first, &last))
        return 0;
    for (size_t i = first; i < last; i = next_word(i, first, last, most))
        add(list, type_names_at(session->type_names, i));
    return last - first;
}

void session_each_process(struct session *session, size_t most,
                          void (*each)(void *context, int32_t pid, const char *comm), void *context)
{
    struct error ignored;
    const struct tasks *tasks = session_linux(session) ? session_tasks(session, &ignored) : NULL;
    for (size_t i = 0; tasks && i < tasks->count && most; i++) {
        const struct task *task = &tasks->task[i];
        if (task->pid != task->tgid || task->user_pa == NO_ROOT)
            continue;
        each(context, task->pid, task->comm);
        most--;
    }
}
