/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows are copied deeply: a value's bytes, an array's items, a list's rows. */
#include "answer/rows.h"

#include "answer/sort.h"

#include <stdlib.h>

static bool keep(struct arena *arena, struct value *value);

static struct value *keep_values(struct arena *arena, const struct value *value, size_t count)
{
    struct value *copy = arena_alloc(arena, count * sizeof *copy);
    for (size_t i = 0; copy && i < count; i++) {
        copy[i] = value[i];
        if (!keep(arena, &copy[i]))
            return NULL;
    }
    return copy;
}

static const struct list *keep_list(struct arena *arena, const struct list *list)
{
    struct list *copy = arena_alloc(arena, sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *list;
    copy->capacity = list->rows;
    copy->cell = keep_values(arena, list->cell, list->rows * list->shape->columns);
    return copy->cell ? copy : NULL;
}

/* What the value borrows becomes the arena's. */
static bool keep(struct arena *arena, struct value *value)
{
    if (value->type == VALUE_LIST || value->type == VALUE_OBJECT)
        return (value->list = keep_list(arena, value->list)) != NULL;
    if (value->type == VALUE_ARRAY)
        return (value->array.item = keep_values(arena, value->array.item, value->array.count)) !=
               NULL;
    if ((value_is_text(value) || value->type == VALUE_NULL) && value->text.bytes)
        return (value->text.bytes = arena_copy(arena, value->text.bytes, value->text.length)) !=
               NULL;
    return true;
}

/* Texts that are the same one row after the other are kept once. */
static bool is_kept(const struct value *before, struct value *value)
{
    if (!value_is_text(value) || !value_is_text(before) || !value->text.length ||
        value->text.length != before->text.length ||
        memcmp(value->text.bytes, before->text.bytes, value->text.length) != 0)
        return false;
    value->text.bytes = before->text.bytes;
    return true;
}

bool rows_add(struct rows *rows, const struct value *cell)
{
    unsigned columns = rows->shape->columns;
    if (rows->count == rows->capacity) {
        size_t capacity = rows->capacity ? 2 * rows->capacity : 64;
        struct value *more = realloc(rows->cell, capacity * columns * sizeof *more);
        if (!more)
            return false;
        rows->cell = more;
        rows->capacity = capacity;
    }
    struct value *copy = rows->cell + rows->count * columns;
    for (unsigned i = 0; i < columns; i++) {
        copy[i] = cell[i];
        if (!(rows->count && is_kept(copy + i - columns, &copy[i])) &&
            !keep(&rows->arena, &copy[i]))
            return false;
    }
    rows->count++;
    return true;
}

void rows_deinit(struct rows *rows)
{
    free(rows->cell);
    arena_deinit(&rows->arena);
    *rows = (struct rows){0};
}

bool rows_sort(const struct rows *rows, unsigned column, bool descending, uint32_t *order)
{
    return values_sort(rows->count ? rows->cell + column : NULL, rows->shape->columns, rows->count,
                       descending, order);
}
