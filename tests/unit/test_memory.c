/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Translating and reading in the three spaces: against the walker, page by page, and over gaps. */
#include "arch/arch.h"
#include "tests/unit/scene.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void assert_translates(struct memory *memory, uint64_t va)
{
    struct walk walk;
    uint64_t pa = 0;
    memory_walk(memory, va, &walk);
    bool mapped = memory_translate(memory, va, &pa);
    if (mapped != (walk.end == WALK_MAPPED) || (mapped && pa != walk.pa))
        fail_msg("%s %" PRIx64 ": %d %" PRIx64 ", the walk says %s %" PRIx64, memory->paging->name,
                 va, mapped, pa, walk_end_name(walk.end), walk.pa);
}

/* Near and far, tagged and not, twice: the second time through the cache. */
static void translation_equals_the_walk(void **state)
{
    (void)state;
    const struct paging *paging;
    for (size_t mode = 0; (paging = arch_mode(mode)); mode++) {
        struct rng rng = {mode};
        struct scene scene;
        scene_start(&scene, paging->name);
        random_tables(&rng, &scene.kernel, 3);
        random_tables(&rng, &scene.user, 3);
        scene_open_plain(&scene);
        for (unsigned i = 0; i < 3000; i++) {
            bool kernel = rng_below(&rng, 2);
            uint64_t low = paging_half_first(paging, kernel);
            uint64_t va = low + rng_below(&rng, paging_half_last(paging, kernel) - low);
            uint64_t odd = rng_below(&rng, 8) == 0 ? rng_next(&rng) << 48 : 0;
            for (uint64_t page = 0; page < 3; page++)
                assert_translates(&scene.memory, (va + (page << paging->page_shift)) ^ odd);
            assert_translates(&scene.memory, va ^ odd);
        }
        scene_end(&scene);
    }
}

static void assert_not_read(struct memory *memory, uint64_t va)
{
    uint8_t byte[16], there[16];
    uint64_t pa;
    struct walk walk;
    struct range range;
    memset(byte, 1, sizeof byte);
    assert_false(memory_translate(memory, va, &pa));
    assert_int_equal(memory_read(memory, address_in(memory->space, va), byte, sizeof byte, there),
                     0);
    for (size_t i = 0; i < sizeof byte; i++)
        assert_true(byte[i] == 0 && there[i] == RANGE_NOT_READ);
    memory_walk(memory, va, &walk);
    assert_int_equal(walk.end, WALK_NO_TABLE);
    assert_int_equal(walk.missing, EXTENT_NOT_READ);
    memory_range(memory, address_in(memory->space, va), &range);
    assert_int_equal(range.kind, RANGE_NOT_READ);
    assert_true(range.last == UINT64_MAX);
    assert_false(memory_skip(memory, address_in(memory->space, va), false, &pa));
    assert_string_equal(memory_missing(memory, address_in(memory->space, va), 8), "not read");
}

/* All that a thread's handles do takes from one budget, and none goes on once it has ended. */
static void a_budget_ends_all_reading(void **state)
{
    (void)state;
    struct scene scene;
    struct budget budget;
    atomic_bool cancel = false;
    uint64_t pa;
    scene_start(&scene, "arm64-4k-48");
    builder_leaf(&scene.kernel, HALF, BASE, 3, KERNEL_RW);
    scene_open(&scene);
    struct memory other = memory_in(&scene.memory, scene.memory.space);
    budget_init(&budget, 1000, 0, NULL);
    assert_null(memory_spend(&scene.memory, &budget));
    assert_ptr_equal(memory_budget(&other), &budget);
    for (unsigned i = 0; i < 1001; i++)
        memory_translate(&other, HALF, &pa);
    assert_int_equal(budget.end, BUDGET_NO_STEPS);
    assert_not_read(&scene.memory, HALF);
    assert_not_read(&other, HALF);
    assert_ptr_equal(memory_spend(&other, NULL), &budget);
    assert_true(memory_translate(&scene.memory, HALF, &pa));
    memory_set_cancel(&scene.memory, &cancel);
    memory_make_budget(&scene.memory, &budget);
    memory_spend(&scene.memory, &budget);
    assert_true(memory_translate(&scene.memory, HALF, &pa));
    assert_false(memory_is_cancelled(&scene.memory));
    atomic_store(&cancel, true);
    for (unsigned i = 0; i < 1000; i++)
        memory_translate(&other, HALF, &pa);
    assert_true(memory_is_cancelled(&scene.memory));
    assert_not_read(&other, HALF);
    memory_spend(&scene.memory, NULL);
    memory_set_cancel(&scene.memory, NULL);
    scene_end(&scene);
}

/* The guest changes an entry, then a table: loads are fresh, tables after memory_forget(). */
static void changes_are_seen(void **state)
{
    (void)state;
    struct scene scene;
    uint64_t pa;
    scene_start(&scene, "arm64-4k-48");
    builder_leaf(&scene.kernel, HALF, BASE, 3, KERNEL_RW);
    uint64_t entry_pa = builder_entry_pa(&scene.kernel, HALF, 3);
    uint64_t pmd_pa = builder_entry_pa(&scene.kernel, HALF, 2);
    scene_open(&scene);
    assert_true(memory_translate(&scene.memory, HALF + 8, &pa));
    assert_int_equal(pa, BASE + 8);
    uint64_t entry = entry_leaf(scene.kernel.paging, 3, BASE + 0x5000, KERNEL_RW);
    file_write(&scene.file, entry_pa - BASE, &entry, 8);
    assert_true(memory_translate(&scene.memory, HALF + 8, &pa));
    assert_int_equal(pa, BASE + 0x5008);
    entry = 0;
    file_write(&scene.file, pmd_pa - BASE, &entry, 8);
    memory_forget(&scene.memory);
    assert_false(memory_translate(&scene.memory, HALF + 8, &pa));
    scene.before = file_state(&scene.file);
    scene_end(&scene);
}

/* A root is where the user says: no alignment is promised. */
static void roots_may_be_misaligned(void **state)
{
    (void)state;
    struct scene scene;
    struct space spaces[16];
    struct walk walk;
    scene_start(&scene, "arm64-4k-48");
    builder_leaf(&scene.kernel, HALF, BASE, 3, KERNEL_RW);
    scene_open(&scene);
    for (unsigned off = 1; off < 16; off += 3) {
        spaces[off] = space_of("arm64-4k-48", ROOT_PA + off, ROOT_PA + 4096 - off);
        memory_use(&scene.memory, &spaces[off]);
        memory_walk(&scene.memory, HALF, &walk);
        memory_walk(&scene.memory, 0, &walk);
        while (!memory_step(&scene.memory, 100))
            ;
    }
    scene_end(&scene);
}

static void pointers_lose_their_tags(void **state)
{
    (void)state;
    struct scene scene;
    uint64_t va;
    scene_start(&scene, "arm64-4k-48");
    builder_leaf(&scene.kernel, HALF + 0x5000, BASE, 3, KERNEL_RW);
    builder_leaf(&scene.user, 0x400000, BASE, 3, USER_RX);
    scene_open(&scene);
    assert_true(memory_pointer(&scene.memory, HALF + 0x5008, &va));
    assert_int_equal(va, HALF + 0x5008);
    assert_true(memory_pointer(&scene.memory, UINT64_C(0xf4ff000000005008), &va)); /* MTE */
    assert_int_equal(va, HALF + 0x5008);
    assert_true(memory_pointer(&scene.memory, UINT64_C(0x3c9a000000005008), &va)); /* PAC */
    assert_int_equal(va, HALF + 0x5008);
    assert_true(memory_pointer(&scene.memory, UINT64_C(0x5a00000000400010), &va));
    assert_int_equal(va, 0x400010);
    assert_true(memory_pointer(&scene.memory, UINT64_C(0x002b000000400010), &va)); /* PAC */
    assert_int_equal(va, 0x400010);
    assert_false(memory_pointer(&scene.memory, HALF + 0x6000, &va));
    assert_false(memory_pointer(&scene.memory, 0, &va));
    assert_false(memory_pointer(&scene.memory, 8, &va));
    scene.memory.paging = NULL;
    assert_false(memory_pointer(&scene.memory, HALF + 0x5008, &va));
    scene_end(&scene);
}

static void places_have_all_their_names(void **state)
{
    (void)state;
    struct scene scene;
    struct place place;
    scene_start(&scene, "arm64-4k-48");
    builder_leaf(&scene.kernel, HALF + 0x5000, BASE + MIB(50), 3, KERNEL_RW);
    builder_leaf(&scene.kernel, HALF + 0x9000, BASE + MIB(50), 3, KERNEL_RO);
    builder_leaf(&scene.user, 0x400000, BASE + MIB(50), 3, USER_RX);
    builder_leaf(&scene.kernel, HALF + 0xa000, 0x09000000, 3, KERNEL_RW); /* a device */
    scene_open(&scene);
    struct address asked[] = {address_in(&scene.space, HALF + 0x5010),
                              address_phys(BASE + MIB(50) + 0x10), address_file(MIB(50) + 0x10)};
    for (size_t i = 0; i < 3; i++) {
        memory_locate(&scene.memory, asked[i], &place);
        assert_true(place.has_offset && place.has_pa && place.has_va && place.walked);
        assert_int_equal(place.offset, MIB(50) + 0x10);
        assert_int_equal(place.pa, BASE + MIB(50) + 0x10);
        assert_int_equal(place.va, HALF + 0x5010);
        assert_int_equal(place.aliases, 3);
        assert_int_equal(place.alias[1].va, HALF + 0x9010);
        assert_int_equal(place.alias[2].va, 0x400010);
        assert_true(place.alias[2].user);
        assert_int_equal(place.walk.end, WALK_MAPPED);
        assert_false(place.not_in_image);
    }
    memory_locate(&scene.memory, address_in(&scene.space, HALF + 0xa004), &place);
    assert_true(place.has_pa && !place.has_offset);
    assert_int_equal(place.pa, 0x09000004);
    assert_false(place.not_in_image);
    memory_locate(&scene.memory, address_phys(0x09000004), &place);
    assert_true(place.not_in_image && !place.has_offset && place.has_va);
    assert_int_equal(place.va, HALF + 0xa004);
    memory_locate(&scene.memory, address_file(SIZE), &place);
    assert_true(place.not_in_image && !place.has_offset && !place.has_pa && !place.has_va);
    memory_locate(&scene.memory, address_in(&scene.space, 0x0001000000000000), &place);
    assert_true(place.walked && !place.has_pa && place.walk.end == WALK_NON_CANONICAL);
    scene_end(&scene);
}

/* The names of three processes stay beside the kernel's; a fourth takes the place of the first. */
static void three_processes_keep_their_names(void **state)
{
    (void)state;
    enum { PROCESSES = 4 };
    struct scene scene;
    struct space process[PROCESSES];
    scene_start(&scene, "arm64-4k-48");
    for (unsigned i = 1; i < PROCESSES; i++)
        builder_of(scene.pages, "arm64-4k-48", USER_PA + i * 4096, TABLES + MIB(16));
    scene_open_plain(&scene);
    struct space kernel = space_of("arm64-4k-48", ROOT_PA, NO_ROOT);
    memory_use(&scene.memory, &kernel);
    for (unsigned i = 0; i < PROCESSES; i++) {
        process[i] = space_of("arm64-4k-48", ROOT_PA, USER_PA + i * 4096);
        process[i].kernel = &kernel;
        memory_use(&scene.memory, &process[i]);
        while (!memory_step(&scene.memory, 100))
            ;
        for (unsigned k = 0; k <= i; k++) {
            struct memory other = memory_in(&scene.memory, &process[k]);
            assert_int_equal(memory_knows_names(&other), k + 3 > i);
        }
    }
    scene_end(&scene);
}

static void reads_go_over_gaps(void **state)
{
    (void)state;
    struct scene scene;
    static uint8_t bytes[0x6000], there[0x6000];
    scene_start(&scene, "arm64-4k-48");
    /* data, unmapped, data elsewhere, a device, a hole, reserved */
    builder_leaf(&scene.kernel, HALF + 0x0000, BASE + MIB(50), 3, KERNEL_RW);
    builder_leaf(&scene.kernel, HALF + 0x2000, BASE + MIB(40), 3, KERNEL_RW);
    builder_leaf(&scene.kernel, HALF + 0x3000, 0x09000000, 3, KERNEL_RW);
    builder_leaf(&scene.kernel, HALF + 0x4000, BASE + MIB(60), 3, KERNEL_RW);
    pages_put(scene.pages, builder_entry_pa(&scene.kernel, HALF + 0x5000, 3), 0x41000701);
    file_text(&scene.file, MIB(50) + 0xffe, "ab");
    file_text(&scene.file, MIB(40), "cd");
    scene_open(&scene);
    assert_int_equal(
        memory_read(&scene.memory, address_in(&scene.space, HALF), bytes, sizeof bytes, there),
        0x3000);
    assert_memory_equal(bytes + 0xffe, "ab\0", 3);
    assert_memory_equal(bytes + 0x2000, "cd", 2);
    assert_int_equal(there[0], RANGE_DATA);
    assert_int_equal(there[0xfff], RANGE_DATA);
    assert_int_equal(there[0x1000], RANGE_UNMAPPED);
    assert_int_equal(there[0x1fff], RANGE_UNMAPPED);
    assert_int_equal(there[0x2000], RANGE_DATA);
    assert_int_equal(there[0x3000], RANGE_DEVICE);
    assert_int_equal(there[0x3fff], RANGE_DEVICE);
    for (size_t i = 0; i < sizeof bytes; i++)
        if (there[i] != RANGE_DATA)
            assert_int_equal(bytes[i], 0);
    uint64_t value;
    assert_false(memory_read_u64(&scene.memory, address_in(&scene.space, HALF + 0xffc), &value));
    assert_true(memory_read_u64(&scene.memory, address_in(&scene.space, HALF + 0x2000), &value));
    assert_int_equal(value, 0x6463);
    scene_end(&scene);
}

/* Each byte has the kind of its range. */
static void every_byte_has_its_kind(void **state)
{
    (void)state;
    struct scene scene;
    uint8_t bytes[16], there[16];
    scene_start(&scene, "arm64-4k-48");
    builder_leaf(&scene.kernel, HALF, BASE + MIB(60), 3, KERNEL_RW); /* a hole */
    pages_put(scene.pages, builder_entry_pa(&scene.kernel, HALF + 0x1000, 3), 0x41000701);
    scene_open(&scene);
    memory_read(&scene.memory, address_in(&scene.space, HALF + 0x1000), bytes, 16, there);
    assert_int_equal(there[0], RANGE_BAD);
    memory_read(&scene.memory, address_in(&scene.space, 0x0001000000000000), bytes, 16, there);
    assert_int_equal(there[0], RANGE_OUTSIDE);
    memory_read(&scene.memory, address_in(&scene.space, HALF), bytes, 16, there);
    assert_int_equal(there[0], RANGE_HOLE);
    memory_read(&scene.memory, address_file(MIB(60)), bytes, 16, there);
    assert_int_equal(there[0], RANGE_HOLE);
    scene_end(&scene);
}

/* Behind the last address of a space comes nothing, and not its first one. */
static void reads_do_not_go_round(void **state)
{
    (void)state;
    struct scene scene;
    uint8_t bytes[16], there[16];
    scene_start(&scene, "x86_64-48");
    builder_leaf(&scene.kernel, UINT64_MAX - 4095, BASE + MIB(50), 3, KERNEL_RW);
    builder_leaf(&scene.kernel, 0, BASE + MIB(50), 3, KERNEL_RW);
    builder_leaf(&scene.user, 0, BASE + MIB(50), 3, KERNEL_RW);
    file_text(&scene.file, 0, "first bytes");
    file_text(&scene.file, MIB(50), "first page");
    scene_open(&scene);
    const struct space *const spaces[] = {&space_file, &scene.space};
    for (size_t i = 0; i < 2; i++) {
        uint64_t word = 0;
        struct address end = address_in(spaces[i], UINT64_MAX - 3);
        size_t got = memory_read(&scene.memory, end, bytes, 16, there);
        assert_int_equal(got, spaces[i] == &space_file ? 0 : 4);
        for (size_t at = 4; at < 16; at++)
            assert_int_not_equal(there[at], RANGE_DATA);
        assert_false(memory_read_u64(&scene.memory, end, &word));
    }
    scene_end(&scene);
}

struct counted {
    struct table_source source;
    unsigned tables;
};

static const uint64_t *count_table(void *context, uint64_t pa, size_t size, enum extent_kind *kind)
{
    struct counted *counted = context;
    counted->tables++;
    return counted->source.table(counted->source.context, pa, size, kind);
}

/* A read that fails costs the walks of its own bytes, however many tables follow that are empty,
 * lost, or full of mappings. */
static void failed_reads_are_cheap(void **state)
{
    (void)state;
    struct scene scene;
    uint64_t word, half = paging_half_first(arch_mode_named("x86_64-48"), true);
    uint8_t bytes[0x3000], there[sizeof bytes];
    scene_start(&scene, "x86_64-48");
    builder_leaf(&scene.kernel, half, BASE, 3, KERNEL_RW);
    for (uint64_t i = 1; i < 200; i++) /* tables of nothing, then one of something */
        builder_entry_pa(&scene.kernel, half + MIB(2) * i, 3);
    builder_leaf(&scene.kernel, half + MIB(400), BASE, 3, KERNEL_RW);
    for (uint64_t i = 1; i < 256; i++)
        pages_put(scene.pages, USER_PA + 8 * i, entry_table(scene.kernel.paging, GIB(512)));
    scene_open(&scene);
    struct counted counted = {.source = scene.memory.tables};
    scene.memory.tables = (struct table_source){count_table, &counted};
    const uint64_t at[] = {half + 0x1000, half + MIB(2), half + GIB(1), 0, GIB(512)};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        counted.tables = 0;
        assert_false(memory_read_u64(&scene.memory, address_in(&scene.space, at[i]), &word));
        assert_in_range(counted.tables, 1,
                        12); /* why it is not mapped, and whether a part of a lost table is there */
    }
    counted.tables = 0;
    assert_int_equal(memory_read(&scene.memory, address_in(&scene.space, half + 0x800), bytes,
                                 sizeof bytes, there),
                     0x800);
    assert_int_equal(there[0x7ff], RANGE_HOLE);
    assert_int_equal(there[0x800], RANGE_UNMAPPED);
    assert_int_equal(there[sizeof bytes - 1], RANGE_UNMAPPED);
    assert_in_range(counted.tables, 1, 3 * 8 + 4);
    scene_end(&scene);
}

static void files_end_where_they_end(void **state)
{
    (void)state;
    struct scene scene;
    uint8_t bytes[16], there[16];
    uint64_t first, last;
    scene_start(&scene, "arm64-4k-48");
    file_text(&scene.file, SIZE - 4, "tail");
    file_text(&scene.file, 0, "head");
    scene_open(&scene);
    assert_int_equal(memory_read(&scene.memory, address_file(SIZE - 4), bytes, 16, there), 4);
    assert_memory_equal(bytes, "tail\0\0", 6);
    assert_int_equal(there[3], RANGE_DATA);
    assert_int_equal(there[4], RANGE_OUTSIDE);
    assert_int_equal(memory_read(&scene.memory, address_phys(BASE - 2), bytes, 16, there), 14);
    assert_int_equal(there[1], RANGE_DEVICE);
    assert_int_equal(there[2], RANGE_DATA);
    memory_bounds(&scene.memory, &space_file, &first, &last);
    assert_int_equal(first, 0);
    assert_int_equal(last, SIZE - 1);
    memory_bounds(&scene.memory, &scene.space, &first, &last);
    assert_int_equal(last, UINT64_MAX);
    assert_int_equal(memory_read(&scene.memory, address_file(0), bytes, 0, there), 0);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(translation_equals_the_walk),
        cmocka_unit_test(a_budget_ends_all_reading),
        cmocka_unit_test(changes_are_seen),
        cmocka_unit_test(pointers_lose_their_tags),
        cmocka_unit_test(places_have_all_their_names),
        cmocka_unit_test(three_processes_keep_their_names),
        cmocka_unit_test(reads_go_over_gaps),
        cmocka_unit_test(every_byte_has_its_kind),
        cmocka_unit_test(reads_do_not_go_round),
        cmocka_unit_test(failed_reads_are_cheap),
        cmocka_unit_test(files_end_where_they_end),
        cmocka_unit_test(roots_may_be_misaligned),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
