/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reverse index against a scan of the listing, and its order, its bounds, its cut. */
#include "arch/arch.h"
#include "memory/reverse.h"
#include "tests/unit/support.h"

#include <stdlib.h>
#include <string.h>

#define ROOT_PA   UINT64_C(0x3fff0000)
#define USER_PA   UINT64_C(0x3ffe0000)
#define TABLES_PA UINT64_C(0x40000000)
#define RUNS      65536
#define ALIASES   512

static struct mapping runs[RUNS];
static bool run_is_user[RUNS];
static size_t run_count;

static void list_half(const struct paging *paging, struct pages *pages, uint64_t root_pa,
                      bool kernel)
{
    struct mapping_iterator listing;
    struct mapping run;
    struct table_source source = pages_source(pages);
    mapping_open(&listing, paging, &source, root_pa, paging_half_first(paging, kernel),
                 paging_half_last(paging, kernel));
    while (mapping_next(&listing, &run, NULL) == MAPPING_FOUND) {
        assert_true(run_count < RUNS);
        run_is_user[run_count] = !kernel;
        runs[run_count++] = run;
    }
}

static int by_order(const void *a, const void *b)
{
    const struct alias *x = a, *y = b;
    if (x->user != y->user)
        return x->user ? 1 : -1;
    return x->va < y->va ? -1 : x->va > y->va;
}

static size_t brute(uint64_t pa, struct alias alias[ALIASES])
{
    size_t count = 0;
    for (size_t i = 0; i < run_count; i++) {
        uint64_t inside = pa - runs[i].pa;
        if (pa < runs[i].pa || inside >= runs[i].size)
            continue;
        assert_true(count < ALIASES);
        alias[count++] = (struct alias){runs[i].va + inside, runs[i].size - inside, runs[i].access,
                                        run_is_user[i]};
    }
    qsort(alias, count, sizeof *alias, by_order);
    return count;
}

static void assert_find(const struct reverse *reverse, uint64_t pa, size_t capacity)
{
    struct alias got[ALIASES], wanted[ALIASES];
    memset(got, 0x5a, sizeof got);
    size_t expected = brute(pa, wanted);
    assert_int_equal(reverse_find(reverse, pa, got, capacity), expected);
    for (size_t i = 0; i < expected && i < capacity && i < REVERSE_ALIASES; i++) {
        assert_int_equal(got[i].va, wanted[i].va);
        assert_int_equal(got[i].left, wanted[i].left);
        assert_int_equal(got[i].user, wanted[i].user);
        assert_int_equal(got[i].access.kernel, wanted[i].access.kernel);
        assert_int_equal(got[i].access.user, wanted[i].access.user);
    }
    struct alias untouched;
    memset(&untouched, 0x5a, sizeof untouched);
    if (capacity < ALIASES)
        assert_memory_equal(&got[capacity], &untouched, sizeof untouched);
}

static struct reverse *index_of(const struct paging *paging, struct pages *pages,
                                const struct roots *roots, unsigned step)
{
    struct reverse *reverse = reverse_create();
    struct table_source source = pages_source(pages);
    assert_non_null(reverse);
    reverse_start(reverse, paging, &source, roots);
    while (!reverse_step(reverse, step))
        assert_false(reverse_is_ready(reverse));
    assert_true(reverse_is_ready(reverse));
    return reverse;
}

static void index_equals_a_scan(void **state)
{
    (void)state;
    static const char *const modes[] = {"arm64-4k-39", "x86_64-48", "riscv64-sv39", "arm64-16k-36",
                                        "arm64-64k-42"};
    for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
        struct rng rng = {m};
        struct pages *pages = pages_create();
        struct builder kernel = builder_of(pages, modes[m], ROOT_PA, TABLES_PA);
        struct builder user = builder_of(pages, modes[m], USER_PA, TABLES_PA + GIB(1));
        for (unsigned i = 0; i < 400; i++) { /* few places, so that they overlap */
            struct builder *builder = rng_below(&rng, 2) ? &kernel : &user;
            unsigned last = kernel.paging->levels - 1u;
            uint64_t page = UINT64_C(1) << kernel.paging->page_shift;
            uint64_t va =
                paging_half_first(kernel.paging, builder == &kernel) + rng_below(&rng, 4000) * page;
            builder_map(builder, va, rng_below(&rng, 64) * page, (1 + rng_below(&rng, 16)) * page,
                        last, KERNEL_RW);
        }
        struct roots roots = {ROOT_PA, USER_PA};
        run_count = 0;
        list_half(kernel.paging, pages, ROOT_PA, true);
        list_half(kernel.paging, pages, USER_PA, false);
        struct reverse *reverse = index_of(kernel.paging, pages, &roots, 1 + (unsigned)m);
        assert_int_equal(reverse_runs(reverse), run_count);
        assert_false(reverse_is_cut(reverse));
        for (unsigned i = 0; i < 300; i++) {
            uint64_t pa = rng_below(&rng, UINT64_C(90) << kernel.paging->page_shift);
            assert_find(reverse, pa, i % 5 == 0 ? rng_below(&rng, 4) : ALIASES);
        }
        for (size_t i = 0; i < run_count; i++) {
            assert_find(reverse, runs[i].pa, ALIASES);
            assert_find(reverse, runs[i].pa + (runs[i].size - 1), ALIASES);
        }
        assert_find(reverse, UINT64_MAX, ALIASES);
        assert_find(reverse, 0, 1);
        reverse_drop(reverse);
        pages_destroy(pages);
    }
}

/* One root for both halves: the lower half is the user's, also where it lies under the kernel's
 * root. */
static void one_root_serves_both_halves(void **state)
{
    (void)state;
    struct pages *pages = pages_create();
    struct builder builder = builder_of(pages, "x86_64-48", ROOT_PA, TABLES_PA);
    builder_leaf(&builder, 0x400000, 0x5000, 3, USER_RX);
    builder_leaf(&builder, UINT64_C(0xffff888000005000), 0x5000, 3, KERNEL_RW);
    struct roots roots = {ROOT_PA, NO_ROOT};
    struct alias alias[4];
    struct reverse *reverse = index_of(builder.paging, pages, &roots, 64);
    assert_int_equal(reverse_find(reverse, 0x5008, alias, 4), 2);
    assert_int_equal(alias[0].va, UINT64_C(0xffff888000005008));
    assert_false(alias[0].user);
    assert_int_equal(alias[1].va, 0x400008);
    assert_true(alias[1].user);
    assert_int_equal(alias[1].left, 0xff8);
    assert_int_equal(reverse_find(reverse, 0x6000, alias, 4), 0);
    assert_int_equal(reverse_find(reverse, 0x4fff, alias, 4), 0);
    reverse_drop(reverse);
    pages_destroy(pages);
}

static void nothing_known_is_ready_or_not_started(void **state)
{
    (void)state;
    struct reverse *reverse = reverse_create();
    struct roots roots = {NO_ROOT, NO_ROOT};
    struct pages *pages = pages_create();
    struct table_source source = pages_source(pages);
    struct alias alias;
    assert_true(reverse_step(reverse, 10));
    assert_int_equal(reverse_find(reverse, 0, &alias, 1), 0);
    reverse_start(reverse, NULL, &source, &roots);
    assert_true(reverse_step(reverse, 10));
    assert_false(reverse_is_ready(reverse));
    reverse_start(reverse, arch_mode_named("arm64-4k-48"), &source, &roots);
    assert_true(reverse_step(reverse, 10));
    assert_int_equal(reverse_find(reverse, 0, &alias, 1), 0);
    reverse_drop(reverse);
    reverse_drop(NULL);
    pages_destroy(pages);
}

/* A root that maps nothing makes an index of nothing, without a sort of no array. */
static void an_empty_root_is_indexed(void **state)
{
    (void)state;
    struct pages *pages = pages_create();
    struct builder builder = builder_of(pages, "x86_64-48", ROOT_PA, TABLES_PA);
    struct roots roots = {ROOT_PA, NO_ROOT};
    struct alias alias;
    struct reverse *reverse = index_of(builder.paging, pages, &roots, 8);
    assert_int_equal(reverse_runs(reverse), 0);
    assert_int_equal(reverse_find(reverse, 0, &alias, 1), 0);
    reverse_drop(reverse);
    pages_destroy(pages);
}

/* While one is built nothing is answered; started anew, the old runs are gone. */
static void starting_anew_forgets(void **state)
{
    (void)state;
    struct pages *pages = pages_create();
    struct builder builder = builder_of(pages, "arm64-4k-48", ROOT_PA, TABLES_PA);
    struct roots roots = {ROOT_PA, NO_ROOT}, none = {NO_ROOT, NO_ROOT};
    struct table_source source = pages_source(pages);
    struct alias alias;
    builder_leaf(&builder, UINT64_C(0xffff000000000000), 0x5000, 3, KERNEL_RW);
    struct reverse *reverse = index_of(builder.paging, pages, &roots, 1);
    assert_int_equal(reverse_find(reverse, 0x5000, &alias, 1), 1);
    reverse_start(reverse, builder.paging, &source, &roots);
    assert_int_equal(reverse_find(reverse, 0x5000, &alias, 1), 0);
    while (!reverse_step(reverse, 1))
        ;
    assert_int_equal(reverse_find(reverse, 0x5000, &alias, 1), 1);
    reverse_start(reverse, builder.paging, &source, &none);
    while (!reverse_step(reverse, 1))
        ;
    assert_int_equal(reverse_find(reverse, 0x5000, &alias, 1), 0);
    reverse_drop(reverse);
    pages_destroy(pages);
}

/* More runs than the bound: what is there is used, and the answer shows that something may be
 * missing. */
static void too_many_runs_are_cut(void **state)
{
    (void)state;
    struct pages *pages = pages_create();
    struct builder builder = builder_of(pages, "riscv64-sv39", ROOT_PA, TABLES_PA);
    /* Every page is the same, and nothing merges; each table hangs in one place, or it would be
     * a repeat. */
    uint64_t va = paging_half_first(builder.paging, true);
    for (uint64_t i = 0; i <= REVERSE_RUNS; i++)
        builder_leaf(&builder, va + i * 4096, 0x5000, 2, KERNEL_RW);
    struct roots roots = {ROOT_PA, NO_ROOT};
    struct reverse *reverse = index_of(builder.paging, pages, &roots, 256);
    struct alias alias[3];
    assert_true(reverse_is_cut(reverse));
    assert_int_equal(reverse_runs(reverse), REVERSE_RUNS);
    assert_int_equal(reverse_find(reverse, 0x5123, alias, 3), REVERSE_RUNS);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(alias[i].va, va + i * 4096 + 0x123);
    reverse_drop(reverse);
    pages_destroy(pages);
}

/* A million paths lead to one page, and no two neighbours to the same table. */
static void shared_tables_are_entered_once(void **state)
{
    (void)state;
    struct pages *pages = pages_create();
    struct builder builder = builder_of(pages, "riscv64-sv39", ROOT_PA, TABLES_PA);
    for (uint64_t i = 0; i < 512; i++)
        for (uint64_t table = 0; table < 2; table++) {
            uint64_t odd = i % 2 * 8192, middle = TABLES_PA + table * 8192;
            pages_put(pages, ROOT_PA + 8 * i, entry_table(builder.paging, TABLES_PA + odd));
            pages_put(pages, middle + 8 * i, entry_table(builder.paging, TABLES_PA + 4096 + odd));
            pages_put(pages, middle + 4096 + 8 * i,
                      entry_leaf(builder.paging, 2, 0x5000 + table * 0x8000, KERNEL_RW));
        }
    struct roots roots = {ROOT_PA, NO_ROOT};
    struct reverse *reverse = index_of(builder.paging, pages, &roots, 256);
    struct alias alias[1];
    assert_false(reverse_is_cut(reverse));
    assert_int_equal(reverse_runs(reverse), 2 * 2 * 512); /* of both halves */
    assert_int_equal(reverse_find(reverse, 0xd123, alias, 1), 2 * 512);
    assert_int_equal(alias[0].va, paging_half_first(builder.paging, true) + MIB(2) + 0x123);
    reverse_drop(reverse);
    pages_destroy(pages);
}

/* The bytes it says it holds: 4 MiB is the figure for a whole guest of 60,000 runs. */
static void bytes_are_told(void **state)
{
    (void)state;
    struct pages *pages = pages_create();
    struct builder builder = builder_of(pages, "arm64-4k-48", ROOT_PA, TABLES_PA);
    for (uint64_t i = 0; i < 3000; i++)
        builder_leaf(&builder, UINT64_C(0xffff000000000000) + i * 8192, i * 8192, 3, KERNEL_RW);
    struct roots roots = {ROOT_PA, NO_ROOT};
    struct reverse *reverse = index_of(builder.paging, pages, &roots, 256);
    assert_int_equal(reverse_runs(reverse), 3000);
    assert_in_range(reverse_bytes(reverse), 3000 * 32, 3000 * 128);
    reverse_drop(reverse);
    pages_destroy(pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(index_equals_a_scan),
        cmocka_unit_test(one_root_serves_both_halves),
        cmocka_unit_test(nothing_known_is_ready_or_not_started),
        cmocka_unit_test(an_empty_root_is_indexed),
        cmocka_unit_test(starting_anew_forgets),
        cmocka_unit_test(too_many_runs_are_cut),
        cmocka_unit_test(shared_tables_are_entered_once),
        cmocka_unit_test(bytes_are_told),
    };
    return cmocka_run_group_tests_name("reverse", tests, NULL, NULL);
}
