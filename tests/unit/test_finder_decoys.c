/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel in guests that the tests make, among decoys; and images that hold none. */
#include "tests/unit/support_finder.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void copy_root(const struct made_guest *linux, const struct file *file, uint64_t offset)
{
    uint64_t size = UINT64_C(8) << linux->builder.paging->level[0].bits;
    for (uint64_t at = 0; at < size || at < 4096; at += 4096)
        file_write(file, offset + at, pages_find(linux->pages, linux->builder.root_pa + at), 4096);
}

/* Early tables: the image alone, and their own page within it. */
static void put_early_tables(struct made_guest *linux)
{
    struct builder early = linux->builder;
    early.root_pa = linux->image_pa + GUEST_TEXT + 0x80000;
    for (uint64_t at = 0; at < 0x10000; at += 4096)
        pages_make(linux->pages, early.root_pa + at);
    /* In blocks where they are small enough: what a table of blocks says, read one level higher,
     * is many times the same gigabyte. */
    bool blocks = early.paging->page_shift == 12;
    builder_map(&early, linux->image_va, linux->image_pa, LINUX_IMAGE,
                early.paging->levels - (blocks ? 2u : 1u), KERNEL_RX);
    linux->builder.next_pa = early.next_pa;
}

/* A process: its own half, and on machines of one root the kernel's entries too. */
static void put_user_root(struct made_guest *linux)
{
    struct builder user = linux->builder;
    user.root_pa = user.next_pa;
    user.next_pa += 0x10000;
    uint64_t entries = UINT64_C(1) << user.paging->level[0].bits;
    for (uint64_t at = 0; at < 0x10000; at += 4096)
        pages_make(linux->pages, user.root_pa + at);
    if (strncmp(linux->mode, "arm64", 5) != 0)
        for (uint64_t i = entries / 2; i < entries; i++)
            pages_put(linux->pages, user.root_pa + 8 * i,
                      pages_get(linux->pages, linux->builder.root_pa + 8 * i));
    uint64_t page = UINT64_C(1) << user.paging->page_shift;
    builder_map(&user, 0x400000, linux->base + MIB(100), 20 * page, user.paging->levels - 1u,
                USER_RX);
    builder_map(&user, paging_half_last(user.paging, false) + 1 - 20 * page, linux->base + MIB(104),
                20 * page, user.paging->levels - 1u, USER_RW);
    linux->builder.next_pa = user.next_pa;
}

static void put_odd_pages(const struct file *file, uint64_t offset, unsigned count)
{
    struct rng rng = {3};
    for (unsigned i = 0; i < count; i++) {
        uint64_t words[512] = {0};
        for (unsigned j = 0; j < 1 + rng_below(&rng, 60); j++)
            words[rng_below(&rng, 512)] =
                rng_below(&rng, 2) ? rng_next(&rng) | 1 : (rng_below(&rng, 1 << 17) << 12) | 3;
        file_write(file, offset + i * UINT64_C(4096), words, sizeof words);
    }
}

static void decoys_do_not_win(void **state)
{
    (void)state;
    static const char *const modes[] = {"arm64-4k-48", "arm64-16k-47", "arm64-64k-52", "x86_64-48",
                                        "riscv64-sv48"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        for (int with_note = 0; with_note < 2; with_note++) {
            struct made_guest linux;
            uint64_t base = i == 0 ? 0x40000000 : strcmp(modes[i], "x86_64-48") == 0 ? 0 : ODD_BASE;
            guest_start(&linux, modes[i], base, SIZE);
            put_early_tables(&linux);
            put_user_root(&linux);
            struct file file = guest_file(&linux);
            copy_root(&linux, &file, MIB(8));   /* before the true one */
            copy_root(&linux, &file, MIB(110)); /* and after it */
            put_odd_pages(&file, MIB(16), 300);
            if (with_note)
                put_note(&linux, &file, MIB(120));
            struct kernel kernel = find_in(&file);
            assert_kernel(&kernel, &linux, with_note ? KERNEL_BY_VMCOREINFO : KERNEL_BY_PGD_SCAN);
            file_remove(&file);
            guest_end(&linux);
        }
}

/*
 * Root entries made beforehand, whose tables are empty still: x86 for all of vmalloc (64 of them,
 * mm/init_64.c preallocate_vmalloc_pages), riscv the same (mm/init.c preallocate_pgd_pages_range).
 */
static void empty_tables_in_the_root_are_usual(void **state)
{
    (void)state;
    static const char *const modes[] = {"x86_64-48", "riscv64-sv48"};
    for (size_t i = 0; i < 2; i++) {
        struct made_guest linux;
        guest_start(&linux, modes[i], i ? 0x80000000 : 0, SIZE);
        for (uint64_t index = 400; index < 464; index++) {
            uint64_t table_pa = linux.builder.next_pa;
            linux.builder.next_pa += 4096;
            pages_make(linux.pages, table_pa);
            pages_put(linux.pages, linux.builder.root_pa + 8 * index,
                      entry_table(linux.builder.paging, table_pa));
        }
        struct file file = guest_file(&linux);
        struct kernel kernel = find_in(&file);
        assert_kernel(&kernel, &linux, KERNEL_BY_PGD_SCAN);
        file_remove(&file);
        guest_end(&linux);
    }
}

/* The note of an earlier boot, moved elsewhere by KASLR; its tables are gone, or half gone. */
static void stale_notes_do_not_win(void **state)
{
    (void)state;
    for (int variant = 0; variant < 3; variant++) {
        struct made_guest linux;
        guest_start(&linux, "arm64-4k-48", 0x40000000, SIZE);
        struct made_guest stale = linux;
        stale.image_va += MIB(0x400);
        stale.root_va += MIB(0x400);
        stale.uts_va += MIB(0x400);
        stale.release = "5.10.0-stale";
        if (variant == 1)
            stale.image_pa += MIB(16); /* there lies nothing */
        if (variant == 2)
            stale.release = linux.release;
        struct file file = guest_file(&linux);
        put_note(&stale, &file, 0);
        put_note(&stale, &file, MIB(4));
        put_note(&linux, &file, MIB(120));
        struct kernel kernel = find_in(&file);
        assert_kernel(&kernel, &linux, KERNEL_BY_VMCOREINFO);
        assert_int_equal(kernel.vmcoreinfo_offset, MIB(120));
        file_remove(&file);
        guest_end(&linux);
    }
}

/* Its tables are whole still, but it does not run: what runs has its name in init_uts_ns. */
static void a_whole_earlier_kernel_does_not_win(void **state)
{
    (void)state;
    struct made_guest linux, stale;
    guest_start(&linux, "arm64-4k-48", 0x40000000, SIZE);
    guest_start(&stale, "arm64-4k-48", 0x40000000, SIZE);
    pages_destroy(stale.pages);
    stale.pages = linux.pages;
    stale.release = "5.10.0-stale";
    stale.image_pa = linux.image_pa - MIB(16);
    stale.image_va += MIB(0x400);
    stale.root_va = stale.image_va + GUEST_TEXT + 0x20000;
    stale.uts_va = stale.image_va + GUEST_TEXT + 0x50000;
    stale.builder = builder_of(linux.pages, "arm64-4k-48", stale.image_pa + GUEST_TEXT + 0x20000,
                               linux.builder.next_pa);
    builder_map(&stale.builder, stale.linear_va, stale.base, SIZE, 3, KERNEL_RW);
    builder_map(&stale.builder, stale.image_va, stale.image_pa, LINUX_IMAGE, 3, KERNEL_RX);
    struct file file = guest_file(&linux);
    put_note(&stale, &file, 0);
    put_note(&linux, &file, MIB(120));
    struct kernel kernel = find_in(&file);
    assert_kernel(&kernel, &linux, KERNEL_BY_VMCOREINFO);
    file_remove(&file);
    guest_end(&linux);
}

/* The note of a kernel that crashed gives way to one that is as good: that kernel runs. */
static void a_crashed_kernel_does_not_win(void **state)
{
    (void)state;
    for (int crashed = 0; crashed < 2; crashed++) {
        struct made_guest linux;
        char text[2100];
        guest_start(&linux, "arm64-4k-48", 0x40000000, SIZE);
        struct file file = guest_file(&linux);
        guest_note(&linux, text, 2000);
        if (crashed)
            strcat(text, "CRASHTIME=1700000000\n");
        file_text(&file, 0, text);
        put_note(&linux, &file, MIB(120));
        struct kernel kernel = find_in(&file);
        assert_kernel(&kernel, &linux, KERNEL_BY_VMCOREINFO);
        assert_int_equal(kernel.vmcoreinfo_offset, crashed ? MIB(120) : 0); /* else the first */
        file_remove(&file);
        guest_end(&linux);
    }
}

/* A table that another one leads to is no root, in whichever entry that is. */
static void a_lower_table_is_no_root(void **state)
{
    (void)state;
    for (unsigned index = 0; index < 512; index += 511) {
        struct made_guest linux;
        uint64_t words[512] = {0};
        guest_start(&linux, "arm64-4k-48", 0x40000000, SIZE);
        struct file file = guest_file(&linux);
        words[index] = entry_table(linux.builder.paging, linux.builder.root_pa);
        file_write(&file, MIB(110), words, sizeof words);
        struct kernel kernel = find_in(&file);
        if (kernel.found != KERNEL_UNKNOWN)
            assert_int_not_equal(kernel.root_pa, linux.builder.root_pa);
        file_remove(&file);
        guest_end(&linux);
    }
}

/* A note whose root is a copy: the text is where it says, but that root is not mapped there. */
static void a_root_must_map_itself(void **state)
{
    (void)state;
    struct made_guest linux;
    guest_start(&linux, "arm64-4k-48", 0x40000000, SIZE);
    struct made_guest copy = linux;
    copy.root_va = linux.image_va + MIB(110) - MIB(32);
    struct file file = guest_file(&linux);
    copy_root(&linux, &file, MIB(110));
    put_note(&copy, &file, 0);
    struct kernel kernel = find_in(&file);
    assert_kernel(&kernel, &linux, KERNEL_BY_PGD_SCAN);
    file_remove(&file);
    guest_end(&linux);
}

/* Notes that say impossible things: nothing is believed, the structure decides. */
static void lying_notes_are_not_believed(void **state)
{
    (void)state;
    static const char *const lies[] = {
        "NUMBER(VA_BITS)=48",
        "NUMBER(VA_BITS)=4294967344", /* 2^32 + 48 */
        "PAGESIZE=4096",
        "PAGESIZE=4097",
        "PAGESIZE=4096",
        "PAGESIZE=99999999999999999999",
        "PAGESIZE=4096",
        "PAGESIZE=-4096",
        "NUMBER(VA_BITS)=48",
        "NUMBER(VA_BITS)=99",
        "NUMBER(kimage_voffset)=0x",
        "NUMBER(kimage_voffset)=",
        "SYMBOL(swapper_pg_dir)=",
        "SYMBOL(swapper_pg_dir)=fffffffffff",
    };
    unsigned believed = 0;
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i += 2) {
        struct made_guest linux;
        char text[2000], changed[2100];
        guest_start(&linux, "arm64-4k-48", 0x40000000, SIZE);
        guest_note(&linux, text, sizeof text);
        char *tcr = strstr(text, "NUMBER(TCR"); /* so that VA_BITS matters */
        memmove(tcr, strchr(tcr, '\n') + 1, strlen(strchr(tcr, '\n') + 1) + 1);
        char *at = strstr(text, lies[i]);
        assert_non_null(at);
        snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, lies[i + 1],
                 at + strlen(lies[i]));
        struct file file = guest_file(&linux);
        file_text(&file, MIB(100), changed);
        struct kernel kernel = find_in(&file);
        if (kernel.found == KERNEL_BY_VMCOREINFO) {
            print_error("believed: %s\n", lies[i + 1]);
            believed++;
        } else
            assert_kernel(&kernel, &linux, KERNEL_BY_PGD_SCAN);
        file_remove(&file);
        guest_end(&linux);
    }
    assert_int_equal(believed, 0);
}

/* vmalloc and its neighbours come before the image in VA order, at many distances. */
static void many_distances_do_not_hide_the_image(void **state)
{
    (void)state;
    static const char *const modes[] = {"x86_64-48", "arm64-4k-48"};
    for (size_t i = 0; i < 2; i++) {
        struct made_guest linux;
        guest_start(&linux, modes[i], i ? 0x40000000 : 0, SIZE);
        uint64_t va = i ? linux.image_va - GIB(1) : UINT64_C(0xffffc90000000000);
        for (uint64_t n = 0; n < 60; n++)
            builder_map(&linux.builder, va + n * 0x42000, linux.base + MIB(100) + n * 0x20000,
                        0x20000, 3, KERNEL_RW);
        struct file file = guest_file(&linux);
        struct kernel kernel = find_in(&file);
        assert_kernel(&kernel, &linux, KERNEL_BY_PGD_SCAN);
        file_remove(&file);
        guest_end(&linux);
    }
}

/* --- nothing to be found --- */

static void assert_nothing(const struct file *file)
{
    struct kernel kernel = find_in(file);
    assert_int_equal(kernel.found, KERNEL_UNKNOWN);
    assert_null(kernel.paging);
    assert_false(kernel.places);
    assert_string_equal(kernel.release, "");
}

static void nothing_is_found_where_nothing_is(void **state)
{
    (void)state;
    struct rng rng = {11};
    static uint64_t words[MIB(8) / 8];
    struct file hole = file_create(GIB(1024));
    assert_nothing(&hole);
    file_remove(&hole);
    struct file file = file_create(MIB(8));
    file_write(&file, 0, words, sizeof words); /* zeros */
    assert_nothing(&file);
    for (size_t i = 0; i < sizeof words / 8; i++)
        words[i] = rng_next(&rng);
    file_write(&file, 0, words, sizeof words);
    assert_nothing(&file);
    for (size_t i = 0; i < sizeof words / 8; i++)
        words[i] |= 1; /* every page is an odd one */
    file_write(&file, 0, words, sizeof words);
    assert_nothing(&file);
    memset(words, 0xff, sizeof words);
    file_write(&file, 0, words, sizeof words);
    assert_nothing(&file);
    put_odd_pages(&file, 0, 500);
    assert_nothing(&file);
    file_remove(&file);
    file = file_create(1); /* less than a page */
    assert_nothing(&file);
    file_remove(&file);
}

/* Cut off anywhere: it ends, and what it says can be walked. */
static void truncated_guests_end(void **state)
{
    (void)state;
    static const uint64_t lengths[] = {MIB(16),       MIB(33), MIB(36) + 0x20000,
                                       MIB(37) + 123, MIB(66), MIB(64) + 0x5000};
    for (int with_note = 0; with_note < 2; with_note++)
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            struct made_guest linux;
            guest_start(&linux, "arm64-4k-48", 0x40000000, SIZE);
            struct file file = guest_file(&linux);
            if (with_note)
                put_note(&linux, &file, 0);
            assert_int_equal(ftruncate(file.fd, (off_t)lengths[i]), 0);
            struct kernel kernel = find_in(&file);
            if (kernel.found != KERNEL_UNKNOWN)
                assert_int_equal(kernel.root_pa, linux.builder.root_pa);
            file_remove(&file);
            guest_end(&linux);
        }
}

/* The file shrinks in the middle of the scan. */
static void shrinking_while_looking_ends(void **state)
{
    (void)state;
    struct made_guest linux;
    guest_start(&linux, "arm64-4k-48", 0x40000000, SIZE);
    struct file file = guest_file(&linux);
    struct source *image = open_image(file.path);
    struct finder *finder = finder_create(image);
    finder_step(finder, 4096 * 3);
    assert_int_equal(ftruncate(file.fd, 4096), 0);
    unsigned steps = 0;
    while (!finder_step(finder, MIB(1)))
        assert_true(++steps < 1000000);
    assert_int_equal(finder_result(finder)->found, KERNEL_UNKNOWN);
    finder_destroy(finder);
    source_drop(image);
    file_remove(&file);
    guest_end(&linux);
    finder_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shrinking_while_looking_ends), /* first: see test_source.c */
        cmocka_unit_test(decoys_do_not_win),
        cmocka_unit_test(empty_tables_in_the_root_are_usual),
        cmocka_unit_test(stale_notes_do_not_win),
        cmocka_unit_test(a_whole_earlier_kernel_does_not_win),
        cmocka_unit_test(a_crashed_kernel_does_not_win),
        cmocka_unit_test(a_lower_table_is_no_root),
        cmocka_unit_test(a_root_must_map_itself),
        cmocka_unit_test(lying_notes_are_not_believed),
        cmocka_unit_test(many_distances_do_not_hide_the_image),
        cmocka_unit_test(nothing_is_found_where_nothing_is),
        cmocka_unit_test(truncated_guests_end),
    };
    return cmocka_run_group_tests_name("finder_decoys", tests, NULL, NULL);
}
