/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members as rows, by walking their types; each value is read, and typed, by view_value(). */
#include "answer/member.h"

#include "linux/types/object.h"
#include "session/expression.h"
#include "session/handles.h"

#include <inttypes.h>

#define STRING_MAX      65536 /* bytes of a char array */
#define LAYOUT_ELEMENTS 16
#define BYTES_A_MEMBER  3072
#define STEPS_A_MEMBER  512 /* what one takes that is written */

enum {
    AT,
    NAME,
    OFFSET,
    SIZE,
    BYTES,
    TYPE,
    BIT,
    BITS,
    LABEL,
    VALUE,
    TEXT,
    SHOWN,
    MEMBERS,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [AT] = {"at", "AT", "offset, in hexadecimal", VALUE_HEX,
            COLUMN_NO_JSON | COLUMN_BARE | COLUMN_RIGHT, 4},
    [NAME] = {"name", "NAME", "its name; [i] of an element; empty where anonymous", VALUE_TEXT,
              COLUMN_NO_TEXT},
    [OFFSET] = {"offset", "OFFSET", "from the start of what was asked for, in bytes", VALUE_NUMBER,
                COLUMN_NO_TEXT},
    [SIZE] = {"size", "SIZE", "in bytes", VALUE_NUMBER, COLUMN_NO_TEXT},
    [BYTES] = {"bytes", "BYTES", "its size, of a layout", VALUE_TEXT, COLUMN_NO_JSON},
    [TYPE] = {"type", "TYPE", "as C writes it", VALUE_TEXT, COLUMN_TREE, 36},
    [BIT] = {"bit", "BIT", "of a bit-field: its first bit", VALUE_NUMBER,
             COLUMN_NO_TEXT | COLUMN_MAY_LACK},
    [BITS] = {"bits", "BITS", "of a bit-field: how many", VALUE_NUMBER,
              COLUMN_NO_TEXT | COLUMN_MAY_LACK},
    [LABEL] = {"label", "NAME", "its name, and of a bit-field how many bits", VALUE_TEXT,
               COLUMN_NO_JSON},
    [VALUE] = {"value", "VALUE",
               "a number, pointer, text, array, enum; null where it has members or is not mapped",
               VALUE_ANY, COLUMN_NO_TEXT},
    [TEXT] = {"text", "TEXT", "the value for people", VALUE_TEXT, COLUMN_NO_TEXT | COLUMN_MAY_LACK},
    [SHOWN] = {"shown", "VALUE", "the value for people", VALUE_TEXT, COLUMN_NO_JSON, .gap = " = "},
    [MEMBERS] = {"members", NULL, "of a struct, union, or array of them", VALUE_LIST,
                 COLUMN_MAY_LACK, .inner = &member_shape},
};
const struct shape member_shape = SHAPE(columns);

enum { ENUM_NAME, ENUM_NUMBER, ENUM_NAMES, ENUM_COLUMNS };

static const struct column enum_columns[ENUM_COLUMNS] = {
    [ENUM_NAME] = {"name", "NAME", "of an enum's value; null: none has it", VALUE_TEXT},
    [ENUM_NUMBER] = {"number", "NUMBER", "its number", VALUE_NUMBER},
    [ENUM_NAMES] = {"names", "NAMES", "where several together make up the number", VALUE_ARRAY,
                    COLUMN_MAY_LACK},
};
static const struct shape enum_shape = SHAPE(enum_columns);

bool member_address(struct query *query, const char *text, struct address *address,
                    struct error *err)
{
    struct session *session = query->session;
    int column = (int)(text - query->arguments);
    struct place place;
    if (!expression_eval(session, text, SPACE_VIRT, address, err)) {
        err->column = err->column < 0 ? -1 : err->column + column;
        return false;
    }
    if (address_is_virtual(*address))
        return true;
    if (!session_await(session, true, err))
        return false;
    session_locate(session, *address, session_virtual(session), &place);
    if (!place.has_va)
        return error_at(err, column, "no virtual address leads there");
    *address = place_virtual(&place);
    return true;
}

/* --- values ------------------------------------------------------------------------------------*/

static char *name_address(void *linux, uint64_t va, char *text, size_t size)
{
    return linux_name_va(linux, va, text, size);
}

static void look_at(struct members *members, const struct btf_member *member, uint64_t va,
                    struct view_row *row)
{
    view_value(members->linux, name_address, members->linux, member->type,
               va + member->bit_offset / 8, (uint32_t)(member->bit_offset % 8), member->bits, row);
}

/* False once enough is shown, or the budget has ended. */
static bool take_one(struct members *members)
{
    struct budget *budget = memory_budget(members->linux->memory);
    if (members->left == 0)
        return false;
    if (!budget_take(budget, STEPS_A_MEMBER) || !budget_take_bytes(budget, BYTES_A_MEMBER)) {
        members->left = 0;
        return false;
    }
    if (--members->left == 0)
        query_note(members->query, "only the first %d members and items are shown", MEMBERS_MAX);
    return true;
}

static struct value number_of(const struct view_row *row)
{
    return (struct value){.type = VALUE_NUMBER, .is_signed = row->is_signed, .bits = row->number};
}

/* __int128: more than any number of JSON. */
static struct value wide_of(struct members *members, const struct view_row *row)
{
    struct address at = address_in(members->linux->memory->space, row->va);
    uint64_t low, high;
    if (!memory_read_u64(members->linux->memory, at, &low))
        return (struct value){.type = VALUE_NULL};
    at.value += 8;
    if (!memory_read_u64(members->linux->memory, at, &high))
        return (struct value){.type = VALUE_NULL};
    return value_text(query_text(members->query, "0x%016" PRIx64 "%016" PRIx64, high, low));
}

static struct value real_of(const struct view_row *row)
{
    uint32_t half = (uint32_t)row->number;
    struct value value = {.type = VALUE_REAL};
    float single;
    memcpy(&single, &half, sizeof single);
    if (row->size == sizeof single)
        value.real = (double)single;
    else
        memcpy(&value.real, &row->number, sizeof value.real);
    return value;
}

static bool is_one_bit(uint64_t bits)
{
    return bits && !(bits & (bits - 1));
}

/* "A", "B": of an enum whose value is several of its names together. */
static struct value flags_of(struct members *members, const struct view_row *row)
{
    const struct btf *btf = members->linux->btf;
    uint32_t bare = btf_strip(btf, row->type_id), count = btf_values(btf, bare);
    struct value *item = query_array(members->query, count);
    size_t items = 0;
    for (uint32_t i = 0; item && i < count; i++) {
        int64_t bit = 0;
        const char *name = btf_value(btf, bare, i, &bit);
        if (is_one_bit((uint64_t)bit) && (row->number & (uint64_t)bit))
            item[items++] = value_text(name);
    }
    return value_array(item, items);
}

static struct value enum_of(struct members *members, const struct view_row *row)
{
    struct list *list = query_list(members->query, &enum_shape);
    struct value *object = query_list_row(members->query, list);
    object[ENUM_NAME] = value_text(row->name_of_value);
    object[ENUM_NUMBER] = number_of(row);
    object[ENUM_NAMES] = row->kind == VIEW_FLAGS ? flags_of(members, row) : value_absent();
    return value_object(list);
}

/* A char array's bytes up to its NUL; `char name[]` goes on after the struct. */
static struct value string_of(struct members *members, const struct view_row *row)
{
    size_t size = row->size && row->size < STRING_MAX ? row->size : row->size ? STRING_MAX : 256;
    char *text = query_bytes(members->query, size + 1);
    struct field field = {.size = size};
    if (!text || !field_string(members->linux->memory, row->va, &field, text, size + 1))
        return (struct value){.type = VALUE_NULL};
    return value_text(text);
}

static struct value value_of(struct members *members, const struct view_row *row);

static struct value items_of(struct members *members, const struct view_row *row)
{
    const struct btf *btf = members->linux->btf;
    uint32_t bare = btf_strip(btf, row->type_id);
    struct btf_member element = {.name = "", .type = btf_target(btf, bare)};
    uint64_t each = btf_size(btf, element.type), count = each ? row->size / each : 0, items = 0;
    count = count < members->left ? count : members->left;
    struct value *item = query_array(members->query, count);
    for (; item && items < count && take_one(members); items++) {
        struct view_row one;
        look_at(members, &element, row->va + items * each, &one);
        item[items] = value_of(members, &one);
    }
    return value_array(item, items);
}

static struct value value_of(struct members *members, const struct view_row *row)
{
    if (!row->readable)
        return (struct value){.type = VALUE_NULL};
    switch (row->kind) {
    case VIEW_NUMBER:
    case VIEW_BOOL:
        return row->has_number ? number_of(row) : wide_of(members, row);
    case VIEW_ENUM:
    case VIEW_FLAGS:
        return enum_of(members, row);
    case VIEW_FLOAT:
        return value_if(row->has_number, real_of(row));
    case VIEW_STRING:
        return string_of(members, row);
    case VIEW_POINTER:
    case VIEW_FUNCTION:
    case VIEW_LIST:
        return value_virt(members->linux->memory->space, row->number);
    case VIEW_ARRAY:
        return items_of(members, row);
    default: /* atomic_t, kuid_t: a struct around one number */
        return value_if(row->has_number, number_of(row));
    }
}

/* --- members -----------------------------------------------------------------------------------*/

static bool is_composite(const struct btf *btf, uint32_t type)
{
    enum btf_kind kind = btf_kind(btf, btf_strip(btf, type));
    return kind == BTF_STRUCT || kind == BTF_UNION;
}

/* What an array is of in the end. */
static uint32_t element_of(const struct btf *btf, uint32_t type)
{
    uint32_t bare = btf_strip(btf, type);
    while (btf_kind(btf, bare) == BTF_ARRAY)
        bare = btf_strip(btf, btf_target(btf, bare));
    return bare;
}

static void add_members(struct members *members, struct list *list, uint32_t type, uint64_t va,
                        uint64_t base);

static struct value parts_of(struct members *members, uint32_t type, uint64_t va, uint64_t base)
{
    struct list *list = query_list(members->query, &member_shape);
    add_members(members, list, type, va, base);
    return value_list(list);
}

/* A row of a list moves when the list grows: it is filled in before the next one is taken. */
void member_add(struct members *members, struct list *list, const char *name,
                const struct btf_member *member, uint64_t va)
{
    struct value row[COLUMNS] = {{.type = VALUE_NULL}};
    if (!take_one(members))
        return;
    member_fill(members, name, member, va, row);
    memcpy(query_list_row(members->query, list), row, sizeof row);
}

/* Elements of an array of structs; of a long one's layout the first tells. */
static void add_elements(struct members *members, struct list *list, uint32_t array, uint64_t va,
                         uint64_t base)
{
    const struct btf *btf = members->linux->btf;
    uint32_t element = btf_target(btf, array), count = btf_array_length(btf, array);
    uint64_t each = btf_size(btf, element);
    count = members->layout && count > LAYOUT_ELEMENTS ? 1 : count;
    for (uint32_t i = 0; i < count && members->left; i++) {
        struct btf_member member = {.type = element, .bit_offset = base + 8 * i * each};
        member_add(members, list, query_text(members->query, "[%" PRIu32 "]", i), &member, va);
    }
}

/* `va`: of the whole; `base`: where the part begins in it, in bits. */
static void add_members(struct members *members, struct list *list, uint32_t type, uint64_t va,
                        uint64_t base)
{
    const struct btf *btf = members->linux->btf;
    uint32_t bare = btf_strip(btf, type), count = btf_members(btf, bare);
    if (btf_kind(btf, bare) == BTF_ARRAY)
        add_elements(members, list, bare, va, base);
    for (uint32_t i = 0; i < count && members->left; i++) {
        struct btf_member member = btf_member(btf, bare, i);
        const char *name = member.name;
        member.bit_offset += base;
        member_add(members, list, name, &member, va);
    }
}

static bool has_members(const struct btf *btf, uint32_t type)
{
    return is_composite(btf, element_of(btf, type));
}

/* A type's own text is the row's: the arena keeps it as long. */
static void fill_names(struct members *members, const char *name, const struct btf_member *member,
                       const struct view_row *seen, struct value *row)
{
    struct query *query = members->query;
    uint64_t offset = member->bit_offset / 8;
    row[AT] = value_of_type(VALUE_HEX, offset);
    row[OFFSET] = value_of_type(VALUE_NUMBER, offset);
    row[NAME] = row[LABEL] = value_text(query_text(query, "%s", name));
    row[SIZE] = value_of_type(VALUE_NUMBER, seen->size);
    if (members->layout)
        row[BYTES] = value_text(query_text(query, "%6" PRIu64, seen->size));
    row[TYPE] = value_text(query_text(query, "%s", seen->type));
    row[BIT] = row[BITS] = value_absent();
    if (!member->bits)
        return;
    row[BIT] = value_number(seen->bit);
    row[BITS] = value_number(seen->bits);
    row[LABEL] = value_text(query_text(query, "%s:%" PRIu32, name, seen->bits));
}

void member_fill(struct members *members, const char *name, const struct btf_member *member,
                 uint64_t va, struct value *row)
{
    struct view_row seen;
    bool open = has_members(members->linux->btf, member->type);
    look_at(members, member, va, &seen);
    fill_names(members, name, member, &seen, row);
    row[TEXT] = row[MEMBERS] = value_absent();
    if (!members->layout) {
        const char *text = query_text(members->query, "%s", seen.value);
        row[VALUE] = open && seen.kind == VIEW_ARRAY ? (struct value){.type = VALUE_NULL}
                                                     : value_of(members, &seen);
        if (seen.has_number && seen.readable)
            row[TEXT] = value_text(text);
        /* Members say more than a summary does. */
        row[SHOWN] = value_text(!*text || (open && !seen.has_number) ? NULL : text);
    }
    if (open)
        row[MEMBERS] = parts_of(members, member->type, va, member->bit_offset);
}

struct value member_list(struct members *members, uint32_t type, uint64_t va)
{
    struct btf_member whole = {.name = "", .type = type};
    if (has_members(members->linux->btf, type))
        return parts_of(members, type, va, 0);
    struct list *list = query_list(members->query, &member_shape);
    member_add(members, list, "", &whole, va);
    return value_list(list);
}

/* --- cells -------------------------------------------------------------------------------------*/

enum value_type member_cell_type(const struct btf *btf, uint32_t type)
{
    uint32_t bare = btf_strip(btf, type);
    if (btf_kind(btf, bare) == BTF_PTR)
        return VALUE_ADDRESS;
    while (is_composite(btf, bare) && btf_members(btf, bare) == 1)
        bare = btf_strip(btf, btf_member(btf, bare, 0).type);
    return btf_kind(btf, bare) == BTF_INT && btf_size(btf, bare) <= 8 ? VALUE_NUMBER : VALUE_TEXT;
}

struct value member_cell(struct members *members, const struct btf_member *member, uint64_t va)
{
    struct view_row seen;
    look_at(members, member, va, &seen);
    struct value value = value_of(members, &seen);
    enum value_type type = member_cell_type(members->linux->btf, member->type);
    if (value.type == type || !seen.readable)
        return value;
    if (type != VALUE_TEXT)
        return (struct value){.type = VALUE_NULL};
    if (seen.kind == VIEW_ENUM && seen.name_of_value)
        return value_text(seen.name_of_value);
    return value_text(query_text(members->query, "%s", seen.value));
}
