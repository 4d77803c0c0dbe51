/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tree of page tables: which rows there are, what each says, and what becomes of them when
 * something is opened, shown or changed.
 */
#include "tests/unit/tree_sample.h"
#include "ui/pane/tables/tree_measure.h"

#include <string.h>

static size_t open_at(struct tree *tree, uint64_t va, unsigned depth)
{
    size_t n = find_row(tree, va, depth);
    assert_int_equal(tree_open(tree, n), TREE_OPENED);
    return n;
}

/* The whole path down to the PTEs of the fixture. */
static void open_path(struct tree *tree)
{
    for (unsigned depth = 1; depth <= 3; depth++)
        open_at(tree, HALF, depth);
}

/* Row number and place lead to each other, for every row. */
static void check_numbering(const struct tree *tree)
{
    struct tree_row before = {.depth = 0};
    for (size_t n = 0; n < tree_rows(tree); n++) {
        struct tree_row row = row_at(tree, n);
        assert_int_equal(tree_find(tree, tree_place(&row)), n);
        assert_true(row.depth <= before.depth + 1);
        before = row;
    }
    struct tree_row row;
    assert_false(tree_row(tree, tree_rows(tree), &row));
}

static void test_used_entries_only(void **state)
{
    struct tree_sample *f = *state;
    assert_int_equal(tree_rows(&f->tree), 3);
    struct tree_row root = row_at(&f->tree, 0), first = row_at(&f->tree, 1);
    assert_int_equal(root.depth, 0);
    assert_true(root.open);
    assert_int_equal(root.target_pa, page_pa(0));
    assert_int_equal(first.va, HALF);
    assert_int_equal(first.kind, ENTRY_TABLE);
    assert_int_equal(first.target_pa, page_pa(1));
    assert_false(first.open);
    assert_int_equal(row_at(&f->tree, 2).index, 511);
    check_numbering(&f->tree);
}

static void test_opening_and_runs(void **state)
{
    struct tree_sample *f = *state;
    open_path(&f->tree);
    /* root, [0], PUD[0], PMD[0], three runs, PMD [1-2] [3] [4] [5] [6], [511] */
    assert_int_equal(tree_rows(&f->tree), 13);
    struct tree_row run = row_at(&f->tree, 4);
    assert_int_equal(run.index, 0);
    assert_int_equal(run.count, 100);
    assert_int_equal(run.mapped, 100 * PAGE);
    assert_int_equal(run.target_pa, BASE);
    assert_int_equal(row_at(&f->tree, 5).count, 1);
    assert_int_equal(row_at(&f->tree, 6).index, 101);
    assert_int_equal(row_at(&f->tree, 6).count, 411);
    struct tree_row blocks = row_at(&f->tree, 7);
    assert_int_equal(blocks.count, 2);
    assert_int_equal(blocks.mapped, 4 << 20);
    check_numbering(&f->tree);
    assert_true(tree_close(&f->tree, 1));
    assert_false(tree_close(&f->tree, 1));
    assert_int_equal(tree_rows(&f->tree), 3);
}

static void test_run_opens_to_entries(void **state)
{
    struct tree_sample *f = *state;
    open_path(&f->tree);
    assert_int_equal(tree_open(&f->tree, 4), TREE_OPENED);
    assert_int_equal(tree_rows(&f->tree), 113);
    struct tree_row member = row_at(&f->tree, 4 + 1 + 42);
    assert_true(member.member);
    assert_int_equal(member.index, 42);
    assert_int_equal(member.va, HALF + 42 * PAGE);
    assert_int_equal(member.target_pa, BASE + 42 * PAGE);
    assert_int_equal(member.mapped, PAGE);
    assert_int_equal(tree_parent(&f->tree, 47), 4);
    assert_int_equal(tree_open(&f->tree, 47), TREE_NOTHING);
    check_numbering(&f->tree);
    assert_true(tree_close(&f->tree, 4));
    assert_int_equal(tree_rows(&f->tree), 13);
}

static void test_permissions_of_the_path(void **state)
{
    struct tree_sample *f = *state;
    char text[ACCESS_TEXT];
    open_path(&f->tree);
    assert_string_equal(access_text(row_at(&f->tree, 4).access, text), "rw-k");
    assert_string_equal(access_text(row_at(&f->tree, 5).access, text), "r-xk");
    tree_close(&f->tree, 1);
    f->memory.word[0][0] |= UINT64_C(1) << 59; /* PXNTable takes execution from all below */
    tree_refresh(&f->tree, 0, 3, 1);
    open_path(&f->tree);
    assert_string_equal(access_text(row_at(&f->tree, 5).access, text), "r--k");
}

static void test_empty_entries_on_demand(void **state)
{
    struct tree_sample *f = *state;
    tree_show_empty(&f->tree, true);
    assert_int_equal(tree_rows(&f->tree), 4);
    struct tree_row gap = row_at(&f->tree, 2);
    assert_int_equal(gap.kind, ENTRY_EMPTY);
    assert_int_equal(gap.index, 1);
    assert_int_equal(gap.count, 510);
    assert_int_equal(tree_used(&f->tree, 1, false), 3);
    assert_int_equal(tree_used(&f->tree, 3, true), 1);
    assert_int_equal(tree_open(&f->tree, 2), TREE_OPENED);
    assert_int_equal(tree_rows(&f->tree), 514);
    check_numbering(&f->tree);
    tree_show_empty(&f->tree, false);
    assert_int_equal(tree_rows(&f->tree), 3);
}

static void test_particular_entries(void **state)
{
    struct tree_sample *f = *state;
    open_path(&f->tree);
    struct tree_row missing = row_at(&f->tree, 8);
    assert_true(missing.missing);
    assert_int_equal(tree_open(&f->tree, 8), TREE_MISSING);
    assert_true(row_at(&f->tree, 9).device);
    assert_false(row_at(&f->tree, 7).device);
    assert_int_equal(row_at(&f->tree, 10).kind, ENTRY_NOT_PRESENT);
    assert_int_equal(tree_open(&f->tree, 10), TREE_NOTHING);
    /* An empty table opens to nothing. */
    assert_int_equal(tree_open(&f->tree, 11), TREE_OPENED);
    assert_int_equal(tree_rows(&f->tree), 13);
    f->memory.word[3][7] = BASE | 1;
    tree_refresh(&f->tree, 0, 20, 1);
    assert_int_equal(row_at(&f->tree, 5).kind, ENTRY_RESERVED);
}

/* A contiguous group is looked at where a run begins and where it ends. */
static void test_groups(void **state)
{
    struct tree_sample *f = *state;
    for (unsigned i = 16; i < 48; i++)
        f->memory.word[3][i] |= UINT64_C(1) << 52;
    open_path(&f->tree);
    struct tree_row row = row_at(&f->tree, find_row(&f->tree, HALF + 16 * PAGE, 4));
    assert_int_equal(row.count, 32);
    assert_int_equal(row.group.count, 16);
    assert_false(row.group.broken);
    row = row_at(&f->tree, find_row(&f->tree, HALF + 48 * PAGE, 4));
    assert_int_equal(row.group.count, 0);
    f->memory.word[3][47] = 0;
    tree_refresh(&f->tree, 0, 50, 1000);
    row = row_at(&f->tree, find_row(&f->tree, HALF + 16 * PAGE, 4));
    assert_int_equal(row.count, 31);
    assert_true(row.group.broken);
    assert_int_equal(row.group.odd, 47);
}

static void test_loop(void **state)
{
    struct tree_sample *f = *state;
    uint64_t va = HALF + (UINT64_C(511) << 39);
    for (unsigned depth = 1; depth <= 3; depth++) {
        size_t n = find_row(&f->tree, va, depth);
        assert_true(row_at(&f->tree, n).loop);
        assert_int_equal(tree_open(&f->tree, n), TREE_OPENED);
        va += UINT64_C(511) << (39 - 9 * depth);
    }
    /* At the last level the PGD's entries are pages: no fifth table. */
    size_t n = find_row(&f->tree, va, 4);
    assert_int_equal(row_at(&f->tree, n).kind, ENTRY_LEAF);
    check_numbering(&f->tree);
    tree_close_all(&f->tree, 0);
    assert_int_equal(tree_open_all(&f->tree, 0, 100000, SIZE_MAX), TREE_ALL);
    assert_false(row_at(&f->tree, tree_rows(&f->tree) - 1).open);
    assert_int_equal(tree_rows(&f->tree), 13);
}

static void test_open_all_in_slices(void **state)
{
    struct tree_sample *f = *state;
    unsigned slices = 1;
    tree_open_all(&f->tree, 0, 100000, SIZE_MAX);
    size_t rows = tree_rows(&f->tree);
    tree_close_all(&f->tree, 0);
    while (tree_open_all(&f->tree, 0, 100000, 512) == TREE_MORE)
        slices++;
    assert_int_equal(tree_rows(&f->tree), rows);
    assert_in_range(slices, 2, 8);
    check_numbering(&f->tree);
}

static void test_open_all_is_bounded(void **state)
{
    struct tree_sample *f = *state;
    for (unsigned i = 0; i < 512; i++)
        f->memory.word[1][i] = page_pa(2) | TABLE;
    tree_refresh(&f->tree, 0, 3, 1);
    assert_int_equal(tree_open_all(&f->tree, 1, 1000, SIZE_MAX), TREE_FULL);
    assert_true(tree_rows(&f->tree) < 2000);
    check_numbering(&f->tree);
    tree_close_all(&f->tree, 0);
    assert_int_equal(tree_rows(&f->tree), 3);
}

static void test_reveal(void **state)
{
    struct tree_sample *f = *state;
    size_t n;
    struct tree_place inside = {HALF + 42 * PAGE, TREE_DEEPEST};
    assert_true(tree_reveal(&f->tree, inside, &n));
    assert_int_equal(row_at(&f->tree, n).index, 42);
    assert_true(row_at(&f->tree, n).member);
    check_numbering(&f->tree);
    tree_close_all(&f->tree, 0);
    /* As deep as asked for. */
    assert_true(tree_reveal(&f->tree, (struct tree_place){HALF, 2}, &n));
    assert_int_equal(row_at(&f->tree, n).depth, 2);
    assert_false(row_at(&f->tree, n).open);
    /* Into an empty entry: the table's own row; shown, the run of empties. */
    struct tree_place nowhere = {HALF + (UINT64_C(5) << 30), TREE_DEEPEST};
    assert_true(tree_reveal(&f->tree, nowhere, &n));
    assert_int_equal(row_at(&f->tree, n).depth, 1);
    tree_show_empty(&f->tree, true);
    assert_true(tree_reveal(&f->tree, nowhere, &n));
    assert_int_equal(row_at(&f->tree, n).kind, ENTRY_EMPTY);
    /* No root for the lower half. */
    assert_false(tree_reveal(&f->tree, (struct tree_place){PAGE, TREE_DEEPEST}, &n));
}

static void test_siblings(void **state)
{
    struct tree_sample *f = *state;
    open_path(&f->tree);
    assert_int_equal(tree_sibling(&f->tree, 1, false), 12);
    assert_int_equal(tree_sibling(&f->tree, 12, false), 12);
    assert_int_equal(tree_sibling(&f->tree, 12, true), 1);
    assert_int_equal(tree_sibling(&f->tree, 3, false), 7);
    assert_int_equal(tree_parent(&f->tree, 7), 2);
    assert_int_equal(tree_parent(&f->tree, 0), 0);
}

static void test_refresh_marks_changes(void **state)
{
    struct tree_sample *f = *state;
    open_path(&f->tree);
    tree_open(&f->tree, 4);
    assert_false(tree_refresh(&f->tree, 0, 200, 1000));
    f->memory.word[3][50] = (BASE + 50 * PAGE) | TEXT;
    assert_true(tree_refresh(&f->tree, 0, 200, 2000));
    size_t changed = find_row(&f->tree, HALF + 50 * PAGE, 4);
    assert_int_equal(row_at(&f->tree, changed).changed_ms, 2000);
    struct tree_row before = row_at(&f->tree, find_row(&f->tree, HALF, 4));
    assert_int_equal(before.count, 50);
    assert_true(before.open);
    assert_true(before.changed_ms == TREE_NEVER);
    /* The opened run goes on after it. */
    struct tree_row after = row_at(&f->tree, find_row(&f->tree, HALF + 51 * PAGE, 4));
    assert_true(after.open);
    assert_true(after.changed_ms == TREE_NEVER);
    check_numbering(&f->tree);
}

static void test_refresh_follows_tables(void **state)
{
    struct tree_sample *f = *state;
    open_path(&f->tree);
    /* The PTE table moves: what was open stays open. */
    memcpy(f->memory.word[5], f->memory.word[3], sizeof f->memory.word[3]);
    memset(f->memory.word[3], 0, sizeof f->memory.word[3]);
    f->memory.word[2][0] = page_pa(5) | TABLE;
    assert_true(tree_refresh(&f->tree, 0, 20, 1000));
    assert_int_equal(tree_rows(&f->tree), 13);
    assert_int_equal(row_at(&f->tree, 3).changed_ms, 1000);
    assert_int_equal(row_at(&f->tree, 4).table_pa, page_pa(5));
    /* It leaves the image, and comes back. */
    f->memory.word[2][0] = UINT64_C(0x999000) | TABLE;
    assert_true(tree_refresh(&f->tree, 0, 20, 2000));
    assert_int_equal(tree_rows(&f->tree), 10);
    assert_true(row_at(&f->tree, 3).missing);
    f->memory.word[2][0] = page_pa(5) | TABLE;
    assert_true(tree_refresh(&f->tree, 0, 20, 3000));
    assert_int_equal(tree_rows(&f->tree), 13);
    /* The entry above goes: everything below goes. */
    f->memory.word[0][0] = 0;
    assert_true(tree_refresh(&f->tree, 0, 20, 4000));
    assert_int_equal(tree_rows(&f->tree), 2);
    check_numbering(&f->tree);
}

/* A table is empty for a while: its rows go, and come back with their entries. */
static void test_refresh_brings_back(void **state)
{
    struct tree_sample *f = *state;
    static const int tables[] = {0, 3};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        uint64_t *word = f->memory.word[tables[i]], entries[512];
        open_path(&f->tree);
        size_t rows = tree_rows(&f->tree), above = i ? 4 : 1;
        memcpy(entries, word, sizeof entries);
        memset(word, 0, sizeof entries);
        assert_true(tree_refresh(&f->tree, 0, 20, 1000));
        assert_in_range(tree_rows(&f->tree), above, rows - 1);
        memcpy(word, entries, sizeof entries);
        assert_true(tree_refresh(&f->tree, 0, above, 2000));
        open_path(&f->tree);
        assert_int_equal(tree_rows(&f->tree), rows);
        check_numbering(&f->tree);
    }
}

static void test_two_roots(void **state)
{
    struct tree_sample *f = *state;
    tree_deinit(&f->tree);
    f->memory.word[8][1] = page_pa(1) | TABLE;
    open_tree(f, "arm64-4k-48", page_pa(0), page_pa(8));
    assert_int_equal(tree_rows(&f->tree), 5);
    assert_true(row_at(&f->tree, 3).user);
    assert_int_equal(row_at(&f->tree, 4).va, UINT64_C(1) << 39);
    check_numbering(&f->tree);
    tree_deinit(&f->tree);
    /* One root for both halves: the second entry 256 on is sign-extended ... */
    f->memory.word[8][256] = page_pa(1) | TABLE;
    open_tree(f, "x86_64-48", page_pa(8), NO_ROOT);
    assert_int_equal(tree_rows(&f->tree), 3);
    assert_int_equal(row_at(&f->tree, 2).va, UINT64_C(0xffff800000000000));
    check_numbering(&f->tree);
    tree_deinit(&f->tree);
    /* ... and with a user root each shows its own half. */
    open_tree(f, "x86_64-48", page_pa(8), page_pa(8));
    assert_int_equal(tree_rows(&f->tree), 4);
    assert_int_equal(row_at(&f->tree, 1).index, 256);
    assert_int_equal(row_at(&f->tree, 3).index, 1);
    check_numbering(&f->tree);
}

static void test_measure(void **state)
{
    struct tree_sample *f = *state;
    struct tree_measure measure = {0};
    assert_true(row_at(&f->tree, 1).mapped == TREE_UNKNOWN);
    for (int i = 0; tree_measure_step(&measure, &f->tree, 0, 10, 16); i++)
        assert_true(i < 10000);
    uint64_t all = 512 * PAGE + 3 * (UINT64_C(2) << 20);
    assert_int_equal(row_at(&f->tree, 0).mapped, all);
    assert_int_equal(row_at(&f->tree, 1).mapped, all);
    f->memory.word[2][1] = 0;
    f->tree.generation++;
    assert_int_equal(row_at(&f->tree, 1).mapped, all);
    for (int i = 0; tree_measure_step(&measure, &f->tree, 0, 10, 100000); i++)
        assert_true(i < 100);
    assert_int_equal(row_at(&f->tree, 1).mapped, all - (UINT64_C(2) << 20));
    tree_measure_stop(&measure);
}

/* Every entry of two levels leads to the next, 262,144 ways to one table: counted in a few looks.
 */
static void test_measure_of_shared_tables(void **state)
{
    struct tree_sample *f = *state;
    struct tree_measure measure = {0};
    for (unsigned i = 0; i < 512; i++)
        for (unsigned level = 1; level < 3; level++)
            f->memory.word[level][i] = page_pa(level + 1) | TABLE;
    uint64_t leaves = 0;
    for (unsigned i = 0; i < 512; i++)
        leaves += f->memory.word[3][i] != 0;
    f->tree.generation++;
    tree_refresh(&f->tree, 0, 10, 1);
    assert_false(tree_measure_step(&measure, &f->tree, 0, 10, 100000));
    assert_true(leaves > 0);
    assert_int_equal(row_at(&f->tree, 1).mapped, leaves * 512 * 512 * PAGE);
    tree_measure_stop(&measure);
}

static void measure_rows(struct tree *tree)
{
    struct tree_measure measure = {0};
    for (int i = 0; tree_measure_step(&measure, tree, 0, tree_rows(tree), 600); i++)
        assert_true(i < 100);
    tree_measure_stop(&measure);
}

/* Tables that are known to be empty share a row, which opens into theirs and closes again. */
static void test_empty_tables_fold(void **state)
{
    struct tree_sample *f = *state;
    const uint64_t span = UINT64_C(1) << 30;
    for (unsigned i = 0; i < 5; i++) /* an empty entry between is no matter */
        f->memory.word[1][8 + i + (i > 2)] = page_pa(5 + i) | TABLE;
    f->memory.word[1][20] = UINT64_C(0x123456000) | TABLE; /* missing, not empty */
    f->memory.word[1][21] = page_pa(10) | TABLE;
    f->memory.word[10][5] = UINT64_C(0x123400); /* swapped out: not empty */
    open_at(&f->tree, HALF, 1);
    size_t rows = tree_rows(&f->tree);
    size_t n = find_row(&f->tree, HALF + 8 * span, 2);
    assert_int_equal(row_at(&f->tree, n).fold, 0);
    measure_rows(&f->tree);
    assert_int_equal(tree_rows(&f->tree), rows - 4);
    struct tree_row row = row_at(&f->tree, n);
    assert_int_equal(row.fold, 5);
    assert_int_equal(row.index, 8);
    assert_int_equal(row.count, 6);
    assert_true(row.openable);
    assert_int_equal(row_at(&f->tree, n + 1).index, 20);
    assert_int_equal(row_at(&f->tree, n + 2).fold, 0);
    assert_int_equal(tree_used(&f->tree, n - 1, false), n + 1);
    assert_int_equal(tree_sibling(&f->tree, n, false), n + 1);
    assert_int_equal(tree_sibling(&f->tree, n + 1, true), n);
    /* any of them is found in the fold, */
    assert_int_equal(tree_find(&f->tree, (struct tree_place){HALF + 12 * span, 2}), n);
    check_numbering(&f->tree);
    /* which opens and closes */
    assert_int_equal(tree_open(&f->tree, n), TREE_OPENED);
    assert_int_equal(tree_rows(&f->tree), rows);
    assert_true(row_at(&f->tree, n + 4).unfolded);
    check_numbering(&f->tree);
    measure_rows(&f->tree);
    assert_int_equal(tree_rows(&f->tree), rows);
    assert_true(tree_close(&f->tree, n + 4));
    assert_int_equal(tree_rows(&f->tree), rows - 4);
    /* one that is gone to has its own row; too few are left on either side */
    size_t at;
    assert_true(tree_reveal(&f->tree, (struct tree_place){HALF + 10 * span, 2}, &at));
    assert_int_equal(row_at(&f->tree, at).index, 10);
    assert_int_equal(tree_rows(&f->tree), rows);
    assert_true(tree_close(&f->tree, at));
    /* one that is used from now on leaves the fold */
    f->memory.word[5][0] = DATA & ~BLOCK;
    f->tree.generation++;
    measure_rows(&f->tree);
    assert_int_equal(row_at(&f->tree, n).fold, 0);
    assert_int_equal(row_at(&f->tree, n + 1).fold, 4);
    tree_show_empty(&f->tree, true);
    for (size_t i = 0; i < tree_rows(&f->tree); i++)
        assert_int_equal(row_at(&f->tree, i).fold, 0);
}

/* Entries that lead to the table of the one before share a row, which opens and closes. */
static void test_shared_tables_fold(void **state)
{
    struct tree_sample *f = *state;
    const uint64_t span = UINT64_C(1) << 30;
    f->memory.word[5][7] = UINT64_C(0x123400); /* swapped out: not empty */
    for (unsigned i = 8; i < 24; i++)
        f->memory.word[1][i] = i == 12 ? 0 : page_pa(5) | TABLE;
    open_at(&f->tree, HALF, 1);
    size_t n = find_row(&f->tree, HALF + 8 * span, 2), rows = tree_rows(&f->tree);
    assert_int_equal(row_at(&f->tree, n).fold, 0);
    struct tree_row row = row_at(&f->tree, n + 1);
    assert_int_equal(row.fold, 14);
    assert_true(row.repeats);
    assert_int_equal(row.index, 9);
    assert_int_equal(row.count, 15);
    assert_int_equal(tree_open(&f->tree, n + 1), TREE_OPENED);
    assert_int_equal(tree_rows(&f->tree), rows + 13);
    measure_rows(&f->tree); /* and they stay apart */
    assert_int_equal(tree_rows(&f->tree), rows + 13);
    assert_int_equal(tree_open(&f->tree, n + 2), TREE_OPENED);
    check_numbering(&f->tree);
    assert_true(tree_close(&f->tree, n + 2));
    assert_true(tree_close(&f->tree, n + 2));
    assert_int_equal(tree_rows(&f->tree), rows);
    assert_true(row_at(&f->tree, n + 1).repeats);
}

/* Of the PTE table the entries from 50 on are not in the file: they are one row that does not open,
 * and keep their table from being an empty one. */
static void test_missing_entries(void **state)
{
    struct tree_sample *f = *state;
    f->memory.lost_pa = page_pa(3) + 50 * 8;
    f->memory.lost_end = page_pa(4);
    open_path(&f->tree);
    /* root, [0], PUD[0], PMD[0], [0-49], [50-511], PMD [1-2] [3] [4] [5] [6], [511] */
    assert_int_equal(tree_rows(&f->tree), 12);
    assert_int_equal(row_at(&f->tree, 3).missing, EXTENT_DATA);
    assert_int_equal(row_at(&f->tree, 4).count, 50);
    struct tree_row row = row_at(&f->tree, 5);
    assert_int_equal(row.kind, ENTRY_MISSING);
    assert_int_equal(row.missing, EXTENT_NONE);
    assert_int_equal(row.index, 50);
    assert_int_equal(row.count, 462);
    assert_false(row.openable);
    assert_int_equal(tree_open(&f->tree, 5), TREE_NOTHING);
    assert_int_equal(tree_rows(&f->tree), 12);
    check_numbering(&f->tree);
    /* An entry of the run that is opened is read by itself. */
    assert_int_equal(tree_open(&f->tree, 4), TREE_OPENED);
    assert_int_equal(row_at(&f->tree, 5 + 49).entry, (BASE + 49 * PAGE) | DATA);
    assert_true(tree_close(&f->tree, 4));
    for (unsigned i = 0; i < 50; i++)
        f->memory.word[3][i] = 0;
    tree_refresh(&f->tree, 0, 20, 1);
    measure_rows(&f->tree);
    struct tree_node *node;
    struct tree_piece *piece = tree_piece_of(&f->tree, (struct tree_place){HALF, 3}, &node);
    assert_non_null(piece);
    assert_int_equal(piece->mapped, 0);
    assert_false(piece->empty);
    /* All of it is there again: what was not known has not changed. */
    f->memory.lost_end = f->memory.lost_pa = 0;
    tree_refresh(&f->tree, 0, 20, 2);
    assert_int_equal(row_at(&f->tree, find_row(&f->tree, HALF + 50 * PAGE, 4)).changed_ms,
                     TREE_NEVER);
}

/* A large linear map with every run opened: 512 * 512 pages, any row at once. */
static void test_many_rows(void **state)
{
    struct tree_sample *f = *state;
    for (unsigned i = 0; i < 512; i++)
        f->memory.word[2][i] = page_pa(3) | TABLE;
    assert_int_equal(tree_open_all(&f->tree, 1, 100000, SIZE_MAX), TREE_ALL);
    for (size_t n = tree_rows(&f->tree); n-- > 0;)
        if (row_at(&f->tree, n).count > 1)
            tree_open(&f->tree, n);
    /* Two runs of 511 pages and one single page a table. */
    assert_int_equal(tree_rows(&f->tree), 4 + 512 * (1 + 3 + 511));
    uint64_t va = HALF + (UINT64_C(300) << 21) + 42 * PAGE;
    struct tree_row row = row_at(&f->tree, find_row(&f->tree, va, 5));
    assert_int_equal(row.index, 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TREE(test_used_entries_only),
        WITH_TREE(test_opening_and_runs),
        WITH_TREE(test_run_opens_to_entries),
        WITH_TREE(test_permissions_of_the_path),
        WITH_TREE(test_empty_entries_on_demand),
        WITH_TREE(test_particular_entries),
        WITH_TREE(test_missing_entries),
        WITH_TREE(test_groups),
        WITH_TREE(test_empty_tables_fold),
        WITH_TREE(test_loop),
        WITH_TREE(test_open_all_in_slices),
        WITH_TREE(test_open_all_is_bounded),
        WITH_TREE(test_reveal),
        WITH_TREE(test_siblings),
        WITH_TREE(test_refresh_marks_changes),
        WITH_TREE(test_refresh_follows_tables),
        WITH_TREE(test_refresh_brings_back),
        WITH_TREE(test_two_roots),
        WITH_TREE(test_measure),
        WITH_TREE(test_measure_of_shared_tables),
        WITH_TREE(test_shared_tables_fold),
        WITH_TREE(test_many_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
