/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terms: a row for each type says how a value of it is read and compared. */
#include "answer/term.h"

#include "session/expression.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What a value is read with. */
struct reading {
    const struct column *column;
    struct session *session;
    const char *text; /* the value's, in the arena */
    size_t length;
    struct value *value;
    struct error *err; /* text "": the type's own sentence is to be used */
};

/* --- numbers -----------------------------------------------------------------------------------*/

static bool read_number(const struct reading *in)
{
    bool negative = in->text[0] == '-';
    uint64_t bits;
    if (!parse_size(in->text + negative, &bits) || (negative && bits > INT64_MAX))
        return false;
    *in->value = negative ? value_number(-(int64_t)bits) : value_of_type(VALUE_NUMBER, bits);
    return true;
}

/* Numbers are hexadecimal, as in expressions; a point makes them decimal. */
static bool read_hex(const struct reading *in)
{
    uint64_t bits;
    bool decimal = in->text[0] == '.';
    if (decimal ? !isdigit((unsigned char)in->text[1]) || !parse_size(in->text + 1, &bits)
                : !parse_hex(in->text, &bits))
        return false;
    *in->value = value_of_type(VALUE_HEX, bits);
    return true;
}

static bool read_size(const struct reading *in)
{
    uint64_t bits;
    if (!parse_size(in->text, &bits))
        return false;
    *in->value = value_of_type(VALUE_SIZE, bits);
    return true;
}

/* "12.5", "3s", "20ms", "1500000000": nanoseconds where neither a point nor a unit is there. */
static bool read_time(const struct reading *in)
{
    static const struct {
        const char *name;
        uint64_t ns;
    } units[] = {{"s", 1000000000}, {"ms", 1000000}, {"us", 1000}, {"ns", 1}};
    uint64_t whole = 0, part = 0, scale = 1;
    const char *at = in->text, *unit;
    for (; isdigit((unsigned char)*at) && whole < UINT64_MAX / 20; at++)
        whole = 10 * whole + (uint64_t)(*at - '0');
    if (at == in->text)
        return false;
    bool point = *at == '.';
    for (at += point; point && isdigit((unsigned char)*at); at++)
        if (scale < 1000000000) {
            part = 10 * part + (uint64_t)(*at - '0');
            scale *= 10;
        }
    unit = *at ? at : point ? "s" : "ns";
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].name) == 0 && whole < UINT64_MAX / units[i].ns) {
            uint64_t ns = whole * units[i].ns + part * units[i].ns / scale;
            *in->value = value_of_type(VALUE_TIME, ns);
            return true;
        }
    return false;
}

static bool read_address(const struct reading *in)
{
    enum space_kind kind = SPACE_VIRT;
    struct address address;
    if (in->column->letter)
        space_of_letter(in->column->letter, &kind);
    if (!expression_eval(in->session, in->text, kind, &address, in->err))
        return false;
    if (address.space->kind != kind)
        return error_at(in->err, 0, "%s is a %s address, and this is a %s one", in->column->name,
                        space_kind_name(kind), space_kind_name(address.space->kind));
    *in->value = value_address(address);
    return true;
}

/* --- words -------------------------------------------------------------------------------------*/

static bool read_text(const struct reading *in)
{
    *in->value = value_bytes(in->column->type, in->text, in->length);
    return true;
}

static bool read_bool(const struct reading *in)
{
    static const char *const words[] = {"no", "yes", "false", "true", "0", "1"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(in->text, words[i]) == 0) {
            *in->value = value_bool(i % 2);
            return true;
        }
    return false;
}

/* Names that differ in their case are several names: the very one comes first. */
static const char *find_name(const struct column *column, const char *text)
{
    const char *alike = NULL, *name;
    for (unsigned i = 0; column->names && (name = column->names(i)); i++) {
        if (strcmp(name, text) == 0)
            return name;
        if (!alike && strcasecmp(name, text) == 0)
            alike = name;
    }
    return alike;
}

static bool read_enum(const struct reading *in)
{
    const char *name = find_name(in->column, in->text), *other;
    char list[280];
    struct text names = TEXT_OVER(list);
    if (name) {
        *in->value = value_word(VALUE_ENUM, name);
        return true;
    }
    for (unsigned i = 0; in->column->names && (other = in->column->names(i)); i++)
        text_add(&names, "%s%s", i ? ", " : "", other);
    return error_at(in->err, 0, "%s is one of: %s", in->column->name, list);
}

static bool read_permission(const struct reading *in)
{
    for (size_t i = 0; i < in->length; i++)
        if (!isalpha((unsigned char)in->text[i]) && in->text[i] != '-')
            return false;
    return in->length && read_text(in);
}

/* --- comparing ---------------------------------------------------------------------------------*/

static bool is_same(const struct value *cell, const struct value *wanted)
{
    return value_order(cell, wanted) == 0;
}

/* Numbers of whatever type. */
static int number_order(const struct value *cell, const struct value *wanted)
{
    struct value other = *wanted;
    if (cell->type != VALUE_ADDRESS && !value_is_text(cell))
        other.type = cell->type;
    return value_order(cell, &other);
}

static bool is_number(const struct value *cell, const struct value *wanted)
{
    return number_order(cell, wanted) == 0;
}

/* "wx": both are allowed; "-w": this one is not.  As long as the cell: the very same. */
static bool allows(const struct value *cell, const struct value *wanted)
{
    const char *letter = wanted->text.bytes, *end = letter + wanted->text.length;
    if (cell->text.length == wanted->text.length)
        return is_same(cell, wanted);
    for (; letter < end; letter++) {
        bool forbidden = *letter == '-' && letter + 1 < end;
        bool has = memchr(cell->text.bytes, letter[forbidden], cell->text.length);
        if (has == forbidden)
            return false;
        letter += forbidden;
    }
    return true;
}

static bool has_word(const struct value *cell, const char *word, size_t length)
{
    const char *at = cell->text.bytes, *end = at + cell->text.length;
    while (at < end) {
        const char *blank = memchr(at, ' ', (size_t)(end - at));
        size_t n = (size_t)((blank ? blank : end) - at);
        if (n == length && memcmp(at, word, n) == 0)
            return true;
        at += n + 1;
    }
    return false;
}

static bool has_words(const struct value *cell, const struct value *wanted)
{
    const char *at = wanted->text.bytes;
    for (size_t n; *at; at += n + strspn(at + n, " ")) {
        n = strcspn(at, " ");
        if (!has_word(cell, at, n))
            return false;
    }
    return wanted->text.length > 0;
}

static bool contains(const struct value *cell, const struct value *wanted)
{
    size_t length = wanted->text.length;
    for (size_t i = 0; i + length <= cell->text.length; i++)
        if (strncasecmp(cell->text.bytes + i, wanted->text.bytes, length) == 0)
            return true;
    return false;
}

/* --- the types ---------------------------------------------------------------------------------*/

/* Types without a row take no term. */
static const struct {
    bool (*read)(const struct reading *in);
    const char *takes; /* after "NAME is " */
    bool (*is)(const struct value *cell, const struct value *wanted);
    bool ordered, has_text;
} types[VALUE_TYPES] = {
    [VALUE_TEXT] = {read_text, "text", is_same, true, true},
    [VALUE_NUMBER] = {read_number, "a decimal number (0x: hexadecimal)", is_number, true, false},
    [VALUE_HEX] = {read_hex, "a hexadecimal number (.N: decimal)", is_number, true, false},
    [VALUE_SIZE] = {read_size, "a size, as 4096, 4K or 2M", is_number, true, false},
    [VALUE_ADDRESS] = {read_address, "an address", is_same, true, false},
    [VALUE_BOOL] = {read_bool, "yes or no", is_same, false, false},
    [VALUE_ENUM] = {read_enum, "a name", is_same, false, true},
    [VALUE_PERMISSION] = {read_permission, "letters, as rx; -w: not w", allows, false, true},
    [VALUE_FLAGS] = {read_text, "words", has_words, false, true},
    [VALUE_TIME] = {read_time, "a time, as 12.5 (seconds), 20ms, or nanoseconds", is_number, true,
                    false},
};

bool term_holds(const struct term *term, const struct value *cell)
{
    const struct value *wanted = &term->value;
    if (!value_is_known(cell))
        return term->none ? term->op == TERM_IS : term->op == TERM_IS_NOT;
    bool alike = value_is_text(cell) == value_is_text(wanted);
    switch (term->op) {
    case TERM_IS:
        return alike && types[cell->type].is(cell, wanted);
    case TERM_IS_NOT:
        return !alike || !types[cell->type].is(cell, wanted);
    case TERM_LESS:
        return number_order(cell, wanted) < 0;
    case TERM_MORE:
        return number_order(cell, wanted) > 0;
    case TERM_MOST:
        return number_order(cell, wanted) <= 0;
    case TERM_LEAST:
        return number_order(cell, wanted) >= 0;
    default:
        return value_is_text(cell) && contains(cell, wanted);
    }
}

/* --- reading a term ----------------------------------------------------------------------------*/

static const struct {
    const char *sign;
    enum term_op op;
} ops[] = {{"!=", TERM_IS_NOT}, {"<=", TERM_MOST}, {">=", TERM_LEAST}, {"==", TERM_IS},
           {"=", TERM_IS},      {"<", TERM_LESS},  {">", TERM_MORE},   {"~", TERM_HAS}};
#define OPS (sizeof ops / sizeof *ops)

bool term_column(const struct shape *shape, const char *line, const char *word, size_t length,
                 unsigned *column, struct error *err)
{
    char list[220];
    struct text names = TEXT_OVER(list);
    *column = shape_find_shown(shape, word, length);
    if (*column < shape->columns)
        return true;
    for (unsigned i = 0; i < shape->columns; i++)
        text_add(&names, "%s%s", i ? ", " : "", shape->column[i].name);
    return error_at(err, (int)(word - line), "no column \"%.*s\"; there are: %s",
                    length < 60 ? (int)length : 60, word, list);
}

static const char *take_op(const char *at, enum term_op *op)
{
    for (size_t i = 0; i < OPS; i++)
        if (strncmp(at, ops[i].sign, strlen(ops[i].sign)) == 0) {
            *op = ops[i].op;
            at += strlen(ops[i].sign);
            return at + strspn(at, " \t");
        }
    return NULL;
}

/* How many bytes of a term are its column's name: up to an operator; where what stands there is
 * none, up to the first sign that a known name does not go on with. */
static size_t name_length(const struct shape *shape, const char *term)
{
    size_t length = strcspn(term, " \t=!<>~"), known = length;
    while (known && shape_find_shown(shape, term, known) == shape->columns)
        known--;
    bool goes_on = known < length && (isalnum((unsigned char)term[known]) || term[known] == '_');
    return known && !goes_on ? known : length;
}

/* The value at `at`, in quotes or up to a blank; *end is after it. */
static char *take_value(struct arena *texts, const char *at, const char **end, size_t *length)
{
    bool quoted = *at == '"' && strchr(at + 1, '"');
    const char *start = at + quoted;
    *length = strcspn(start, quoted ? "\"" : " \t");
    *end = start + *length + quoted;
    return arena_copy(texts, start, *length);
}

/* An operator that the type has. */
static bool check_op(const struct column *column, const char *line, const char *sign,
                     enum term_op op, struct error *err)
{
    bool equality = op == TERM_IS || op == TERM_IS_NOT;
    if (!types[column->type].read)
        return error_at(err, (int)(sign - line), "no term can be about %s", column->name);
    if (op == TERM_HAS ? types[column->type].has_text : equality || types[column->type].ordered)
        return true;
    return error_at(err, (int)(sign - line),
                    op == TERM_HAS                 ? "%s is no text: ~ finds nothing in it"
                    : types[column->type].has_text ? "%s has no order: it takes = != ~"
                                                   : "%s has no order: it takes = !=",
                    column->name);
}

/* By the column's type; what ~ looks for is any text. */
static bool read_value(struct term *term, const struct reading *in, int column)
{
    bool equality = term->op == TERM_IS || term->op == TERM_IS_NOT;
    in->err->text[0] = '\0';
    in->err->column = 0;
    term->none = equality && strcmp(in->text, "none") == 0;
    if (term->none || term->op == TERM_HAS) {
        *in->value = value_bytes(VALUE_TEXT, in->text, in->length);
        return true;
    }
    if (types[in->column->type].read(in))
        return true;
    if (!in->err->text[0])
        error_at(in->err, 0, "%s is %s", in->column->name, types[in->column->type].takes);
    in->err->column = column + (in->err->column > 0 ? in->err->column : 0);
    return false;
}

bool term_begins(const struct shape *shape, const char *text)
{
    enum term_op op;
    size_t length = strcspn(text, " \t=!<>~");
    return shape_find_shown(shape, text, length) < shape->columns &&
           take_op(text + length + strspn(text + length, " \t"), &op);
}

bool term_parse(struct term *term, const struct shape *shape, struct session *session,
                struct arena *texts, const char *line, const char **at, struct error *err)
{
    const char *name = *at, *value, *end;
    size_t length = name_length(shape, name);
    if (!term_column(shape, line, name, length, &term->column, err))
        return false;
    const struct column *column = &shape->column[term->column];
    const char *sign = name + length + strspn(name + length, " \t");
    if (!(value = take_op(sign, &term->op)))
        return error_at(err, (int)(sign - line), "%s is to be compared by one of = != < > <= >= ~",
                        column->name);
    if (!check_op(column, line, sign, term->op, err))
        return false;
    if (!*value)
        return error_at(err, (int)(value - line), "a value is missing: %s is %s", column->name,
                        types[column->type].takes);
    struct reading in = {.column = column, .session = session, .value = &term->value, .err = err};
    in.text = take_value(texts, value, &end, &in.length);
    if (!in.text)
        return error_set(err, "out of memory");
    if (!read_value(term, &in, (int)(value - line) + (*value == '"')))
        return false;
    *at = end + strspn(end, " \t");
    return true;
}
