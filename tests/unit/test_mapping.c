/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lister against a walk of every single page; merging, limits, loops, lost tables, pauses,
 * and tables that were made to hurt it.
 */
#include "arch/arch.h"
#include "paging/mapping.h"
#include "tests/unit/support.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLES_PA UINT64_C(0x40000000)
#define ROOT_PA   UINT64_C(0x3fff0000)
#define RUNS      20000

struct runs {
    struct mapping run[RUNS];
    size_t count;
};
static struct runs listed, expected;

/* --- brute force --- */

static bool same_kind(const struct paging *paging, const struct mapping *a, const struct mapping *b)
{
    uint64_t address = entry_address_bits(paging, a->level);
    return a->level == b->level && a->page_size == b->page_size &&
           a->access.kernel == b->access.kernel && a->access.user == b->access.user &&
           ((a->entry ^ b->entry) & ~address) == 0;
}

static void add_page(struct runs *runs, const struct paging *paging, const struct walk *walk,
                     uint64_t page)
{
    const struct walk_step *leaf = &walk->step[walk->steps - 1];
    struct mapping one = {.va = walk->va,
                          .pa = walk->pa,
                          .size = page,
                          .page_size = walk->page_size,
                          .entry = leaf->entry,
                          .access = walk->access,
                          .level = leaf->level};
    struct mapping *last = runs->count ? &runs->run[runs->count - 1] : NULL;
    if (last && last->va + last->size == one.va && last->pa + last->size == one.pa &&
        same_kind(paging, last, &one)) {
        last->size += page;
        return;
    }
    assert_true(runs->count < RUNS);
    runs->run[runs->count++] = one;
}

/* Every page of the range, by walk(); what comes by a loop is not listed. */
static void brute(struct runs *runs, const struct builder *builder, uint64_t first, uint64_t last)
{
    const struct paging *paging = builder->paging;
    struct table_source source = pages_source(builder->pages);
    struct roots roots = {builder->root_pa, builder->root_pa};
    uint64_t page = UINT64_C(1) << paging->page_shift;
    runs->count = 0;
    for (uint64_t va = first;; va += page) {
        struct walk result;
        walk(&result, paging, &source, &roots, va);
        if (result.end == WALK_MAPPED && !result.loop)
            add_page(runs, paging, &result, page);
        if (last - va < page)
            return;
    }
}

/* What of the run lies in the range; runs are whole leaves, ranges need not be. */
static struct mapping clipped(const struct mapping *run, uint64_t first, uint64_t last)
{
    struct mapping clip = *run;
    if (clip.va < first) {
        clip.pa += first - clip.va;
        clip.size -= first - clip.va;
        clip.va = first;
    }
    if (clip.va + (clip.size - 1) > last)
        clip.size = last - clip.va + 1;
    return clip;
}

typedef void (*between)(void *context);

static void list(struct runs *runs, const struct builder *builder, uint64_t first, uint64_t last,
                 unsigned budget, between call)
{
    struct mapping_iterator listing;
    struct mapping run;
    struct table_source source = pages_source(builder->pages);
    runs->count = 0;
    mapping_open(&listing, builder->paging, &source, builder->root_pa, first, last);
    for (;;) {
        unsigned left = budget;
        enum mapping_result result = mapping_next(&listing, &run, budget ? &left : NULL);
        if (call)
            call(builder->pages);
        if (result == MAPPING_END)
            return;
        if (result == MAPPING_PAUSE)
            continue;
        assert_true(runs->count < RUNS);
        runs->run[runs->count++] = clipped(&run, first, last);
    }
}

static void assert_same(const struct paging *paging, const struct runs *a, const struct runs *b)
{
    for (size_t i = 0; i < a->count || i < b->count; i++) {
        const struct mapping *x = i < a->count ? &a->run[i] : NULL;
        const struct mapping *y = i < b->count ? &b->run[i] : NULL;
        if (!x || !y || x->va != y->va || x->pa != y->pa || x->size != y->size ||
            !same_kind(paging, x, y))
            fail_msg("%s run %zu: %" PRIx64 "+%" PRIx64 " to %" PRIx64 ", expected %" PRIx64
                     "+%" PRIx64 " to %" PRIx64,
                     paging->name, i, x ? x->va : 0, x ? x->size : 0, x ? x->pa : 0, y ? y->va : 0,
                     y ? y->size : 0, y ? y->pa : 0);
    }
}

/* --- random tables --- */

/* A place where the tables say something: of some tries, the one of the most steps. */
static uint64_t busy_va(struct rng *rng, const struct builder *builder, bool kernel)
{
    const struct paging *paging = builder->paging;
    struct table_source source = pages_source(builder->pages);
    struct roots roots = {builder->root_pa, builder->root_pa};
    uint64_t low = paging_half_first(paging, kernel), high = paging_half_last(paging, kernel);
    uint64_t best = low;
    unsigned most = 0;
    for (unsigned i = 0; i < 40; i++) {
        struct walk result;
        uint64_t va = low + rng_below(rng, high - low);
        walk(&result, paging, &source, &roots, va);
        unsigned priority = result.steps + (result.end == WALK_MAPPED && !result.loop);
        if (priority > most) {
            most = priority;
            best = va;
        }
    }
    return best;
}

/* A range of up to 3,000 pages there, that begins near an edge of some level's span. */
static void random_range(struct rng *rng, const struct builder *builder, uint64_t *first,
                         uint64_t *last)
{
    const struct paging *paging = builder->paging;
    bool kernel = rng_below(rng, 2);
    uint64_t low = paging_half_first(paging, kernel), high = paging_half_last(paging, kernel);
    uint64_t page = UINT64_C(1) << paging->page_shift;
    uint64_t at = busy_va(rng, builder, kernel);
    at &= ~((UINT64_C(1) << paging->level[paging->levels - 1 - rng_below(rng, 2)].shift) - 1);
    at = at < low ? low : at;
    at -= rng_below(rng, 2) && at - low >= 32 * page ? rng_below(rng, 32) * page : 0;
    uint64_t length = (1 + rng_below(rng, 3000)) * page;
    *first = at;
    *last = high - at < length ? high : at + length - 1;
}

static void listing_equals_every_walk(void **state)
{
    (void)state;
    size_t seen = 0;
    const struct paging *paging;
    for (size_t mode = 0; (paging = arch_mode(mode)); mode++)
        for (unsigned round = 0; round < 3; round++) {
            struct rng rng = {round * 1000 + mode};
            struct pages *pages = pages_create();
            struct builder builder = builder_of(pages, paging->name, ROOT_PA, TABLES_PA);
            random_tables(&rng, &builder, 4);
            for (unsigned i = 0; i < 24; i++) {
                uint64_t first, last;
                random_range(&rng, &builder, &first, &last);
                brute(&expected, &builder, first, last);
                list(&listed, &builder, first, last, 0, NULL);
                assert_same(paging, &listed, &expected);
                list(&listed, &builder, first, last, 1, NULL);
                assert_same(paging, &listed, &expected);
                list(&listed, &builder, first, last, 3, NULL);
                assert_same(paging, &listed, &expected);
                seen += expected.count;
            }
            pages_destroy(pages);
        }
    assert_true(seen > 10000); /* there was something to compare */
}

/* The source hands another reader the buffer: between two calls its content is another's. */
static void spoil(void *context)
{
    struct table_source source = pages_source(context);
    table_read(&source, ROOT_PA, 64, NULL);
}

static void another_reader_between_calls_does_no_harm(void **state)
{
    (void)state;
    struct pages *pages = pages_create();
    struct builder builder = builder_of(pages, "arm64-4k-48", ROOT_PA, TABLES_PA);
    uint64_t first = UINT64_C(0xffff000000000000);
    for (uint64_t i = 0; i < 64; i++)
        builder_leaf(&builder, first + i * 0x2000, 0x80000000 + i * 0x5000, 3, KERNEL_RW);
    builder_leaf(&builder, first + 0x40000000, 0x90000000, 2, KERNEL_RW);
    list(&expected, &builder, first, first + GIB(2), 0, NULL);
    assert_int_equal(expected.count, 65);
    list(&listed, &builder, first, first + GIB(2), 0, spoil);
    assert_same(builder.paging, &listed, &expected);
    list(&listed, &builder, first, first + GIB(2), 1, spoil);
    assert_same(builder.paging, &listed, &expected);
    pages_destroy(pages);
}

/* --- merging --- */

static struct pages *with_pages(struct builder *builder, const char *mode)
{
    struct pages *pages = pages_create();
    *builder = builder_of(pages, mode, ROOT_PA, TABLES_PA);
    return pages;
}

static void list_all(const struct builder *builder)
{
    list(&listed, builder, paging_half_first(builder->paging, true), UINT64_MAX, 0, NULL);
}

static void assert_run(size_t i, uint64_t va, uint64_t pa, uint64_t size, uint64_t page_size)
{
    assert_true(i < listed.count);
    assert_int_equal(listed.run[i].va, va);
    assert_int_equal(listed.run[i].pa, pa);
    assert_int_equal(listed.run[i].size, size);
    assert_int_equal(listed.run[i].page_size, page_size);
}

static void neighbours_merge_across_tables(void **state)
{
    (void)state;
    struct builder builder;
    struct pages *pages = with_pages(&builder, "x86_64-48");
    uint64_t va = UINT64_C(0xffff888000000000);
    builder_map(&builder, va + MIB(1), MIB(1), MIB(8), 3, KERNEL_RW);
    list_all(&builder);
    assert_int_equal(listed.count, 1);
    assert_run(0, va + MIB(1), MIB(1), MIB(8), 4096);
    pages_destroy(pages);
}

static void what_differs_is_not_merged(void **state)
{
    (void)state;
    struct builder builder;
    struct pages *pages = with_pages(&builder, "arm64-4k-48");
    uint64_t va = UINT64_C(0xffff000000000000);
    builder_map(&builder, va, 0x80000000, MIB(2), 3, KERNEL_RW);
    builder_map(&builder, va + MIB(2), 0x80200000, MIB(2), 2, KERNEL_RW);          /* page size */
    builder_map(&builder, va + MIB(4), 0x80400000, MIB(2), 2, KERNEL_RX);          /* permission */
    builder_map(&builder, va + MIB(6), 0x80700000 + MIB(1), MIB(2), 2, KERNEL_RX); /* place */
    builder_map(&builder, va + MIB(10), 0x80c00000, MIB(2), 2, KERNEL_RX);         /* a gap */
    uint64_t entry_pa = builder_entry_pa(&builder, va + MIB(12), 2); /* software bit */
    pages_put(pages, entry_pa,
              entry_leaf(builder.paging, 2, 0x80e00000, KERNEL_RX) | UINT64_C(1) << 55);
    list_all(&builder);
    assert_int_equal(listed.count, 6);
    assert_run(0, va, 0x80000000, MIB(2), 4096);
    assert_run(1, va + MIB(2), 0x80200000, MIB(2), MIB(2));
    assert_run(2, va + MIB(4), 0x80400000, MIB(2), MIB(2));
    assert_run(3, va + MIB(6), 0x80800000, MIB(2), MIB(2));
    assert_run(4, va + MIB(10), 0x80c00000, MIB(2), MIB(2));
    assert_run(5, va + MIB(12), 0x80e00000, MIB(2), MIB(2));
    pages_destroy(pages);
}

/* Equal leaves under tables that allow different things are different mappings. */
static void effective_permission_divides(void **state)
{
    (void)state;
    struct builder builder;
    struct pages *pages = with_pages(&builder, "arm64-4k-48");
    uint64_t va = UINT64_C(0xffff000000000000);
    builder_map(&builder, va, 0x80000000, MIB(4), 3, KERNEL_RW);
    uint64_t second = builder_entry_pa(&builder, va + MIB(2), 2);
    pages_put(pages, second, pages_get(pages, second) | UINT64_C(1) << 62); /* APTable: RO */
    list_all(&builder);
    assert_int_equal(listed.count, 2);
    assert_int_equal(listed.run[0].access.kernel, ACCESS_R | ACCESS_W);
    assert_int_equal(listed.run[1].access.kernel, ACCESS_R);
    pages_destroy(pages);
}

/* Physical addresses that pass 2^48 are contiguous all the same (LPA, LPA2). */
static void runs_pass_the_48th_bit(void **state)
{
    (void)state;
    static const char *const modes[] = {"arm64-64k-52", "arm64-4k-52", "arm64-16k-52"};
    for (size_t i = 0; i < 3; i++) {
        struct builder builder;
        struct pages *pages = with_pages(&builder, modes[i]);
        unsigned last = builder.paging->levels - 1u;
        uint64_t va = UINT64_C(0xfff0000000000000);
        for (unsigned bit = 48; bit <= 50; bit += 2) {
            uint64_t pa = (UINT64_C(1) << bit) - 0x40000;
            builder_map(&builder, va + (bit - 48) * MIB(64), pa, 0x80000, last, KERNEL_RW);
        }
        list_all(&builder);
        assert_int_equal(listed.count, 2);
        assert_int_equal(listed.run[0].size, 0x80000);
        assert_int_equal(listed.run[1].size, 0x80000);
        pages_destroy(pages);
    }
}

/* The address field running over must not be taken for the next page. */
static void address_overflow_ends_a_run(void **state)
{
    (void)state;
    struct builder builder;
    struct pages *pages = with_pages(&builder, "x86_64-48");
    uint64_t va = UINT64_C(0xffff888000000000);
    uint64_t top = UINT64_C(0x000fffffffffe063);
    uint64_t entry_pa = builder_entry_pa(&builder, va, 3);
    for (uint64_t i = 0; i < 4; i++)
        pages_put(pages, entry_pa + 8 * i, top + 0x1000 * i); /* the third sets bit 52 */
    list_all(&builder);
    assert_int_equal(listed.count, 2);
    assert_run(0, va, UINT64_C(0x000fffffffffe000), 0x2000, 4096);
    assert_run(1, va + 0x2000, 0, 0x2000, 4096);
    pages_destroy(pages);

    pages = with_pages(&builder, "x86_64-48"); /* the same with PAT in a large page */
    entry_pa = builder_entry_pa(&builder, va, 2);
    pages_put(pages, entry_pa, UINT64_C(0x000fffffffe010e3));
    pages_put(pages, entry_pa + 8, UINT64_C(0x00100000000010e3));
    list_all(&builder);
    assert_int_equal(listed.count, 2);
    pages_destroy(pages);
}

static void napot_groups_are_one_leaf(void **state)
{
    (void)state;
    static const char *const modes[] = {"riscv64-sv39", "riscv64-sv48", "riscv64-sv57"};
    for (size_t mode = 0; mode < sizeof modes / sizeof *modes; mode++) {
        struct builder builder;
        struct pages *pages = with_pages(&builder, modes[mode]);
        unsigned last = builder.paging->levels - 1u;
        uint64_t va = UINT64_C(0xffffffd000000000);
        for (uint64_t i = 0; i < 32; i++) /* two groups, contiguous */
            pages_put(pages, builder_entry_pa(&builder, va + i * 4096, last),
                      UINT64_C(1) << 63 | (0x80008 + i / 16 * 16) << 10 | 0xe7);
        builder_map(&builder, va + 0x20000, 0x80020000, 0x4000, last, KERNEL_RW);
        list_all(&builder);
        assert_int_equal(listed.count, 2);
        assert_run(0, va, 0x80000000, 0x20000, 0x10000);
        assert_run(1, va + 0x20000, 0x80020000, 0x4000, 4096);
        pages_destroy(pages);
    }
}

/* Only one entry of a group says NAPOT: whatever is listed stays in order, without overlap. */
static void half_a_napot_group_keeps_the_order(void **state)
{
    (void)state;
    struct builder builder;
    struct pages *pages = with_pages(&builder, "riscv64-sv39");
    uint64_t va = UINT64_C(0xffffffd000000000);
    builder_map(&builder, va, 0x80000000, 0x5000, 2, KERNEL_RW);
    pages_put(pages, builder_entry_pa(&builder, va + 0x5000, 2),
              UINT64_C(1) << 63 | UINT64_C(0x90008) << 10 | 0xe7);
    builder_map(&builder, va + 0x6000, 0xa0000000, 0x2000, 2, KERNEL_RW);
    list_all(&builder);
    for (size_t i = 1; i < listed.count; i++)
        assert_true(listed.run[i - 1].va + listed.run[i - 1].size <= listed.run[i].va);
    brute(&expected, &builder, va + 0x6000, va + 0x7fff);
    list(&listed, &builder, va + 0x6000, va + 0x7fff, 0, NULL);
    assert_same(builder.paging, &listed, &expected);
    pages_destroy(pages);
}

/* --- limits, loops, lost --- */

static void limits_are_kept(void **state)
{
    (void)state;
    struct builder builder;
    struct pages *pages = with_pages(&builder, "arm64-4k-48");
    uint64_t va = UINT64_C(0xffff000000000000);
    builder_map(&builder, va, 0x80000000, MIB(4), 3, KERNEL_RW);
    builder_leaf(&builder, UINT64_MAX - 4095, 0x90000000, 3, KERNEL_RW);
    list(&listed, &builder, va + 0x5000, va + 0x5fff, 0, NULL);
    assert_int_equal(listed.count, 1);
    assert_run(0, va + 0x5000, 0x80005000, 0x1000, 4096);
    list(&listed, &builder, va + MIB(2) - 0x1000, va + MIB(2) + 0xfff, 0, NULL);
    assert_int_equal(listed.count, 1);
    assert_run(0, va + MIB(2) - 0x1000, 0x801ff000, 0x2000, 4096);
    list(&listed, &builder, va + MIB(4), UINT64_MAX - 4096, 0, NULL);
    assert_int_equal(listed.count, 0);
    list(&listed, &builder, UINT64_MAX, UINT64_MAX, 0, NULL);
    assert_int_equal(listed.count, 1);
    list(&listed, &builder, va + 2, va + 1, 0, NULL); /* the ends swapped: nothing */
    assert_int_equal(listed.count, 0);
    list_all(&builder);
    assert_int_equal(listed.count, 2);
    pages_destroy(pages);
}

static void loops_and_lost_tables_are_counted(void **state)
{
    (void)state;
    struct builder builder;
    struct pages *pages = with_pages(&builder, "x86_64-48");
    uint64_t va = UINT64_C(0xffff888000000000);
    builder_leaf(&builder, va, 0x80000000, 3, KERNEL_RW);
    pages_put(pages, ROOT_PA + 8 * 300, entry_table(builder.paging, ROOT_PA));
    pages_put(pages, ROOT_PA + 8 * 301, entry_table(builder.paging, UINT64_C(0x7f0000000000)));
    pages_put(pages, ROOT_PA + 8 * 302, UINT64_C(0x83)); /* PS: reserved */
    struct mapping_iterator listing;
    struct mapping run;
    struct table_source source = pages_source(pages);
    mapping_open(&listing, builder.paging, &source, ROOT_PA,
                 paging_half_first(builder.paging, true), UINT64_MAX);
    assert_int_equal(mapping_next(&listing, &run, NULL), MAPPING_FOUND);
    assert_int_equal(mapping_next(&listing, &run, NULL), MAPPING_END);
    assert_int_equal(mapping_next(&listing, &run, NULL), MAPPING_END);
    assert_int_equal(listing.loops, 1);
    assert_int_equal(listing.lost, 1);
    mapping_open(&listing, builder.paging, &source, UINT64_C(0x123000), va, UINT64_MAX);
    assert_int_equal(mapping_next(&listing, &run, NULL), MAPPING_END);
    assert_int_equal(listing.lost, 1);
    mapping_open(&listing, builder.paging, &source, NO_ROOT, va, UINT64_MAX);
    assert_int_equal(mapping_next(&listing, &run, NULL), MAPPING_END);
    pages_destroy(pages);
}

/* Every entry of a level leads to the same next table: 262,144 ways to the last one, of one leaf.
 */
static struct pages *with_dag(struct builder *builder)
{
    struct pages *pages = with_pages(builder, "riscv64-sv39");
    for (uint64_t i = 0; i < 512; i++) {
        pages_put(pages, ROOT_PA + 8 * i, entry_table(builder->paging, TABLES_PA));
        pages_put(pages, TABLES_PA + 8 * i, entry_table(builder->paging, TABLES_PA + 4096));
    }
    pages_put(pages, TABLES_PA + 4096 + 8 * 7, entry_leaf(builder->paging, 2, 0x5000, KERNEL_RW));
    return pages;
}

static void a_dag_of_tables_ends(void **state)
{
    (void)state;
    struct builder builder;
    struct pages *pages = with_dag(&builder);
    struct mapping_iterator listing;
    struct mapping run;
    struct table_source source = pages_source(pages);
    uint64_t runs = 0, last_va = 0;
    unsigned budget = 1000;
    enum mapping_result result;
    mapping_open(&listing, builder.paging, &source, ROOT_PA,
                 paging_half_first(builder.paging, true),
                 paging_half_first(builder.paging, true) + GIB(8) - 1);
    while ((result = mapping_next(&listing, &run, &budget)) != MAPPING_END) {
        budget = budget ? budget : 1000;
        if (result == MAPPING_PAUSE)
            continue;
        assert_true(run.va > last_va);
        assert_int_equal(run.pa, 0x5000);
        last_va = run.va;
        runs++;
    }
    assert_int_equal(runs, 8 * 512);
    pages_destroy(pages);
}

struct entered {
    uint64_t pa[3];
    unsigned level[3], count;
};

static bool enter_once(void *context, const struct mapping_frame *frame, unsigned level)
{
    struct entered *entered = context;
    for (unsigned i = 0; i < entered->count; i++)
        if (entered->pa[i] == frame->table_pa)
            return false;
    assert_true(entered->count < 3);
    entered->pa[entered->count] = frame->table_pa;
    entered->level[entered->count++] = level;
    return true;
}

/* What is not to be entered is passed over, and is not lost. */
static void tables_are_passed_over(void **state)
{
    (void)state;
    struct builder builder;
    struct pages *pages = with_dag(&builder);
    struct entered entered = {.count = 0};
    struct mapping_iterator listing;
    struct mapping run;
    struct table_source source = pages_source(pages);
    uint64_t first = paging_half_first(builder.paging, true);
    mapping_open(&listing, builder.paging, &source, ROOT_PA, first, UINT64_MAX);
    listing.may_enter = enter_once;
    listing.context = &entered;
    assert_int_equal(mapping_next(&listing, &run, NULL), MAPPING_FOUND);
    assert_int_equal(run.va, first + 7 * 4096);
    assert_int_equal(mapping_next(&listing, &run, NULL), MAPPING_END);
    assert_int_equal(entered.count, 3);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(entered.level[i], i);
    assert_int_equal(listing.lost, 0);
    assert_true(listing.bad_va == UINT64_MAX);
    pages_destroy(pages);
}

/* A pause comes after so many tables, whatever the tables say. */
static void budgets_bound_a_step(void **state)
{
    (void)state;
    struct builder builder;
    struct pages *pages = with_pages(&builder, "x86_64-57");
    for (uint64_t i = 0; i < 512; i++)
        for (uint64_t level = 0; level < 4; level++)
            pages_put(pages, (level ? TABLES_PA + (level - 1) * 4096 : ROOT_PA) + 8 * i,
                      entry_table(builder.paging, TABLES_PA + level * 4096));
    pages_make(pages, TABLES_PA + 3 * 4096);
    struct mapping_iterator listing;
    struct mapping run;
    struct table_source source = pages_source(pages);
    mapping_open(&listing, builder.paging, &source, ROOT_PA, 0, UINT64_C(0x00ffffffffffffff));
    for (unsigned i = 0; i < 100; i++) {
        unsigned budget = 50;
        uint64_t before = listing.tables;
        assert_int_equal(mapping_next(&listing, &run, &budget), MAPPING_PAUSE);
        assert_int_equal(listing.tables - before, 50);
    }
    pages_destroy(pages);
}

/* All ones, and noise: it ends, in order, and agrees with the walks. */
static void noise_is_listed_like_it_walks(void **state)
{
    (void)state;
    const struct paging *paging;
    for (size_t mode = 0; (paging = arch_mode(mode)); mode++)
        for (unsigned kind = 0; kind < 2; kind++) {
            struct rng rng = {7 + kind};
            struct pages *pages = pages_create();
            struct builder builder = builder_of(pages, paging->name, ROOT_PA, TABLES_PA);
            uint64_t size = UINT64_C(8) << paging->level[0].bits;
            for (uint64_t at = 0; at < size; at += 8)
                pages_put(pages, ROOT_PA + at, kind ? rng_next(&rng) : UINT64_MAX);
            uint64_t first = paging_half_first(paging, true);
            uint64_t last = first + 2000 * (UINT64_C(1) << paging->page_shift) - 1;
            brute(&expected, &builder, first, last);
            list(&listed, &builder, first, last, 0, NULL);
            assert_same(paging, &listed, &expected);
            list(&listed, &builder, first, UINT64_MAX, 16, NULL);
            for (size_t i = 1; i < listed.count; i++)
                assert_true(listed.run[i].va > listed.run[i - 1].va);
            pages_destroy(pages);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listing_equals_every_walk),
        cmocka_unit_test(another_reader_between_calls_does_no_harm),
        cmocka_unit_test(tables_are_passed_over),
        cmocka_unit_test(neighbours_merge_across_tables),
        cmocka_unit_test(what_differs_is_not_merged),
        cmocka_unit_test(effective_permission_divides),
        cmocka_unit_test(runs_pass_the_48th_bit),
        cmocka_unit_test(address_overflow_ends_a_run),
        cmocka_unit_test(napot_groups_are_one_leaf),
        cmocka_unit_test(half_a_napot_group_keeps_the_order),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(loops_and_lost_tables_are_counted),
        cmocka_unit_test(a_dag_of_tables_ends),
        cmocka_unit_test(budgets_bound_a_step),
        cmocka_unit_test(noise_is_listed_like_it_walks),
    };
    return cmocka_run_group_tests_name("listing", tests, NULL, NULL);
}
