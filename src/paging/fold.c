/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One row is pending, and grows while what comes next is the same at the same distance.  A shared
 * table all of which is part of the pending row makes it grow by the whole table: 512 pages of
 * zeros in a table that hangs in 512 places are one row.
 */
#include "paging/fold.h"

#include "base/array.h"

#include <stdlib.h>

struct folded {
    uint64_t first, last;   /* bytes of all of it */
    uint64_t bytes, stride; /* of each; stride 0: it is one */
    uint64_t before;        /* bytes of all rows before it */
};

void fold_init(struct fold *fold, const struct paging *paging,
               bool (*give)(void *context, const struct fold_row *row), void *context)
{
    *fold = (struct fold){.paging = paging, .give = give, .context = context};
}

void fold_free(struct fold *fold)
{
    free(fold->given);
    *fold = (struct fold){0};
}

static uint64_t last_of(const struct fold_row *row)
{
    return row->run.va + (row->count - 1) * row->stride + (row->run.size - 1);
}

static struct folded folded_of(const struct fold_row *row)
{
    return (struct folded){row->run.va, last_of(row), row->bytes, row->stride, 0};
}

/* Of all rows up to this one. */
static uint64_t bytes_up_to(const struct folded *row)
{
    uint64_t count = row->stride ? (row->last - row->first) / row->stride + 1 : 1;
    return row->before + count * row->bytes;
}

static bool give(struct fold *fold, const struct fold_row *row)
{
    struct folded given = folded_of(row);
    fold->floor = given.last + 1;
    if (fold->count)
        given.before = bytes_up_to(&fold->given[fold->count - 1]);
    if (ARRAY_ROOM(&fold->given, fold->count, &fold->capacity))
        fold->given[fold->count++] = given;
    else
        fold->out_of_memory = true;
    return fold->give(fold->context, row);
}

/* The first of the pending ones as a row for itself. */
static bool give_first(struct fold *fold)
{
    struct fold_row *pending = &fold->pending, one = *pending;
    one.count = 1;
    one.stride = 0;
    pending->count--;
    pending->run.va += pending->stride;
    if (pending->count == 1)
        pending->stride = 0;
    return give(fold, &one);
}

static bool flush(struct fold *fold)
{
    struct fold_row row = fold->pending;
    while (fold->pending.count && fold->pending.count < FOLD_MIN)
        if (!give_first(fold))
            return false;
    fold->pending.count = 0;
    return row.count < FOLD_MIN || give(fold, &row);
}

static bool is_same(const struct fold *fold, const struct fold_row *a, const struct fold_row *b)
{
    const struct mapping *x = &a->run, *y = &b->run;
    if (a->is_shared || b->is_shared)
        return a->is_shared && b->is_shared && x->same_va == y->same_va && x->size == y->size;
    return x->pa == y->pa && x->size == y->size && mapping_is_alike(fold->paging, x, y);
}

static bool add(struct fold *fold, const struct fold_row *row)
{
    struct fold_row *pending = &fold->pending;
    bool is_repeat = pending->count && is_same(fold, pending, row);
    if (is_repeat && pending->count == 2 && row->run.va - pending->run.va != 2 * pending->stride &&
        !give_first(fold))
        return false;
    if (is_repeat && pending->count == 1)
        pending->stride = row->run.va - pending->run.va;
    if (is_repeat && row->run.va - pending->run.va == pending->count * pending->stride) {
        pending->count++;
        return true;
    }
    if (!flush(fold))
        return false;
    *pending = *row;
    return true;
}

bool fold_run(struct fold *fold, const struct mapping *run)
{
    const struct fold_row row = {.run = *run, .count = 1, .bytes = run->size};
    return add(fold, &row);
}

/* --- shared tables -----------------------------------------------------------------------------*/

/*
 * How often the pending row's run is in the table, where the table is nothing but a part of the row
 * and goes on with it; else 0.  A single run may be all that there is in the table.
 */
static uint64_t repeats_in(const struct fold *fold, const struct mapping *table)
{
    const struct fold_row *row = &fold->pending;
    uint64_t from = table->same_va;
    uint64_t stride = row->count > 1 ? row->stride : table->va - from;
    uint64_t period = stride < table->size ? stride : table->size;
    if (!row->count || row->is_shared || fold->floor > from || table->size % period)
        return 0;
    /* Spans are powers of two, and so is what divides them. */
    uint64_t phase = (row->run.va - from) & (period - 1);
    bool fills = row->run.va - from < period || (stride < table->size && row->run.va < from);
    bool follows = row->run.va + row->count * stride == table->va + phase;
    return fills && follows && phase + row->run.size <= period ? table->size / period : 0;
}

static uint64_t bytes_within(const struct folded *row, uint64_t first, uint64_t last)
{
    if (row->last < first || row->first > last)
        return 0;
    if (!row->stride) {
        uint64_t low = row->first > first ? row->first : first;
        uint64_t high = row->last < last ? row->last : last;
        return high - low < row->bytes ? high - low + 1 : row->bytes;
    }
    /* Runs may begin or end outside. */
    uint64_t stride = row->stride, span = (row->last - row->first) % stride + 1;
    uint64_t i = row->first < first ? (first - row->first + stride - span) / stride : 0;
    uint64_t end =
        row->last > last ? (last - row->first) / stride : (row->last - row->first) / stride;
    if (i > end)
        return 0;
    uint64_t bytes = (end - i + 1) * row->bytes;
    uint64_t low = row->first + i * stride, high = row->first + end * stride + (span - 1);
    bytes -= low < first ? first - low : 0;
    return bytes - (high > last ? high - last : 0);
}

/* Bytes that the rows so far map in [first, last]. */
static uint64_t bytes_given(const struct fold *fold, uint64_t first, uint64_t last)
{
    struct folded pending = folded_of(&fold->pending);
    uint64_t bytes = fold->pending.count ? bytes_within(&pending, first, last) : 0;
    size_t begin = ARRAY_BELOW(fold->given, fold->count, last, first);
    size_t end = ARRAY_UP_TO(fold->given, fold->count, first, last);
    if (begin >= end)
        return bytes;
    const struct folded *low = &fold->given[begin], *high = &fold->given[end - 1];
    bytes += bytes_within(low, first, last);
    if (high == low)
        return bytes;
    return bytes + high->before - low[1].before + bytes_within(high, first, last);
}

bool fold_shared(struct fold *fold, const struct mapping *table)
{
    struct fold_row row = {.run = *table, .count = 1, .is_shared = true};
    uint64_t repeats = repeats_in(fold, table);
    if (repeats) {
        if (fold->pending.count == 1)
            fold->pending.stride = table->va - table->same_va;
        fold->pending.count += repeats;
        return true;
    }
    row.bytes = bytes_given(fold, table->same_va, table->same_va + (table->size - 1));
    return !row.bytes || add(fold, &row);
}

bool fold_end(struct fold *fold)
{
    return flush(fold);
}
