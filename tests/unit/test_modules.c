/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of modules recognised by their shape, whole and torn, and module tables that lie. */
#include "linux/modules/module_symbols.h"
#include "tests/unit/kernel_types.h"
#include "tests/unit/small_guest.h"

#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- modules, by their shape ---------------------------------------------------------------
 */

#define HEAD_VA     (IMAGE_VA + 0x3000)
#define MODULE_STEP 0x8000
#define MODULES     5u

static uint64_t module_va(unsigned i)
{
    return MODULES_VA + (uint64_t)i * MODULE_STEP + 0x1040;
}

/* list_head of module i; MODULES is the head itself. */
static uint64_t node_va(unsigned i)
{
    return i == MODULES ? HEAD_VA : module_va(i) + 8;
}

static void put_module(struct small_guest *linux, unsigned i)
{
    uint64_t va = module_va(i), tables = va - 0x1040 + 0x2000;
    char name[32];
    snprintf(name, sizeof name, "mod_%u", i);
    small_put_text(linux, va + 24, name);
    small_put(linux, va + 400, va + 512, 8); /* kallsyms: core_kallsyms */
    small_put(linux, va + 512, tables, 8);
    small_put(linux, va + 520, 3, 4);
    small_put(linux, va + 528, tables + 0x100, 8);
    small_put(linux, va + 536, tables + 0x200, 8);
    for (unsigned s = 1; s < 3; s++) {
        small_put(linux, tables + s * sizeof(Elf64_Sym), s == 1 ? 1 : 7, 4);
        small_put(linux, tables + s * sizeof(Elf64_Sym) + 8, tables - 0x2000 + s * 16, 8);
        small_put(linux, tables + 0x200 + s, s == 1 ? 't' : 'D', 1);
    }
    small_put_text(linux, tables + 0x101, "start");
    small_put_text(linux, tables + 0x107, "data");
    small_put(linux, node_va(i), node_va(i + 1), 8);
    small_put(linux, node_va(i + 1) + 8, node_va(i), 8);
}

static void put_modules(struct small_guest *linux)
{
    small_make(linux);
    for (unsigned i = 0; i < MODULES; i++)
        put_module(linux, i);
    small_put(linux, HEAD_VA, node_va(0), 8);
    small_put(linux, node_va(0) + 8, HEAD_VA, 8);
}

/* Loads with `modules` named or not; gives back how many there are. */
static size_t load_modules(struct small_guest *linux, bool named, struct symbols *symbols,
                           bool *torn)
{
    struct error err = {0};
    struct module_list list;
    if (named)
        symbols_add(symbols, HEAD_VA, 'd', "modules", 7, NULL);
    struct linux_context context = small_context(linux, NULL);
    bool loaded = module_symbols_load(symbols, &context, &list, &err);
    size_t count = list.count;
    assert_true(loaded || err.text[0]);
    for (size_t i = 0; i < count && !list.torn; i++) {
        assert_int_equal(list.module[i].va, module_va((unsigned)i));
        assert_int_equal(list.module[i].ranges, list.module[i].symbols > 0);
    }
    *torn = list.torn;
    module_list_free(&list);
    symbols_complete(symbols);
    return count;
}

static void expect_modules(struct small_guest *linux, size_t named, size_t unnamed,
                           size_t symbols_each)
{
    bool torn;
    small_open(linux);
    for (int by_name = 0; by_name < 2; by_name++) {
        struct symbols *symbols = symbols_create();
        assert_int_equal(load_modules(linux, by_name, symbols, &torn), by_name ? named : unnamed);
        assert_int_equal(symbols_count(symbols),
                         (size_t)by_name + symbols_each * (by_name ? named : unnamed));
        symbols_destroy(symbols);
    }
    small_close(linux);
}

static void test_modules(void **state)
{
    (void)state;
    struct small_guest linux;
    put_modules(&linux);
    small_open(&linux);
    struct symbols *symbols = symbols_create();
    bool torn;
    assert_int_equal(load_modules(&linux, false, symbols, &torn), MODULES);
    assert_false(torn);
    char text[100];
    assert_string_equal(symbols_text(symbols, module_va(2) - 0x1040 + 18, text, sizeof text),
                        "start+0x2 [mod_2]");
    assert_int_equal(symbols_find(symbols, "data")->type, 'd');
    symbols_destroy(symbols);
    small_close(&linux);
    put_modules(&linux);
    expect_modules(&linux, MODULES, MODULES, 2);
}

static void test_module_lists_that_lie(void **state)
{
    (void)state;
    struct small_guest linux;
    put_modules(&linux); /* torn in the middle: both ways up to there */
    small_put(&linux, node_va(2), UINT64_C(0xffff800012345678), 8);
    expect_modules(&linux, MODULES, MODULES, 2);
    put_modules(&linux); /* a loop that leaves the head out: prev disagrees */
    small_put(&linux, node_va(4), node_va(1), 8);
    expect_modules(&linux, MODULES, MODULES, 2);
    put_modules(&linux); /* one that points to itself, both ways: a list by itself */
    for (unsigned i = 0; i < MODULES; i++) {
        small_put(&linux, node_va(i), node_va(i), 8);
        small_put(&linux, node_va(i) + 8, node_va(i), 8);
    }
    expect_modules(&linux, 0, 0, 0);
    put_modules(&linux); /* no names */
    for (unsigned i = 0; i < MODULES; i++)
        small_put(&linux, module_va(i) + 24, 0x1b1b1b1b, 4);
    expect_modules(&linux, 0, 0, 0);
    put_modules(&linux); /* an empty list is an answer */
    small_put(&linux, HEAD_VA, HEAD_VA, 8);
    small_put(&linux, HEAD_VA + 8, HEAD_VA, 8);
    small_open(&linux);
    struct symbols *symbols = symbols_create();
    bool torn;
    assert_int_equal(load_modules(&linux, true, symbols, &torn), 0);
    symbols_destroy(symbols);
    small_close(&linux);
}

static void test_module_tables_that_lie(void **state)
{
    (void)state;
    struct small_guest linux;
    static const uint32_t counts[] = {0, 0x7fffffff, 0xffffffff, 900000};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        put_modules(&linux);
        for (unsigned i = 0; i < MODULES; i++)
            small_put(&linux, module_va(i) + 520, counts[c], 4);
        expect_modules(&linux, MODULES, MODULES, 0);
    }
    put_modules(&linux); /* a name's place far beyond the table */
    for (unsigned i = 0; i < MODULES; i++)
        small_put(&linux, module_va(i) - 0x1040 + 0x2000 + sizeof(Elf64_Sym), 0xfffffff0, 4);
    expect_modules(&linux, MODULES, MODULES, 0);
}

/* --- modules by types: of 6.4 and later, and before ---------------------------------------------
 */

static const struct type_text newer[] = {
    {"list_head", 16, "next:p@0 prev:p@8"},
    {"kernel_symbol", 12, "value_offset:i4@0 name_offset:i4@4"},
    {"module_memory", 24, "base:p@0 size:u4@8"},
    {"mod_kallsyms", 32, "symtab:p@0 num_symtab:u4@8 strtab:p@16 typetab:p@24"},
    {"module", 512,
     "state:u4@0 list:list_head@8 name:c16@24 syms:p@104 num_syms:u4@112 "
     "mem:module_memory[3]@200 kallsyms:p@400"},
};
static const struct type_text older[] = {
    {"list_head", 16, "next:p@0 prev:p@8"},
    {"kernel_symbol", 16, "value:u8@0 name:p@8"},
    {"module_layout", 16, "base:p@0 size:u4@8"},
    {"mod_kallsyms", 24, "symtab:p@0 num_symtab:u4@8 strtab:p@16"},
    {"module", 512,
     "state:u4@0 list:list_head@8 name:c16@24 syms:p@104 num_syms:u4@112 "
     "core_layout:module_layout@200 init_layout:module_layout@216 kallsyms:p@400"},
};

/* The module exports its "data": by offsets from where these stand, or by addresses. */
static void put_exports(struct small_guest *linux, unsigned i, bool relative)
{
    uint64_t va = module_va(i), tables = va - 0x1040 + 0x2000, exports = tables + 0x400;
    uint64_t data = tables - 0x2000 + 32, name = tables + 0x107;
    small_put(linux, va + 104, exports, 8);
    small_put(linux, va + 112, 2, 4);
    for (unsigned k = 0; k < 2; k++) { /* the other one has another's address */
        uint64_t at = exports + k * (relative ? 12 : 16), to = data + 0x100 * (1 - k);
        small_put(linux, at, relative ? to - at : to, relative ? 4 : 8);
        at += relative ? 4 : 8;
        small_put(linux, at, relative ? name - at : name, relative ? 4 : 8);
    }
}

static void check_typed(bool is_new)
{
    struct small_guest linux;
    struct error err = {0};
    struct module_list list;
    struct btf *btf = types_of_text(is_new ? newer : older, 5);
    struct symbols *symbols = symbols_create();
    put_modules(&linux);
    for (unsigned i = 0; i < MODULES; i++) {
        uint64_t va = module_va(i), start = va - 0x1040;
        put_exports(&linux, i, is_new);
        small_put(&linux, va + 200, start, 8);
        small_put(&linux, va + 208, 0x1000, 4);
        small_put(&linux, va + (is_new ? 248 : 216), start + 0x4000, 8); /* mem[2], or init */
        small_put(&linux, va + (is_new ? 256 : 224), 0x2000, 4);
        if (!is_new) /* the type is written over the symbol's own */
            small_put(&linux, start + 0x2000 + 2 * sizeof(Elf64_Sym) + 4, 'd', 1);
    }
    small_put(&linux, module_va(3), 3, 4); /* not set up yet */
    small_open(&linux);
    struct linux_context context = small_context(&linux, btf);
    if (!module_symbols_load(symbols, &context, &list, &err))
        fail_msg("%s", err.text);
    symbols_complete(symbols);
    assert_int_equal(list.count, MODULES);
    assert_int_equal(symbols_count(symbols), 2 * (MODULES - 1));
    const struct module *module = &list.module[1];
    assert_string_equal(module->name, "mod_1");
    assert_int_equal(module->symbols, 2);
    assert_int_equal(module->ranges, 2);
    assert_int_equal(module->range[0].first, module_va(1) - 0x1040);
    assert_int_equal(module->range[0].last, module_va(1) - 0x1040 + 0xfff);
    assert_string_equal(module->range[0].what, is_new ? "text" : "core");
    assert_int_equal(module->range[1].last, module_va(1) - 0x1040 + 0x5fff);
    assert_string_equal(module->range[1].what, is_new ? "rodata" : "init");
    assert_int_equal(symbols_find(symbols, "data")->type, 'D'); /* exported */
    assert_int_equal(symbols_find(symbols, "start")->type, is_new ? 't' : '?');
    char text[100];
    uint64_t first = module_va(1) - 0x1040;
    assert_string_equal(symbols_text(symbols, first + 0xfff, text, sizeof text),
                        "data+0xfdf [mod_1]");
    assert_string_equal(symbols_text(symbols, first + 0x1000, text, sizeof text), "");
    module_list_free(&list);
    symbols_destroy(symbols);
    small_close(&linux);
    btf_close(btf);
}

static void test_typed_modules(void **state)
{
    (void)state;
    check_typed(true);
    check_typed(false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modules),
        cmocka_unit_test(test_module_lists_that_lie),
        cmocka_unit_test(test_module_tables_that_lie),
        cmocka_unit_test(test_typed_modules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
