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

static int by_text(const struct value *a, const struct value *b)
{
    size_t common = a->text.length < b->text.length ? a->text.length : b->text.length;
    int order = common ? memcmp(a->text.bytes, b->text.bytes, common) : 0;
    return order ? order : by_bits(a->text.length, b->text.length);
}

/* Types one after the other, and of one type what comes before all others of it. */
static unsigned char class_of(const struct value *value)
{
    enum value_type type = value_is_text(value) ? VALUE_TEXT : value->type;
    unsigned part = 0;
    if (!value_is_known(value))
        return VALUE_RANK_UNKNOWN;
    if (type == VALUE_ADDRESS)
        part = value->address.space->kind;
    else if (type == VALUE_NUMBER)
        part = !(value->is_signed && (int64_t)value->bits < 0);
    return (unsigned char)(type << 2 | part);
}

/* The first byte weighs most; a text that ends comes before those that go on with zeros. */
static uint64_t text_key(const struct value *value, size_t depth)
{
    uint64_t key = 0;
    size_t left = depth < value->text.length ? value->text.length - depth : 0;
    const unsigned char *at = left ? (const unsigned char *)value->text.bytes + depth : NULL;
    for (size_t i = 0; i < VALUE_RANK_BYTES; i++)
        key = key << 8 | (i < left ? at[i] : 0);
    return key << 8 | (left > VALUE_RANK_BYTES ? VALUE_RANK_BYTES + 1 : left);
}

/* Bits that are ordered as the numbers are. */
static uint64_t real_key(double real)
{
    const uint64_t sign = UINT64_C(1) << 63;
    double number = real == 0 ? 0 : real; /* there are two zeros */
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits & sign ? ~bits : bits | sign;
}

struct value_rank value_rank(const struct value *value, size_t depth)
{
    struct value_rank rank = {.class = class_of(value)};
    if (value_is_text(value)) {
        rank.key = text_key(value, depth);
        return rank;
    }
    switch (value->type) {
    case VALUE_NULL:
    case VALUE_ABSENT:
        break;
    case VALUE_ADDRESS:
        rank.key = value->address.value;
        break;
    case VALUE_REAL:
        rank.key = real_key(value->real);
        break;
    case VALUE_ARRAY:
        rank.key = value->array.count;
        break;
    case VALUE_LIST:
    case VALUE_OBJECT:
        rank.key = value->list->rows;
        break;
    default:
        rank.key = value->bits;
        break;
    }
    return rank;
}

int value_order(const struct value *a, const struct value *b)
{
    if (value_is_text(a) && value_is_text(b))
        return by_text(a, b);
    struct value_rank one = value_rank(a, 0), other = value_rank(b, 0);
    return one.class != other.class ? one.class - other.class : by_bits(one.key, other.key);
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
