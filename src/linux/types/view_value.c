/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One value of a type, read and written for people: numbers in decimal or hex, enums by name,
 * strings, pointers with what they point to, and for structs what fits a few words.
 */
#include "linux/types/object.h"
#include "linux/types/view.h"
#include "linux/types/view_summary.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define STRING_SHOWN 200
#define PREVIEW      64   /* bytes of an array */
#define ERRORS       4095 /* include/linux/err.h: MAX_ERRNO */

/* Below, a number counts something and decimal comes first; above, it is an address, size, mask. */
#define COUNTS        UINT64_C(0x10000)
#define COUNTS_SIGNED UINT64_C(0x400000)    /* include/linux/threads.h: PID_MAX_LIMIT */
#define DECIMALS      UINT64_C(10000000000) /* more digits are noise */

struct value_output {
    const struct linux_context *linux;
    const struct btf *btf; /* its types */
    symbolizer *name;
    void *context;
    uint32_t bare; /* the type, stripped */
    struct view_row *row;
    struct text text; /* over row->value */
};

const char *view_kind_name(enum view_kind kind)
{
    static const char *const name[] = {
        [VIEW_NUMBER] = "number",   [VIEW_BOOL] = "bool",         [VIEW_ENUM] = "enum",
        [VIEW_FLAGS] = "flags",     [VIEW_FLOAT] = "float",       [VIEW_STRING] = "string",
        [VIEW_POINTER] = "pointer", [VIEW_FUNCTION] = "function", [VIEW_STRUCT] = "struct",
        [VIEW_UNION] = "union",     [VIEW_ARRAY] = "array",       [VIEW_RANGE] = "range",
        [VIEW_LIST] = "list",       [VIEW_OTHER] = "other",
    };
    return name[kind];
}

/* Why its bytes, or those that are looked at, cannot be read. */
static void add_missing(struct value_output *value)
{
    const struct view_row *row = value->row;
    size_t size = row->size < PREVIEW ? (size_t)row->size + !row->size : PREVIEW;
    struct address address = address_in(value->linux->memory->space, row->va);
    text_add(&value->text, "%s", memory_missing(value->linux->memory, address, size));
}

/* Also where the bytes cannot be read: says so, and returns false. */
static bool read_number(struct value_output *value)
{
    struct view_row *row = value->row;
    struct field field = {.size = row->size, .bits = row->bits, .bit = row->bit};
    field.sign = row->is_signed = btf_is_signed(value->btf, value->bare);
    row->readable = row->has_number =
        field_read(value->linux->memory, row->va, &field, &row->number);
    if (!row->readable)
        add_missing(value);
    return row->readable;
}

/* As many of its low bits as the member has. */
static uint64_t masked(const struct view_row *row, uint64_t number)
{
    uint64_t bits = row->bits ? row->bits : 8 * row->size;
    return bits && bits < 64 ? number & ((UINT64_C(1) << bits) - 1) : number;
}

static void add_string(struct text *text, const char *bytes, size_t length)
{
    text_add(text, "\"");
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '\n')
            text_add(text, "\\n");
        else if (c == '\t')
            text_add(text, "\\t");
        else if (c == '"' || c == '\\')
            text_add(text, "\\%c", c);
        else if (c >= 0x20 && c < 0x7f)
            text_add(text, "%c", c);
        else
            text_add(text, "\\x%02x", c);
    }
    text_add(text, "\"");
}

/* --- numbers -----------------------------------------------------------------------------------*/

static void show_wide(struct value_output *value)
{
    struct view_row *row = value->row;
    uint64_t low, high;
    struct address at = address_in(value->linux->memory->space, row->va);
    row->readable = memory_read_u64(value->linux->memory, at, &low);
    at.value += 8;
    row->readable = row->readable && memory_read_u64(value->linux->memory, at, &high);
    if (row->readable)
        text_add(&value->text, "0x%016" PRIx64 "%016" PRIx64, high, low);
    else
        add_missing(value);
}

static void add_number(struct text *text, const struct view_row *row)
{
    uint64_t hex = masked(row, row->number), size = row->number;
    const char *sign = row->is_signed && (int64_t)size < 0 ? "-" : "";
    if (*sign)
        size = 0 - size;
    if (size <= 9 && !*sign)
        text_add(text, "%" PRIu64, size);
    else if (size <= (row->is_signed ? COUNTS_SIGNED : COUNTS - 1))
        text_add(text, "%s%" PRIu64 " (0x%" PRIx64 ")", sign, size, hex);
    else if (size < DECIMALS)
        text_add(text, "0x%" PRIx64 " (%s%" PRIu64 ")", hex, sign, size);
    else
        text_add(text, "0x%" PRIx64, hex);
}

static void show_integer(struct value_output *value)
{
    struct view_row *row = value->row;
    row->kind = btf_is_bool(value->btf, value->bare) ? VIEW_BOOL : VIEW_NUMBER;
    if (row->size > 8 && !row->bits) {
        show_wide(value);
        return;
    }
    if (!read_number(value))
        return;
    int64_t number = (int64_t)row->number;
    bool is_char = btf_is_char(value->btf, value->bare);
    if (row->kind == VIEW_BOOL && row->number <= 1)
        text_add(&value->text, row->number ? "true" : "false");
    else if (is_char && number >= 0x20 && number < 0x7f)
        text_add(&value->text, "%" PRId64 " '%c'", number, (char)number);
    else
        add_number(&value->text, row);
}

/* "A | B" where enumerators of one bit each make up the whole value. */
static bool show_flags(struct value_output *value, uint64_t number)
{
    uint32_t n = btf_values(value->btf, value->bare);
    size_t before = value->text.length;
    for (uint32_t i = 0; i < n && number; i++) {
        int64_t one = 0;
        const char *name = btf_value(value->btf, value->bare, i, &one);
        uint64_t bit = masked(value->row, (uint64_t)one);
        if (!bit || (bit & (bit - 1)) || !(number & bit))
            continue;
        text_add(&value->text, "%s%s", value->text.length > before ? " | " : "", name);
        number &= ~bit;
    }
    if (!number)
        return true;
    value->text.length = before;
    value->text.data[before] = '\0';
    return false;
}

static void show_enum(struct value_output *value)
{
    struct view_row *row = value->row;
    row->kind = VIEW_ENUM;
    if (!read_number(value))
        return;
    uint64_t number = masked(row, row->number);
    uint32_t n = btf_values(value->btf, value->bare);
    for (uint32_t i = 0; i < n; i++) {
        int64_t one = 0;
        const char *name = btf_value(value->btf, value->bare, i, &one);
        if (masked(row, (uint64_t)one) != number)
            continue;
        row->name_of_value = name;
        text_add(&value->text, "%s (%" PRId64 ")", name, (int64_t)row->number);
        return;
    }
    if (number && show_flags(value, number)) {
        row->kind = VIEW_FLAGS;
        text_add(&value->text, " (0x%" PRIx64 ")", number);
        return;
    }
    text_add(&value->text, "%" PRId64 " (0x%" PRIx64 ", no name)", (int64_t)row->number, number);
}

static void show_float(struct value_output *value)
{
    struct view_row *row = value->row;
    row->kind = VIEW_FLOAT;
    if (row->size > 8) {
        show_wide(value);
        return;
    }
    if (!read_number(value))
        return;
    uint32_t half = (uint32_t)row->number;
    float single;
    double wide;
    memcpy(&single, &half, sizeof single);
    memcpy(&wide, &row->number, sizeof wide);
    text_add(&value->text, "%g", row->size == 4 ? (double)single : wide);
}

/* --- text --------------------------------------------------------------------------------------*/

#define TEXT_MIN 2 /* characters before bytes that need not be text are taken for it */

/* Numbers of one byte: char, unsigned char, u8. */
static bool is_byte(const struct btf *btf, uint32_t type)
{
    uint32_t bare = btf_strip(btf, type);
    return btf_kind(btf, bare) == BTF_INT && btf_size(btf, bare) == 1 && !btf_is_bool(btf, bare);
}

static bool is_printable(const char *text, size_t least)
{
    size_t length = 0;
    while (text[length] >= 0x20 && text[length] < 0x7f)
        length++;
    return !text[length] && length >= least;
}

/* Bytes that read as text up to a NUL: a dentry's d_iname is unsigned char[]. */
static bool holds_text(struct value_output *value)
{
    char text[STRING_SHOWN + 1];
    struct field field = {.size = value->row->size};
    return is_byte(value->btf, btf_target(value->btf, value->bare)) &&
           field_string(value->linux->memory, value->row->va, &field, text, sizeof text) &&
           strlen(text) < field.size && is_printable(text, TEXT_MIN);
}

/* --- pointers ----------------------------------------------------------------------------------*/

/* What the pointer points to, in words: its text, else what is known of the place. */
static void name_target(struct value_output *value, uint64_t va)
{
    char text[STRING_SHOWN / 2], name[STRING_SHOWN / 2] = "";
    struct view_row *row = value->row;
    /* Names are `const unsigned char *` in some places, of one character too: the dentry "/". */
    bool is_char = btf_is_char(value->btf, row->target_type) ||
                   btf_kind(value->btf, row->target_type) == BTF_CONST;
    bool string = row->has_target && is_byte(value->btf, row->target_type) &&
                  memory_string(value->linux->memory, va, text, sizeof text);
    bool reads = string && is_printable(text, is_char ? 1 : TEXT_MIN);
    const char *named = NULL;
    if (!reads && value->name)
        named = value->name(value->context, va, name, sizeof name);
    if (named && *named) {
        text_add(&value->text, " %s", named);
    } else if (reads || (string && btf_is_char(value->btf, row->target_type))) {
        text_add(&value->text, " ");
        row->string_at = (unsigned)value->text.length;
        add_string(&value->text, text, strlen(text));
    }
}

static void show_pointer(struct value_output *value)
{
    struct view_row *row = value->row;
    uint32_t target = btf_target(value->btf, value->bare);
    bool function = btf_kind(value->btf, btf_strip(value->btf, target)) == BTF_FUNC_PROTO;
    row->kind = function ? VIEW_FUNCTION : VIEW_POINTER;
    row->target_type = btf_complete(value->btf, target);
    if (!read_number(value))
        return;
    if (!row->number) {
        text_add(&value->text, "NULL");
        return;
    }
    text_add(&value->text, "0x%" PRIx64, row->number);
    if (row->number >= UINT64_MAX - ERRORS + 1) {
        text_add(&value->text, " (%" PRId64 ")", (int64_t)row->number);
        return;
    }
    /* Only what leads to code is ever signed. */
    row->has_target = function
                          ? memory_pointer(value->linux->memory, row->number, &row->target_va)
                          : memory_data_pointer(value->linux->memory, row->number, &row->target_va);
    name_target(value, row->has_target ? row->target_va : row->number);
}

/* --- arrays ------------------------------------------------------------------------------------*/

static void show_string(struct value_output *value)
{
    char text[STRING_SHOWN + 1];
    struct view_row *row = value->row;
    row->kind = VIEW_STRING;
    /* `char name[]` goes on after the struct. */
    struct field field = {.size = row->size ? row->size : STRING_SHOWN};
    row->readable = field_string(value->linux->memory, row->va, &field, text, sizeof text);
    if (row->readable)
        add_string(&value->text, text, strlen(text));
    else
        add_missing(value);
}

/* The first few elements, where these are numbers or pointers. */
static void show_array(struct value_output *value)
{
    struct view_row *row = value->row;
    uint32_t element = btf_strip(value->btf, btf_target(value->btf, value->bare));
    uint64_t each = btf_size(value->btf, element), shown, count = 0;
    enum btf_kind kind = btf_kind(value->btf, element);
    bool numbers = kind == BTF_INT || kind == BTF_ENUM || kind == BTF_ENUM64 || kind == BTF_PTR;
    uint8_t bytes[PREVIEW + FIELD_BYTES] = {0};
    row->kind = VIEW_ARRAY;
    row->readable = true;
    if (!row->size || !numbers || each > 8) {
        text_add(&value->text, "{...}");
        return;
    }
    count = row->size / each;
    shown = each == 1 ? 16 : 4;
    shown = shown < count ? shown : count;
    struct address at = address_in(value->linux->memory->space, row->va);
    row->readable =
        memory_read(value->linux->memory, at, bytes, each * shown, NULL) == each * shown;
    if (!row->readable) {
        add_missing(value);
        return;
    }
    struct field field = {.size = each, .sign = btf_is_signed(value->btf, element)};
    text_add(&value->text, "{");
    for (uint64_t i = 0; i < shown; i++) {
        uint64_t number = field_extract(&field, bytes + i * each);
        text_add(&value->text, "%s", i ? ", " : "");
        if (each == 1)
            text_add(&value->text, "%02x", (unsigned)number & 0xff);
        else if (field.sign)
            text_add(&value->text, "%" PRId64, (int64_t)number);
        else
            text_add(&value->text, number > 9 ? "0x%" PRIx64 : "%" PRIx64, number);
    }
    text_add(&value->text, shown < count ? ", ...}" : "}");
}

/* --- structs -----------------------------------------------------------------------------------*/

static bool show_list(struct value_output *value)
{
    static const char *const type[] = {"list_head",  "hlist_head",       "hlist_node",
                                       "llist_head", "hlist_nulls_head", "hlist_nulls_node",
                                       "llist_node"};
    struct view_row *row = value->row;
    const char *name = btf_name(value->btf, value->bare);
    size_t i = 0, n = sizeof type / sizeof *type;
    while (i < n && strcmp(name, type[i]) != 0)
        i++;
    struct field field;
    if (i == n || (!field_in(value->btf, value->bare, "next", &field) &&
                   !field_in(value->btf, value->bare, "first", &field)))
        return false;
    row->kind = VIEW_LIST;
    row->readable = row->has_number =
        field_read(value->linux->memory, row->va, &field, &row->number);
    uint32_t pointer = btf_strip(value->btf, field.type);
    row->target_type = btf_complete(value->btf, btf_target(value->btf, pointer));
    if (!row->readable)
        add_missing(value);
    else if (!row->number)
        text_add(&value->text, "NULL");
    else if (row->number == row->va)
        text_add(&value->text, "empty");
    else if (memory_data_pointer(value->linux->memory, row->number, &row->target_va)) {
        row->has_target = true;
        text_add(&value->text, "-> 0x%" PRIx64, row->target_va);
    } else if (strstr(name, "nulls") && (row->number & 1))
        text_add(&value->text, "end (%" PRIu64 ")", row->number >> 1);
    else
        text_add(&value->text, "-> 0x%" PRIx64 " (not mapped)", row->number);
    return true;
}

static bool is_composite(enum btf_kind kind)
{
    return kind == BTF_STRUCT || kind == BTF_UNION;
}

/* "{name "console"}" */
static void show_summary(struct value_output *value)
{
    char summary[VIEW_VALUE - sizeof "{}"];
    struct text text = TEXT_OVER(summary);
    struct summary_fields fields;
    view_summary_fields(value->linux, value->bare, &fields);
    bool summarized = view_summarize(value->linux, &fields, value->row->va, &text);
    text_add(&value->text, "{%s}", summarized ? summary : "...");
}

/* atomic_t, kuid_t, refcount_t: a struct around one number is shown as the number. */
static void show_struct(struct value_output *value)
{
    struct view_row *row = value->row;
    row->kind = btf_kind(value->btf, value->bare) == BTF_UNION ? VIEW_UNION : VIEW_STRUCT;
    row->readable = true;
    if (show_list(value))
        return;
    if (!btf_members(value->btf, value->bare)) {
        text_add(&value->text, "{}");
        return;
    }
    uint32_t inner = value->bare;
    struct btf_member only = {.bit_offset = 1};
    while (btf_members(value->btf, inner) == 1) {
        only = btf_member(value->btf, inner, 0);
        inner = btf_strip(value->btf, only.type);
        if (only.bit_offset || only.bits || !is_composite(btf_kind(value->btf, inner)))
            break;
    }
    enum btf_kind kind = btf_kind(value->btf, inner);
    bool scalar = kind == BTF_INT || kind == BTF_ENUM || kind == BTF_ENUM64;
    if (only.bit_offset || only.bits || !scalar) {
        show_summary(value);
        return;
    }
    struct view_row one;
    view_value(value->linux, NULL, NULL, inner, row->va, 0, 0, &one);
    row->readable = one.readable;
    row->has_number = one.has_number;
    row->is_signed = one.is_signed;
    row->number = one.number;
    text_add(&value->text, one.readable ? "{%s}" : "%s", one.value);
}

void view_value(const struct linux_context *linux, symbolizer *name, void *context, uint32_t type,
                uint64_t va, uint32_t bit, uint32_t bits, struct view_row *row)
{
    const struct btf *btf = linux->btf;
    *row = (struct view_row){.type_id = type, .va = va, .bit = bits ? bit : 0, .bits = bits};
    row->size = btf_size(btf, type);
    btf_type_text(btf, type, row->type, sizeof row->type);
    struct value_output value = {.linux = linux,
                                 .btf = btf,
                                 .name = name,
                                 .context = context,
                                 .bare = btf_strip(btf, type),
                                 .row = row,
                                 .text = TEXT_OVER(row->value)};
    row->can_open = btf_members(btf, value.bare) || btf_array_length(btf, value.bare);
    switch (btf_kind(btf, value.bare)) {
    case BTF_INT:
        show_integer(&value);
        break;
    case BTF_ENUM:
    case BTF_ENUM64:
        show_enum(&value);
        break;
    case BTF_FLOAT:
        show_float(&value);
        break;
    case BTF_PTR:
        show_pointer(&value);
        break;
    case BTF_ARRAY:
        if (btf_is_char(btf, btf_target(btf, value.bare)) || holds_text(&value))
            show_string(&value);
        else
            show_array(&value);
        break;
    case BTF_STRUCT:
    case BTF_UNION:
        show_struct(&value);
        break;
    default:
        row->kind = VIEW_OTHER;
        break;
    }
}
