/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of an answer kept in memory, with all that they hold: to be sorted, and to be looked
 * at on a screen.
 */
#ifndef RAMWALK_ANSWER_ROWS_H
#define RAMWALK_ANSWER_ROWS_H

#include "answer/table.h"
#include "base/arena.h"

struct rows {
    const struct shape *shape; /* borrowed */
    struct value *cell;        /* count * shape->columns */
    size_t count, capacity;
    struct arena arena; /* their texts and lists */
};

/* A copy of a row, with all that it borrows.  False: out of memory; then nothing is added. */
bool rows_add(struct rows *rows, const struct value *cell);
void rows_deinit(struct rows *rows);

/* The memory that they take. */
static inline size_t rows_bytes(const struct rows *rows)
{
    return rows->arena.bytes + rows->capacity * rows->shape->columns * sizeof *rows->cell;
}

static inline const struct value *rows_at(const struct rows *rows, size_t row)
{
    return rows->cell + row * rows->shape->columns;
}

/*
 * Fills order[count] with the numbers of the rows sorted by a column.  Equal rows keep their
 * order; what is not known comes last, `descending` or not.  False: out of memory, and they are as
 * they came.
 */
bool rows_sort(const struct rows *rows, unsigned column, bool descending, uint32_t *order);

#endif
