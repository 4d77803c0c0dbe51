/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The roots of one space, its two halves; mapping iterators fill one map of physical addresses. */
#include "memory/reverse.h"

#include "memory/pa_map.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { HALF_KERNEL, HALF_USER, HALVES };

struct reverse {
    atomic_uint holders;
    struct pa_map map; /* root: HALF_KERNEL or HALF_USER */
    bool started, ready, cut;
    struct mapping_iterator listing;
    struct table_memo memo; /* of the listing; a half each */
    struct roots roots;
    const struct paging *paging;
    struct table_source source;
    unsigned half; /* in progress; HALVES: both are done */
};

struct reverse *reverse_create(void)
{
    struct reverse *reverse = calloc(1, sizeof *reverse);
    if (reverse)
        atomic_init(&reverse->holders, 1);
    return reverse;
}

struct reverse *reverse_hold(struct reverse *reverse)
{
    atomic_fetch_add(&reverse->holders, 1);
    return reverse;
}

bool reverse_is_shared(const struct reverse *reverse)
{
    return atomic_load(&reverse->holders) > 1;
}

void reverse_drop(struct reverse *reverse)
{
    if (!reverse || atomic_fetch_sub(&reverse->holders, 1) > 1)
        return;
    pa_map_free(&reverse->map);
    table_memo_free(&reverse->memo);
    free(reverse);
}

/* Opens the listing of the half that is next; false when there is none left. */
static bool open_half(struct reverse *reverse)
{
    for (; reverse->half < HALVES; reverse->half++) {
        bool kernel = reverse->half == HALF_KERNEL;
        uint64_t root_pa = root_of_half(reverse->paging, &reverse->roots, kernel);
        if (root_pa == NO_ROOT)
            continue;
        mapping_open(&reverse->listing, reverse->paging, &reverse->source, root_pa,
                     paging_half_first(reverse->paging, kernel),
                     paging_half_last(reverse->paging, kernel));
        table_memo_free(&reverse->memo);
        reverse->listing.memo = &reverse->memo;
        return true;
    }
    return false;
}

void reverse_start(struct reverse *reverse, const struct paging *paging,
                   const struct table_source *source, const struct roots *roots)
{
    pa_map_free(&reverse->map);
    reverse->ready = reverse->cut = false;
    reverse->paging = paging;
    reverse->source = *source;
    reverse->roots = *roots;
    reverse->half = HALF_KERNEL;
    reverse->started = paging && open_half(reverse);
}

static void finish(struct reverse *reverse)
{
    if (!pa_map_complete(&reverse->map)) {
        pa_map_free(&reverse->map);
        reverse->cut = true;
    }
    table_memo_free(&reverse->memo);
    reverse->ready = true;
    reverse->started = false;
}

bool reverse_step(struct reverse *reverse, unsigned tables)
{
    unsigned budget = tables;
    while (reverse->started) {
        struct mapping run;
        switch (mapping_next(&reverse->listing, &run, &budget)) {
        case MAPPING_PAUSE:
            if (reverse->listing.tables <= MAPPING_TABLES_MAX)
                return false;
            reverse->cut = true;
            finish(reverse);
            break;
        case MAPPING_FOUND:
            if (pa_map_add(&reverse->map, &run, reverse->half, REVERSE_RUNS))
                break;
            reverse->cut = true;
            finish(reverse);
            break;
        case MAPPING_SHARED:
            break;
        case MAPPING_END:
            reverse->half++;
            if (!open_half(reverse))
                finish(reverse);
            break;
        }
    }
    return true;
}

bool reverse_is_ready(const struct reverse *reverse)
{
    return reverse->ready;
}

bool reverse_is_cut(const struct reverse *reverse)
{
    return reverse->cut;
}

size_t reverse_find(const struct reverse *reverse, uint64_t pa, struct alias *alias,
                    size_t capacity)
{
    const struct pa_mapping *found[REVERSE_ALIASES];
    capacity = capacity < REVERSE_ALIASES ? capacity : REVERSE_ALIASES;
    if (!reverse->ready)
        return 0;
    size_t count = pa_map_find(&reverse->map, pa, SIZE_MAX, found, capacity);
    for (size_t i = 0; i < count && i < capacity; i++) {
        uint64_t inside = pa - found[i]->pa;
        alias[i] = (struct alias){found[i]->va + inside, found[i]->size - inside, found[i]->access,
                                  found[i]->root == HALF_USER};
    }
    return count;
}

size_t reverse_runs(const struct reverse *reverse)
{
    return reverse->map.count;
}

size_t reverse_bytes(const struct reverse *reverse)
{
    return sizeof *reverse + pa_map_bytes(&reverse->map);
}
