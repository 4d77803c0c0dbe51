/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `list`: the elements of a list of the kernel, and members of each. */
#include "answer/commands.h"
#include "answer/value_output.h"
#include "base/text.h"
#include "linux/lists/list_heads.h"
#include "linux/lists/list_iterator.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME 256

/* The word at the start of `text`. */
static const char *take_word(const char *text, char word[NAME])
{
    size_t length = strcspn(text, " \t");
    snprintf(word, NAME, "%.*s", (int)length, text);
    return text + length + strspn(text + length, " \t");
}

/* False where one of the members that are asked for is none. */
static bool check_members(const struct linux_context *linux, uint32_t type, const char *arguments,
                          const char *members, struct error *err)
{
    struct btf_member unused;
    while (*members) {
        char path[NAME];
        const char *next = take_word(members, path);
        if (!btf_path(linux->btf, type, path, &unused))
            return error_at(err, (int)(members - arguments), "%s has no member %s",
                            btf_name(linux->btf, type), path);
        members = next;
    }
    return true;
}

/* "v:...  pid 1  comm \"init\"": the members that were asked for. */
static void print_element(struct output *output, struct linux_context *linux,
                          const struct object *element, const char *members, bool reads)
{
    char line[900], type[VIEW_TYPE], space[SPACE_NAME];
    struct address at = address_canonical(address_in(element->memory->space, element->va));
    struct text text = TEXT_OVER(line);
    struct record *record = record_new();
    text_add(&text, "v:%016" PRIx64, element->va);
    record_text(record, "type", btf_type_text(linux->btf, element->type, type, sizeof type));
    record_hex(record, "virt", element->va);
    record_text(record, "space", space_name(at.space, space));
    if (!reads)
        record_bool(record, "doubtful", true);
    record_array(record, "members");
    while (*members) {
        char path[NAME];
        struct btf_member member;
        struct view_row row = {.depth = 0};
        const char *next = take_word(members, path);
        if (btf_path(linux->btf, element->type, path, &member)) {
            view_value(linux->btf, element->memory, value_name, linux, member.type,
                       element->va + member.bit_offset / 8, (uint32_t)(member.bit_offset % 8),
                       member.bits, &row);
            snprintf(row.name, sizeof row.name, "%.*s", (int)sizeof row.name - 1, path);
            row.offset = member.bit_offset / 8;
            record_append(record, "members", value_record(&row));
            text_add(&text, "  %s %s", path, row.value);
        }
        members = next;
    }
    output_record(output, record);
    output_text(output, "%s%s", line, reads ? "" : "  ?");
}

/* What is to be said of the list as a whole. */
static void print_end(struct output *output, struct linux_context *linux,
                      const struct list_iterator *list, size_t doubtful)
{
    char name[NAME];
    const struct symbol *symbol = linux->symbols ? symbols_at(linux->symbols, list->head_va) : NULL;
    if (list->head_va && symbol && symbol->va == list->head_va)
        output_text(output, "head v:%" PRIx64 " (%s)", list->head_va,
                    symbols_text(linux->symbols, list->head_va, name, sizeof name));
    else if (list->head_va)
        output_text(output, "head v:%" PRIx64, list->head_va);
    if (list->state > LIST_ITERATOR_END)
        output_note(output, "%s", list->say);
    if (list->strays)
        output_note(output, "%s", list->stray);
    if (doubtful)
        output_note(output,
                    "%zu of %zu (marked ?) do not read as %s: one may be the list's head, or "
                    "the list is of another type",
                    doubtful, list->count, btf_name(linux->btf, list->type));
}

bool command_list(struct session *session, const char *arguments, struct output *output,
                  struct error *err)
{
    char word[NAME], expression[NAME];
    struct list_iterator list;
    struct object element;
    struct error ignored;
    size_t doubtful = 0;
    struct address address;
    struct linux_context *linux = session_need(session, LINUX_TYPES, err);
    if (!linux)
        return false;
    size_t keyword = strncmp(arguments, "struct ", 7) == 0 ? 7 : 0;
    const char *rest = take_word(arguments + keyword, word);
    char *dot = strchr(word, '.');
    if (!dot || !*rest)
        return error_at(err, 0,
                        "list TYPE.MEMBER EXPR [MEMBER ...], as list task_struct.tasks "
                        "init_task pid comm");
    *dot = '\0';
    uint32_t type = btf_strip(linux->btf, btf_find(linux->btf, word, BTF_VOID));
    if (!type)
        return error_at(err, (int)keyword, "this kernel has no type %s", word);
    const char *members = take_word(rest, expression);
    if (!argument_virtual(session, expression, expression, &address, err)) {
        err->column += err->column < 0 ? 0 : (int)(rest - arguments);
        return false;
    }
    linux_need(linux, LINUX_TASKS, &ignored); /* symbols and init_task tell a head */
    struct memory memory = session_memory(session, address.space);
    if (!list_iterator_find(&list, linux, &memory, type, dot + 1, address.value, err))
        return false;
    if (!check_members(linux, list.type, arguments, members, err)) {
        list_iterator_end(&list);
        return false;
    }
    while (!output->stopped && list_iterator_next(&list, &element)) {
        bool reads = list_reads_as(linux->btf, element.memory, list.type, element.va);
        doubtful += !reads;
        print_element(output, linux, &element, members, reads);
    }
    print_end(output, linux, &list, doubtful);
    list_iterator_end(&list);
    return true;
}
