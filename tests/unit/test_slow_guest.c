/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest on a source that neither maps nor answers at once, beside the same guest on the raw file:
 * whoever does not wait is never given a wrong answer, only a later one.
 */
#include "linux/linux.h"
#include "memory/memory.h"
#include "memory/search.h"
#include "memory/spaces.h"
#include "tests/unit/guest_truth.h"
#include "tests/unit/support.h"
#include "ui/pane/tables/tree_measure.h"
#include "ui/pane/tables/tree_search.h"

#include <stdio.h>
#include <string.h>

#define BASE    UINT64_C(0x40000000)
#define ROOT_PA (BASE + MIB(8))
#define SIZE    MIB(16)
#define HALF    UINT64_C(0xffff000000000000)
#define MAPPED  MIB(6)

struct scene {
    struct file file;
    struct source *source[2]; /* raw, slow */
    struct spaces *spaces;
    const struct space *space;
    struct memory raw, slow; /* slow: nonblocking */
    unsigned waits;          /* how often something was on its way */
};

/* 16K tables, to be put together of four pages; pages, blocks, and a table that is not there. */
static void scene_open(struct scene *scene)
{
    struct pages *pages = pages_create();
    struct builder builder = builder_of(pages, "arm64-16k-47", ROOT_PA, ROOT_PA + MIB(1));
    char spec[2][160];
    struct error err;
    struct space space = space_of("arm64-16k-47", ROOT_PA, NO_ROOT);
    uint64_t half = paging_half_first(space.paging, true);
    unsigned last = space.paging->levels - 1u;
    builder_map(&builder, half, BASE, MAPPED, last, KERNEL_RW);
    builder_map(&builder, half + GIB(64), BASE + MIB(1), MIB(1), last, KERNEL_RO);
    builder_leaf(&builder, half + GIB(128), BASE, last - 1, KERNEL_RX);
    pages_put(pages, builder_entry_pa(&builder, half + GIB(256), last - 1),
              entry_table(space.paging, BASE + GIB(1)));
    *scene = (struct scene){.file = file_create(SIZE), .spaces = spaces_create()};
    pages_write(pages, scene->file.fd, BASE, SIZE);
    pages_destroy(pages);
    file_text(&scene->file, MIB(5) - 3, "needle");
    snprintf(spec[0], sizeof spec[0], "%s@40000000", scene->file.path);
    snprintf(spec[1], sizeof spec[1], "simulated:1:%s@40000000", scene->file.path);
    struct memory *memory[2] = {&scene->raw, &scene->slow};
    scene->space = spaces_get(scene->spaces, &space);
    for (size_t i = 0; i < 2; i++) {
        scene->source[i] = open_image(spec[i]);
        assert_true(memory_init(memory[i], scene->source[i], &err));
        memory[i]->reader->nonblocking = i == 1;
        *memory[i] = memory_in(memory[i], scene->space);
    }
}

static void scene_close(struct scene *scene)
{
    memory_deinit(&scene->raw);
    memory_deinit(&scene->slow);
    source_drop(scene->source[0]);
    source_drop(scene->source[1]);
    spaces_drop(scene->spaces);
    file_remove(&scene->file);
}

/* What was asked for comes. */
static void wait_for_it(struct scene *scene)
{
    bool more = true;
    while (more)
        source_arrivals(scene->source[1], &more);
    assert_true(scene->waits++ < 100000);
}

static void walks_are_the_same(void **state)
{
    (void)state;
    struct scene scene;
    struct rng rng = {1};
    scene_open(&scene);
    uint64_t half = paging_half_first(scene.space->paging, true);
    static const uint64_t around[] = {0, GIB(64), GIB(128), GIB(256)};
    for (unsigned i = 0; i < 4000; i++) {
        uint64_t va = half + around[rng_below(&rng, 4)] + rng_below(&rng, MIB(40)), pa;
        struct walk raw, slow;
        memory_walk(&scene.raw, va, &raw);
        memory_walk(&scene.slow, va, &slow);
        while (slow.end == WALK_NO_TABLE && slow.missing == EXTENT_PENDING) {
            assert_false(memory_translate(&scene.slow, va, &pa));
            wait_for_it(&scene);
            memory_walk(&scene.slow, va, &slow);
        }
        assert_int_equal(slow.end, raw.end);
        assert_int_equal(slow.pa, raw.pa);
        assert_int_equal(slow.steps, raw.steps);
        assert_int_equal(slow.first, raw.first);
        assert_int_equal(slow.last, raw.last);
        assert_int_equal(memory_translate(&scene.slow, va, &pa), raw.end == WALK_MAPPED);
    }
    assert_true(scene.waits > 0);
    scene_close(&scene);
}

static void bytes_and_ranges_say_that_they_come(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    uint64_t half = paging_half_first(scene.space->paging, true);
    struct address at = address_in(scene.space, half + MIB(5) - 3);
    struct range range;
    char text[7] = "";
    uint8_t there[6];
    memory_range(&scene.slow, at, &range);
    assert_int_equal(range.kind, RANGE_PENDING);
    while (memory_read(&scene.slow, at, text, 6, there) < 6) {
        for (size_t i = 0; i < 6; i++)
            assert_true(there[i] == RANGE_DATA || there[i] == RANGE_PENDING);
        wait_for_it(&scene);
    }
    assert_string_equal(text, "needle");
    memory_range(&scene.slow, at, &range);
    assert_int_equal(range.kind, RANGE_DATA);
    assert_true(scene.waits > 0);
    scene_close(&scene);
}

static void lists_and_the_reverse_index_are_the_same(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    const struct paging *paging = scene.space->paging;
    struct mapping_iterator raw, slow;
    struct mapping wanted, run;
    uint64_t half = paging_half_first(paging, true);
    mapping_open(&raw, paging, &scene.raw.tables, ROOT_PA, half, UINT64_MAX);
    mapping_open(&slow, paging, &scene.slow.tables, ROOT_PA, half, UINT64_MAX);
    enum mapping_result result;
    do {
        result = mapping_next(&raw, &wanted, NULL);
        while (mapping_next(&slow, &run, NULL) == MAPPING_PAUSE)
            wait_for_it(&scene);
        if (result == MAPPING_FOUND) {
            assert_int_equal(run.va, wanted.va);
            assert_int_equal(run.pa, wanted.pa);
            assert_int_equal(run.size, wanted.size);
            assert_int_equal(run.entry, wanted.entry);
        }
    } while (result == MAPPING_FOUND);
    assert_int_equal(slow.lost, raw.lost);
    assert_int_equal(slow.lost, 1);

    memory_use(&scene.raw, scene.space);
    memory_use(&scene.slow, scene.space);
    while (!memory_step(&scene.raw, 1))
        ;
    while (!memory_step(&scene.slow, 1))
        wait_for_it(&scene);
    struct place place;
    memory_locate(&scene.slow, address_phys(BASE + MIB(1)), &place);
    assert_int_equal(place.aliases, 3);
    assert_int_equal(place.alias[1].va, half + GIB(64));
    assert_true(scene.waits > 0);
    scene_close(&scene);
}

static struct address search(struct scene *scene, struct address from, bool backward)
{
    struct search search;
    enum search_result result;
    search_start(&search, &scene->slow, from, (const uint8_t *)"needle", 6, backward);
    while ((result = search_step(&search, 4096)) != SEARCH_FOUND) {
        assert_int_not_equal(result, SEARCH_END);
        if (result == SEARCH_WAITING)
            wait_for_it(scene);
    }
    return search.at;
}

static void a_search_waits_for_bytes_and_tables(void **state)
{
    (void)state;
    struct scene scene;
    uint64_t half;
    for (int backward = 0; backward < 2; backward++) {
        scene_open(&scene);
        half = paging_half_first(scene.space->paging, true);
        struct address from = address_in(scene.space, half + (backward ? MIB(6) : MIB(4)));
        assert_int_equal(search(&scene, from, backward).value, half + MIB(5) - 3);
        assert_int_equal(search(&scene, address_file(0), backward).value, MIB(5) - 3);
        assert_true(scene.waits > 0);
        scene_close(&scene);
    }
}

/* --- the tree --- */

static struct tree_place tree_find_word(struct scene *scene, struct tree *tree, const char *word,
                                        bool backward)
{
    struct tree_search search;
    struct error err;
    enum tree_search_result result;
    struct tree_wanted wanted = {word, NULL, NULL, 0, UINT64_MAX};
    struct tree_place from = {paging_half_first(tree->paging, true), 0};
    assert_true(tree_search_start(&search, tree, &wanted, from, backward, &err));
    while ((result = tree_search_step(&search, tree, 100)) != TREE_SEARCH_FOUND) {
        assert_int_not_equal(result, TREE_SEARCH_END);
        if (result == TREE_SEARCH_WAITING)
            wait_for_it(scene);
    }
    return search.at;
}

static void tree_searches_wait_for_tables(void **state)
{
    (void)state;
    static const char *const words[] = {"r-x", "block", "missing"};
    unsigned waits = 0;
    for (size_t i = 0; i < 2 * sizeof words / sizeof *words; i++) {
        struct scene scene;
        struct tree raw, slow;
        scene_open(&scene);
        assert_true(tree_init(&raw, scene.space->paging, &scene.raw.tables, &scene.space->roots));
        assert_true(tree_init(&slow, scene.space->paging, &scene.slow.tables, &scene.space->roots));
        struct tree_place wanted = tree_find_word(&scene, &raw, words[i / 2], i % 2);
        struct tree_place found = tree_find_word(&scene, &slow, words[i / 2], i % 2);
        assert_int_equal(found.va, wanted.va);
        assert_int_equal(found.depth, wanted.depth);
        tree_deinit(&raw);
        tree_deinit(&slow);
        waits += scene.waits;
        scene_close(&scene);
    }
    assert_true(waits > 0);
}

static struct tree_row row_of(const struct tree *tree, size_t n)
{
    struct tree_row row;
    assert_true(tree_row(tree, n, &row));
    return row;
}

static void a_tree_completes_by_itself(void **state)
{
    (void)state;
    struct scene scene;
    struct tree raw, slow;
    struct tree_measure measure = {.depth = 0}, raw_measure = {.depth = 0};
    scene_open(&scene);
    assert_true(tree_init(&raw, scene.space->paging, &scene.raw.tables, &scene.space->roots));
    assert_true(tree_init(&slow, scene.space->paging, &scene.slow.tables, &scene.space->roots));
    assert_int_equal(tree_rows(&slow), 1); /* the root, which is open, and says why it is empty */
    assert_true(row_of(&slow, 0).open);
    assert_int_equal(row_of(&slow, 0).missing, EXTENT_PENDING);
    wait_for_it(&scene);
    assert_true(tree_refresh(&slow, 0, 1, 1));
    assert_int_equal(tree_rows(&slow), tree_rows(&raw));
    assert_int_equal(row_of(&slow, 0).missing, EXTENT_DATA);
    assert_int_equal(row_of(&slow, 1).changed_ms, TREE_NEVER); /* it is new to us alone */

    assert_false(tree_measure_step(&measure, &slow, 0, 10, 1000000));
    assert_int_equal(row_of(&slow, 0).mapped, TREE_UNKNOWN);
    for (int i = 0; i < 100 && row_of(&slow, 0).mapped == TREE_UNKNOWN; i++) {
        wait_for_it(&scene);
        tree_measure_step(&measure, &slow, 0, 10, 1000000);
    }
    while (tree_measure_step(&raw_measure, &raw, 0, 10, 1000000))
        ;
    assert_int_equal(row_of(&slow, 0).mapped, row_of(&raw, 0).mapped);
    tree_measure_stop(&measure);
    tree_measure_stop(&raw_measure);
    tree_deinit(&raw);
    tree_deinit(&slow);
    assert_true(scene.waits > 0);
    scene_close(&scene);
}

/* The tasks of a real guest, read anew through a source that has nothing yet: those of before stay
 * until all links of the list have come. */
static void check_tasks(const char *folder)
{
    char spec[700];
    struct error err;
    struct session *session = strstr(folder, "/arm64") ? guest_truth_session(folder) : NULL;
    if (!session)
        return;
    struct linux_context *linux = session_need(session, LINUX_TASKS, &err);
    struct memory *memory = linux->memory, late;
    const struct space *space = memory->space;
    snprintf(spec, sizeof spec, "simulated:1:%s/ram.img@40000000", folder);
    struct source *source = open_image(spec);
    assert_true(memory_init(&late, source, &err));
    late.reader->nonblocking = true;
    struct memory slow = memory_in(&late, space);
    size_t count = linux->tasks->count, waits = 0;
    struct task last = linux->tasks->task[count - 1];
    linux->memory = &slow;
    for (uint64_t before = UINT64_MAX; before != late.reader->late; waits++) {
        bool more = true;
        while (more)
            source_arrivals(source, &more);
        before = late.reader->late;
        linux_refresh_tasks(linux);
        assert_false(linux->tasks->cut);
        assert_int_equal(linux->tasks->count, count);
        assert_int_equal(linux->tasks->task[count - 1].va, last.va);
    }
    assert_true(waits > 2);
    linux->memory = memory;
    memory_deinit(&late);
    source_drop(source);
    session_close(session);
}

static void lists_that_are_on_their_way_do_not_end(void **state)
{
    (void)state;
    guest_truth_folders(check_tasks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walks_are_the_same),
        cmocka_unit_test(bytes_and_ranges_say_that_they_come),
        cmocka_unit_test(lists_and_the_reverse_index_are_the_same),
        cmocka_unit_test(a_search_waits_for_bytes_and_tables),
        cmocka_unit_test(tree_searches_wait_for_tables),
        cmocka_unit_test(lists_that_are_on_their_way_do_not_end),
        cmocka_unit_test(a_tree_completes_by_itself),
    };
    return cmocka_run_group_tests_name("slow_guest", tests, NULL, NULL);
}
