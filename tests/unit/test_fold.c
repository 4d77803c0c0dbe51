/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Listings without repeats against those with all of them: tables that hang in many places, in
 * every paging mode.
 */
#include "arch/arch.h"
#include "paging/fold.h"
#include "tests/unit/support.h"

#include <inttypes.h>
#include <string.h>

#define TABLES_PA UINT64_C(0x40000000)
#define ROOT_PA   UINT64_C(0x3fff0000)
#define ROWS      70000

struct rows {
    struct fold_row row[ROWS];
    size_t count;
    uint64_t tables; /* that were entered */
};
static struct rows folded;

static bool keep(void *context, const struct fold_row *row)
{
    struct rows *rows = context;
    assert_true(rows->count < ROWS);
    rows->row[rows->count++] = *row;
    return true;
}

/* The kernel's half; `wanted` bytes a run, or all. */
static void list(const struct builder *builder, uint64_t wanted)
{
    const struct paging *paging = builder->paging;
    struct table_source source = pages_source(builder->pages);
    struct table_memo memo = {0};
    struct mapping_iterator listing;
    struct mapping run;
    struct fold fold;
    enum mapping_result result;
    folded.count = 0;
    fold_init(&fold, paging, keep, &folded);
    mapping_open(&listing, paging, &source, builder->root_pa, paging_half_first(paging, true),
                 paging_half_last(paging, true));
    listing.memo = &memo;
    listing.tells_shared = true;
    while ((result = mapping_next(&listing, &run, NULL)) != MAPPING_END)
        if (result == MAPPING_SHARED)
            assert_true(fold_shared(&fold, &run));
        else if (!wanted || run.size == wanted)
            assert_true(fold_run(&fold, &run));
    assert_true(fold_end(&fold));
    assert_false(fold.out_of_memory);
    folded.tables = listing.tables;
    fold_free(&fold);
    table_memo_free(&memo);
}

static uint64_t bytes_of_rows(void)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < folded.count; i++)
        bytes += folded.row[i].count * folded.row[i].bytes;
    return bytes;
}

/* What all paths map, run by run. */
static uint64_t bytes_of_paths(const struct builder *builder, uint64_t wanted)
{
    struct table_source source = pages_source(builder->pages);
    struct mapping_iterator listing;
    struct mapping run;
    uint64_t bytes = 0;
    mapping_open(&listing, builder->paging, &source, builder->root_pa,
                 paging_half_first(builder->paging, true), paging_half_last(builder->paging, true));
    while (mapping_next(&listing, &run, NULL) == MAPPING_FOUND)
        bytes += !wanted || run.size == wanted ? run.size : 0;
    return bytes;
}

static void walk_at(const struct builder *builder, uint64_t va, struct walk *result)
{
    struct table_source source = pages_source(builder->pages);
    struct roots roots = {builder->root_pa, builder->root_pa};
    walk(result, builder->paging, &source, &roots, va);
}

/* A place of the row, by number and distance from its start: it is what the row says. */
static void assert_place(const struct builder *builder, const struct fold_row *row, uint64_t i,
                         uint64_t offset)
{
    struct walk walk, same;
    walk_at(builder, row->run.va + i * row->stride + offset, &walk);
    if (!row->is_shared) {
        if (walk.end != WALK_MAPPED || walk.pa != row->run.pa + offset ||
            walk.access.kernel != row->run.access.kernel)
            fail_msg("%s: %" PRIx64 " is not p:%" PRIx64, builder->paging->name, walk.va,
                     row->run.pa + offset);
        return;
    }
    walk_at(builder, row->run.same_va + offset, &same);
    assert_int_equal(walk.end, same.end);
    assert_int_equal(walk.pa, same.pa);
    assert_int_equal(walk.access.kernel, same.access.kernel);
    assert_true(row->run.same_va < row->run.va);
}

static void assert_rows(const struct builder *builder, struct rng *rng)
{
    uint64_t end = 0;
    for (size_t i = 0; i < folded.count; i++) {
        const struct fold_row *row = &folded.row[i];
        assert_true(row->run.va >= end);
        end = row->run.va + (row->count - 1) * row->stride + (row->run.size - 1);
        assert_true(row->count == 1 || row->count >= FOLD_MIN);
        for (unsigned k = 0; k < 20; k++)
            assert_place(builder, row, rng_below(rng, row->count), rng_below(rng, row->run.size));
    }
}

/* A shadow like KASAN's: every entry of every level leads to the same, down to one page. */
static void build_shadow(struct builder *builder)
{
    const struct paging *paging = builder->paging;
    uint64_t page = TABLES_PA + MIB(1), table = builder->root_pa;
    for (unsigned level = 0; level < paging->levels; level++) {
        uint64_t next = page + MIB(1) * level, entries = UINT64_C(1) << paging->level[level].bits;
        bool is_last = level + 1u == paging->levels;
        for (uint64_t i = 0; i < entries; i++)
            pages_put(builder->pages, table + 8 * i,
                      is_last ? entry_leaf(paging, level, page, KERNEL_RO)
                              : entry_table(paging, next));
        table = next;
    }
}

static void a_shadow_is_one_row(void **state)
{
    (void)state;
    const struct paging *paging;
    for (size_t mode = 0; (paging = arch_mode(mode)); mode++) {
        struct pages *pages = pages_create();
        struct builder builder = builder_of(pages, paging->name, ROOT_PA, TABLES_PA);
        struct rng rng = {mode + 1};
        uint64_t first = paging_half_first(paging, true), page = UINT64_C(1) << paging->page_shift;
        build_shadow(&builder);
        list(&builder, 0);
        assert_int_equal(folded.count, 1);
        assert_int_equal(folded.row[0].run.va, first);
        assert_int_equal(folded.row[0].stride, page);
        assert_int_equal(folded.row[0].count, (0 - first) / page);
        assert_int_equal(folded.tables, paging->levels);
        assert_rows(&builder, &rng);
        pages_destroy(pages);
    }
}

/*
 * x86's espfix: one page 32 times in a table of pages, that 512 times in one above, and that four
 * times; something else stands before it and after it.
 */
static void espfix_is_one_row(void **state)
{
    (void)state;
    struct pages *pages = pages_create();
    struct builder builder = builder_of(pages, "x86_64-48", ROOT_PA, TABLES_PA);
    const struct paging *paging = builder.paging;
    uint64_t va = UINT64_C(0xffffff2400000000), page = TABLES_PA + MIB(1);
    builder_leaf(&builder, va - 4096, 0x7000, 3, KERNEL_RW);
    builder_leaf(&builder, va + 4 * GIB(1), 0x7000, 3, KERNEL_RW);
    for (uint64_t i = 0; i < 512; i++) {
        if (i % 16 == 6)
            pages_put(pages, page + 8 * i, entry_leaf(paging, 3, 0x5000, KERNEL_RO));
        pages_put(pages, page + MIB(1) + 8 * i, entry_table(paging, page));
    }
    for (uint64_t i = 0; i < 4; i++)
        pages_put(pages, builder_entry_pa(&builder, va + i * GIB(1), 1),
                  entry_table(paging, page + MIB(1)));
    list(&builder, 0);
    assert_int_equal(folded.count, 3);
    assert_int_equal(folded.row[1].run.va, va + 0x6000);
    assert_int_equal(folded.row[1].run.size, 0x1000);
    assert_int_equal(folded.row[1].count, 65536);
    assert_int_equal(folded.row[1].stride, 0x10000);
    assert_int_equal(bytes_of_rows(), bytes_of_paths(&builder, 0));
    struct rng rng = {3};
    assert_rows(&builder, &rng);
    pages_destroy(pages);
}

/*
 * Random tables, a few a level, each entry leading to any of the next level with any access: rows
 * and paths map the same, also where runs of one size only are wanted.
 */
static void rows_map_what_paths_map(void **state)
{
    (void)state;
    static const char *const modes[] = {"riscv64-sv39", "arm64-16k-36", "x86_64-48"};
    for (unsigned round = 0; round < 60; round++) {
        struct rng rng = {round + 1};
        struct pages *pages = pages_create();
        struct builder builder = builder_of(pages, modes[round % 3], ROOT_PA, TABLES_PA);
        const struct paging *paging = builder.paging;
        uint64_t tables = 1 + rng_below(&rng, 3);
        for (unsigned level = 0; level < paging->levels; level++)
            for (uint64_t table = 0; table < (level ? tables : 1); table++)
                for (unsigned k = 0; k < (level ? 10 : 6); k++) {
                    uint64_t pa = level ? TABLES_PA + MIB(1) * (level * 4 + table) : ROOT_PA;
                    uint64_t first = paging_half_first(paging, true);
                    /* Neighbours, so that runs cross the tables' ends. */
                    uint64_t index = paging_index(paging, level, first) + rng_below(&rng, 6);
                    if (level && rng_below(&rng, 2))
                        index = (1u << paging->level[level].bits) - 1 - rng_below(&rng, 4);
                    uint64_t below =
                        TABLES_PA + MIB(1) * ((level + 1) * 4 + rng_below(&rng, tables));
                    uint64_t leaf = rng_below(&rng, 4) << paging->page_shift;
                    pages_put(pages, pa + 8 * index,
                              level + 1u < paging->levels
                                  ? entry_table(paging, below)
                                  : entry_leaf(paging, level, leaf,
                                               rng_below(&rng, 2) ? KERNEL_RW : KERNEL_RO));
                }
        for (uint64_t wanted = 0; wanted < 3; wanted++) {
            uint64_t size = wanted << paging->page_shift;
            list(&builder, size);
            /* A run that goes on in a table that is listed only once has its size there. */
            if (!wanted)
                assert_int_equal(bytes_of_rows(), bytes_of_paths(&builder, size));
            assert_rows(&builder, &rng);
        }
        pages_destroy(pages);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shadow_is_one_row),
        cmocka_unit_test(espfix_is_one_row),
        cmocka_unit_test(rows_map_what_paths_map),
    };
    return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
