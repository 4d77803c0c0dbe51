/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `struct`: memory seen as a type. */
#include "answer/commands.h"
#include "answer/value_output.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define OPEN_DEPTH  4  /* nested structs are opened that deep */
#define OPEN_LENGTH 16 /* arrays of no more structs are opened */

/* The names of an enum, and their values. */
static void append_values(struct record *record, const struct btf *btf, uint32_t id)
{
    uint32_t bare = btf_strip(btf, id);
    for (uint32_t i = 0; i < btf_values(btf, bare); i++) {
        struct record *item = record_new();
        int64_t value = 0;
        record_text(item, "name", btf_value(btf, bare, i, &value));
        record_number(item, "value", value);
        record_append(record, "values", item);
    }
}

static bool print_values(struct output *output, const struct btf *btf, uint32_t id)
{
    uint32_t bare = btf_strip(btf, id);
    for (uint32_t i = 0; i < btf_values(btf, bare); i++) {
        int64_t value = 0;
        const char *name = btf_value(btf, bare, i, &value);
        uint64_t above = value < 0 ? 0 : (uint64_t)value;
        if (!output_text(output,
                         above > 9 ? "  %-40s %" PRId64 " (0x%" PRIx64 ")" : "  %-40s %" PRId64,
                         name, value, above))
            return false;
    }
    return true;
}

/* Is it read at one look, as rows of its own? */
static bool is_short(const struct btf *btf, const struct view_row *row)
{
    if (row->kind == VIEW_STRUCT || row->kind == VIEW_UNION)
        return true;
    uint32_t bare = btf_strip(btf, row->type_id);
    return row->kind == VIEW_ARRAY && btf_array_length(btf, bare) <= OPEN_LENGTH &&
           btf_members(btf, btf_strip(btf, btf_target(btf, bare)));
}

static void open_rows(struct view *view, const struct btf *btf)
{
    for (size_t i = 0; i < view_rows(view); i++) {
        struct view_row row;
        view_row(view, i, &row);
        if (row.can_open && !row.open && row.depth < OPEN_DEPTH && is_short(btf, &row))
            view_open(view, i, true);
    }
}

/* Row i; of a mere layout without its value. */
static void get_row(const struct view *view, size_t i, bool layout, struct view_row *row)
{
    view_row(view, i, row);
    if (layout)
        row->readable = row->has_number = false;
}

/* The rows from *i on that are deeper than `depth`, as members of `parent`. */
static void append_members(const struct view *view, size_t *i, unsigned depth, bool layout,
                           struct record *parent)
{
    record_array(parent, "members");
    while (*i < view_rows(view)) {
        struct view_row row;
        get_row(view, *i, layout, &row);
        if (row.depth < depth)
            return;
        struct record *member = value_record(&row);
        ++*i;
        if (row.open)
            append_members(view, i, row.depth + 1, layout, member);
        record_append(parent, "members", member);
    }
}

static void print_rows(struct output *output, const struct view *view, bool layout)
{
    for (size_t i = 0; i < view_rows(view); i++) {
        struct view_row row;
        char bits[24] = "", size[24] = "";
        get_row(view, i, layout, &row);
        if (row.bits)
            snprintf(bits, sizeof bits, ":%" PRIu32, row.bits);
        if (layout)
            snprintf(size, sizeof size, "%6" PRIu64 " ", row.size);
        bool value = !layout && row.value[0];
        if (!output_text(output, "%6" PRIx64 " %s%*s%-*s %s%s%s%s", row.offset, size,
                         (int)row.depth * 2, "", 36 - (int)row.depth * 2, row.type, row.name, bits,
                         value ? " = " : "", value ? row.value : ""))
            return;
    }
}

/* `struct TYPE.MEMBER EXPR` of what is no struct itself: the one value. */
static void print_value(struct session *session, struct linux_context *linux, struct output *output,
                        const char *name, const struct btf_member *member, struct address at)
{
    struct view_row row = {.depth = 0};
    struct record *record = record_new();
    char space[SPACE_NAME];
    struct memory memory = session_memory(session, at.space);
    view_value(linux->btf, &memory, value_name, linux, member->type,
               at.value + member->bit_offset / 8, (uint32_t)(member->bit_offset % 8), member->bits,
               &row);
    snprintf(row.name, sizeof row.name, "%s", name);
    row.offset = member->bit_offset / 8;
    record_text(record, "type", row.type);
    record_hex(record, "virt", row.va);
    record_text(record, "space", space_name(address_canonical(at).space, space));
    record_append(record, "members", value_record(&row));
    output_record(output, record);
    output_text(output, "%s %s = %s", row.type, row.name, row.value);
}

/* A type at an address; without one (NULL) how it is laid out. */
static bool print_struct(struct session *session, struct linux_context *linux,
                         struct output *output, uint32_t type, const struct address *at,
                         struct error *err)
{
    char text[VIEW_TYPE], space[SPACE_NAME], address[ADDRESS_TEXT];
    uint64_t size = btf_size(linux->btf, type);
    struct memory memory = session_memory(session, at ? at->space : session_space(session));
    struct view *view = view_create(linux->btf, &memory);
    if (!view)
        return error_set(err, "out of memory");
    view_set_symbolizer(view, value_name, linux);
    if (!view_show(view, type, at ? at->value : 0, err)) {
        view_destroy(view);
        return false;
    }
    open_rows(view, linux->btf);
    btf_type_text(linux->btf, type, text, sizeof text);
    struct record *record = record_new();
    size_t i = 0;
    record_text(record, "type", text);
    record_hex_or_null(record, "virt", at != NULL, view_va(view));
    record_text(record, "space", at ? space_name(address_canonical(*at).space, space) : NULL);
    record_number(record, "size", (int64_t)size);
    append_members(view, &i, 0, !at, record);
    if (!at)
        append_values(record, linux->btf, type);
    output_record(output, record);
    const char *bytes = size == 1 ? "byte" : "bytes";
    if (at)
        output_text(output, "%s at %s, %" PRIu64 " %s", text, address_text(*at, address), size,
                    bytes);
    else
        output_text(output, "%s, %" PRIu64 " %s", text, size, bytes);
    if (!at && !btf_members(linux->btf, btf_strip(linux->btf, type)))
        print_values(output, linux->btf, type);
    else
        print_rows(output, view, !at);
    view_destroy(view);
    return true;
}

/* The path in "TYPE.PATH EXPR", whose `rest` is EXPR; "" where there is none. */
static void take_path(const char *arguments, const char *rest, char path[VIEW_NAME])
{
    const char *dot = strchr(arguments, '.');
    bool has = dot && dot < rest;
    snprintf(path, VIEW_NAME, "%.*s", has ? (int)strcspn(dot + 1, " ") : 0, has ? dot + 1 : "");
}

bool command_struct(struct session *session, const char *arguments, struct output *output,
                    struct error *err)
{
    struct btf_member what;
    const char *rest;
    char path[VIEW_NAME];
    struct address at;
    struct linux_context *linux = session_need(session, LINUX_TYPES, err);
    if (!linux)
        return false;
    if (!*arguments)
        return error_at(err, 0, "which type? struct TYPE [EXPR], as struct task_struct init_task");
    if (!btf_parse(linux->btf, arguments, &what, &rest, err) ||
        (*rest && !argument_virtual(session, arguments, rest, &at, err)))
        return false;
    take_path(arguments, rest, path);
    if (*path && *rest && !btf_members(linux->btf, btf_strip(linux->btf, what.type))) {
        print_value(session, linux, output, path, &what, at);
        return true;
    }
    if (*rest)
        at.value += what.bit_offset / 8;
    return print_struct(session, linux, output, what.type, *rest ? &at : NULL, err);
}
