/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From items to rows. */
#include "answer/items.h"

#include <stdlib.h>

static void give_items(struct query *query, const struct items *items, const void *state)
{
    for (size_t i = 0; i < items->count(state); i++) {
        items->fill(query, state, i, query_row(query));
        if (!query_emit(query))
            return;
    }
}

bool query_items(struct query *query, struct error *err)
{
    const struct items *items = query->subject->items;
    void *state = calloc(1, items->state_size);
    if (!state)
        return error_set(err, "out of memory");
    bool done = items->load(query, state, err);
    while (done && items->step && items->step(query, state))
        ;
    if (done) {
        give_items(query, items, state);
        if (items->note)
            items->note(query, state);
    }
    items->unload(state);
    free(state);
    return done;
}
