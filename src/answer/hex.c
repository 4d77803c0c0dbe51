/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `hex`: bytes, those that are missing as --. */
#include "answer/place.h"
#include "answer/subjects.h"
#include "session/expression.h"

#include <inttypes.h>
#include <stdlib.h>

#define LENGTH_USUAL UINT64_C(0x100)
#define LENGTH_MAX   UINT64_C(0x100000)
#define ROW          16

enum { LINE_ADDRESS, LINE_BYTES, LINE_TEXT, LINE_COLUMNS };

static const struct column line_columns[LINE_COLUMNS] = {
    [LINE_ADDRESS] = {"address", "ADDRESS", "of the first byte", VALUE_ADDRESS, .digits = 16},
    [LINE_BYTES] = {"bytes", "BYTES", "in hexadecimal", VALUE_TEXT, 0, 48, .gap = "   "},
    [LINE_TEXT] = {"text", "TEXT", "as ASCII", VALUE_TEXT, .gap = "  "},
};
static const struct shape line_shape = SHAPE(line_columns);

enum { MISSING_ADDRESS, MISSING_LENGTH, MISSING_STATE, MISSING_COLUMNS };

static const struct column missing_columns[MISSING_COLUMNS] = {
    [MISSING_ADDRESS] = {"address", "ADDRESS", "of the first of them", VALUE_ADDRESS},
    [MISSING_LENGTH] = {"length", "LENGTH", "how many follow one another", VALUE_NUMBER},
    [MISSING_STATE] = {"state", "STATE", "why they are missing", VALUE_ENUM,
                       .names = place_state_names},
};
static const struct shape missing_shape = SHAPE(missing_columns);

enum { END = PLACE_COLUMNS, LENGTH, WHOLE, MISSING, BYTES, LINES, COLUMNS };

static const struct column columns[COLUMNS] = {
    PLACE_TABLE(COLUMN_NO_TEXT),
    [END] = {"end", "END", "how the walk to the first byte ended", VALUE_ENUM, COLUMN_NO_TEXT,
             .names = place_end_names},
    [LENGTH] = {"length", "LENGTH", "how many bytes there are", VALUE_NUMBER, COLUMN_NO_TEXT},
    [WHOLE] = {"whole", "WHOLE", "none of them is missing", VALUE_BOOL, COLUMN_NO_TEXT},
    [MISSING] = {"missing", NULL, "those that are, and why", VALUE_LIST, COLUMN_NO_TEXT,
                 .inner = &missing_shape},
    [BYTES] = {"bytes", "BYTES", "two digits each; -- is missing", VALUE_TEXT, COLUMN_NO_TEXT},
    [LINES] = {"lines", NULL, "the same in lines of 16", VALUE_LIST, COLUMN_NO_JSON | COLUMN_FIRST,
               .inner = &line_shape},
};
static const struct shape shape = SHAPE(columns);

/* What was read. */
struct bytes {
    struct address address;
    const uint8_t *byte, *there; /* RANGE_* of each */
    size_t length;
};

static bool is_there(const struct bytes *bytes, size_t i)
{
    return range_is_readable((enum range_state)bytes->there[i]);
}

static void add_byte(const struct bytes *bytes, size_t i, struct text *text)
{
    text_add(text, is_there(bytes, i) ? "%02x" : "--", bytes->byte[i]);
}

static struct value lines_of(struct query *query, const struct bytes *bytes)
{
    struct list *list = query_list(query, &line_shape);
    struct address address = bytes->address;
    for (size_t row = 0; row < bytes->length; row += ROW) {
        size_t end = bytes->length - row < ROW ? bytes->length : row + ROW;
        char digits[64], printable[ROW + 1];
        struct text hex = TEXT_OVER(digits), ascii = TEXT_OVER(printable);
        for (size_t i = row; i < end; i++) {
            text_add(&hex, "%s", i == row ? "" : i % 8 ? " " : "  ");
            add_byte(bytes, i, &hex);
        }
        text_add_printable(&ascii, bytes->byte + row, end - row);
        struct value *line = query_list_row(query, list);
        line[LINE_ADDRESS] = value_address(address_in(address.space, address.value + row));
        line[LINE_BYTES] = value_text(query_text(query, "%s", digits));
        line[LINE_TEXT] = value_text(query_text(query, "%s", printable));
    }
    return value_list(list);
}

static struct value digits_of(struct query *query, const struct bytes *bytes)
{
    size_t size = 2 * bytes->length + 1;
    char *digits = query_bytes(query, size);
    if (!digits)
        return value_absent();
    struct text text = text_over(digits, size);
    for (size_t i = 0; i < bytes->length; i++)
        add_byte(bytes, i, &text);
    return value_text(digits);
}

/* One row for those that are missing in the same way; what a dump or a file should have and has not
 * is a line of text, too. */
static struct value missing_of(struct query *query, const struct bytes *bytes)
{
    struct list *list = query_list(query, &missing_shape);
    for (size_t i = 0, end; i < bytes->length; i = end) {
        enum range_state state = (enum range_state)bytes->there[i];
        for (end = i + 1; end < bytes->length && bytes->there[end] == state;)
            end++;
        if (range_is_readable(state))
            continue;
        struct address address = address_in(bytes->address.space, bytes->address.value + i);
        struct value *row = query_list_row(query, list);
        row[MISSING_ADDRESS] = value_address(address);
        row[MISSING_LENGTH] = value_of_type(VALUE_NUMBER, end - i);
        row[MISSING_STATE] = value_word(VALUE_ENUM, range_state_name(state));
        char text[ADDRESS_TEXT];
        if (state == RANGE_NOT_SAVED || state == RANGE_UNREADABLE)
            query_remark_at(query, address, "%zu bytes from %s on: %s", end - i,
                            address_text(address, text), range_state_name(state));
    }
    return value_list(list);
}

static void give_bytes(struct query *query, const struct bytes *bytes)
{
    struct place place;
    struct value *row = query_row(query);
    bool whole = true;
    for (size_t i = 0; i < bytes->length; i++)
        whole &= is_there(bytes, i);
    session_locate(query->session, bytes->address, session_virtual(query->session), &place);
    fill_place(query, &place, row);
    row[END] = value_word(VALUE_ENUM, place_end_name(&place));
    row[LENGTH] = value_of_type(VALUE_NUMBER, bytes->length);
    row[WHOLE] = value_bool(whole);
    row[MISSING] = missing_of(query, bytes);
    if (query_needs(query, BYTES))
        row[BYTES] = digits_of(query, bytes);
    if (query_needs(query, LINES))
        row[LINES] = lines_of(query, bytes);
    query_emit(query);
}

/* The second argument, hexadecimal like all numbers. */
static bool take_length(struct query *query, const char *rest, uint64_t *length, struct error *err)
{
    int column = (int)(rest - query->arguments);
    *length = LENGTH_USUAL;
    if (*rest && !expression_number(query->session, rest, length, err)) {
        err->column += column;
        return false;
    }
    if (*length == 0 || *length > LENGTH_MAX)
        return error_at(err, column, "a length is 1 to 0x%" PRIx64 " bytes", LENGTH_MAX);
    return true;
}

static bool rows(struct query *query, struct error *err)
{
    struct bytes bytes;
    const char *rest;
    uint64_t length, first, last;
    if (!expression_prefix(query->session, query->arguments, SPACE_VIRT, &bytes.address, &rest,
                           err) ||
        !take_length(query, rest, &length, err))
        return false;
    session_bounds(query->session, &space_unknown, &first, &last);
    if (length - 1 > last - bytes.address.value)
        length = last - bytes.address.value + 1;
    uint8_t *read = malloc(2 * length);
    if (!read)
        return error_set(err, "out of memory");
    session_read(query->session, bytes.address, read, length, read + length);
    bytes.byte = read;
    bytes.there = read + length;
    bytes.length = length;
    give_bytes(query, &bytes);
    free(read);
    return true;
}

static const struct subject subject = {.shape = &shape, .bare = true, .rows = rows};

const struct command command_hex = {
    .name = "hex",
    .arguments = "EXPR [LENGTH]",
    .brief = "bytes at an address, as they are now",
    .detail = "LENGTH is hexadecimal (.N decimal), 100 where it is not given, 100000 at most.\n"
              "Bytes that are not mapped or not in the file are shown as --.",
    .argument = ARGUMENT_EXPRESSION,
    .subject = &subject,
};
