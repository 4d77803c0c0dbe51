/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records become JSON by libjansson; text lines go as they are. */
#include "answer/output.h"

#include "base/text.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A record is a JSON object; the type exists so that callers need not know the library. */
static json_t *object_of(struct record *record)
{
    return (json_t *)record;
}

static bool put_line(struct output *output, const char *line)
{
    if (!output->stopped && !output->line(output->context, line))
        output->stopped = true;
    return !output->stopped;
}

bool output_line(struct output *output, char *line)
{
    text_make_harmless(line);
    return put_line(output, line);
}

/* A formatted line that a terminal can bear; the caller frees it.  NULL: out of memory. */
__attribute__((format(printf, 1, 0))) static char *harmless_line(const char *format, va_list args)
{
    char *line = NULL;
    if (vasprintf(&line, format, args) < 0)
        return NULL;
    text_make_harmless(line);
    return line;
}

bool output_text(struct output *output, const char *format, ...)
{
    va_list args;
    if (output->json || output->stopped)
        return !output->stopped;
    va_start(args, format);
    char *line = harmless_line(format, args);
    va_end(args);
    if (!line)
        return false;
    put_line(output, line);
    free(line);
    return !output->stopped;
}

struct record *record_new(void)
{
    return (struct record *)json_object();
}

/* Bytes that are no UTF-8 would be refused by the library; control characters it escapes. */
static json_t *text_value(const char *value)
{
    json_t *text = json_string(value);
    char *copy = text ? NULL : strdup(value);
    if (copy) {
        text_make_harmless(copy);
        text = json_string(copy);
        free(copy);
    }
    return text ? text : json_null();
}

void record_text(struct record *record, const char *key, const char *value)
{
    json_object_set_new_nocheck(object_of(record), key, value ? text_value(value) : json_null());
}

void record_hex(struct record *record, const char *key, uint64_t value)
{
    char text[20];
    snprintf(text, sizeof text, "0x%" PRIx64, value);
    json_object_set_new_nocheck(object_of(record), key, json_string(text));
}

void record_hex_or_null(struct record *record, const char *key, bool known, uint64_t value)
{
    if (known)
        record_hex(record, key, value);
    else
        record_null(record, key);
}

void record_number(struct record *record, const char *key, int64_t value)
{
    json_object_set_new_nocheck(object_of(record), key, json_integer(value));
}

void record_bool(struct record *record, const char *key, bool value)
{
    json_object_set_new_nocheck(object_of(record), key, json_boolean(value));
}

void record_null(struct record *record, const char *key)
{
    json_object_set_new_nocheck(object_of(record), key, json_null());
}

void record_array(struct record *record, const char *key)
{
    if (!json_object_get(object_of(record), key))
        json_object_set_new_nocheck(object_of(record), key, json_array());
}

void record_append(struct record *record, const char *key, struct record *item)
{
    record_array(record, key);
    json_array_append_new(json_object_get(object_of(record), key), object_of(item));
}

void record_object(struct record *record, const char *key, struct record *item)
{
    json_object_set_new(object_of(record), key, item ? object_of(item) : json_null());
}

void record_free(struct record *record)
{
    json_decref(object_of(record));
}

bool output_record(struct output *output, struct record *record)
{
    if (output->json) {
        char *line = json_dumps(object_of(record), JSON_COMPACT | JSON_PRESERVE_ORDER);
        if (line)
            put_line(output, line);
        free(line);
    }
    record_free(record);
    return !output->stopped;
}

bool output_note(struct output *output, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *line = harmless_line(format, args);
    va_end(args);
    struct record *record = record_new();
    record_text(record, "incomplete", line);
    output_record(output, record);
    output_text(output, "# %s", line ? line : "");
    free(line);
    return !output->stopped;
}

void output_error(struct output *output, const char *input, const struct error *err)
{
    struct record *record = record_new();
    record_text(record, "input", input);
    record_text(record, "error", err->text);
    if (err->column >= 0)
        record_number(record, "column", err->column);
    else
        record_null(record, "column");
    output_record(output, record);
    if (err->column >= 0) {
        output_text(output, "%s", input);
        output_text(output, "%*s^ %s", err->column, "", err->text);
    } else
        output_text(output, "%s: %s", input, err->text);
}
