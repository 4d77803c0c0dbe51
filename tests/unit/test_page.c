/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Struct pages in a guest that the test makes, of 16 MiB: each kind, lies, and noise.  VMCOREINFO
 * alone says what a struct page is; test_page_guests.c has the real ones.
 */
#include "tests/unit/btf_builder.h"
#include "tests/unit/page_made.h"

#include <string.h>

/* Counts everything; the sum is the image's size whatever the struct pages say. */
static void made_census(struct pages *pages, struct census *census)
{
    uint64_t sum = 0;
    while (!pages_step(pages))
        ;
    *census = (struct census){0};
    while (!pages_census(pages, census, 100))
        ;
    for (int i = 0; i < PAGE_KINDS; i++)
        sum += census->pages[i];
    assert_int_equal(sum, MADE_PAGES);
}

static void test_made(void **state)
{
    struct made made;
    struct census census;
    (void)state;
    made_start(&made);
    put_struct(&made, 0x800, (uint64_t[]){0, 0, MADE_LINEAR + 0x101, 0, 0, 1});
    put_struct(&made, 0x810, (uint64_t[]){0, 0, MADE_LINEAR + 0x100, 0, 0, 2});
    put_struct(&made, 0x820, (uint64_t[]){1 << 9 | 1 << 16, 0, 0, 0, NEVER_MAPPED, 1});
    put_struct(&made, 0x821, (uint64_t[]){0, made_va(0x820) + 1, 0, 0, NEVER_MAPPED, 0});
    for (uint64_t i = 0; i < 256; i++)
        put_struct(&made, 0x900 + i, (uint64_t[]){0, 0, 0, i ? 0 : 8, i ? NEVER_MAPPED : BUDDY, 0});
    /* Two single pages on a list whose head is in the linear map; a third comes only after one. */
    uint64_t head = MADE_LINEAR + 0x500000, a = made_va(0xa00) + 8, b = made_va(0xa01) + 8;
    pages_put(made.memory, MADE_BASE + 0x500000, a);
    pages_put(made.memory, MADE_BASE + 0x500008, b);
    put_struct(&made, 0xa00, (uint64_t[]){0, b, 0, 0, NEVER_MAPPED, 0});
    pages_put(made.memory, MADE_AT + 0xa00 * 64 + 16, head);
    put_struct(&made, 0xa01, (uint64_t[]){0, head, 0, 0, NEVER_MAPPED, 0});
    pages_put(made.memory, MADE_AT + 0xa01 * 64 + 16, a);
    put_struct(&made, 0xa02, (uint64_t[]){0, a, 0, 0, NEVER_MAPPED, 0});
    struct pages *pages = made_open(&made, false);
    made_census(pages, &census);
    assert_page(pages, 0x800, PAGE_ANON, "7 made v:400000");
    assert_page(pages, 0x810, PAGE_FILE, NULL);
    assert_page(pages, 0x820, PAGE_SLAB, NULL);
    assert_page(pages, 0x821, PAGE_SLAB, NULL);
    assert_page(pages, 0x900, PAGE_FREE, "buddy, order 8");
    assert_page(pages, 0x9ff, PAGE_FREE, "buddy, order 8");
    assert_page(pages, 0xa00, PAGE_FREE, "per-CPU list");
    assert_page(pages, 0xa01, PAGE_FREE, "per-CPU list");
    assert_page(pages, 0xa02, PAGE_KERNEL, NULL);
    assert_page(pages, 0x100, PAGE_VMEMMAP, NULL);
    assert_page(pages, 0x200, PAGE_TABLE, "PGD of kernel v:ffff000000000000");
    assert_page(pages, 0x300, PAGE_TABLE, "PGD of 7 made v:0");
    assert_page(pages, 0x303, PAGE_TABLE, "PTE of 7 made v:400000");
    assert_int_equal(census.pages[PAGE_FREE], 258);
    made_end(&made, pages);
}

/* Where the image's first pages are not mapped, vmalloc may put another one: without KASLR its
 * window begins there. */
static void test_image(void **state)
{
    struct made made;
    struct census census;
    (void)state;
    made_start(&made);
    made.image_va = UINT64_C(0xffff800008000000);
    made.image_size = 0x50000;
    builder_map(&made.builder, made.image_va, MADE_BASE + 0x700000, 4096, 3, KERNEL_RW);
    builder_map(&made.builder, made.image_va + MADE_STEXT, MADE_BASE + 0xb10000, 0x40000, 3,
                KERNEL_RX);
    struct pages *pages = made_open(&made, false);
    made_census(pages, &census);
    assert_page(pages, 0xb10, PAGE_IMAGE, NULL);
    assert_page(pages, 0xb4f, PAGE_IMAGE, NULL);
    assert_page(pages, 0x700, PAGE_KERNEL, NULL);
    assert_int_equal(census.pages[PAGE_IMAGE], made.image_size / 4096);
    made_end(&made, pages);
}

/* Lies: orders and heads out of range, heads in a ring, lists and tables that loop. */
static void test_lies(void **state)
{
    struct made made;
    struct census census;
    (void)state;
    made_start(&made);
    put_struct(&made, 0x801, (uint64_t[]){0, 0, 0, UINT64_MAX, BUDDY, 0});
    put_struct(&made, 0x811, (uint64_t[]){0, 0, 0, 10, BUDDY, 0});
    put_struct(&made, 0x820, (uint64_t[]){0, made_va(0x821) + 1, 0, 0, NEVER_MAPPED, 0});
    put_struct(&made, 0x821, (uint64_t[]){0, made_va(0x820) + 1, 0, 0, NEVER_MAPPED, 0});
    put_struct(&made, 0x830, (uint64_t[]){0, UINT64_MAX, 0, 0, NEVER_MAPPED, 0});
    /* A list of one that has no head. */
    put_struct(&made, 0x840, (uint64_t[]){0, made_va(0x840) + 8, 0, 0, NEVER_MAPPED, 0});
    pages_put(made.memory, MADE_AT + 0x840 * 64 + 16, made_va(0x840) + 8);
    /* Every entry of the process's tables leads to one of them. */
    for (uint64_t i = 0; i < 512 * 4; i++)
        pages_put(made.memory, MADE_USER + i * 8,
                  entry_table(made.builder.paging, MADE_USER + (i % 4) * 4096));
    struct pages *pages = made_open(&made, false);
    made_census(pages, &census);
    assert_page(pages, 0x801, PAGE_FREE, "buddy, order 0");
    assert_page(pages, 0x811, PAGE_FREE, "buddy, order 0");
    assert_page(pages, 0x821, PAGE_UNTOUCHED, NULL); /* makes no sense, and is a hole */
    assert_page(pages, 0x830, PAGE_UNTOUCHED, NULL);
    assert_page(pages, 0x840, PAGE_KERNEL, NULL);
    made_end(&made, pages);
}

/* A slab of 16 objects of 0x200 bytes: objects 3 and 5 are free, linked as the kernel does. */
#define SLAB_VA     (MADE_LINEAR + 0x820000)
#define SLAB_CACHE  (MADE_LINEAR + 0x500000)
#define SLAB_SECRET UINT64_C(0x123456789abcdef0)

static struct btf *slab_types(void)
{
    static struct btf_builder types;
    static uint8_t bytes[4096];
    struct btf *btf = NULL;
    struct error err;
    builder_start(&types);
    uint32_t u64 = builder_int(&types, "long unsigned int", 8, 0);
    uint32_t u32 = builder_int(&types, "unsigned int", 4, 0);
    uint32_t u16 = builder_int(&types, "short unsigned int", 2, 0);
    builder_type(&types, "kmem_cache", BTF_STRUCT, 5, false, 40);
    builder_member(&types, "size", u32, 0);
    builder_member(&types, "offset", u32, 32);
    builder_member(&types, "flags", u32, 64);
    builder_member(&types, "name", u64, 128);
    builder_member(&types, "random", u64, 192);
    builder_type(&types, "slab", BTF_STRUCT, 4, false, 64);
    builder_member(&types, "slab_cache", u64, 24 * 8);
    builder_member(&types, "freelist", u64, 32 * 8);
    builder_member(&types, "objects", u16, 40 * 8);
    builder_member(&types, "frozen", u16, 42 * 8);
    builder_type(&types, "file", BTF_STRUCT, 1, false, 8);
    builder_member(&types, "f_op", u64, 0);
    assert_true(builder_open(&btf, bytes, builder_finish(&types, bytes, sizeof bytes), &err));
    return btf;
}

/* Object `from` is free, and the next one in the list is at `to`. */
static void slab_link(struct made *made, unsigned from, uint64_t to)
{
    uint64_t at = SLAB_VA + from * 0x200 + 0x80;
    pages_put(made->memory, at - MADE_LINEAR + MADE_BASE,
              to ? to ^ SLAB_SECRET ^ __builtin_bswap64(at) : SLAB_SECRET ^ __builtin_bswap64(at));
}

static void slab_start(struct made *made, uint64_t frozen)
{
    uint64_t cache = SLAB_CACHE - MADE_LINEAR + MADE_BASE;
    made_start(made);
    made->btf = slab_types();
    put_struct(made, 0x820, (uint64_t[]){1 << 9 | 1 << 16, 0, SLAB_CACHE, 0, NEVER_MAPPED, 1});
    put_struct(made, 0x821, (uint64_t[]){0, made_va(0x820) + 1, 0, 0, NEVER_MAPPED, 0});
    pages_put(made->memory, MADE_AT + 0x820 * 64 + 32, SLAB_VA + 3 * 0x200);
    pages_put(made->memory, MADE_AT + 0x820 * 64 + 40, 16 | frozen << 16);
    pages_put(made->memory, cache, UINT64_C(0x80) << 32 | 0x200);
    pages_put(made->memory, cache + 16, SLAB_CACHE + 0x100);
    pages_put(made->memory, cache + 24, SLAB_SECRET);
    memcpy(pages_make(made->memory, cache) + 0x100 / 8, "filp", 5);
    slab_link(made, 3, SLAB_VA + 5 * 0x200);
    slab_link(made, 5, 0);
}

static enum slab_state slab_ask(struct pages *pages, uint64_t offset, uint64_t index)
{
    struct slab_object object;
    assert_true(page_object(pages, MADE_BASE + 0x820000 + offset, &object));
    assert_int_equal(object.index, index);
    assert_int_equal(object.va, SLAB_VA + index * 0x200);
    assert_int_equal(object.offset, offset - index * 0x200);
    assert_string_equal(object.cache, "filp");
    return object.state;
}

static void test_objects(void **state)
{
    struct made made;
    struct slab_object object = {.cache = "filp"};
    (void)state;
    slab_start(&made, 0);
    struct pages *pages = made_open(&made, true);
    assert_int_equal(slab_ask(pages, 0x612, 3), SLAB_FREE);
    assert_int_equal(slab_ask(pages, 0x800, 4), SLAB_USED);
    assert_int_equal(slab_ask(pages, 0xbff, 5), SLAB_FREE);
    assert_int_equal(slab_ask(pages, 0x1fff, 15), SLAB_USED); /* in its second page */
    assert_string_equal(slab_type(made.btf, &object), "file");
    assert_false(page_object(pages, MADE_BASE + 0x822000, &object));
    made_end(&made, pages);
    /* A CPU's own slab, and nothing says where the CPU has its list. */
    slab_start(&made, 1);
    pages = made_open(&made, true);
    assert_int_equal(slab_ask(pages, 0x600, 3), SLAB_FREE);
    assert_int_equal(slab_ask(pages, 0x800, 4), SLAB_UNTOLD);
    made_end(&made, pages);
    /* A list that loops, and one that leads elsewhere. */
    slab_start(&made, 0);
    slab_link(&made, 5, SLAB_VA + 3 * 0x200);
    pages = made_open(&made, true);
    assert_int_equal(slab_ask(pages, 0x800, 4), SLAB_UNTOLD);
    made_end(&made, pages);
    slab_start(&made, 0);
    slab_link(&made, 3, MADE_LINEAR + 0x600);
    pages = made_open(&made, true);
    assert_int_equal(slab_ask(pages, 0x800, 4), SLAB_UNTOLD);
    made_end(&made, pages);
    /* Objects of no size. */
    slab_start(&made, 0);
    pages_put(made.memory, SLAB_CACHE - MADE_LINEAR + MADE_BASE, 0);
    pages = made_open(&made, true);
    assert_false(page_object(pages, MADE_BASE + 0x820000, &object));
    made_end(&made, pages);
}

/* The owner of an address is shown without where its page is mapped, in pages of any size. */
static void test_page_sizes(void **state)
{
    static const char *const modes[] = {"arm64-4k-48", "arm64-16k-48", "arm64-64k-48"};
    (void)state;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct made made;
        struct page_facts facts;
        made_start_in(&made, modes[i]);
        uint64_t page = UINT64_C(1) << made.builder.paging->page_shift;
        uint64_t anon = MADE_SIZE / 2 / page;
        put_struct(&made, anon, (uint64_t[]){0, 0, MADE_LINEAR + 0x101, 0, 0, 1});
        struct pages *pages = made_open(&made, true);
        page_describe(pages, MADE_BASE + MADE_SIZE / 2 + page - 1, &facts);
        assert_string_equal(facts.owner, "7 made v:400000");
        assert_int_equal(page_owner_beside(pages, &facts, 0x400000), strlen("7 made"));
        assert_int_equal(page_owner_beside(pages, &facts, 0x400000 + page - 1), strlen("7 made"));
        assert_int_equal(page_owner_beside(pages, &facts, 0x400000 + page), strlen(facts.owner));
        assert_int_equal(page_owner_beside(pages, &facts, 0x3fffff), strlen(facts.owner));
        strcpy(facts.owner, "v:400000");
        facts.owner_before_va = 0;
        facts.owner_to_va = strlen(facts.owner);
        assert_int_equal(page_owner_beside(pages, &facts, 0x400008), 0);
        made_end(&made, pages);
    }
}

/* Any bytes for struct pages: refused or counted, never more and never less than all. */
static void test_noise(void **state)
{
    struct rng rng = {42};
    (void)state;
    for (unsigned round = 0; round < 40; round++) {
        struct made made;
        struct error err = {0};
        struct census census;
        struct page_facts facts;
        made_start(&made);
        for (uint64_t i = 0; i < UINT64_C(20) << round % 10; i++) {
            uint64_t at = 0x800 + rng_below(&rng, 0x800);
            uint64_t word = rng_next(&rng) >> rng_below(&rng, 64);
            if (rng_below(&rng, 2))
                word = made_va(rng_below(&rng, MADE_PAGES)) + rng_below(&rng, 10);
            pages_put(made.memory, MADE_AT + at * 64 + 8 * rng_below(&rng, 8), word);
        }
        struct pages *pages = made_try(&made, &err);
        if (pages) {
            made_census(pages, &census);
            for (uint64_t i = 0; i < MADE_PAGES; i++)
                page_describe(pages, MADE_BASE + i * 4096, &facts);
        } else
            assert_true(err.text[0]);
        made_end(&made, pages);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_made),       cmocka_unit_test(test_image),
        cmocka_unit_test(test_lies),       cmocka_unit_test(test_objects),
        cmocka_unit_test(test_page_sizes), cmocka_unit_test(test_noise),
    };
    return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
