/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `list`: the elements of a list of the kernel, and members of each. */
#include "command/commands.h"
#include "command/typed.h"
#include "guest/view_list.h"

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

/* Is the link inside the object at `va` part of a ring?  Else `va` may be a list's head. */
static bool is_object(struct memory *memory, uint64_t link_va, uint64_t head_va)
{
    uint64_t next = 0, back = 0;
    struct address link = address_in(SPACE_VIRT, link_va), head = address_in(SPACE_VIRT, head_va);
    if (memory_read_u64(memory, link, &next) &&
        memory_read_u64(memory, address_in(SPACE_VIRT, next + 8), &back) && back == link_va)
        return true;
    return !(memory_read_u64(memory, head, &next) &&
             memory_read_u64(memory, address_in(SPACE_VIRT, next + 8), &back) && back == head_va);
}

/* "  pid 1  comm \"init\"": the members that were asked for. */
static void print_element(struct output *output, struct guest *guest, const struct object *element,
                          const char *members)
{
    char line[900], type[VIEW_TYPE];
    int used = snprintf(line, sizeof line, "v:%016" PRIx64, element->va);
    struct record *record = record_new();
    record_text(record, "type", btf_type_text(guest->btf, element->type, type, sizeof type));
    record_hex(record, "virt", element->va);
    record_array(record, "members");
    while (*members) {
        char path[NAME];
        struct btf_member member;
        struct view_row row = {.depth = 0};
        const char *next = take_word(members, path);
        if (btf_path(guest->btf, element->type, path, &member)) {
            view_value(guest->btf, element->memory, typed_name, guest, member.type,
                       element->va + member.bit_offset / 8, (uint32_t)(member.bit_offset % 8),
                       member.bits, &row);
            snprintf(row.name, sizeof row.name, "%.*s", (int)sizeof row.name - 1, path);
            row.offset = member.bit_offset / 8;
            record_append(record, "members", typed_record(&row));
            if (used < (int)sizeof line)
                used +=
                    snprintf(line + used, sizeof line - (size_t)used, "  %s %s", path, row.value);
        }
        members = next;
    }
    output_record(output, record);
    output_text(output, "%s", line);
}

bool command_list(struct session *session, const char *arguments, struct output *output,
                  struct error *err)
{
    char word[NAME], expression[NAME];
    struct btf_member member;
    struct view_list list;
    struct object element;
    uint64_t va = 0;
    struct guest *guest = session_need(session, GUEST_TYPES, err);
    if (!guest)
        return false;
    const char *rest = take_word(arguments, word);
    char *dot = strchr(word, '.');
    if (!dot || !*rest)
        return error_at(err, 0,
                        "list TYPE.MEMBER EXPR [MEMBER ...], as list task_struct.tasks "
                        "init_task pid comm");
    *dot = '\0';
    uint32_t type = btf_find(guest->btf, word, BTF_VOID);
    if (!type || !btf_path(guest->btf, type, dot + 1, &member))
        return error_at(err, 0, "this kernel has no %s.%s", word, dot + 1);
    const char *members = take_word(rest, expression);
    if (!typed_address(session, expression, expression, &va, err))
        return false;
    bool object = is_object(&session->memory, va + member.bit_offset / 8, va);
    if (!view_list_start(&list, guest->btf, &session->memory, word, dot + 1, va, object, err))
        return false;
    while (!output->stopped && view_list_next(&list, &element))
        print_element(output, guest, &element, members);
    if (list.state > VIEW_LIST_END)
        output_text(output, "# %s", list.say);
    if (list.strays)
        output_text(output, "# %s", list.stray);
    view_list_end(&list);
    return true;
}
