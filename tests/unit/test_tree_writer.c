/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest that edits its tables under the tree: entries come, go and are torn, tables are emptied
 * and come back, and each step of the tree may see another state.  Once the writer rests and the
 * tree was refreshed, it shows what the mapping iterator lists.
 */
#include "paging/mapping.h"
#include "tests/unit/support.h"
#include "tests/unit/tree_sample.h"
#include "ui/pane/tables/tree_measure.h"

#include <string.h>

enum { ROUNDS = 400, STEPS = 30, MOST_LEAVES = 60000 };

struct leaf {
    uint64_t va, pa, size;
    struct access access;
};

struct leaves {
    struct leaf leaf[MOST_LEAVES];
    size_t count;
};

/* ---- the writer ---- */

static uint64_t random_entry(struct rng *rng)
{
    uint64_t pa = page_pa((unsigned)rng_below(rng, PAGES + 2)); /* the last two are not there */
    switch (rng_below(rng, 6)) {
    case 0:
        return 0;
    case 1:
        return pa | DATA;
    case 2:
        return pa | TEXT;
    case 3:
        return (rng_below(rng, 8) << 30 | DATA) & ~BLOCK;
    default:
        return pa | TABLE;
    }
}

/* Few of a table's entries, so that trees of tables stay small. */
static uint64_t *random_word(struct memory_array *memory, struct rng *rng)
{
    static const unsigned used[] = {0, 1, 2, 3, 99, 100, 101, 511};
    return &memory->word[rng_below(rng, 8)][used[rng_below(rng, sizeof used / sizeof *used)]];
}

static void write_some(struct memory_array *memory, struct rng *rng)
{
    static uint64_t kept[512];
    static uint64_t *emptied;
    uint64_t *word = random_word(memory, rng), entry = random_entry(rng);
    if (emptied) { /* what was gone comes back */
        memcpy(emptied, kept, sizeof kept);
        emptied = NULL;
    } else if (rng_below(rng, 8) == 0) {
        emptied = memory->word[rng_below(rng, 8)];
        memcpy(kept, emptied, sizeof kept);
        memset(emptied, 0, sizeof kept);
    } else if (rng_below(rng, 4) == 0) { /* half of a store */
        *word = (*word & ~UINT64_C(0xffffffff)) | (entry & 0xffffffff);
    } else {
        *word = entry;
    }
}

/* ---- what is seen ---- */

static void add_leaf(struct leaves *leaves, uint64_t va, uint64_t pa, uint64_t size,
                     const struct access *access)
{
    assert_true(leaves->count < MOST_LEAVES);
    leaves->leaf[leaves->count++] = (struct leaf){va, pa, size, *access};
}

/* The next row that is not below a loop, which the listing does not enter. */
static bool next_row(const struct tree *tree, size_t *n, struct tree_row *row)
{
    unsigned loop = row->loop ? row->depth : UINT_MAX;
    while (++*n < tree_rows(tree)) {
        *row = row_at(tree, *n);
        if (row->depth <= loop)
            return true;
    }
    return false;
}

static void leaves_of_tree(const struct tree *tree, struct leaves *leaves)
{
    struct tree_row row = row_at(tree, 0);
    leaves->count = 0;
    for (size_t n = 0; next_row(tree, &n, &row);) {
        if (row.kind != ENTRY_LEAF || row.member)
            continue;
        uint64_t size = paging_span(tree->paging, row.level);
        for (unsigned i = 0; i < row.count; i++)
            add_leaf(leaves, row.va + i * size, row.target_pa + i * size, size, &row.access);
    }
}

static void leaves_of_listing(const struct tree *tree, uint64_t first_va, uint64_t last_va,
                              struct leaves *leaves)
{
    struct mapping_iterator listing;
    struct mapping run;
    leaves->count = 0;
    mapping_open(&listing, tree->paging, &tree->source, tree->root[0].pa, first_va, last_va);
    while (mapping_next(&listing, &run, NULL) == MAPPING_FOUND)
        for (uint64_t at = 0; at < run.size; at += run.page_size)
            add_leaf(leaves, run.va + at, run.pa + at, run.page_size, &run.access);
}

static void expect_same(const struct leaves *shown, const struct leaves *listed)
{
    for (size_t i = 0; i < shown->count && i < listed->count; i++) {
        const struct leaf *a = &shown->leaf[i], *b = &listed->leaf[i];
        assert_int_equal(a->va, b->va);
        assert_int_equal(a->pa, b->pa);
        assert_int_equal(a->size, b->size);
        assert_int_equal(a->access.kernel, b->access.kernel);
        assert_int_equal(a->access.user, b->access.user);
    }
    assert_int_equal(shown->count, listed->count);
}

/* What is said to be mapped below each table that is closed. */
static void expect_sums(const struct tree *tree, struct leaves *listed)
{
    struct tree_row row = row_at(tree, 0);
    for (size_t n = 0; next_row(tree, &n, &row);) {
        if (row.kind != ENTRY_TABLE || row.open || row.loop || row.fold || row.missing)
            continue;
        uint64_t sum = 0, size = paging_span(tree->paging, row.level);
        leaves_of_listing(tree, row.va, row.va + size - 1, listed);
        for (size_t i = 0; i < listed->count; i++)
            sum += listed->leaf[i].size;
        assert_int_equal(row.mapped, sum);
    }
}

/* ---- one round ---- */

/* What a user does, in a window of 20 rows, while the writer goes on. */
static void use_tree(struct tree *tree, struct tree_measure *measure, struct rng *rng, int64_t now)
{
    size_t rows = tree_rows(tree), n = rng_below(rng, rows);
    size_t place;
    switch (rng_below(rng, 6)) {
    case 0:
        tree_open(tree, n);
        break;
    case 1:
        tree_close(tree, n);
        break;
    case 2:
        tree_reveal(tree, (struct tree_place){HALF + (rng_below(rng, 512) << 12), TREE_DEEPEST},
                    &place);
        break;
    case 3:
        tree_refresh(tree, n, 20, now);
        break;
    default:
        tree_measure_step(measure, tree, n, 20, 600);
        break;
    }
}

static void settle(struct tree *tree, struct tree_measure *measure, int64_t now)
{
    tree->generation++; /* as the pane does: sizes are old */
    tree_refresh(tree, 0, SIZE_MAX / 2, now);
    /* Rows move when tables turn out to be empty, or no longer are: until a turn counts nothing. */
    for (uint64_t counted = UINT64_MAX; counted != measure->counted;) {
        counted = measure->counted;
        while (tree_measure_step(measure, tree, 0, tree_rows(tree), 1 << 20))
            ;
    }
}

static void test_writer(void **state)
{
    struct tree_sample *f = *state;
    static struct leaves shown, listed;
    struct rng rng = {2024};
    size_t most = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct tree_measure measure = {.depth = 0};
        for (int step = 0; step < STEPS; step++) {
            write_some(&f->memory, &rng);
            use_tree(&f->tree, &measure, &rng, round * STEPS + step);
        }
        settle(&f->tree, &measure, round * STEPS + STEPS);
        tree_measure_stop(&measure);
        expect_sums(&f->tree, &listed);
        tree_open_all(&f->tree, 0, 100000, SIZE_MAX);
        leaves_of_tree(&f->tree, &shown);
        leaves_of_listing(&f->tree, HALF, UINT64_MAX, &listed);
        expect_same(&shown, &listed);
        most = shown.count > most ? shown.count : most;
        tree_close_all(&f->tree, 0);
    }
    assert_true(most > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_TREE(test_writer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
