/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding bytes, against memmem() over the whole of a small space; borders, ends, holes. */
#include "arch/arch.h"
#include "memory/memory.h"
#include "memory/search.h"
#include "tests/unit/support.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BASE    UINT64_C(0x40000000)
#define ROOT_PA (BASE + MIB(8))
#define SIZE    MIB(16)
#define HALF    UINT64_C(0xffff000000000000)
#define PAGES   40
#define BYTES   ((size_t)PAGES * 4096)
#define NOWHERE UINT64_MAX

static uint8_t content[BYTES];

/* Runs it to its end.  NOWHERE: not found. */
static uint64_t find(struct memory *memory, struct address from, const void *pattern, size_t length,
                     bool backward)
{
    struct search search;
    uint64_t first, last;
    memory_bounds(memory, from.space, &first, &last);
    search_start(&search, memory, from, pattern, length, backward);
    for (unsigned i = 0; i < 200000; i++) {
        double progress = search_progress(&search);
        assert_true(from.value > last || (progress >= 0 && progress <= 1));
        switch (search_step(&search, 4096)) {
        case SEARCH_FOUND:
            assert_int_equal(search.at.space, from.space);
            return search.at.value;
        case SEARCH_END:
            return NOWHERE;
        case SEARCH_WAITING: /* for a file? */
            fail();
            break;
        case SEARCH_RUNNING:
            break;
        }
    }
    fail_msg("the search does not end");
    return NOWHERE;
}

/* The same over content[], which is the whole space from `first` on. */
static uint64_t brute(uint64_t from, const void *pattern, size_t length, bool backward)
{
    size_t best = BYTES, around = BYTES;
    for (size_t at = 0; at + length <= BYTES; at++) {
        if (memcmp(content + at, pattern, length) != 0)
            continue;
        bool ahead = backward ? at < from : at > from;
        size_t *slot = ahead ? &best : &around;
        if (*slot == BYTES || backward)
            *slot = at;
    }
    size_t found = best != BYTES ? best : around;
    return found == BYTES ? NOWHERE : found;
}

static void fill_content(struct rng *rng, unsigned letters)
{
    for (size_t i = 0; i < BYTES; i++)
        content[i] = (uint8_t)('a' + rng_below(rng, letters));
}

struct scene {
    struct file file;
    struct source *image;
    struct space space;
    struct memory memory;
};

static void scene_open(struct scene *scene, struct pages *pages, const char *mode)
{
    struct error err;
    if (pages)
        pages_write(pages, scene->file.fd, BASE, SIZE);
    scene->image = open_image(scene->file.path);
    assert_true(source_place_base(scene->image, BASE));
    assert_true(memory_init(&scene->memory, scene->image, &err));
    if (!mode)
        return;
    scene->space = space_of(mode, ROOT_PA, NO_ROOT);
    memory_use(&scene->memory, &scene->space);
}

static void scene_end(struct scene *scene)
{
    memory_deinit(&scene->memory);
    source_drop(scene->image);
    file_remove(&scene->file);
}

/* --- against brute force --- */

static void compare(struct rng *rng, struct memory *memory, const struct space *space,
                    uint64_t first)
{
    for (unsigned i = 0; i < 60; i++) {
        uint8_t pattern[SEARCH_PATTERN];
        size_t length = 1 + (size_t)rng_below(rng, i % 4 ? 12 : SEARCH_PATTERN);
        bool backward = rng_below(rng, 2);
        uint64_t from = rng_below(rng, BYTES);
        size_t place = (size_t)rng_below(rng, BYTES - length);
        /* From the content, half of them across a page's or a window's border; or of no place. */
        if (rng_below(rng, 2))
            place = (place & ~(size_t)4095) + 4096 - length / 2;
        if (place + length > BYTES)
            place = BYTES - length;
        memcpy(pattern, content + place, length);
        if (rng_below(rng, 4) == 0)
            pattern[length - 1] ^= 1;
        uint64_t wanted = brute(from, pattern, length, backward);
        uint64_t got = find(memory, address_in(space, first + from), pattern, length, backward);
        if (got != (wanted == NOWHERE ? NOWHERE : first + wanted))
            fail_msg("%c: from %" PRIx64 " %s, %zu bytes: %" PRIx64 ", expected %" PRIx64,
                     space_letter(space->kind), from, backward ? "back" : "on", length,
                     got == NOWHERE ? got : got - first, wanted);
    }
}

static void files_are_searched_like_memmem(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        struct rng rng = {seed};
        struct scene scene = {.file = file_create(BYTES)};
        fill_content(&rng, seed % 2 ? 2 : 26);
        file_write(&scene.file, 0, content, BYTES);
        scene_open(&scene, NULL, NULL);
        compare(&rng, &scene.memory, &space_file, 0);
        compare(&rng, &scene.memory, &space_phys, BASE);
        scene_end(&scene);
    }
}

/* Pages that follow one another in v: and are scattered in the file. */
static void scattered_pages_are_searched_as_one(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 4; seed++) {
        struct rng rng = {seed};
        struct pages *pages = pages_create();
        struct builder builder = builder_of(pages, "arm64-4k-48", ROOT_PA, ROOT_PA + 4096);
        struct scene scene = {.file = file_create(SIZE)};
        fill_content(&rng, seed % 2 ? 2 : 26);
        for (uint64_t i = 0; i < PAGES; i++) {
            uint64_t offset = (i * 7 % PAGES) * 8192;
            builder_leaf(&builder, HALF + MIB(2) + i * 4096, BASE + offset, 3, KERNEL_RW);
            file_write(&scene.file, offset, content + i * 4096, 4096);
        }
        scene_open(&scene, pages, "arm64-4k-48");
        compare(&rng, &scene.memory, &scene.space, HALF + MIB(2));
        scene_end(&scene);
        pages_destroy(pages);
    }
}

/* --- the ends --- */

static void matches_at_the_very_ends_are_found(void **state)
{
    (void)state;
    struct scene scene = {.file = file_create(BYTES)};
    memset(content, '.', BYTES);
    memcpy(content, "START", 5);
    memcpy(content + BYTES - 3, "END", 3);
    file_write(&scene.file, 0, content, BYTES);
    scene_open(&scene, NULL, NULL);
    for (int backward = 0; backward < 2; backward++)
        for (uint64_t from = 0; from < BYTES; from += BYTES / 3) {
            struct address at = address_file(from);
            assert_int_equal(find(&scene.memory, at, "START", 5, backward), 0);
            assert_int_equal(find(&scene.memory, at, "END", 3, backward), BYTES - 3);
            assert_int_equal(find(&scene.memory, at, "ENDS", 4, backward), NOWHERE);
        }
    struct address last = address_file(BYTES - 1);
    assert_int_equal(find(&scene.memory, last, "START", 5, false), 0);
    assert_int_equal(find(&scene.memory, last, "END", 3, true), BYTES - 3);
    assert_int_equal(find(&scene.memory, address_file(0), "START", 5, true), 0);
    scene_end(&scene);
}

/* One byte, at the space's last address, from either side. */
static void the_last_byte_is_found_backward(void **state)
{
    (void)state;
    struct scene scene = {.file = file_create(BYTES)};
    memset(content, '.', BYTES);
    content[BYTES - 1] = 'Z';
    file_write(&scene.file, 0, content, BYTES);
    scene_open(&scene, NULL, NULL);
    assert_int_equal(find(&scene.memory, address_file(9), "Z", 1, false), BYTES - 1);
    assert_int_equal(find(&scene.memory, address_file(BYTES - 1), "Z", 1, false), BYTES - 1);
    assert_int_equal(find(&scene.memory, address_file(9), "Z", 1, true), BYTES - 1);
    scene_end(&scene);
}

/* n, n, n goes through all of them and comes back to the first; N the other way. */
static void repeated_searches_go_round(void **state)
{
    (void)state;
    static const uint64_t places[] = {5, 4094, 65534, 65540, 150000};
    struct scene scene = {.file = file_create(BYTES)};
    memset(content, '.', BYTES);
    for (size_t i = 0; i < 5; i++)
        memcpy(content + places[i], "needle", 6);
    file_write(&scene.file, 0, content, BYTES);
    scene_open(&scene, NULL, NULL);
    uint64_t at = 0;
    for (size_t i = 0; i < 11; i++) {
        at = find(&scene.memory, address_file(at), "needle", 6, false);
        assert_int_equal(at, places[i % 5]);
    }
    for (size_t i = 5; i < 16; i++) {
        at = find(&scene.memory, address_file(at), "needle", 6, true);
        assert_int_equal(at, places[(29 - i) % 5]);
    }
    scene_end(&scene);
}

/* --- gaps --- */

static void holes_are_skipped_and_stay(void **state)
{
    (void)state;
    struct scene scene = {.file = file_create(GIB(64))};
    file_text(&scene.file, GIB(40) + 100, "needle");
    file_text(&scene.file, GIB(50) + 4090, "need");
    struct file_state before = file_state(&scene.file);
    scene_open(&scene, NULL, NULL);
    struct address from = address_file(GIB(1));
    assert_int_equal(find(&scene.memory, from, "needle", 6, false), GIB(40) + 100);
    assert_int_equal(find(&scene.memory, from, "needle", 6, true), GIB(40) + 100);
    assert_int_equal(find(&scene.memory, from, "absent", 6, false), NOWHERE);
    assert_int_equal(find(&scene.memory, from, "absent", 6, true), NOWHERE);
    /* Data that goes on in a hole: the hole's zeros are what is there. */
    assert_int_equal(find(&scene.memory, from, "need\0\0\0\0", 8, false), GIB(50) + 4090);
    assert_file_unchanged(&scene.file, &before);
    scene_end(&scene);
}

/* What is not mapped breaks a match: pages that are neighbours in the file are none in v:. */
static void gaps_break_matches(void **state)
{
    (void)state;
    struct pages *pages = pages_create();
    struct builder builder = builder_of(pages, "arm64-4k-48", ROOT_PA, ROOT_PA + 4096);
    struct scene scene = {.file = file_create(SIZE)};
    file_text(&scene.file, 4096 - 3, "needle"); /* over the border of two file pages */
    file_text(&scene.file, 3 * 4096 - 3, "nee");
    file_text(&scene.file, 5 * 4096, "dle");
    builder_leaf(&builder, HALF, BASE, 3, KERNEL_RW);
    builder_leaf(&builder, HALF + 0x2000, BASE + 4096, 3, KERNEL_RW);
    builder_leaf(&builder, HALF + 0x8000, BASE + 2 * 4096, 3, KERNEL_RW);
    builder_leaf(&builder, HALF + 0x9000, BASE + 5 * 4096, 3, KERNEL_RW);
    scene_open(&scene, pages, "arm64-4k-48");
    static const uint64_t starts[] = {0, HALF, HALF + 0x8fff, UINT64_MAX};
    for (size_t i = 0; i < 4; i++)
        for (int backward = 0; backward < 2; backward++) {
            struct address from = address_in(&scene.space, starts[i]);
            assert_int_equal(find(&scene.memory, from, "needle", 6, backward), HALF + 0x8ffd);
            assert_int_equal(find(&scene.memory, from, "needless", 8, backward), NOWHERE);
        }
    assert_int_equal(find(&scene.memory, address_file(0), "needle", 6, false), 4093);
    scene_end(&scene);
    pages_destroy(pages);
}

static void nothing_to_look_through_ends(void **state)
{
    (void)state;
    struct scene scene = {.file = file_create(GIB(1024))};
    scene_open(&scene, NULL, NULL);
    const struct space *const spaces[] = {&space_file, &space_phys, &space_unknown};
    for (size_t i = 0; i < 3; i++)
        for (int backward = 0; backward < 2; backward++) {
            uint64_t first, last;
            const struct space *space = spaces[i];
            memory_bounds(&scene.memory, space, &first, &last);
            assert_int_equal(find(&scene.memory, address_in(space, 0), "x", 1, backward), NOWHERE);
            assert_int_equal(find(&scene.memory, address_in(space, last), "x", 1, backward),
                             NOWHERE);
            assert_int_equal(find(&scene.memory, address_in(space, UINT64_MAX), "x", 1, backward),
                             NOWHERE);
        }
    assert_int_equal(file_blocks(&scene.file), 0);
    scene_end(&scene);
}

/* --- what is looked for --- */

struct parse_case {
    const char *text, *bytes;
    size_t length; /* 0: refused */
    int column;
};

static void patterns_are_parsed(void **state)
{
    (void)state;
    static const struct parse_case cases[] = {
        {"abc", "abc", 3, 0},
        {"hex 7f 45 4c46",
         "\x7f"
         "ELF",
         4, 0},
        {"hex 7F454C46",
         "\x7f"
         "ELF",
         4, 0},
        {"text hex", "hex", 3, 0},
        {"text ", "", 0, -1},
        {"hexadecimal", "hexadecimal", 11, 0},
        {"hex 7", "", 0, -1},
        {"hex ", "", 0, -1},
        {"hex 7g", "", 0, -1},
        {"", "", 0, -1},
        {"hex 00", "\0", 1, 0},
        {"hex 7 f4 5", "\x7f\x45", 2, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t pattern[SEARCH_PATTERN];
        size_t length = 0;
        struct error err = {.column = -7, .text = ""};
        bool ok = search_parse(cases[i].text, pattern, &length, &err);
        assert_int_equal(ok, cases[i].length != 0);
        if (ok) {
            assert_int_equal(length, cases[i].length);
            assert_memory_equal(pattern, cases[i].bytes, length);
        } else if (cases[i].column >= 0)
            assert_int_equal(err.column, cases[i].column);
    }
}

/* The column is into the text as it was given, "hex " and all. */
static void columns_count_from_the_start(void **state)
{
    (void)state;
    uint8_t pattern[SEARCH_PATTERN];
    size_t length;
    struct error err;
    assert_false(search_parse("hex zz", pattern, &length, &err));
    assert_int_equal(err.column, 4);
}

static void long_patterns_are_refused(void **state)
{
    (void)state;
    uint8_t pattern[SEARCH_PATTERN];
    char text[4 * SEARCH_PATTERN] = "hex ";
    size_t length;
    struct error err;
    memset(text + 4, 'a', 2 * SEARCH_PATTERN);
    assert_true(search_parse(text, pattern, &length, &err));
    assert_int_equal(length, SEARCH_PATTERN);
    memset(text + 4, 'a', 2 * SEARCH_PATTERN + 2);
    assert_false(search_parse(text, pattern, &length, &err));
    memset(text, 'x', SEARCH_PATTERN + 1);
    text[SEARCH_PATTERN + 1] = '\0';
    assert_false(search_parse(text, pattern, &length, &err));
    text[SEARCH_PATTERN] = '\0';
    assert_true(search_parse(text, pattern, &length, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_searched_like_memmem),
        cmocka_unit_test(scattered_pages_are_searched_as_one),
        cmocka_unit_test(matches_at_the_very_ends_are_found),
        cmocka_unit_test(the_last_byte_is_found_backward),
        cmocka_unit_test(repeated_searches_go_round),
        cmocka_unit_test(holes_are_skipped_and_stay),
        cmocka_unit_test(gaps_break_matches),
        cmocka_unit_test(nothing_to_look_through_ends),
        cmocka_unit_test(patterns_are_parsed),
        cmocka_unit_test(columns_count_from_the_start),
        cmocka_unit_test(long_patterns_are_refused),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
