/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `types`: the kernel's types with their sizes, and the values of an enum. */
#include "answer/enum_values.h"
#include "answer/subjects.h"
#include "session/handles.h"

enum { KIND, NAME, SIZE, MODULE, VALUES, COLUMNS };

static const char *kind_name(unsigned i)
{
    static const char *const names[] = {"struct", "union", "enum", "typedef", "int", "float"};
    return i < sizeof names / sizeof *names ? names[i] : NULL;
}

/* NULL: not a type that one asks for by name. */
static const char *name_of_kind(enum btf_kind kind)
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
        return NULL;
    }
}

static const struct column columns[COLUMNS] = {
    [KIND] = {"kind", "KIND", "what it is to C", VALUE_ENUM, 0, 8, 2, .names = kind_name},
    [NAME] = {"name", "NAME", "its name", VALUE_TEXT, 0, 48},
    [SIZE] = {"size", "SIZE", "its size in bytes", VALUE_NUMBER, COLUMN_RIGHT, 6, 3},
    [MODULE] = {"module", "MODULE", "the module that it is from", VALUE_TEXT, 0, 0, 1},
    [VALUES] = {"values", NULL, "of an enum that was asked for: its names", VALUE_LIST,
                COLUMN_MAY_LACK, .inner = &enum_values_shape},
};
static const struct shape shape = SHAPE(columns);

/* With the values of an enum where that one was asked for. */
static bool give_type(struct query *query, const struct btf *btf, uint32_t id, bool values)
{
    const char *kind = name_of_kind(btf_kind(btf, id)), *name = btf_name(btf, id);
    if (!kind || !*name)
        return true;
    struct value *row = query_row(query);
    row[KIND] = value_word(VALUE_ENUM, kind);
    row[NAME] = value_text(name);
    row[SIZE] = value_of_type(VALUE_NUMBER, btf_size(btf, id));
    row[MODULE] = value_text(btf_module(btf, id));
    row[VALUES] = values ? enum_values(query, btf, id) : value_absent();
    return query_emit(query);
}

static bool rows(struct query *query, struct error *err)
{
    struct linux_context *linux = session_need(query->session, LINUX_TYPES, err);
    if (!linux)
        return false;
    const char *wanted = query->arguments, *name = NULL;
    if (*wanted) {
        uint32_t id = btf_find(linux->btf, wanted, BTF_VOID);
        if (!id)
            return error_at(err, 0, "this kernel has no type of that name");
        name = btf_name(linux->btf, id);
    }
    for (uint32_t id = 1; id < btf_count(linux->btf); id++)
        if (!name || strcmp(btf_name(linux->btf, id), name) == 0)
            if (!give_type(query, linux->btf, id, name != NULL))
                return true;
    if (!name && linux->btf_modules->bad)
        query_note_at(query, linux->btf_modules->why.va, "types of %zu modules are missing: %s",
                      linux->btf_modules->bad, linux->btf_modules->why.text);
    return true;
}

static const struct subject subject = {.shape = &shape, .rows = rows};

const struct command command_types = {
    .name = "types",
    .arguments = "[NAME]",
    .brief = "the kernel's types, with their sizes; the values of an enum NAME",
    .argument = ARGUMENT_TYPE,
    .subject = &subject,
};
