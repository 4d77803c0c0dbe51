/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows as JSON, by libjansson: each value by its type, none by way of its text. */
#include "answer/render.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* From 2^53 on not every integer is a double, which most readers of JSON make of it. */
#define EXACT (UINT64_C(1) << 53)

static json_t *json_hex(uint64_t bits)
{
    char text[20];
    snprintf(text, sizeof text, "0x%" PRIx64, bits);
    return json_string(text);
}

/* Bytes that are no UTF-8 would be refused by the library; control characters it escapes. */
static json_t *json_bytes(const char *bytes, size_t length)
{
    json_t *text = json_stringn(bytes, length);
    char *copy = text ? NULL : malloc(length + 1);
    if (copy) {
        memcpy(copy, bytes, length);
        copy[length] = '\0';
        text_make_utf8(copy, length);
        text = json_stringn(copy, length);
        free(copy);
    }
    return text;
}

static json_t *json_number(const struct value *value)
{
    int64_t number = (int64_t)value->bits;
    bool negative = value->is_signed && number < 0;
    if (negative ? number >= -(int64_t)EXACT : value->bits <= EXACT)
        return json_integer(number);
    return json_hex(value->bits);
}

static json_t *json_row(const struct shape *shape, const unsigned *shown, unsigned count,
                        const struct value *cell);

/* A row of a list has all columns that are not for people only. */
static json_t *json_inner(const struct shape *shape, const struct value *cell)
{
    unsigned shown[COLUMNS_MAX], count = 0;
    for (unsigned i = 0; i < shape->columns; i++)
        if (!(shape->column[i].flags & COLUMN_NO_JSON))
            shown[count++] = i;
    return json_row(shape, shown, count, cell);
}

static json_t *json_list(const struct list *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->rows; i++)
        json_array_append_new(array, json_inner(list->shape, list_row(list, i)));
    return array;
}

static json_t *json_value(const struct value *value);

static json_t *json_items(const struct value *value)
{
    json_t *array = json_array();
    for (size_t i = 0; i < value->array.count; i++)
        json_array_append_new(array, json_value(&value->array.item[i]));
    return array;
}

static json_t *json_value(const struct value *value)
{
    json_t *json = NULL;
    switch (value->type) {
    case VALUE_NULL:
    case VALUE_ABSENT:
    case VALUE_ANY:
    case VALUE_TYPES:
        break;
    case VALUE_NUMBER:
    case VALUE_TIME:
        json = json_number(value);
        break;
    case VALUE_HEX:
    case VALUE_SIZE:
        json = json_hex(value->bits);
        break;
    case VALUE_ADDRESS:
        json = json_hex(value->address.value);
        break;
    case VALUE_BOOL:
        json = json_boolean(value->bits);
        break;
    case VALUE_REAL:
        json = json_real(value->real); /* NULL where it is no number */
        break;
    case VALUE_ARRAY:
        json = json_items(value);
        break;
    case VALUE_LIST:
        json = json_list(value->list);
        break;
    case VALUE_OBJECT:
        json = json_inner(value->list->shape, value->list->cell);
        break;
    default:
        json = json_bytes(value->text.bytes, value->text.length);
        break;
    }
    return json ? json : json_null();
}

static json_t *json_row(const struct shape *shape, const unsigned *shown, unsigned count,
                        const struct value *cell)
{
    json_t *object = json_object();
    for (unsigned i = 0; i < count; i++)
        if (cell[shown[i]].type != VALUE_ABSENT)
            json_object_set_new_nocheck(object, shape->column[shown[i]].name,
                                        json_value(&cell[shown[i]]));
    return object;
}

/* The library escapes what is below a blank; DEL and the C1 controls (U+0080 to U+009F), which a
 * terminal obeys as well, are escaped here. */
static void add_escaped(struct buffer *line, const char *json)
{
    const char *start = json;
    for (; *json; json++) {
        unsigned char c = (unsigned char)json[0], next = (unsigned char)json[1];
        bool is_c1 = c == 0xc2 && next < 0xa0;
        char escape[8];
        if (c != 0x7f && !is_c1)
            continue;
        snprintf(escape, sizeof escape, "\\u%04X", is_c1 ? next : c);
        buffer_add(line, start, (size_t)(json - start));
        buffer_text(line, escape);
        json += is_c1;
        start = json + 1;
    }
    buffer_text(line, start);
}

static bool put_object(struct output *output, json_t *object)
{
    char *json = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER);
    struct buffer line = {0};
    if (json)
        add_escaped(&line, json);
    if (json && !line.failed)
        output_line(output, line.data);
    buffer_deinit(&line);
    free(json);
    json_decref(object);
    return !output->stopped;
}

/* A sink is the first member of its renderer. */
static struct json_renderer *renderer_of(struct sink *sink)
{
    return (struct json_renderer *)(void *)sink;
}

static bool begin(struct sink *sink, const struct subject *subject, const struct shape *shape,
                  const unsigned *shown, unsigned count)
{
    struct json_renderer *renderer = renderer_of(sink);
    (void)subject;
    renderer->shape = shape;
    renderer->shown = shown;
    renderer->count = count;
    return !renderer->output->stopped;
}

static bool row(struct sink *sink, const struct value *cell)
{
    const struct json_renderer *renderer = renderer_of(sink);
    return put_object(renderer->output,
                      json_row(renderer->shape, renderer->shown, renderer->count, cell));
}

static bool remark(struct sink *sink, const struct remark *remark)
{
    if (!remark->is_note)
        return true;
    json_t *object = json_object();
    json_object_set_new(object, "incomplete", json_bytes(remark->text, strlen(remark->text)));
    return put_object(renderer_of(sink)->output, object);
}

void json_put_error(struct output *output, const char *input, const struct error *err)
{
    json_t *object = json_object();
    json_object_set_new(object, "input", json_bytes(input, strlen(input)));
    json_object_set_new(object, "error", json_bytes(err->text, strlen(err->text)));
    json_object_set_new(object, "column",
                        err->column >= 0 ? json_integer(err->column) : json_null());
    put_object(output, object);
}

void json_renderer_init(struct json_renderer *renderer, struct output *output)
{
    *renderer = (struct json_renderer){
        .sink = {.hides = COLUMN_NO_JSON, .begin = begin, .row = row, .remark = remark},
        .output = output,
    };
}
