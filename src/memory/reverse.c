/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reverse index: runs sorted by physical address, each with the highest end among itself and
 * all before it, so that a search backwards knows when to stop.
 */
#include "memory/reverse.h"

#include "base/array.h"

#include <stdlib.h>

struct entry {
    uint64_t pa, va, size;
    struct access access;
    bool user;
};

struct reverse {
    struct entry *entry;
    uint64_t *reach; /* highest pa + size - 1 of entries [0..i] */
    size_t count, capacity;
    bool started, ready, cut;
    struct mapping_iterator listing;
    struct roots roots;
    const struct paging *paging;
    struct table_source source;
    unsigned half; /* 0: kernel's, 1: user's, 2: both done */
};

struct reverse *reverse_create(void)
{
    return calloc(1, sizeof(struct reverse));
}

void reverse_destroy(struct reverse *reverse)
{
    if (!reverse)
        return;
    free(reverse->entry);
    free(reverse->reach);
    free(reverse);
}

/* Opens the listing of the half that is next; false when there is none left. */
static bool open_half(struct reverse *reverse)
{
    for (; reverse->half < 2; reverse->half++) {
        bool kernel = reverse->half == 0;
        uint64_t root_pa = root_of_half(reverse->paging, &reverse->roots, kernel);
        if (root_pa == NO_ROOT)
            continue;
        mapping_open(&reverse->listing, reverse->paging, &reverse->source, root_pa,
                     paging_half_first(reverse->paging, kernel),
                     paging_half_last(reverse->paging, kernel));
        reverse->listing.skip_repeats = true;
        return true;
    }
    return false;
}

void reverse_start(struct reverse *reverse, const struct paging *paging,
                   const struct table_source *source, const struct roots *roots)
{
    reverse->count = 0;
    reverse->ready = reverse->cut = false;
    reverse->paging = paging;
    reverse->source = *source;
    reverse->roots = *roots;
    reverse->half = 0;
    reverse->started = paging && open_half(reverse);
}

static bool add(struct reverse *reverse, const struct mapping *run)
{
    if (reverse->count == REVERSE_RUNS ||
        !ARRAY_ROOM(&reverse->entry, reverse->count, &reverse->capacity))
        return false;
    reverse->entry[reverse->count++] =
        (struct entry){run->pa, run->va, run->size, run->access, reverse->half == 1};
    return true;
}

static int by_pa(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->pa != y->pa)
        return x->pa < y->pa ? -1 : 1;
    return x->va < y->va ? -1 : x->va > y->va;
}

static void finish(struct reverse *reverse)
{
    if (reverse->count)
        qsort(reverse->entry, reverse->count, sizeof *reverse->entry, by_pa);
    free(reverse->reach);
    reverse->reach = malloc(reverse->count * sizeof *reverse->reach + 1);
    if (!reverse->reach) {
        reverse->count = 0;
        reverse->cut = true;
    }
    uint64_t reach = 0;
    for (size_t i = 0; i < reverse->count; i++) {
        uint64_t last = reverse->entry[i].pa + (reverse->entry[i].size - 1);
        reach = last > reach ? last : reach;
        reverse->reach[i] = reach;
    }
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
            if (add(reverse, &run))
                break;
            reverse->cut = true;
            finish(reverse);
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

static bool is_before(const struct alias *a, const struct alias *b)
{
    return a->user != b->user ? b->user : a->va < b->va;
}

/* Keeps alias[0..count) sorted; the last falls out where there is no room. */
static void insert(struct alias *alias, size_t count, size_t capacity, const struct alias *new)
{
    size_t at = count < capacity ? count : capacity;
    for (; at > 0 && is_before(new, &alias[at - 1]); at--)
        if (at < capacity)
            alias[at] = alias[at - 1];
    if (at < capacity)
        alias[at] = *new;
}

size_t reverse_find(const struct reverse *reverse, uint64_t pa, struct alias *alias,
                    size_t capacity)
{
    size_t found = 0;
    if (!reverse->ready)
        return 0;
    size_t started = ARRAY_UP_TO(reverse->entry, reverse->count, pa, pa);
    for (size_t i = started; i > 0 && reverse->reach[i - 1] >= pa; i--) {
        const struct entry *entry = &reverse->entry[i - 1];
        uint64_t inside = pa - entry->pa;
        if (inside >= entry->size)
            continue;
        struct alias new = {entry->va + inside, entry->size - inside, entry->access, entry->user};
        insert(alias, found, capacity, &new);
        found++;
    }
    return found;
}

size_t reverse_runs(const struct reverse *reverse)
{
    return reverse->count;
}

size_t reverse_bytes(const struct reverse *reverse)
{
    return sizeof *reverse + reverse->capacity * sizeof *reverse->entry +
           reverse->count * sizeof *reverse->reach;
}
