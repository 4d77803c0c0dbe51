/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `struct`: memory seen as a type, or how a type is laid out. */
#include "answer/enum_values.h"
#include "answer/member.h"
#include "answer/place.h"
#include "answer/subjects.h"
#include "session/handles.h"

#include <stdio.h>

enum { TYPE, VIRT, SPACE, SIZE, BYTES, MEMBERS, VALUES, COLUMNS };

static const struct column columns[COLUMNS] = {
    [TYPE] = {"type", "TYPE", "as C writes it", VALUE_TEXT},
    [VIRT] = {"virt", "VIRTUAL", "where it is; null: a type's layout", VALUE_ADDRESS,
              .gap = " at "},
    [SPACE] = SPACE_COLUMN,
    [SIZE] = {"size", "SIZE", "in bytes", VALUE_NUMBER, COLUMN_NO_TEXT | COLUMN_MAY_LACK},
    [BYTES] = {"bytes", "SIZE", "the same in words", VALUE_TEXT, COLUMN_NO_JSON, .gap = ", "},
    [MEMBERS] = {"members", NULL, "all of them, with their members", VALUE_LIST,
                 .inner = &member_shape},
    [VALUES] = {"values", NULL, "of an enum: its names", VALUE_LIST, COLUMN_MAY_LACK,
                .inner = &enum_values_shape},
};
static const struct shape shape = SHAPE(columns);

/* `struct TYPE.MEMBER EXPR` of what is no struct itself: the one value. */
static struct value one_member(struct members *members, const char *name,
                               const struct btf_member *member, uint64_t va)
{
    struct list *list = query_list(members->query, &member_shape);
    member_fill(members, name, member, va, query_list_row(members->query, list));
    return value_list(list);
}

static struct value type_text(struct query *query, const struct btf *btf, uint32_t type)
{
    char text[VIEW_TYPE];
    return value_text(query_text(query, "%s", btf_type_text(btf, type, text, sizeof text)));
}

/* A type at an address, or (layout) by itself. */
static bool give_struct(struct members *members, uint32_t type, struct address at,
                        struct error *err)
{
    struct query *query = members->query;
    const struct btf *btf = members->linux->btf;
    uint64_t size = btf_size(btf, type);
    if (!view_can_show(btf, type, err))
        return false;
    struct value *row = query_row(query);
    struct value values = members->layout ? enum_values(query, btf, type) : value_absent();
    row[TYPE] = type_text(query, btf, type);
    row[VIRT] = value_if(!members->layout, value_address(address_canonical(at)));
    if (!members->layout)
        row[SPACE] = query_space(query, at);
    row[SIZE] = value_of_type(VALUE_NUMBER, size);
    row[BYTES] = value_text(
        query_text(query, size == 1 ? "%llu byte" : "%llu bytes", (unsigned long long)size));
    row[VALUES] = values;
    row[MEMBERS] = member_list(members, type, at.value);
    query_emit(query);
    return true;
}

/* The path in "TYPE.PATH EXPR", whose `rest` is EXPR; "" where there is none. */
static void take_path(const char *arguments, const char *rest, char path[VIEW_NAME])
{
    const char *dot = strchr(arguments, '.');
    bool has = dot && dot < rest;
    snprintf(path, VIEW_NAME, "%.*s", has ? (int)strcspn(dot + 1, " ") : 0, has ? dot + 1 : "");
}

static void give_value(struct members *members, const char *path, const struct btf_member *what,
                       struct address at)
{
    struct value *row = query_row(members->query);
    row[TYPE] = type_text(members->query, members->linux->btf, what->type);
    row[VIRT] =
        value_address(address_canonical(address_in(at.space, at.value + what->bit_offset / 8)));
    row[SPACE] = query_space(members->query, at);
    row[SIZE] = row[VALUES] = value_absent();
    row[MEMBERS] = one_member(members, path, what, at.value);
    query_emit(members->query);
}

static bool rows(struct query *query, struct error *err)
{
    struct btf_member what;
    const char *rest;
    char path[VIEW_NAME];
    struct address at = {session_space(query->session), 0};
    struct linux_context *linux = session_need(query->session, LINUX_TYPES, err);
    if (!linux)
        return false;
    if (!*query->arguments)
        return error_at(
            err, 0, "no type given; usage: struct TYPE [EXPR], as struct task_struct init_task");
    if (!btf_parse(linux->btf, query->arguments, &what, &rest, err) ||
        (*rest && !member_address(query, rest, &at, err)))
        return false;
    struct memory memory = session_memory(query->session, at.space);
    struct linux_context there = linux_in(linux, &memory);
    struct members members = {query, &there, !*rest, MEMBERS_MAX};
    take_path(query->arguments, rest, path);
    if (*path && *rest && !btf_members(linux->btf, btf_strip(linux->btf, what.type))) {
        give_value(&members, path, &what, at);
        return true;
    }
    at.value += what.bit_offset / 8;
    return give_struct(&members, what.type, at, err);
}

static const struct subject subject = {.shape = &shape, .bare = true, .rows = rows};

const struct command command_struct = {
    .name = "struct",
    .arguments = "TYPE[.MEMBER] [EXPR]",
    .brief = "memory as a struct; without EXPR its layout",
    .detail =
        "struct task_struct init_task\nstruct task_struct.se v:ffff0000c0a18000\nstruct file*[4] "
        "v:ffff0000c0a18000",
    .argument = ARGUMENT_TYPE,
    .subject = &subject,
};
