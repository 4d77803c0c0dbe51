/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `types`, `struct` and `list`: the kernel's types, and memory seen as them. */
#include "command/commands.h"
#include "guest/view.h"
#include "guest/view_list.h"
#include "session/expression.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPEN_DEPTH  4  /* nested structs are opened that deep */
#define OPEN_LENGTH 16 /* arrays of no more elements are opened */
#define NAME        256

static const char *kind_word(enum btf_kind kind)
{
    switch (kind) {
    case BTF_STRUCT:
        return "struct";
    case BTF_UNION:
        return "union";
    case BTF_ENUM:
    case BTF_ENUM64:
        return "enum";
    case BTF_TYPEDEF:
        return "typedef";
    case BTF_INT:
        return "int";
    case BTF_FLOAT:
        return "float";
    default:
        return NULL; /* not a type that one asks for by name */
    }
}

static bool print_type(struct output *output, const struct btf *btf, uint32_t id)
{
    const char *kind = kind_word(btf_kind(btf, id)), *name = btf_name(btf, id);
    const char *module = btf_module(btf, id);
    if (!kind || !*name)
        return true;
    if (!output->json)
        return output_text(output, "%-8s %-48s %" PRIu64 "%s%s%s", kind, name, btf_size(btf, id),
                           module ? "  [" : "", module ? module : "", module ? "]" : "");
    struct record *record = record_new();
    record_text(record, "name", name);
    record_text(record, "kind", kind);
    record_number(record, "size", (int64_t)btf_size(btf, id));
    record_text(record, "module", module);
    return output_record(output, record);
}

bool command_types(struct session *session, const char *arguments, struct output *output,
                   struct error *err)
{
    struct guest *guest = session_need(session, GUEST_TYPES, err);
    bool any = false;
    if (!guest)
        return false;
    uint32_t wanted = *arguments ? btf_find(guest->btf, arguments, BTF_VOID) : 0;
    const char *name = wanted ? btf_name(guest->btf, wanted) : NULL;
    if (*arguments && !wanted)
        return error_at(err, 0, "this kernel has no type of that name");
    for (uint32_t id = 1; id < btf_count(guest->btf); id++) {
        if (name && strcmp(btf_name(guest->btf, id), name) != 0)
            continue;
        any = true;
        if (!print_type(output, guest->btf, id))
            return true;
    }
    return any;
}

static char *name_pointer(void *context, uint64_t va, char *text, size_t size)
{
    return guest_name_va(context, va, text, size);
}

/* Opens what is short enough to be read at one look. */
static void open_rows(struct view *view)
{
    for (size_t i = 0; i < view_rows(view); i++) {
        struct view_row row;
        view_row(view, i, &row);
        bool is_struct = row.kind == VIEW_STRUCT || row.kind == VIEW_UNION;
        if (row.can_open && !row.open && is_struct && row.depth < OPEN_DEPTH)
            view_open(view, i, true);
    }
}

/* A string's value is its text: the quotes are for people. */
static void record_unquoted(struct record *record, const char *value)
{
    char text[VIEW_VALUE];
    size_t length = strlen(value);
    bool quoted = length >= 2 && value[0] == '"' && value[length - 1] == '"';
    snprintf(text, sizeof text, "%.*s", (int)(length - (quoted ? 2 : 0)), value + quoted);
    record_text(record, "value", text);
}

static struct record *record_row(const struct view_row *row)
{
    struct record *record = record_new();
    bool is_number = row->kind == VIEW_NUMBER || row->kind == VIEW_BOOL;
    int64_t number = (int64_t)row->number;
    bool exact = row->is_signed ? number >= -(INT64_C(1) << 53) && number <= INT64_C(1) << 53
                                : row->number <= UINT64_C(1) << 53;
    record_text(record, "name", row->name);
    record_number(record, "offset", (int64_t)row->offset);
    record_number(record, "size", (int64_t)row->size);
    record_text(record, "type", row->type);
    if (row->bits) {
        record_number(record, "bit", row->bit);
        record_number(record, "bits", row->bits);
    }
    bool is_address = row->kind == VIEW_POINTER || row->kind == VIEW_FUNCTION;
    if (!row->readable)
        record_null(record, "value");
    else if (row->has_number && (is_address || (is_number && !exact)))
        record_hex(record, "value", row->number);
    else if (row->has_number && is_number)
        record_number(record, "value", number);
    else if (row->kind == VIEW_STRING)
        record_unquoted(record, row->value);
    else
        record_text(record, "value", row->value);
    if (row->has_number && row->readable)
        record_text(record, "text", row->value);
    return record;
}

/* The rows from *i on that are deeper than `depth`, as members of `parent`. */
static void append_members(const struct view *view, size_t *i, unsigned depth,
                           struct record *parent)
{
    record_array(parent, "members");
    while (*i < view_rows(view)) {
        struct view_row row;
        view_row(view, *i, &row);
        if (row.depth < depth)
            return;
        struct record *member = record_row(&row);
        ++*i;
        if (row.open)
            append_members(view, i, row.depth + 1, member);
        record_append(parent, "members", member);
    }
}

static void print_rows(struct output *output, const struct view *view)
{
    for (size_t i = 0; i < view_rows(view); i++) {
        struct view_row row;
        char bits[24] = "";
        view_row(view, i, &row);
        if (row.bits)
            snprintf(bits, sizeof bits, ":%" PRIu32, row.bits);
        if (!output_text(output, "%6" PRIx64 " %*s%-*s %s%s%s%s", row.offset, (int)row.depth * 2,
                         "", 36 - (int)row.depth * 2, row.type, row.name, bits,
                         row.value[0] ? " = " : "", row.value))
            return;
    }
}

/* "TYPE" or "TYPE.member": the word at the start of the arguments. */
static const char *take_word(const char *arguments, char word[NAME])
{
    static const char *const prefixes[] = {"struct ", "union ", "enum "};
    size_t skip = 0;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(arguments, prefixes[i], strlen(prefixes[i])) == 0)
            skip = strlen(prefixes[i]) + strspn(arguments + strlen(prefixes[i]), " ");
    size_t length = skip + strcspn(arguments + skip, " \t");
    snprintf(word, NAME, "%.*s", (int)length, arguments);
    return arguments + length + strspn(arguments + length, " \t");
}

/* The type, and the member within it, of "TYPE[.member]". */
static bool take_type(const struct guest *guest, char *word, uint32_t *type,
                      struct btf_member *member, struct error *err)
{
    char *dot = strchr(word, '.');
    *member = (struct btf_member){0};
    if (dot)
        *dot = '\0';
    *type = btf_find(guest->btf, word, BTF_VOID);
    if (!*type)
        return error_at(err, 0, "this kernel has no type %s", word);
    if (!dot)
        return true;
    if (!btf_path(guest->btf, *type, dot + 1, member))
        return error_at(err, (int)(dot + 1 - word), "%s has no member %s", word, dot + 1);
    *type = member->type;
    return true;
}

static bool take_address(struct session *session, const char *arguments, const char *text,
                         uint64_t *va, struct error *err)
{
    struct address address;
    struct place place;
    if (!expression_eval(session, text, SPACE_VIRT, &address, err)) {
        err->column = err->column < 0 ? -1 : err->column + (int)(text - arguments);
        return false;
    }
    if (address.space != SPACE_VIRT) {
        if (!session_await(session, true, err))
            return false;
        memory_locate(&session->memory, address, &place);
        if (!place.has_va)
            return error_at(err, (int)(text - arguments), "no virtual address leads there");
        address.value = place.va;
    }
    *va = address.value;
    return true;
}

/* `struct TYPE.MEMBER EXPR` of what is no struct itself: the one value. */
static void print_value(struct session *session, struct guest *guest, struct output *output,
                        const char *name, const struct btf_member *member, uint64_t va)
{
    struct view_row row = {.depth = 0};
    struct record *record = record_new();
    view_value(guest->btf, &session->memory, name_pointer, guest, member->type,
               va + member->bit_offset / 8, (uint32_t)(member->bit_offset % 8), member->bits, &row);
    snprintf(row.name, sizeof row.name, "%.*s", (int)sizeof row.name - 1, name);
    row.offset = member->bit_offset / 8;
    record_text(record, "type", row.type);
    record_hex(record, "virt", row.va);
    record_append(record, "members", record_row(&row));
    output_record(output, record);
    output_text(output, "%s %s = %s", row.type, row.name, row.value);
}

static bool has_members(const struct btf *btf, uint32_t type)
{
    enum btf_kind kind = btf_kind(btf, btf_strip(btf, type));
    return kind == BTF_STRUCT || kind == BTF_UNION;
}

bool command_struct(struct session *session, const char *arguments, struct output *output,
                    struct error *err)
{
    char word[NAME], type_text[VIEW_TYPE];
    uint32_t type;
    struct btf_member member;
    uint64_t va = 0;
    struct guest *guest = session_need(session, GUEST_TYPES, err);
    if (!guest)
        return false;
    const char *rest = take_word(arguments, word);
    if (!*word)
        return error_at(err, 0, "which type? struct TYPE [EXPR], as struct task_struct init_task");
    if (!take_type(guest, word, &type, &member, err) ||
        (*rest && !take_address(session, arguments, rest, &va, err)))
        return false;
    if (member.type && *rest && !has_members(guest->btf, type)) {
        print_value(session, guest, output, strchr(word, '\0') + 1, &member, va);
        return true;
    }
    /* The session's memory knows the user half that was entered. */
    struct view *view = view_create(guest->btf, &session->memory);
    if (!view)
        return error_set(err, "out of memory");
    view_set_namer(view, name_pointer, guest);
    if (!view_show(view, type, va + member.bit_offset / 8, err)) {
        view_destroy(view);
        return false;
    }
    open_rows(view);
    btf_type_text(guest->btf, type, type_text, sizeof type_text);
    struct record *record = record_new();
    size_t i = 0;
    record_text(record, "type", type_text);
    record_hex_or_null(record, "virt", *rest != '\0', view_va(view));
    record_number(record, "size", (int64_t)btf_size(guest->btf, type));
    append_members(view, &i, 0, record);
    output_record(output, record);
    if (*rest)
        output_text(output, "%s at v:%" PRIx64 ", %" PRIu64 " bytes", type_text, view_va(view),
                    btf_size(guest->btf, type));
    else
        output_text(output, "%s, %" PRIu64 " bytes", type_text, btf_size(guest->btf, type));
    print_rows(output, view);
    view_destroy(view);
    return true;
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
            view_value(guest->btf, element->memory, name_pointer, guest, member.type,
                       element->va + member.bit_offset / 8, (uint32_t)(member.bit_offset % 8),
                       member.bits, &row);
            snprintf(row.name, sizeof row.name, "%.*s", (int)sizeof row.name - 1, path);
            row.offset = member.bit_offset / 8;
            record_append(record, "members", record_row(&row));
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
    if (!take_address(session, expression, expression, &va, err))
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
