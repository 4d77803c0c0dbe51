/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `hex`: bytes, with what is missing said. */
#include "answer/commands.h"
#include "base/text.h"
#include "session/expression.h"

#include <inttypes.h>
#include <stdlib.h>

#define LENGTH_USUAL UINT64_C(0x100)
#define LENGTH_MAX   UINT64_C(0x100000)
#define ROW          16

static bool is_there(uint8_t kind)
{
    return kind == RANGE_DATA || kind == RANGE_HOLE;
}

static void print_rows(struct output *output, struct address address, const uint8_t *bytes,
                       const uint8_t *there, size_t length)
{
    for (size_t row = 0; row < length; row += ROW) {
        char line[128];
        struct text text = TEXT_OVER(line);
        size_t count = length - row < ROW ? length - row : ROW;
        text_add(&text, "%c:%016" PRIx64 " ", space_letter(address.space->kind),
                 address.value + row);
        for (size_t i = 0; i < ROW; i++) {
            const char *gap = i % 8 ? " " : "  ";
            if (i >= count)
                text_add(&text, "%s  ", gap);
            else if (is_there(there[row + i]))
                text_add(&text, "%s%02x", gap, bytes[row + i]);
            else
                text_add(&text, "%s--", gap);
        }
        text_add(&text, "  ");
        text_add_printable(&text, bytes + row, count);
        if (!output_text(output, "%s", line))
            return;
    }
}

static void print_record(struct output *output, const char *input, const struct place *place,
                         const uint8_t *bytes, const uint8_t *there, size_t length)
{
    char *digits = malloc(2 * length + 1);
    struct record *record = record_new();
    bool whole = true;
    if (!digits) {
        record_free(record);
        return;
    }
    struct text text = text_over(digits, 2 * length + 1);
    for (size_t i = 0; i < length; i++) {
        whole &= is_there(there[i]);
        text_add(&text, is_there(there[i]) ? "%02x" : "--", bytes[i]);
    }
    record_place(record, input, place);
    record_text(record, "end", place_end_name(place));
    record_number(record, "length", (int64_t)length);
    record_bool(record, "whole", whole);
    record_text(record, "bytes", digits);
    output_record(output, record);
    free(digits);
}

/* The second argument, hexadecimal like all numbers. */
static bool take_length(struct session *session, const char *arguments, const char *rest,
                        uint64_t *length, struct error *err)
{
    *length = LENGTH_USUAL;
    if (*rest && !expression_number(session, rest, length, err)) {
        err->column += (int)(rest - arguments);
        return false;
    }
    if (*length == 0 || *length > LENGTH_MAX)
        return error_at(err, (int)(rest - arguments), "a length is 1 to 0x%" PRIx64 " bytes",
                        LENGTH_MAX);
    return true;
}

bool command_hex(struct session *session, const char *arguments, struct output *output,
                 struct error *err)
{
    struct address address;
    struct place place;
    const char *rest;
    uint64_t length, first, last;
    if (!expression_prefix(session, arguments, SPACE_VIRT, &address, &rest, err) ||
        !take_length(session, arguments, rest, &length, err))
        return false;
    memory_bounds(&session->memory, &space_unknown, &first, &last);
    if (length - 1 > last - address.value)
        length = last - address.value + 1;
    uint8_t *bytes = malloc(2 * length);
    if (!bytes)
        return error_set(err, "out of memory");
    uint8_t *there = bytes + length;
    memory_locate(&session->memory, address, &place);
    memory_read(&session->memory, address, bytes, length, there);
    if (output->json)
        print_record(output, arguments, &place, bytes, there, length);
    else
        print_rows(output, address, bytes, there, length);
    free(bytes);
    return true;
}
