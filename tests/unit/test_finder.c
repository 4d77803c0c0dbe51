/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel in guests that the tests make, by its note and by the scan for page tables. */
#include "arch/arch.h"
#include "linux/find/ram_layout.h"
#include "linux/find/vmcoreinfo_probe.h"
#include "session/session_private.h"
#include "tests/unit/support_finder.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* Where the user gave the image a place, that is where it is. */
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

/* However small the slices, and no multiple of a page. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pcs_are_split_by_their_size),
        cmocka_unit_test(kernels_are_found_by_their_note),
        cmocka_unit_test(kernels_are_found_by_their_tables),
        cmocka_unit_test(a_cut_file_is_known_by_its_note),
        cmocka_unit_test(a_note_finds_any_base),
        cmocka_unit_test(a_stale_note_is_probed_in_small_steps),
        cmocka_unit_test(the_end_of_ram_is_looked_for_in_small_steps),
        cmocka_unit_test(a_given_place_is_kept),
        cmocka_unit_test(slices_of_any_size_find_the_same),
        cmocka_unit_test(a_session_adopts_what_is_found),
    };
    return cmocka_run_group_tests_name("finder", tests, NULL, NULL);
}
