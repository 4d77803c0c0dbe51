/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Translating and reading in the three spaces: against the walker, page by page, over gaps and at
 * the ends of every space.
 */
#include "arch/arch.h"
#include "memory/memory.h"
#include "tests/unit/support.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BASE    UINT64_C(0x40000000)
#define ROOT_PA (BASE + 0x10000)
#define USER_PA (BASE + 0x20000)
#define TABLES  (BASE + 0x40000)
#define SIZE    MIB(64)
#define HALF    UINT64_C(0xffff000000000000)

struct scene {
    struct pages *pages;
    struct builder kernel, user;
    struct file file;
    struct source *image;
    struct space space;
    struct memory memory;
    struct file_state before;
};

static void scene_start(struct scene *scene, const char *mode)
{
    scene->pages = pages_create();
    scene->kernel = builder_of(scene->pages, mode, ROOT_PA, TABLES);
    scene->user = builder_of(scene->pages, mode, USER_PA, TABLES + MIB(16));
    scene->file = file_create(SIZE);
}

/* Puts the tables into the file, and opens it, without the reverse index. */
static void scene_open_plain(struct scene *scene)
{
    struct error err;
    pages_write(scene->pages, scene->file.fd, BASE, SIZE);
    scene->before = file_state(&scene->file);
    scene->image = open_image(scene->file.path);
    assert_true(source_place_base(scene->image, BASE));
    assert_true(memory_init(&scene->memory, scene->image, &err));
    scene->space = space_of(scene->kernel.paging->name, ROOT_PA, USER_PA);
    memory_use(&scene->memory, &scene->space);
}

static void scene_open(struct scene *scene)
{
    scene_open_plain(scene);
    while (!memory_step(&scene->memory, 100))
        ;
}

static void scene_end(struct scene *scene)
{
    memory_deinit(&scene->memory);
    source_drop(scene->image);
    assert_file_unchanged(&scene->file, &scene->before);
    file_remove(&scene->file);
    pages_destroy(scene->pages);
}

/* --- translating --- */

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

/* --- names --- */

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

/* --- reading --- */

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

/* Every kind that a stretch can be is told for each byte. */
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

/* --- stretches --- */

/* What one address is, from the single-address functions. */
static enum range_state kind_at(struct memory *memory, struct address address)
{
    struct walk walk;
    uint64_t pa = address.value, offset = address.value, end;
    if (address_is_virtual(address)) {
        memory_walk(memory, address.value, &walk);
        if (walk.end == WALK_NON_CANONICAL)
            return RANGE_OUTSIDE;
        if (walk.end == WALK_RESERVED || (walk.end == WALK_NO_TABLE && !walk.no_root))
            return RANGE_BAD;
        if (walk.end != WALK_MAPPED)
            return RANGE_UNMAPPED;
        pa = walk.pa;
    }
    if (address.space != &space_file && !source_pa_to_offset(memory->source, pa, &offset, NULL)) {
        uint64_t first, last;
        memory_bounds(memory, &space_phys, &first, &last);
        return address.space == &space_phys && pa > last ? RANGE_OUTSIDE : RANGE_DEVICE;
    }
    switch (source_extent(memory->reader, offset, &end)) {
    case EXTENT_DATA:
        return RANGE_DATA;
    case EXTENT_HOLE:
        return RANGE_HOLE;
    default:
        return RANGE_OUTSIDE;
    }
}

/* The stretch holds what it says at its ends and at places inside. */
static void assert_stretch(struct memory *memory, struct rng *rng, struct address address,
                           const struct range *range)
{
    if (range->last < address.value)
        fail_msg("%c:%" PRIx64 ": ends before it, at %" PRIx64, space_letter(address.space->kind),
                 address.value, range->last);
    for (unsigned i = 0; i < 12; i++) {
        uint64_t span = range->last - address.value;
        uint64_t inside = i == 0               ? 0
                          : i == 1             ? span
                          : span == UINT64_MAX ? rng_next(rng)
                                               : rng_below(rng, span + 1);
        struct address at = address_in(address.space, address.value + inside);
        enum range_state kind = kind_at(memory, at);
        struct place place;
        if (kind != range->kind)
            fail_msg("%s: stretch of %c:%" PRIx64 " to %" PRIx64 " is \"%s\", %" PRIx64
                     " is \"%s\"",
                     memory->paging->name, space_letter(at.space->kind), address.value, range->last,
                     range_state_name(range->kind), at.value, range_state_name(kind));
        if (kind != RANGE_DATA && kind != RANGE_HOLE)
            continue;
        memory_locate(memory, at, &place);
        if (!place.has_offset || place.offset != range->offset + inside)
            fail_msg("stretch of %c:%" PRIx64 ": not contiguous at %" PRIx64,
                     space_letter(at.space->kind), address.value, at.value);
    }
}

static void go_through(struct memory *memory, const struct space *space, unsigned most)
{
    struct rng rng = {most};
    uint64_t first, last, at = 0;
    memory_bounds(memory, space, &first, &last);
    for (unsigned i = 0; i < most; i++) {
        struct range range;
        struct address address = address_in(space, at);
        memory_range(memory, address, &range);
        assert_stretch(memory, &rng, address, &range);
        if (range.last >= last)
            return;
        at = range.last + 1;
    }
}

static void stretches_hold_what_they_say(void **state)
{
    (void)state;
    static const char *const modes[] = {"arm64-4k-48", "arm64-4k-52", "arm64-64k-42",
                                        "x86_64-48",   "x86_64-57",   "riscv64-sv39"};
    for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
        struct scene scene;
        scene_start(&scene, modes[m]);
        unsigned last = scene.kernel.paging->levels - 1u;
        uint64_t page = UINT64_C(1) << scene.kernel.paging->page_shift;
        uint64_t half = paging_half_first(scene.kernel.paging, true);
        builder_map(&scene.kernel, half, BASE, 128 * page, last, KERNEL_RW);
        builder_map(&scene.kernel, half + 200 * page, BASE + 7 * page, 3 * page, last, KERNEL_RX);
        builder_leaf(&scene.kernel, half + 300 * page, 0x08000000, last, KERNEL_RW);
        builder_leaf(&scene.kernel, 0 - page, BASE + MIB(2), last, KERNEL_RW);
        builder_map(&scene.user, 64 * page, BASE + MIB(1), 2 * page, last, USER_RW);
        scene_open(&scene);
        go_through(&scene.memory, &space_file, 4000);
        go_through(&scene.memory, &space_phys, 4000);
        go_through(&scene.memory, &scene.space, 4000);
        scene_end(&scene);
    }
}

/* The same over tables that also hold reserved entries, lost tables and loops. */
static void stretches_hold_over_bad_tables(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 4; seed++) {
        struct rng rng = {seed};
        struct scene scene;
        scene_start(&scene, seed % 2 ? "x86_64-48" : "arm64-4k-39");
        random_tables(&rng, &scene.kernel, 2);
        random_tables(&rng, &scene.user, 2);
        scene_open_plain(&scene);
        go_through(&scene.memory, &scene.space, 400);
        scene_end(&scene);
    }
}

/* Many tables that are not in the image, and the budget for looking at them. */
static void lost_tables_are_not_a_gap_without_end(void **state)
{
    (void)state;
    struct scene scene;
    struct range range;
    scene_start(&scene, "x86_64-48");
    for (uint64_t i = 1; i < 256; i++)
        pages_put(scene.pages, USER_PA + 8 * i, entry_table(scene.kernel.paging, GIB(512)));
    scene_open(&scene);
    memory_range(&scene.memory, address_in(&scene.space, 0), &range);
    assert_int_equal(range.kind, RANGE_UNMAPPED);
    assert_true(range.last < UINT64_C(0x800000000000));
    assert_int_equal(range.last, UINT64_C(0x7fffffffff)); /* entry 1 is a bad one */
    scene_end(&scene);
}

static void tags_do_not_bend_a_stretch(void **state)
{
    (void)state;
    struct scene scene;
    struct range range;
    scene_start(&scene, "arm64-4k-48");
    builder_leaf(&scene.user, 0x400000, BASE + MIB(50), 3, USER_RW);
    file_text(&scene.file, MIB(50), "data");
    file_text(&scene.file, MIB(50) + 4096, "data of another");
    scene_open(&scene);
    memory_range(&scene.memory, address_in(&scene.space, UINT64_C(0x5a00000000400010)), &range);
    assert_int_equal(range.kind, RANGE_DATA);
    assert_int_equal(range.offset, MIB(50) + 0x10);
    assert_int_equal(range.last, UINT64_C(0x5a00000000400fff));
    memory_range(&scene.memory, address_in(&scene.space, UINT64_C(0x5a00000000500000)), &range);
    assert_int_equal(range.kind, RANGE_UNMAPPED);
    assert_true(range.last >= UINT64_C(0x5a00000000500000));
    scene_end(&scene);
}

/* --- skipping --- */

static uint64_t skip_from(struct scene *scene, const struct space *space, uint64_t at,
                          bool backward, bool *any)
{
    uint64_t to = 0;
    *any = memory_skip(&scene->memory, address_in(space, at), backward, &to);
    return to;
}

/* The file ends within a PTE table: its first entries answer, the others say that they are lost. */
static void a_table_of_which_a_part_is_there(void **state)
{
    (void)state;
    struct scene scene;
    struct range range;
    struct mapping_iterator listing;
    struct mapping run;
    struct walk walk;
    struct error err;
    uint64_t pa;
    char reason[200];
    scene_start(&scene, "arm64-4k-48");
    scene.kernel.next_pa = BASE + SIZE - 3 * 4096; /* PUD, PMD, PTE */
    builder_map(&scene.kernel, HALF, BASE, MIB(2), 3, KERNEL_RW);
    pages_write(scene.pages, scene.file.fd, BASE, SIZE);
    assert_int_equal(ftruncate(scene.file.fd, (off_t)SIZE - 4096 + 100 * 8 + 4), 0);
    scene.before = file_state(&scene.file);
    scene.image = open_image(scene.file.path);
    assert_true(source_place_base(scene.image, BASE));
    assert_true(memory_init(&scene.memory, scene.image, &err));
    scene.space = space_of("arm64-4k-48", ROOT_PA, NO_ROOT);
    struct memory in = memory_in(&scene.memory, &scene.space), *memory = &in;
    for (unsigned twice = 0; twice < 2; twice++) {
        assert_true(memory_translate(memory, HALF + 99 * 4096, &pa));
        assert_int_equal(pa, BASE + 99 * 4096);
        assert_false(memory_translate(memory, HALF + 100 * 4096, &pa));
    }
    memory_walk(memory, HALF + 100 * 4096 + 5, &walk);
    assert_int_equal(walk.end, WALK_NO_TABLE);
    assert_int_equal(walk.missing, EXTENT_NONE);
    assert_true(walk.partial);
    assert_int_equal(walk.first, HALF + 100 * 4096);
    assert_int_equal(walk.last, HALF + 101 * 4096 - 1);
    walk_reason(&walk, memory->paging, reason, sizeof reason);
    if (!strstr(reason, "PTE [100] at p:") ||
        !strstr(reason, " is not in the file, which has only"))
        fail_msg("%s", reason);
    memory_walk(memory, HALF + MIB(2), &walk); /* a whole table's empty entry */
    assert_int_equal(walk.end, WALK_NOT_PRESENT);
    memory_range(memory, address_in(&scene.space, HALF + 511 * 4096), &range);
    assert_int_equal(range.kind, RANGE_BAD);
    assert_int_equal(range.last, HALF + MIB(2) - 1);
    mapping_open(&listing, memory->paging, &memory->tables, ROOT_PA, HALF, HALF + GIB(1));
    assert_int_equal(mapping_next(&listing, &run, NULL), MAPPING_FOUND);
    assert_int_equal(run.size, 100 * 4096);
    assert_int_equal(mapping_next(&listing, &run, NULL), MAPPING_END);
    assert_int_equal(listing.lost_entries, 412);
    assert_int_equal(listing.lost, 0);
    assert_int_equal(listing.bad_va, HALF + 100 * 4096);
    scene_end(&scene);
}

static void skips_leave_the_kind(void **state)
{
    (void)state;
    struct scene scene;
    bool any;
    scene_start(&scene, "arm64-4k-48");
    builder_map(&scene.kernel, HALF + GIB(3), BASE + MIB(48), MIB(2), 3, KERNEL_RW);
    builder_leaf(&scene.kernel, UINT64_MAX - 4095, BASE + MIB(48), 3, KERNEL_RW);
    builder_leaf(&scene.user, 0x400000, BASE + MIB(48), 3, USER_RW);
    for (uint64_t at = MIB(48); at < MIB(50); at += 4096)
        file_text(&scene.file, at, "x");
    scene_open(&scene);
    /* v: forward, from gap to data to gap, over the non-canonical middle to the top. */
    static const uint64_t forward[] = {
        0x400000,         0x401000, 0x0001000000000000, HALF, HALF + GIB(3), HALF + GIB(3) + MIB(2),
        UINT64_MAX - 4095};
    uint64_t at = 0;
    for (size_t i = 0; i < sizeof forward / sizeof *forward; i++) {
        at = skip_from(&scene, &scene.space, at, false, &any);
        assert_true(any);
        assert_int_equal(at, forward[i]);
    }
    skip_from(&scene, &scene.space, UINT64_MAX - 4095, false, &any);
    assert_false(any);
    skip_from(&scene, &scene.space, UINT64_MAX, false, &any);
    assert_false(any);
    /* and back */
    at = UINT64_MAX;
    for (size_t i = sizeof forward / sizeof *forward; i-- > 0;) {
        at = skip_from(&scene, &scene.space, at, true, &any);
        assert_true(any);
        assert_int_equal(at, forward[i] - 1);
    }
    skip_from(&scene, &scene.space, at, true, &any);
    assert_false(any);
    skip_from(&scene, &scene.space, 0, true, &any);
    assert_false(any);
    scene_end(&scene);
}

static void skips_end_with_the_space(void **state)
{
    (void)state;
    struct scene scene;
    bool any;
    scene_start(&scene, "arm64-4k-48");
    file_text(&scene.file, MIB(32), "x");
    scene_open(&scene);
    assert_int_equal(skip_from(&scene, &space_file, MIB(31), false, &any), MIB(32));
    assert_int_equal(skip_from(&scene, &space_file, MIB(32), false, &any), MIB(32) + 4096);
    skip_from(&scene, &space_file, MIB(40), false, &any);
    assert_false(any);
    assert_int_equal(skip_from(&scene, &space_file, SIZE - 1, true, &any), MIB(32) + 4095);
    assert_int_equal(skip_from(&scene, &space_file, MIB(32) + 7, true, &any), MIB(32) - 1);
    assert_int_equal(skip_from(&scene, &space_phys, 0, false, &any), BASE);
    assert_int_equal(skip_from(&scene, &space_phys, (UINT64_C(1) << 52) - 1, true, &any),
                     BASE + SIZE - 1);
    skip_from(&scene, &space_phys, BASE + SIZE, false, &any);
    assert_false(any);
    skip_from(&scene, &space_phys, BASE - 1, true, &any);
    assert_false(any);
    skip_from(&scene, &space_phys, UINT64_MAX, false, &any);
    assert_false(any);
    skip_from(&scene, &space_file, UINT64_MAX, false, &any);
    assert_false(any);
    scene_end(&scene);
}

/* Without tables there is no v: space, but it has ends all the same. */
static void nothing_known_is_one_gap(void **state)
{
    (void)state;
    struct file file = file_create(MIB(1));
    struct source *image = open_image(file.path);
    struct memory memory;
    struct error err;
    struct range range;
    uint64_t to;
    assert_true(memory_init(&memory, image, &err));
    memory_range(&memory, address_in(&space_unknown, 5), &range);
    assert_int_equal(range.kind, RANGE_UNMAPPED);
    assert_int_equal(range.last, UINT64_MAX);
    assert_false(memory_skip(&memory, address_in(&space_unknown, 5), false, &to));
    assert_false(memory_skip(&memory, address_in(&space_unknown, UINT64_MAX), true, &to));
    assert_false(memory_translate(&memory, 5, &to));
    memory_deinit(&memory);
    source_drop(image);
    file_remove(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(translation_equals_the_walk),
        cmocka_unit_test(changes_are_seen),
        cmocka_unit_test(pointers_lose_their_tags),
        cmocka_unit_test(places_have_all_their_names),
        cmocka_unit_test(reads_go_over_gaps),
        cmocka_unit_test(every_byte_has_its_kind),
        cmocka_unit_test(reads_do_not_go_round),
        cmocka_unit_test(failed_reads_are_cheap),
        cmocka_unit_test(files_end_where_they_end),
        cmocka_unit_test(stretches_hold_what_they_say),
        cmocka_unit_test(stretches_hold_over_bad_tables),
        cmocka_unit_test(lost_tables_are_not_a_gap_without_end),
        cmocka_unit_test(tags_do_not_bend_a_stretch),
        cmocka_unit_test(a_table_of_which_a_part_is_there),
        cmocka_unit_test(skips_leave_the_kind),
        cmocka_unit_test(skips_end_with_the_space),
        cmocka_unit_test(nothing_known_is_one_gap),
        cmocka_unit_test(roots_may_be_misaligned),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
