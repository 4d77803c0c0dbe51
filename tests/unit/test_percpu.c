/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the CPUs' copies of a variable lie, both ways, and tables of offsets that lie. */
#include "linux/symbols/percpu.h"
#include "tests/unit/small_guest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TABLE (IMAGE_VA + 0x1000)
#define COUNT (IMAGE_VA + 0x2004) /* an unsigned int in the upper half of a word */
#define COPY  UINT64_C(0xffff000012340000)

struct fixture {
    struct small_guest linux;
    struct symbols *symbols;
    struct percpu percpu;
};

static void name(struct fixture *f, const char *text, uint64_t va)
{
    assert_true(symbols_add(f->symbols, va, 'D', text, strlen(text), NULL));
}

/* The section lies at `first`: 0 as on x86, or within the image. */
static void make(struct fixture *f, uint64_t first)
{
    small_make(&f->linux);
    f->symbols = symbols_create();
    name(f, "__per_cpu_start", first);
    name(f, "first_of_all", first);
    name(f, "runqueues", first + 0x840);
    name(f, "__per_cpu_end", first + 0x2000);
    name(f, "behind", first + 0x2000);
    name(f, "__per_cpu_offset", TABLE);
    for (unsigned cpu = 0; cpu < 4; cpu++) /* CPU 2 is not there */
        small_put(&f->linux, TABLE + 8 * cpu, cpu == 2 ? 0 : COPY + cpu * 0x10000 - first, 8);
}

static void load(struct fixture *f, bool with_count)
{
    if (with_count)
        name(f, "nr_cpu_ids", COUNT);
    small_put(&f->linux, COUNT, 4, 4);
    small_open(&f->linux);
    symbols_complete(f->symbols);
    struct linux_context context = small_context(&f->linux, NULL);
    context.symbols = f->symbols;
    percpu_load(&f->percpu, &context);
}

static void done(struct fixture *f)
{
    symbols_destroy(f->symbols);
    small_close(&f->linux);
}

static void test_both_ways(void **state)
{
    (void)state;
    static const uint64_t firsts[] = {0, IMAGE_VA + 0x10000};
    for (size_t i = 0; i < 2; i++) {
        static struct fixture f;
        struct error err;
        char text[64];
        uint64_t copy = 0, va = firsts[i] + 0x840;
        make(&f, firsts[i]);
        load(&f, true);
        assert_true(percpu_holds(&f.percpu, "runqueues", va));
        assert_false(percpu_holds(&f.percpu, "__per_cpu_start", firsts[i]));
        assert_false(percpu_holds(&f.percpu, "behind", firsts[i] + 0x2000));
        assert_true(percpu_address(&f.percpu, "runqueues", va, 3, &copy, &err));
        assert_int_equal(copy, COPY + 0x30840);
        assert_false(percpu_address(&f.percpu, "runqueues", va, 2, &copy, &err));
        assert_false(percpu_address(&f.percpu, "runqueues", va, 4, &copy, &err));
        assert_non_null(strstr(err.text, "no CPU 4"));
        assert_false(percpu_address(&f.percpu, "behind", firsts[i] + 0x2000, 0, &copy, &err));
        assert_true(percpu_text(&f.percpu, f.symbols, COPY + 0x10850, text, sizeof text));
        assert_string_equal(text, "runqueues:1+0x10");
        assert_true(percpu_text(&f.percpu, f.symbols, COPY, text, sizeof text));
        assert_string_equal(text, "first_of_all:0");
        assert_false(percpu_text(&f.percpu, f.symbols, COPY + 0x2000, text, sizeof text));
        assert_false(percpu_text(&f.percpu, f.symbols, COPY + 0x20840, text, sizeof text));
        done(&f);
    }
}

/* Without nr_cpu_ids the table ends where an entry leads nowhere. */
static void test_uncounted(void **state)
{
    (void)state;
    static struct fixture f;
    make(&f, 0);
    load(&f, false);
    assert_int_equal(f.percpu.cpus, 2);
    done(&f);
}

static void test_lies(void **state)
{
    (void)state;
    static struct fixture f;
    struct error err;
    uint64_t copy;
    make(&f, 0);
    for (unsigned cpu = 0; cpu < 4; cpu++)
        small_put(&f.linux, TABLE + 8 * cpu, UINT64_C(0x4141414141414141) * cpu, 8);
    load(&f, true);
    for (unsigned cpu = 0; cpu < 4; cpu++)
        assert_false(percpu_address(&f.percpu, "runqueues", 0x840, cpu, &copy, &err));
    done(&f);
    make(&f, IMAGE_VA);
    name(&f, "nr_cpu_ids", TABLE); /* a number that no kernel has */
    load(&f, false);
    assert_false(percpu_address(&f.percpu, "runqueues", IMAGE_VA + 0x840, 0, &copy, &err));
    assert_non_null(strstr(err.text, "not known"));
    done(&f);
}

/* The section of symbols that lie too far apart is none. */
static void test_section_size(void **state)
{
    (void)state;
    static const uint64_t most = UINT64_C(16) << 20;
    for (uint64_t beyond = 0; beyond < 2; beyond++) {
        static struct fixture f;
        small_make(&f.linux);
        f.symbols = symbols_create();
        name(&f, "__per_cpu_start", 0);
        name(&f, "__per_cpu_end", most + beyond);
        load(&f, true);
        assert_int_equal(percpu_holds(&f.percpu, "last", most - 1), !beyond);
        assert_false(percpu_holds(&f.percpu, "behind", most + beyond));
        done(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_uncounted),
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_section_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
