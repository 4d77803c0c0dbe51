/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How values are ordered, and how they are written for people. */
#include "answer/value.h"

#include "answer/table.h"

#include <inttypes.h>

const char *value_type_name(enum value_type type)
{
    static const char *const name[VALUE_TYPES] = {
        [VALUE_NULL] = "null",   [VALUE_ABSENT] = "absent",
        [VALUE_TEXT] = "text",   [VALUE_NUMBER] = "number",
        [VALUE_HEX] = "hex",     [VALUE_SIZE] = "size",
        [VALUE_BOOL] = "bool",   [VALUE_ADDRESS] = "address",
        [VALUE_ENUM] = "enum",   [VALUE_PERMISSION] = "permission",
        [VALUE_FLAGS] = "flags", [VALUE_TIME] = "time",
        [VALUE_REAL] = "real",   [VALUE_ARRAY] = "array",
        [VALUE_LIST] = "list",   [VALUE_OBJECT] = "object",
        [VALUE_ANY] = "any",
    };
    return name[type];
}

/* --- order -------------------------------------------------------------------------------------*/

static int by_bits(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static bool is_negative(const struct value *value)
{
    return value->is_signed && (int64_t)value->bits < 0;
}

static int by_number(const struct value *a, const struct value *b)
{
    if (is_negative(a) != is_negative(b))
        return is_negative(a) ? -1 : 1;
    return by_bits(a->bits, b->bits); /* of two negative ones, too */
}

static int by_text(const struct value *a, const struct value *b)
{
    size_t common = a->text.length < b->text.length ? a->text.length : b->text.length;
    int order = common ? memcmp(a->text.bytes, b->text.bytes, common) : 0;
    return order ? order : by_bits(a->text.length, b->text.length);
}

int value_order(const struct value *a, const struct value *b)
{
    bool known = value_is_known(a);
    if (!known || !value_is_known(b))
        return known ? -1 : value_is_known(b);
    if (value_is_text(a) && value_is_text(b))
        return by_text(a, b);
    if (a->type != b->type)
        return (int)a->type - (int)b->type;
    switch (a->type) {
    case VALUE_ADDRESS:
        if (a->address.space->kind != b->address.space->kind)
            return (int)a->address.space->kind - (int)b->address.space->kind;
        return by_bits(a->address.value, b->address.value);
    case VALUE_REAL:
        return a->real < b->real ? -1 : a->real > b->real;
    case VALUE_ARRAY:
        return by_bits(a->array.count, b->array.count);
    case VALUE_LIST:
    case VALUE_OBJECT:
        return by_bits(a->list->rows, b->list->rows);
    default:
        return by_number(a, b);
    }
}

/* --- text --------------------------------------------------------------------------------------*/

static void add_hex(uint64_t bits, unsigned digits, struct text *text)
{
    text_add(text, "%0*" PRIx64, digits ? (int)digits : 1, bits);
}

static void add_address(struct address address, unsigned digits, bool bare, struct text *text)
{
    char prefix[ADDRESS_TEXT];
    if (!bare)
        text_add(text, "%s", address_prefix(address, prefix));
    add_hex(address.value, digits, text);
}

/* As the kernel's log does. */
static void add_time(uint64_t ns, struct text *text)
{
    text_add(text, "%5" PRIu64 ".%06" PRIu64, ns / 1000000000, ns % 1000000000 / 1000);
}

static void add_array(const struct value *value, struct text *text)
{
    text_add(text, "{");
    for (size_t i = 0; i < value->array.count; i++) {
        text_add(text, i ? ", " : "");
        value_add(&value->array.item[i], 0, false, text);
    }
    text_add(text, "}");
}

/* "pid 1, comm init": the first row of a nested table. */
static void add_object(const struct list *list, struct text *text)
{
    const struct shape *shape = list->shape;
    size_t start = text->length;
    for (unsigned i = 0; list->rows && i < shape->columns; i++) {
        const struct column *column = &shape->column[i];
        if (!value_is_known(&list->cell[i]))
            continue;
        text_add(text, "%s%s ", text->length > start ? ", " : "", column->name);
        value_add(&list->cell[i], column->digits, column->flags & COLUMN_BARE, text);
    }
}

void value_add(const struct value *value, unsigned digits, bool bare, struct text *text)
{
    switch (value->type) {
    case VALUE_NUMBER:
        text_add(text, value->is_signed ? "%" PRId64 : "%" PRIu64, value->bits);
        break;
    case VALUE_HEX:
        text_add(text, bare ? "" : "0x");
        add_hex(value->bits, digits, text);
        break;
    case VALUE_SIZE:
        text_add_size(text, value->bits);
        break;
    case VALUE_ADDRESS:
        add_address(value->address, digits, bare, text);
        break;
    case VALUE_BOOL:
        text_add(text, value->bits ? "yes" : "no");
        break;
    case VALUE_TIME:
        add_time(value->bits, text);
        break;
    case VALUE_REAL:
        text_add(text, "%g", value->real);
        break;
    case VALUE_ARRAY:
        add_array(value, text);
        break;
    case VALUE_OBJECT:
        add_object(value->list, text);
        break;
    case VALUE_LIST:
        text_add(text, "%zu", value->list->rows);
        break;
    case VALUE_NULL:
    case VALUE_ABSENT:
    case VALUE_ANY:
    case VALUE_TYPES:
        break;
    default:
        text_add(text, "%.*s", (int)value->text.length, value->text.bytes);
        break;
    }
}
