/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel in guests made by hand, by its note and by its tables' shape, among decoys; in
 * images that hold none; and, where RAMWALK_GUESTS names their folder, in snapshots of real ones.
 */
#include "arch/arch.h"
#include "linux/find/finder.h"
#include "linux/find/pgd_scan.h"
#include "linux/find/ram_layout.h"
#include "linux/find/vmcoreinfo_probe.h"
#include "session/session_private.h"
#include "tests/unit/support_guest.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE     MIB(128)
#define ODD_BASE UINT64_C(0x768000000) /* of no machine; a multiple of 128 MiB */

/* Runs it to its end, which comes. */
static struct kernel run_finder(struct source *image, uint64_t slice)
{
    struct finder *finder = finder_create(image);
    assert_non_null(finder);
    unsigned steps = 0;
    while (!finder_step(finder, slice)) {
        double progress = finder_progress(finder);
        assert_true(progress >= 0 && progress <= 1);
        assert_true(++steps < 2000000);
    }
    struct kernel kernel = *finder_result(finder);
    assert_int_equal(finder_vmcoreinfo(finder) != NULL, kernel.found == KERNEL_BY_VMCOREINFO);
    finder_destroy(finder);
    return kernel;
}

static struct kernel find_in(const struct file *file)
{
    struct file_state before = file_state(file);
    struct source *image = open_image(file->path);
    struct kernel kernel = run_finder(image, MIB(2));
    source_drop(image);
    assert_file_unchanged(file, &before);
    return kernel;
}

static void assert_kernel(const struct kernel *kernel, const struct made_guest *linux,
                          enum kernel_found found)
{
    if (kernel->found != found)
        fail_msg("%s: found by %s, expected %s", linux->mode, kernel_found_name(kernel->found),
                 kernel_found_name(found));
    assert_string_equal(kernel->paging->name, linux->mode);
    if (kernel->root_pa != linux->builder.root_pa)
        fail_msg("%s: root %" PRIx64 ", expected %" PRIx64, linux->mode, kernel->root_pa,
                 linux->builder.root_pa);
    assert_true(kernel->places);
    assert_int_equal(kernel->ranges, 1);
    assert_int_equal(kernel->range[0].pa, linux->base);
    assert_int_equal(kernel->range[0].size, linux->size);
    assert_true(kernel->has_text_va);
    assert_int_equal(kernel->text_va, linux->image_va);
    assert_string_equal(kernel->release, linux->release);
}

static void put_note(const struct made_guest *linux, const struct file *file, uint64_t offset)
{
    char text[2000];
    guest_note(linux, text, sizeof text);
    file_text(file, offset, text);
}

/* Where the PCs' RAM is split, by its size: pc_q35.c, pc_piix.c (lowmem), microvm.c of QEMU. */
static void pcs_are_split_by_their_size(void **state)
{
    static const struct {
        uint64_t size, below; /* 0: it is not */
    } pcs[] = {
        {MIB(1024), 0},      {MIB(2815), 0},      {MIB(2816), GIB(2)},    {MIB(3200), GIB(3)},
        {MIB(3584), GIB(3)}, {MIB(4500), GIB(3)}, {MIB(4500), MIB(3584)},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pcs / sizeof pcs[0]; i++) {
        struct file file = file_create(pcs[i].size);
        struct source_reader *reader = open_reader(file.path);
        struct ram_layout layout;
        bool known = false;
        for (size_t row = 0; ram_layout_known(&layout, reader, &arch_x86, row); row++) {
            uint64_t pa, last;
            assert_true(ram_layout_pa(&layout, pcs[i].size - 1, &last));
            known |= pcs[i].below
                         ? layout.ranges == 2 && ram_layout_pa(&layout, pcs[i].below, &pa) &&
                               pa == GIB(4) && layout.range[0].size == pcs[i].below
                         : layout.ranges == 1 && last == pcs[i].size - 1;
        }
        if (!known)
            fail_msg("a PC of %" PRIu64 " MiB", pcs[i].size >> 20);
        close_reader(reader);
        file_remove(&file);
    }
}

struct machine {
    const char *mode;
    uint64_t base;
};

static const struct machine machines[] = {
    {"arm64-4k-48", 0x40000000},
    {"arm64-4k-48", ODD_BASE},
    {"arm64-4k-39", 0x40000000},
    {"arm64-4k-52", ODD_BASE},
    {"arm64-16k-47", 0x40000000},
    {"arm64-16k-36", ODD_BASE},
    {"arm64-16k-48", 0x40000000},
    {"arm64-16k-52", 0x40000000},
    {"arm64-64k-42", ODD_BASE},
    {"arm64-64k-48", 0x40000000},
    {"arm64-64k-52", ODD_BASE},
    {"x86_64-48", 0},
    {"x86_64-57", 0},
    {"riscv64-sv39", 0x80000000},
    {"riscv64-sv48", ODD_BASE},
    {"riscv64-sv57", 0x80000000},
};
#define MACHINES (sizeof machines / sizeof *machines)

static void kernels_are_found_by_their_note(void **state)
{
    (void)state;
    for (size_t i = 0; i < MACHINES; i++) {
        struct made_guest linux;
        guest_start(&linux, machines[i].mode, machines[i].base, SIZE);
        struct file file = guest_file(&linux);
        put_note(&linux, &file, MIB(100) + (i % 2 ? 24 : 0));
        struct kernel kernel = find_in(&file);
        assert_kernel(&kernel, &linux, KERNEL_BY_VMCOREINFO);
        assert_true(kernel.has_kaslr);
        assert_int_equal(kernel.kaslr, 0x12400000);
        assert_int_equal(kernel.vmcoreinfo_offset, MIB(100) + (i % 2 ? 24 : 0));
        file_remove(&file);
        guest_end(&linux);
    }
}

static void kernels_are_found_by_their_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < MACHINES; i++) {
        struct made_guest linux;
        guest_start(&linux, machines[i].mode, machines[i].base, SIZE);
        struct file file = guest_file(&linux);
        struct kernel kernel = find_in(&file);
        assert_kernel(&kernel, &linux, KERNEL_BY_PGD_SCAN);
        assert_int_equal(kernel.vmcoreinfo_offset, UINT64_MAX);
        file_remove(&file);
        guest_end(&linux);
    }
}

/* The tables lie in the second half of the file: without it the note's word has to do, where the
 * running kernel agrees with it. */
static void a_cut_file_is_known_by_its_note(void **state)
{
    (void)state;
    for (size_t i = 0; i < MACHINES; i++)
        for (int agrees = 0; agrees < 2; agrees++) {
            struct made_guest linux;
            guest_start(&linux, machines[i].mode, machines[i].base, SIZE);
            struct file file = guest_file(&linux);
            put_note(&linux, &file, MIB(8));
            if (!agrees)
                guest_write(&linux, &file, linux.image_pa + GUEST_TEXT + 0x50000 + 130, "4.4", 4);
            assert_int_equal(ftruncate(file.fd, (off_t)MIB(64)), 0);
            struct kernel kernel = find_in(&file);
            if (agrees) {
                linux.size = MIB(64);
                assert_kernel(&kernel, &linux, KERNEL_BY_VMCOREINFO);
                assert_int_equal(kernel.window.va, linux.image_va);
                assert_int_equal(kernel.window.delta, linux.image_va - linux.image_pa);
                assert_in_range(kernel.window.size, GUEST_TEXT + 0x50000, MIB(32));
            } else
                assert_int_equal(kernel.found, KERNEL_UNKNOWN);
            file_remove(&file);
            guest_end(&linux);
        }
}

/* A note needs no 128 MiB: any multiple of 2 MiB. */
static void a_note_finds_any_base(void **state)
{
    (void)state;
    static const char *const modes[] = {"arm64-4k-48", "riscv64-sv48", "arm64-64k-52"};
    for (size_t i = 0; i < 3; i++) {
        struct made_guest linux;
        guest_start(&linux, modes[i], UINT64_C(0x765400000), SIZE);
        struct file file = guest_file(&linux);
        put_note(&linux, &file, 0);
        struct kernel kernel = find_in(&file);
        assert_kernel(&kernel, &linux, KERNEL_BY_VMCOREINFO);
        file_remove(&file);
        guest_end(&linux);
    }
}

/* A stale note in an image that has data everywhere is tried at every 2 MiB: a few in a step. */
static void a_stale_note_is_probed_in_small_steps(void **state)
{
    (void)state;
    enum { TRIES = 20, PLACES = 1024, LAYOUTS = 16 };
    struct made_guest linux;
    struct vmcoreinfo info;
    struct vmcoreinfo_probe probe;
    char text[2000];
    guest_start(&linux, "arm64-4k-48", UINT64_C(0x765400000), SIZE);
    guest_note(&linux, text, sizeof text);
    assert_true(vmcoreinfo_parse(&info, text, strlen(text)));
    struct file file = file_create(PLACES * KERNEL_ALIGNMENT);
    uint64_t residue = linux.builder.root_pa % KERNEL_ALIGNMENT;
    for (uint64_t i = 0; i < PLACES; i++)
        file_text(&file, i * KERNEL_ALIGNMENT + residue, "no table");
    struct source_reader *reader = open_reader(file.path);
    unsigned steps = 0;
    enum probe_result result;
    probe_start(&probe, reader, &info);
    do {
        uint64_t before = probe.at;
        probe_verify *asked = probe.verify;
        result = probe_step(&probe, TRIES);
        /* All places once more, in case the file was cut. */
        assert_in_range(probe.at - (probe.verify == asked ? before : residue), 0,
                        TRIES * KERNEL_ALIGNMENT);
        steps++;
    } while (result == PROBE_PENDING);
    assert_int_equal(result, PROBE_REJECTED);
    assert_in_range(steps, 2 * PLACES / TRIES, 2 * (PLACES + LAYOUTS) / TRIES + 2);
    close_reader(reader);
    file_remove(&file);
    guest_end(&linux);
}

/* Two layouts that both map the root where the note says: where RAM ends decides, in steps too. */
static void the_end_of_ram_is_looked_for_in_small_steps(void **state)
{
    (void)state;
    struct made_guest linux;
    struct vmcoreinfo info;
    struct vmcoreinfo_probe probe;
    char text[2000];
    guest_start(&linux, "arm64-4k-48", 0x40000000, SIZE);
    struct file file = guest_file(&linux);
    guest_note(&linux, text, sizeof text);
    assert_true(vmcoreinfo_parse(&info, text, strlen(text)));
    struct source_reader *reader = open_reader(file.path);
    probe_start(&probe, reader, &info);
    while (probe.verified < 1)
        assert_int_equal(probe_step(&probe, 1), PROBE_PENDING);
    probe.verified = 2; /* as if another had, too */
    struct ram_layout first = probe.ram;
    unsigned steps = 0;
    uint64_t tables = 0;
    while (probe_step(&probe, 1) == PROBE_PENDING) {
        uint64_t now = probe.mapping_open ? probe.mappings.tables : 0;
        assert_true(now <= tables + 1);
        tables = now;
        steps++;
    }
    assert_true(steps > 10);
    assert_int_equal(probe_step(&probe, 1), PROBE_VERIFIED);
    assert_int_equal(probe.ram.range[0].pa, first.range[0].pa);
    close_reader(reader);
    file_remove(&file);
    guest_end(&linux);
}

/* Where the user said where the image lies, that is where it is. */
static void a_given_place_is_kept(void **state)
{
    (void)state;
    for (int with_note = 0; with_note < 2; with_note++)
        for (int right = 0; right < 2; right++) {
            struct made_guest linux;
            guest_start(&linux, "arm64-4k-48", UINT64_C(0x765400000), SIZE);
            struct file file = guest_file(&linux);
            if (with_note)
                put_note(&linux, &file, MIB(100));
            struct source *image = open_image(file.path);
            assert_true(source_place_base(image, linux.base + (right ? 0 : MIB(2))));
            struct kernel kernel = run_finder(image, MIB(2));
            assert_int_equal(kernel.found, !right      ? KERNEL_UNKNOWN
                                           : with_note ? KERNEL_BY_VMCOREINFO
                                                       : KERNEL_BY_PGD_SCAN);
            assert_false(kernel.places);
            if (right)
                assert_int_equal(kernel.root_pa, linux.builder.root_pa);
            source_drop(image);
            file_remove(&file);
            guest_end(&linux);
        }
}

/* However small the slices, and of no round number. */
static void slices_of_any_size_find_the_same(void **state)
{
    (void)state;
    static const uint64_t slices[] = {4096, 5000, 100000, GIB(1)};
    for (int with_note = 0; with_note < 2; with_note++)
        for (size_t i = 0; i < 4; i++) {
            struct made_guest linux;
            guest_start(&linux, "arm64-4k-48", 0x40000000, SIZE);
            struct file file = guest_file(&linux);
            if (with_note)
                put_note(&linux, &file, MIB(100));
            struct source *image = open_image(file.path);
            struct kernel kernel = run_finder(image, slices[i]);
            assert_kernel(&kernel, &linux, with_note ? KERNEL_BY_VMCOREINFO : KERNEL_BY_PGD_SCAN);
            source_drop(image);
            file_remove(&file);
            guest_end(&linux);
        }
}

/* --- decoys --- */

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
            copy_root(&linux, &file, MIB(110)); /* and behind */
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

/* --- a session on it --- */

static void a_session_adopts_what_is_found(void **state)
{
    (void)state;
    struct made_guest linux;
    struct session *session;
    struct error err = {.text = ""};
    guest_start(&linux, "arm64-4k-48", UINT64_C(0x765400000), SIZE);
    struct file file = guest_file(&linux);
    put_note(&linux, &file, MIB(100));
    struct options options = {.image = file.path};
    session = session_open(&options, &err);
    assert_non_null(session);
    session_settle(session, true);
    assert_true(source_is_placed(session->source));
    assert_int_equal(session->memory.space->roots.kernel_pa, linux.builder.root_pa);
    struct place place;
    memory_locate(&session->memory, address_in(session_space(session), linux.root_va), &place);
    assert_true(place.has_offset);
    assert_int_equal(place.pa, linux.builder.root_pa);
    assert_int_equal(place.aliases, 2);
    session_close(session);

    options.base = linux.base + MIB(2); /* a base that is wrong */
    options.has_base = true;
    session = session_open(&options, &err);
    assert_non_null(session);
    session_settle(session, true);
    assert_int_equal(session->kernel.found, KERNEL_UNKNOWN);
    session_close(session);

    options = (struct options){.image = file.path, .paging = "arm64-4k-99"};
    assert_null(session_open(&options, &err));
    assert_non_null(strstr(err.text, "no such mode"));
    options.paging = "arm64-4k-48";
    assert_null(session_open(&options, &err));
    assert_non_null(strstr(err.text, "--root"));
    file_remove(&file);
    guest_end(&linux);
}

/* --- real guests --- */

struct snapshot {
    const char *name, *paging, *key;
};

static const struct snapshot snapshots[] = {
    {"arm64-61", "arm64-4k-48", "swapper_pg_dir_pa"},
    {"arm64-61-512m", "arm64-4k-48", "swapper_pg_dir_pa"},
    {"arm64-612", "arm64-4k-52", "swapper_pg_dir_pa"},
    {"amd64-61", "x86_64-48", "swapper_pg_dir_pa"},
    {"riscv64-612-sv48", "riscv64-sv48", "swapper_pg_dir_pa"},
};

static uint64_t key_number(const char *folder, const struct snapshot *snapshot, const char *key)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s/key.json", folder, snapshot->name);
    json_t *root = json_load_file(path, 0, NULL);
    if (!root)
        fail_msg("%s cannot be read", path);
    const char *text = json_string_value(json_object_get(root, key));
    assert_non_null(text);
    uint64_t value = strtoull(text, NULL, 16);
    json_decref(root);
    return value;
}

static bool pgd_scan_of(struct source_reader *reader, struct kernel *kernel)
{
    static uint64_t page[512];
    struct pgd_scan *scan = pgd_scan_create(reader);
    uint64_t end;
    for (uint64_t at = 0; at < source_size(reader->source); at = end) {
        if (source_extent(reader, at, &end) != EXTENT_DATA)
            continue;
        for (uint64_t offset = at; offset < end; offset += 4096)
            if (source_read(reader, offset, page, 4096, NULL) == 4096)
                pgd_scan_page(scan, offset, page);
    }
    while (!pgd_scan_step(scan, 10000))
        ;
    bool found = pgd_scan_result(scan, kernel);
    pgd_scan_destroy(scan);
    return found;
}

/* Counts what is wrong: all snapshots are looked at. */
static unsigned check_snapshot(const struct kernel *kernel, const char *folder,
                               const struct snapshot *snapshot)
{
    uint64_t root_pa = key_number(folder, snapshot, snapshot->key);
    uint64_t base = key_number(folder, snapshot, "ram_base");
    if (kernel->paging && strcmp(kernel->paging->name, snapshot->paging) == 0 &&
        kernel->root_pa == root_pa && kernel->range[0].pa == base)
        return 0;
    print_error("%s by %s: %s root %" PRIx64 " base %" PRIx64 ", expected %s %" PRIx64 "\n",
                snapshot->name, kernel_found_name(kernel->found),
                kernel->paging ? kernel->paging->name : "-", kernel->root_pa, kernel->range[0].pa,
                snapshot->paging, root_pa);
    return 1;
}

/* QEMU's own answers: va, gpa or "unmapped", what. */
static void assert_translations(struct source *image, const struct kernel *kernel,
                                const char *folder, const struct snapshot *snapshot)
{
    char path[400], line[400], answer[64];
    struct memory memory;
    struct error err;
    struct space space = space_of(kernel->paging->name, kernel->root_pa, NO_ROOT);
    unsigned checked = 0, differ = 0;
    snprintf(path, sizeof path, "%s/%s/gva2gpa.tsv", folder, snapshot->name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(source_place(image, kernel->range, kernel->ranges));
    assert_true(memory_init(&memory, image, &err));
    memory_use(&memory, &space);
    while (fgets(line, sizeof line, file)) {
        uint64_t va, pa = 0;
        /* The lower half is whatever the CPU ran, not the kernel's root. */
        if (sscanf(line, "%" SCNx64 "\t%63s", &va, answer) != 2 || !(va >> 63))
            continue;
        bool mapped = memory_translate(&memory, va, &pa);
        uint64_t wanted = strtoull(answer, NULL, 16);
        bool unmapped = strcmp(answer, "unmapped") == 0;
        if (mapped == unmapped || (mapped && pa != wanted)) {
            differ++;
            print_error("%s: %s got %d %" PRIx64 "\n", snapshot->name, line, mapped, pa);
        }
        checked++;
    }
    fclose(file);
    memory_deinit(&memory);
    assert_true(checked > 100);
    assert_int_equal(differ, 0);
}

static void real_kernels_are_found(void **state)
{
    (void)state;
    const char *folder = getenv("RAMWALK_GUESTS");
    if (!folder)
        skip();
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof snapshots / sizeof *snapshots; i++) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s/ram.img", folder, snapshots[i].name);
        if (access(path, R_OK) != 0)
            continue;
        struct source_reader *reader = open_reader(path);
        struct kernel kernel = run_finder(reader->source, MIB(2));
        assert_int_equal(kernel.found, KERNEL_BY_VMCOREINFO);
        wrong += check_snapshot(&kernel, folder, &snapshots[i]);
        struct kernel shaped = {.found = KERNEL_UNKNOWN};
        pgd_scan_of(reader, &shaped);
        wrong += check_snapshot(&shaped, folder, &snapshots[i]);
        if (shaped.ranges != kernel.ranges || shaped.text_va != kernel.text_va ||
            memcmp(shaped.range, kernel.range, kernel.ranges * sizeof *kernel.range) != 0)
            wrong++;
        assert_translations(reader->source, &kernel, folder, &snapshots[i]);
        close_reader(reader);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shrinking_while_looking_ends), /* first: see test_image.c */
        cmocka_unit_test(pcs_are_split_by_their_size),
        cmocka_unit_test(kernels_are_found_by_their_note),
        cmocka_unit_test(kernels_are_found_by_their_tables),
        cmocka_unit_test(a_cut_file_is_known_by_its_note),
        cmocka_unit_test(a_note_finds_any_base),
        cmocka_unit_test(a_stale_note_is_probed_in_small_steps),
        cmocka_unit_test(the_end_of_ram_is_looked_for_in_small_steps),
        cmocka_unit_test(a_given_place_is_kept),
        cmocka_unit_test(slices_of_any_size_find_the_same),
        cmocka_unit_test(decoys_do_not_win),
        cmocka_unit_test(empty_tables_in_the_root_are_usual),
        cmocka_unit_test(stale_notes_do_not_win),
        cmocka_unit_test(a_whole_earlier_kernel_does_not_win),
        cmocka_unit_test(a_root_must_map_itself),
        cmocka_unit_test(lying_notes_are_not_believed),
        cmocka_unit_test(many_distances_do_not_hide_the_image),
        cmocka_unit_test(nothing_is_found_where_nothing_is),
        cmocka_unit_test(truncated_guests_end),
        cmocka_unit_test(a_session_adopts_what_is_found),
        cmocka_unit_test(real_kernels_are_found),
    };
    return cmocka_run_group_tests_name("finder", tests, NULL, NULL);
}
