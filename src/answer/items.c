/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From items to rows. */
#include "answer/items.h"

#include "answer/sort.h"

#include <stdlib.h>

const struct value *items_row(struct query *query, const struct items *items, const void *state,
                              size_t item)
{
    struct value *row = query_row(query);
    items->fill(query, state, item, row);
    return row;
}

/* --- which, in which order ---------------------------------------------------------------------*/

#define LOOK_UP 256 /* items, between two looks at whether to go on */

struct choosing {
    struct query *query;
    const struct items *items;
    const void *state;
    struct arrangement *how;
    struct shape column; /* that is sorted by */
    struct rows cells;   /* its values; by themselves, for rows are large */
};

static bool is_sorted(const struct choosing *at)
{
    return at->how->column < at->query->shape->columns;
}

/* False: out of memory. */
static bool take_cell(struct choosing *at, size_t item)
{
    struct arrangement *how = at->how;
    at->how->is_cut = how->most_bytes && rows_bytes(&at->cells) >= how->most_bytes;
    if (how->is_cut)
        return true;
    query_look(at->query, QUERY_CELL, how->column);
    return rows_add(&at->cells, &items_row(at->query, at->items, at->state, item)[how->column]);
}

/* Rows that are kept need no session. */
static bool is_cancelled(const struct choosing *at)
{
    const struct session *session = at->query->session;
    return session && session_is_cancelled(session);
}

/* Those that are wanted, as they come. */
static bool choose(struct choosing *at, uint32_t *order, size_t *count)
{
    const struct arrangement *how = at->how;
    size_t items = at->items->count(at->state), chosen = 0;
    for (size_t i = 0; i < items; i++) {
        if (i % LOOK_UP == 0 && is_cancelled(at))
            return false;
        if (how->holds && !how->holds(how->context, i))
            continue;
        if (is_sorted(at) && !take_cell(at, i))
            return false;
        if (how->is_cut)
            break;
        order[chosen++] = (uint32_t)i;
    }
    *count = chosen;
    return true;
}

static bool put_in_order(const struct choosing *at, uint32_t *order, size_t count)
{
    uint32_t *place = malloc(2 * count * sizeof *place + 1), *item = place ? place + count : NULL;
    bool done = place && rows_sort(&at->cells, 0, at->how->descending, place);
    if (done)
        memcpy(item, order, count * sizeof *item);
    for (size_t i = 0; done && i < count; i++)
        order[i] = item[place[i]];
    free(place);
    return done;
}

static void turn(uint32_t *order, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        uint32_t other = order[count - 1 - i];
        order[count - 1 - i] = order[i];
        order[i] = other;
    }
}

bool items_arrange(struct query *query, const struct items *items, const void *state,
                   struct arrangement *how, uint32_t *order, size_t *count)
{
    struct choosing at = {query, items, state, how, .column = {.columns = 1}};
    if (is_sorted(&at))
        at.column.column = &query->shape->column[how->column];
    at.cells.shape = &at.column;
    how->is_cut = false;
    bool done = choose(&at, order, count);
    if (done && is_sorted(&at))
        done = put_in_order(&at, order, *count);
    else if (done && how->descending)
        turn(order, *count);
    rows_deinit(&at.cells);
    return done;
}

/* --- all of them -------------------------------------------------------------------------------*/

/* One answer's. */
struct giving {
    struct query *query;
    const struct items *items;
    void *state;
};

static bool is_row(const struct giving *giving, size_t item)
{
    return !giving->items->is_row || giving->items->is_row(giving->state, item);
}

static bool is_wanted(void *context, size_t item)
{
    const struct giving *giving = context;
    query_look(giving->query, QUERY_TERMS, 0);
    return is_row(giving, item) &&
           query_holds(giving->query, items_row(giving->query, giving->items, giving->state, item));
}

static bool give_item(const struct giving *giving, size_t item)
{
    items_row(giving->query, giving->items, giving->state, item);
    return query_emit(giving->query);
}

static void give_as_they_come(const struct giving *giving)
{
    size_t count = giving->items->count(giving->state);
    for (size_t i = 0; i < count; i++)
        if (is_row(giving, i) && !give_item(giving, i))
            return;
}

/* Each is made twice, so that not all need be kept. */
static bool give_sorted(struct giving *giving, struct error *err)
{
    struct query *query = giving->query;
    struct arrangement how = {.holds = is_wanted, .context = giving};
    query_order(query, &how.column, &how.descending, &how.most_bytes);
    size_t count = giving->items->count(giving->state);
    uint32_t *order = malloc(count * sizeof *order + 1);
    bool done = order && items_arrange(query, giving->items, giving->state, &how, order, &count);
    query_look(query, QUERY_ALL, 0);
    query_in_order(query);
    for (size_t i = 0; done && i < count && give_item(giving, order[i]); i++)
        ;
    if (done && how.is_cut)
        query_note_cut(query, count);
    free(order);
    return done || session_is_cancelled(query->session) || error_set(err, "out of memory");
}

static bool give_all(struct giving *giving, struct error *err)
{
    const struct items *items = giving->items;
    bool done = true;
    while (items->step && items->step(giving->query, giving->state))
        ;
    if (giving->query->is_sorted)
        done = give_sorted(giving, err);
    else
        give_as_they_come(giving);
    if (done && items->note)
        items->note(giving->query, giving->state);
    return done;
}

bool query_items(struct query *query, struct error *err)
{
    const struct items *items = query->subject->items;
    struct giving giving = {query, items, calloc(1, items->state_size)};
    if (!giving.state)
        return error_set(err, "out of memory");
    bool done = items->load(query, giving.state, err) && give_all(&giving, err);
    items->unload(giving.state);
    free(giving.state);
    return done;
}
