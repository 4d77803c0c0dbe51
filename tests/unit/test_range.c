/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges of one kind and the skips over them, in the three spaces, to the ends of every space. */
#include "arch/arch.h"
#include "tests/unit/scene.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

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

/* The range holds what it says at its ends and at places inside. */
static void assert_range(struct memory *memory, struct rng *rng, struct address address,
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
        assert_range(memory, &rng, address, &range);
        if (range.last >= last)
            return;
        at = range.last + 1;
    }
}

static void ranges_hold_what_they_say(void **state)
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
static void ranges_hold_over_bad_tables(void **state)
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

static void tags_do_not_bend_a_range(void **state)
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

/* A shadow like KASAN's in the scene's kernel half: every entry of every level leads to the same,
 * the last ones to one page.  A `hole` in that table is left empty. */
static void build_shadow(struct scene *scene, unsigned hole)
{
    const struct paging *paging = scene->kernel.paging;
    uint64_t page = BASE + MIB(32), table = ROOT_PA;
    for (unsigned level = 0; level < paging->levels; level++) {
        uint64_t next = BASE + MIB(1) * (level + 1), entries = UINT64_C(1)
                                                               << paging->level[level].bits;
        bool is_last = level + 1u == paging->levels;
        for (uint64_t i = 0; i < entries; i++)
            if (!is_last || i != hole)
                pages_put(scene->pages, table + 8 * i,
                          is_last ? entry_leaf(paging, level, page, KERNEL_RO)
                                  : entry_table(paging, next));
        table = next;
    }
}

/* 2^35 pages and more, of which a skip sees each table once. */
static void skips_leave_shared_tables(void **state)
{
    (void)state;
    const struct paging *paging;
    for (size_t mode = 0; (paging = arch_mode(mode)); mode++) {
        struct scene scene;
        bool any;
        scene_start(&scene, paging->name);
        build_shadow(&scene, UINT32_MAX);
        scene_open_plain(&scene);
        uint64_t first = paging_half_first(paging, true);
        skip_from(&scene, &scene.space, first + 0x123, false, &any);
        assert_false(any);
        assert_int_equal(skip_from(&scene, &scene.space, UINT64_MAX - 5, true, &any), first - 1);
        assert_true(any);
        scene_end(&scene);
    }
}

/* The same with a gap in each of the last tables, which is found from both sides. */
static void skips_find_a_gap_in_a_shared_table(void **state)
{
    (void)state;
    struct scene scene;
    bool any;
    scene_start(&scene, "arm64-4k-48");
    build_shadow(&scene, 77);
    scene_open_plain(&scene);
    uint64_t gap = HALF + 77 * 4096;
    assert_int_equal(skip_from(&scene, &scene.space, HALF, false, &any), gap);
    assert_int_equal(skip_from(&scene, &scene.space, gap, false, &any), gap + 4096);
    assert_int_equal(skip_from(&scene, &scene.space, gap + 4096, false, &any), gap + MIB(2));
    assert_int_equal(skip_from(&scene, &scene.space, gap + GIB(1) - 1, true, &any),
                     gap + GIB(1) - MIB(2) + 4095);
    scene_end(&scene);
}

/* Nothing is mapped by tables that lead on everywhere: one gap, however many paths there are. */
static void empty_shared_tables_are_one_gap(void **state)
{
    (void)state;
    const struct paging *paging;
    for (size_t mode = 0; (paging = arch_mode(mode)); mode++) {
        struct scene scene;
        struct range range;
        bool any;
        scene_start(&scene, paging->name);
        build_shadow(&scene, UINT32_MAX);
        uint64_t last = BASE + MIB(1) * (paging->levels - 1u);
        for (uint64_t i = 0; i < UINT64_C(1) << paging->level[paging->levels - 1].bits; i++)
            pages_put(scene.pages, last + 8 * i, 0);
        scene_open_plain(&scene);
        uint64_t first = paging_half_first(paging, true);
        skip_from(&scene, &scene.space, first, false, &any);
        assert_false(any);
        assert_int_equal(skip_from(&scene, &scene.space, UINT64_MAX, true, &any), first - 1);
        memory_range(&scene.memory, address_in(&scene.space, first), &range);
        assert_int_equal(range.kind, RANGE_UNMAPPED);
        assert_int_equal(range.last, UINT64_MAX);
        scene_end(&scene);
    }
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
        cmocka_unit_test(ranges_hold_what_they_say),
        cmocka_unit_test(ranges_hold_over_bad_tables),
        cmocka_unit_test(lost_tables_are_not_a_gap_without_end),
        cmocka_unit_test(tags_do_not_bend_a_range),
        cmocka_unit_test(a_table_of_which_a_part_is_there),
        cmocka_unit_test(skips_leave_the_kind),
        cmocka_unit_test(skips_leave_shared_tables),
        cmocka_unit_test(skips_find_a_gap_in_a_shared_table),
        cmocka_unit_test(empty_shared_tables_are_one_gap),
        cmocka_unit_test(skips_end_with_the_space),
        cmocka_unit_test(nothing_known_is_one_gap),
    };
    return cmocka_run_group_tests_name("range", tests, NULL, NULL);
}
