/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer/value_output.h"

#include "session/expression.h"

#include <stdio.h>
#include <string.h>

char *value_name(void *context, uint64_t va, char *text, size_t size)
{
    return linux_name_va(context, va, text, size);
}

bool argument_virtual(struct session *session, const char *arguments, const char *text,
                      struct address *address, struct error *err)
{
    struct place place;
    if (!expression_eval(session, text, SPACE_VIRT, address, err)) {
        err->column = err->column < 0 ? -1 : err->column + (int)(text - arguments);
        return false;
    }
    if (address_is_virtual(*address))
        return true;
    if (!session_await(session, true, err))
        return false;
    session_locate(session, *address, session_virtual(session), &place);
    *address = place_virtual(&place);
    return place.has_va || error_at(err, (int)(text - arguments), "no virtual address leads there");
}

/* A string's value is its text: the quotes are for people. */
static void record_unquoted(struct record *record, const char *value)
{
    char text[VIEW_VALUE];
    size_t length = strlen(value);
    bool quoted = length >= 2 && value[0] == '"' && value[length - 1] == '"';
    snprintf(text, sizeof text, "%.*s", (int)(length - (quoted ? 2 : 0)), value + quoted);
    record_text(record, "value", text);
}

struct record *value_record(const struct view_row *row)
{
    struct record *record = record_new();
    bool is_number = row->kind == VIEW_NUMBER || row->kind == VIEW_BOOL;
    int64_t number = (int64_t)row->number;
    bool exact = row->is_signed ? number >= -(INT64_C(1) << 53) && number <= INT64_C(1) << 53
                                : row->number <= UINT64_C(1) << 53;
    record_text(record, "name", row->name);
    record_number(record, "offset", (int64_t)row->offset);
    record_number(record, "size", (int64_t)row->size);
    record_text(record, "type", row->type);
    if (row->bits) {
        record_number(record, "bit", row->bit);
        record_number(record, "bits", row->bits);
    }
    bool is_address = row->kind == VIEW_POINTER || row->kind == VIEW_FUNCTION;
    if (!row->readable)
        record_null(record, "value");
    else if (row->has_number && (is_address || (is_number && !exact)))
        record_hex(record, "value", row->number);
    else if (row->has_number && is_number)
        record_number(record, "value", number);
    else if (row->kind == VIEW_STRING)
        record_unquoted(record, row->value);
    else
        record_text(record, "value", row->value);
    if (row->has_number && row->readable)
        record_text(record, "text", row->value);
    return record;
}
