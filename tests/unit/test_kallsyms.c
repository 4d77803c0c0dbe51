/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kallsyms as small tables built here: every layout since 4.6, each found with VMCOREINFO and by
 * its shape alone; and lying ones, which must be refused and not believed.
 */
#include "linux/symbols/kallsyms.h"

#include "linux/find/vmcoreinfo.h"
#include "tests/unit/kallsyms_builder.h"
#include "tests/unit/small_guest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TABLES_VA (IMAGE_VA + 0x100000)
#define NAMES     1500u

struct world {
    struct small_guest linux;
    struct vmcoreinfo info;
    const struct kallsyms_layout *layout;
    struct kallsyms_places at;
};

static void put(void *world, uint64_t va, uint64_t value, unsigned width)
{
    small_put(&((struct world *)world)->linux, va, value, width);
}

static uint64_t address_of(void *world, unsigned i)
{
    if (((struct world *)world)->layout->form == PERCPU && i < 20)
        return i * 64; /* absolute: per-CPU */
    return IMAGE_VA + (uint64_t)i * 48;
}

static size_t name_of(void *world, unsigned i, char *name)
{
    size_t length = (size_t)sprintf(name, "%csym_%u_Of_kernel", i % 2 ? 'T' : 't', i);
    if (((struct world *)world)->layout->long_names && i % 100 == 7) {
        memset(name + length, 'a' + (int)(i % 26), 300);
        length += 300;
    }
    name[length] = '\0';
    return length;
}

/* A guest with the tables, and a note that names them. */
static void start_paired(struct world *world, const struct kallsyms_layout *layout,
                         unsigned paired_letters)
{
    *world = (struct world){.layout = layout};
    small_make(&world->linux);
    struct kallsyms_content content = {NAMES,
                                       layout->form == PERCPU ? IMAGE_VA + 960 : IMAGE_VA,
                                       paired_letters,
                                       world,
                                       name_of,
                                       address_of,
                                       put};
    kallsyms_write(&world->at, &content, layout, TABLES_VA);
    strcpy(world->info.text, "OSRELEASE=x\n");
    kallsyms_note(&world->at, layout, world->info.text + 12, sizeof world->info.text - 12);
}

static void start(struct world *world, const struct kallsyms_layout *layout)
{
    start_paired(world, layout, 0);
}

/* --- every layout -------------------------------------------------------------------------------
 */

static const struct kallsyms_layout layouts[] = {
    {"4.6", RELATIVE, false, false, 8, false},
    {"4.6, absolute", ABSOLUTE, false, false, 8, false},
    {"4.20", RELATIVE, false, false, 4, false},
    {"6.1", RELATIVE, false, false, 4, true},
    {"6.1, x86", PERCPU, false, false, 4, true},
    {"6.2", RELATIVE, false, true, 4, true},
    {"6.2, x86", PERCPU, false, true, 4, true},
    {"6.4", RELATIVE, true, false, 4, true},
    {"6.4, x86", PERCPU, true, false, 4, true},
    {"6.4, absolute", ABSOLUTE, true, false, 4, true},
    {"7.0", PLACE, true, false, 4, true},
};

static bool load(struct world *world, const struct vmcoreinfo *info, struct symbols **symbols,
                 struct error *err)
{
    *symbols = symbols_create();
    struct linux_context context = small_context(&world->linux, NULL);
    context.info = info;
    return kallsyms_load(*symbols, &context, err);
}

static void check_layout(struct world *world, const struct vmcoreinfo *info)
{
    struct symbols *symbols;
    struct error err;
    char name[512];
    if (!load(world, info, &symbols, &err))
        fail_msg("%s: %s", world->layout->what, err.text);
    assert_int_equal(symbols_count(symbols), NAMES);
    symbols_complete(symbols);
    for (unsigned i = 0; i < NAMES; i++) {
        name_of(world, i, name);
        const struct symbol *symbol = symbols_by_address(symbols, i);
        assert_int_equal(symbol->va, address_of(world, i));
        assert_int_equal(symbol->type, name[0]);
        assert_string_equal(symbol->name, name + 1);
    }
    symbols_destroy(symbols);
}

static void test_layouts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        struct world world;
        start(&world, &layouts[i]);
        small_open(&world.linux);
        check_layout(&world, &world.info);
        check_layout(&world, NULL);
        /* A note of another kernel: what it names is not there. */
        struct vmcoreinfo stale = world.info;
        for (char *c = stale.text; (c = strstr(c, "=ffff80000810"));)
            memcpy(c, "=ffff80000820", 13);
        check_layout(&world, &stale);
        small_close(&world.linux);
    }
}

/* --- lies ---------------------------------------------------------------------------------------
 */

static bool is_believed(struct world *world, const struct vmcoreinfo *info)
{
    struct symbols *symbols;
    struct error err = {.text = ""};
    bool loaded = load(world, info, &symbols, &err);
    assert_int_equal(loaded, err.text[0] == '\0');
    assert_int_equal(symbols_count(symbols), loaded ? NAMES : 0);
    symbols_destroy(symbols);
    return loaded;
}

/* With VMCOREINFO, and without. */
static void expect(struct world *world, const char *lie, bool with, bool without)
{
    small_open(&world->linux);
    if (is_believed(world, &world->info) != with || is_believed(world, NULL) != without)
        fail_msg("lie %s is believed, or what is none is not", lie);
    small_close(&world->linux);
}

static void expect_refused(struct world *world, const char *lie)
{
    expect(world, lie, false, false);
}

static void test_lies(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, NAMES + 5, 400000, 0x7fffffff, 0xffffffff};
    const struct kallsyms_layout *layout = &layouts[7];
    struct world world;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        start(&world, layout);
        put(&world, world.at.num_va, counts[i], 4);
        if (counts[i] == 1) /* fewer than there are: VMCOREINFO's word is taken for it */
            put(&world, world.at.names_va, 0, 1);
        expect_refused(&world, "count");
    }
    for (unsigned what = 0; what < 6; what++) {
        start(&world, layout);
        if (what == 0) /* a token beyond the table */
            put(&world, world.at.token_index_va + 2 * 200, 0xfff0, 2);
        if (what == 1) /* a name as long as can be */
            put(&world, world.at.names_va, 0xffff, 2);
        if (what == 2) /* a token that is not text */
            put(&world, world.at.token_table_va + 20, 0xffffffff, 4);
        if (what == 3) /* addresses elsewhere */
            put(&world, world.at.base_va, 0x1234, 8);
        if (what == 4) /* a type that is no letter */
            put(&world, world.at.names_va + 1, '7', 1);
        if (what == 5) /* nothing at all */
            memset(world.linux.bytes + IMAGE_AT, 0, (size_t)IMAGE_SIZE);
        char lie[] = {(char)('0' + what), 0};
        expect_refused(&world, lie);
    }
}

/* Addresses are in order, but for few: the linker's sections may be out of it. */
static void test_order(void **state)
{
    (void)state;
    struct world world;
    for (unsigned swaps = NAMES / 16; swaps <= NAMES / 16 + 1; swaps++) {
        start(&world, &layouts[7]);
        for (unsigned i = 0; i < swaps; i++) { /* symbol 8i+4 lies before 8i+3 */
            put(&world, world.at.addresses_va + 4 * (8 * i + 3), 48 * (8 * i + 4), 4);
            put(&world, world.at.addresses_va + 4 * (8 * i + 4), 48 * (8 * i + 3), 4);
        }
        bool good = swaps == NAMES / 16;
        expect(&world, "unsorted", good, good);
    }
    start(&world, &layouts[7]);
    for (unsigned i = 0; i < NAMES; i++)
        put(&world, world.at.addresses_va + 4 * i, 48 * (NAMES - i), 4);
    expect_refused(&world, "all unsorted");
    /* All of them in the image, but none where it starts. */
    for (unsigned beyond = 0; beyond < 2; beyond++) {
        start(&world, &layouts[7]);
        put(&world, world.at.base_va, IMAGE_VA + IMAGE_SIZE / 8 + beyond * 48, 8);
        expect(&world, "elsewhere", !beyond, !beyond);
    }
    /* All the same address: no table of symbols. */
    start(&world, &layouts[7]);
    for (unsigned i = 0; i < NAMES; i++)
        put(&world, world.at.addresses_va + 4 * i, 0, 4);
    expect_refused(&world, "one address");
}

/* Half of the letters at least stand for themselves; VMCOREINFO needs no such proof. */
static void test_letters(void **state)
{
    (void)state;
    for (unsigned paired = 13; paired <= 14; paired++) {
        struct world world;
        start_paired(&world, &layouts[2], paired);
        expect(&world, "no letters", true, paired == 13);
    }
}

/* Any byte of the tables may be wrong: nothing may be read where nothing is. */
static void test_noise(void **state)
{
    (void)state;
    uint32_t random = 12345;
    for (unsigned round = 0; round < 60; round++) {
        struct world world;
        struct symbols *symbols;
        struct error err;
        start(&world, &layouts[round % (sizeof layouts / sizeof *layouts)]);
        for (unsigned i = 0; i < 3; i++) {
            random = random * 1664525 + 1013904223;
            put(&world, TABLES_VA + (random >> 8) % 0xc000, random >> 3, 2);
        }
        small_open(&world.linux);
        load(&world, &world.info, &symbols, &err);
        symbols_complete(symbols);
        symbols_destroy(symbols);
        load(&world, NULL, &symbols, &err);
        symbols_destroy(symbols);
        small_close(&world.linux);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layouts), cmocka_unit_test(test_lies),  cmocka_unit_test(test_order),
        cmocka_unit_test(test_letters), cmocka_unit_test(test_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
