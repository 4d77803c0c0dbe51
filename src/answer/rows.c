/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows are copied deeply: a value's bytes, an array's items, a list's rows. */
#include "answer/rows.h"

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
        if (!keep(&rows->arena, &copy[i]))
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

struct sorting {
    const struct rows *rows;
    unsigned column;
    bool descending;
};

static int by_column(const void *a, const void *b, void *context)
{
    const struct sorting *sorting = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    const struct value *one = rows_at(sorting->rows, left) + sorting->column;
    const struct value *other = rows_at(sorting->rows, right) + sorting->column;
    int order = value_order(one, other);
    if (order && sorting->descending && value_is_known(one) && value_is_known(other))
        order = -order;
    return order ? order : left < right ? -1 : left > right;
}

void rows_sort(const struct rows *rows, unsigned column, bool descending, uint32_t *order)
{
    struct sorting sorting = {rows, column, descending};
    for (size_t i = 0; i < rows->count; i++)
        order[i] = (uint32_t)i;
    qsort_r(order, rows->count, sizeof *order, by_column, &sorting);
}
