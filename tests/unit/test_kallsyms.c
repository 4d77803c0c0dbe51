/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kallsyms as small tables built here: every layout since 4.6, each found with VMCOREINFO and by
 * its shape alone; and lying ones, which must be refused and not believed.
 */
#include "linux/symbols/kallsyms.h"
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
    uint64_t num_va, names_va, token_table_va, token_index_va, addresses_va, base_va;
};

static void put(struct world *world, uint64_t va, uint64_t value, unsigned width)
{
    small_put(&world->linux, va, value, width);
}

/* --- writing kallsyms as scripts/kallsyms.c does ------------------------------------------------
 */

enum form { RELATIVE, PERCPU, ABSOLUTE, PLACE };
struct layout {
    const char *what;
    enum form form;
    bool behind;           /* 6.4: addresses behind the token index */
    bool numbers_between;  /* 6.2: sequence numbers between markers and tokens */
    unsigned marker_width; /* 8 before 4.20 */
    bool long_names;       /* 6.1: lengths of two bytes */
};

static uint64_t address_of(const struct layout *layout, unsigned i)
{
    if (layout->form == PERCPU && i < 20)
        return i * 64; /* absolute: per-CPU */
    return IMAGE_VA + (uint64_t)i * 48;
}

static size_t name_of(const struct layout *layout, unsigned i, char *name)
{
    size_t length = (size_t)sprintf(name, "%csym_%u_Of_kernel", i % 2 ? 'T' : 't', i);
    if (layout->long_names && i % 100 == 7) {
        memset(name + length, 'a' + (int)(i % 26), 300);
        length += 300;
    }
    name[length] = '\0';
    return length;
}

/* Bytes for themselves; the others are parts of two and three letters: 0x80 is "sym". */
static uint64_t put_tokens(struct world *world, uint64_t va)
{
    uint16_t index[256];
    world->token_table_va = va;
    for (unsigned i = 0; i < 256; i++) {
        char token[8] = {(char)i, 0};
        if (i < ' ' || i > '~')
            snprintf(token, sizeof token, "%c%c", 'a' + i % 26, 'a' + i / 26);
        if (i == 0x80)
            strcpy(token, "sym");
        index[i] = (uint16_t)(va - world->token_table_va);
        small_put_text(&world->linux, va, token);
        va += strlen(token) + 1;
    }
    va = world->token_index_va = (va + 7) & ~UINT64_C(7);
    for (unsigned i = 0; i < 256; i++, va += 2)
        put(world, va, index[i], 2);
    return va;
}

static uint64_t put_names(struct world *world, const struct layout *layout, uint64_t va,
                          uint64_t *marker)
{
    char name[512];
    for (unsigned i = 0; i < NAMES; i++) {
        if (i % 256 == 0)
            marker[i / 256] = va - world->names_va;
        size_t length = name_of(layout, i, name) - 2; /* 's','y','m' become one */
        if (length > 127)
            put(world, va++, (length & 0x7f) | 0x80, 1);
        put(world, va++, length > 127 ? length >> 7 : length, 1);
        put(world, va++, (uint8_t)name[0], 1);
        put(world, va++, 0x80, 1);
        small_put_text(&world->linux, va, name + 4);
        va += length - 2;
    }
    return (va + 7) & ~UINT64_C(7);
}

static uint64_t put_addresses(struct world *world, const struct layout *layout, uint64_t va)
{
    world->addresses_va = va;
    uint64_t base = layout->form == PERCPU ? address_of(layout, 20) : IMAGE_VA;
    for (unsigned i = 0; i < NAMES; i++) {
        uint64_t address = address_of(layout, i), value = address - base;
        if (layout->form == PERCPU)
            value = i < 20 ? address : base - 1 - address;
        if (layout->form == PLACE)
            value = address - va;
        put(world, va, layout->form == ABSOLUTE ? address : value,
            layout->form == ABSOLUTE ? 8 : 4);
        va += layout->form == ABSOLUTE ? 8 : 4;
    }
    va = (va + 7) & ~UINT64_C(7);
    if (layout->form == RELATIVE || layout->form == PERCPU) {
        put(world, world->base_va = va, base, 8);
        va += 8;
    }
    return va;
}

static void put_info(struct world *world, const struct layout *layout)
{
    int length = snprintf(world->info.text, sizeof world->info.text,
                          "OSRELEASE=x\nSYMBOL(kallsyms_names)=%llx\n"
                          "SYMBOL(kallsyms_num_syms)=%llx\nSYMBOL(kallsyms_token_table)=%llx\n"
                          "SYMBOL(kallsyms_token_index)=%llx\nSYMBOL(kallsyms_%s)=%llx\n",
                          (unsigned long long)world->names_va, (unsigned long long)world->num_va,
                          (unsigned long long)world->token_table_va,
                          (unsigned long long)world->token_index_va,
                          layout->form == ABSOLUTE ? "addresses" : "offsets",
                          (unsigned long long)world->addresses_va);
    if (world->base_va)
        snprintf(world->info.text + length, sizeof world->info.text - (size_t)length,
                 "SYMBOL(kallsyms_relative_base)=%llx\n", (unsigned long long)world->base_va);
}

static void put_kallsyms(struct world *world, const struct layout *layout)
{
    uint64_t va = TABLES_VA, marker[NAMES / 256 + 1];
    if (!layout->behind)
        va = put_addresses(world, layout, va);
    world->num_va = va;
    put(world, va, NAMES, 8);
    world->names_va = va + 8;
    va = put_names(world, layout, world->names_va, marker);
    for (unsigned i = 0; i < NAMES / 256 + 1; i++, va += layout->marker_width)
        put(world, va, marker[i], layout->marker_width);
    va = (va + 7) & ~UINT64_C(7);
    for (unsigned i = 0; layout->numbers_between && i < NAMES; i++, va += 3)
        put(world, va, i * 7919 % NAMES << 8, 3);
    va = put_tokens(world, (va + 7) & ~UINT64_C(7));
    if (layout->behind)
        put_addresses(world, layout, va);
    put_info(world, layout);
}

/* --- every layout -------------------------------------------------------------------------------
 */

static const struct layout layouts[] = {
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
    return kallsyms_load(*symbols, &world->linux.memory, info, IMAGE_VA, IMAGE_SIZE, err);
}

static void check_layout(struct world *world, const struct layout *layout,
                         const struct vmcoreinfo *info)
{
    struct symbols *symbols;
    struct error err;
    char name[512];
    if (!load(world, info, &symbols, &err))
        fail_msg("%s: %s", layout->what, err.text);
    assert_int_equal(symbols_count(symbols), NAMES);
    symbols_complete(symbols);
    for (unsigned i = 0; i < NAMES; i++) {
        name_of(layout, i, name);
        const struct symbol *symbol = symbols_by_address(symbols, i);
        assert_int_equal(symbol->va, address_of(layout, i));
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
        world = (struct world){0};
        small_make(&world.linux);
        put_kallsyms(&world, &layouts[i]);
        small_open(&world.linux);
        check_layout(&world, &layouts[i], &world.info);
        check_layout(&world, &layouts[i], NULL);
        /* A note of another kernel: what it names is not there. */
        struct vmcoreinfo stale = world.info;
        for (char *c = stale.text; (c = strstr(c, "=ffff80000810"));)
            memcpy(c, "=ffff80000820", 13);
        check_layout(&world, &layouts[i], &stale);
        small_close(&world.linux);
    }
}

/* --- lies ---------------------------------------------------------------------------------------
 */

static void expect_refused(struct world *world, const char *lie)
{
    struct symbols *symbols;
    struct error err;
    small_open(&world->linux);
    for (int with = 0; with < 2; with++) {
        err.text[0] = '\0';
        if (load(world, with ? &world->info : NULL, &symbols, &err))
            fail_msg("lie %s is believed, %s VMCOREINFO", lie, with ? "with" : "without");
        assert_true(err.text[0] != '\0');
        assert_int_equal(symbols_count(symbols), 0);
        symbols_destroy(symbols);
    }
    small_close(&world->linux);
}

static void test_lies(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, NAMES + 5, 400000, 0x7fffffff, 0xffffffff};
    const struct layout *layout = &layouts[7];
    struct world world;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        world = (struct world){0};
        small_make(&world.linux);
        put_kallsyms(&world, layout);
        put(&world, world.num_va, counts[i], 4);
        if (counts[i] == 1) /* fewer than there are: VMCOREINFO's word is taken for it */
            put(&world, world.names_va, 0, 1);
        expect_refused(&world, "count");
    }
    for (unsigned what = 0; what < 6; what++) {
        world = (struct world){0};
        small_make(&world.linux);
        put_kallsyms(&world, layout);
        if (what == 0) /* a token behind the table */
            put(&world, world.token_index_va + 2 * 200, 0xfff0, 2);
        if (what == 1) /* a name as long as can be */
            put(&world, world.names_va, 0xffff, 2);
        if (what == 2) /* a token that is not text */
            put(&world, world.token_table_va + 20, 0xffffffff, 4);
        if (what == 3) /* addresses elsewhere */
            put(&world, world.base_va, 0x1234, 8);
        if (what == 4) /* a type that is no letter */
            put(&world, world.names_va + 1, '7', 1);
        if (what == 5) /* nothing at all */
            memset(world.linux.bytes + IMAGE_AT, 0, (size_t)IMAGE_SIZE);
        char lie[] = {(char)('0' + what), 0};
        expect_refused(&world, lie);
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
        world = (struct world){0};
        small_make(&world.linux);
        put_kallsyms(&world, &layouts[round % (sizeof layouts / sizeof *layouts)]);
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
        cmocka_unit_test(test_layouts),
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
