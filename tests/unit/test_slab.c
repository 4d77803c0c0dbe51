/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Slab objects: what is on a CPU's own list, red zones, ways to link what is free; and where each
 * CPU has its copy of the per-CPU variables, which that needs.
 */
#include "linux/tasks/percpu_find.h"
#include "session/session_private.h"
#include "tests/unit/kernel_types.h"
#include "tests/unit/page_made.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define IMAGE        UINT64_C(0xffff800008000000)
#define IMAGE_PA     (MADE_BASE + 0x700000)
#define IMAGE_SIZE   UINT64_C(0x40000)
#define TASK_PA(i)   (MADE_BASE + 0x500000 + 0x100 * (uint64_t)(i))
#define UNIT         UINT64_C(0x10000)
#define CHUNK_PA     (MADE_BASE + 0x600000) /* of per-CPU memory: a unit for each CPU */
#define SECTION      (IMAGE + 0x20000)      /* where the image has the variables */
#define QUEUE        UINT64_C(0x1040)       /* the variable `runqueues`, from there */
#define CPUS         3u

static const char common[] = "size:u4@0 offset:u4@4 flags:u8@8 name:p@16 cpu_slab:p@24 ";
static const struct type_text types[] = {
    {"cfs_rq", 16, "rq:p@8"},
    {"rq", 16, "cpu:u4@4"},
    {"sched_entity", 16, "cfs_rq:p@0"},
    {"task_struct", 64, "se:sched_entity@16"},
    {"slab", 64, "slab_cache:p@24 freelist:p@32 objects:u2@40 frozen:u2@42"},
    {"kmem_cache_cpu", 32, "freelist:p@0 slab:p@16"},
    {"kmem_cache", 64, common},
};

/* --- where the CPUs have their copies ------------------------------------------------------ */

static uint64_t image_pa(uint64_t va)
{
    return va - IMAGE + IMAGE_PA;
}

static uint64_t offset_of(unsigned cpu)
{
    return LINEAR(CHUNK_PA + cpu * UNIT) - SECTION;
}

/* A thread of each CPU; the table of offsets and the chunk's address somewhere in the data. */
static void start(struct made *made)
{
    made_start(made);
    made->image_va = IMAGE;
    made->image_size = IMAGE_SIZE;
    made->more = "NUMBER(PG_reserved)=14\n";
    builder_map(&made->builder, IMAGE, IMAGE_PA, IMAGE_SIZE, 3, KERNEL_RW);
    made->tasks = (struct tasks){.task = made->task, .count = CPUS};
    for (unsigned i = 0; i < CPUS; i++) {
        uint64_t queue = CHUNK_PA + i * UNIT + QUEUE, fair = queue + 0x100;
        made->task[i].va = LINEAR(TASK_PA(i));
        pages_put(made->memory, TASK_PA(i) + 16, LINEAR(fair));
        pages_put(made->memory, fair + 8, LINEAR(queue));
        pages_put(made->memory, queue, (uint64_t)i << 32);
        pages_put(made->memory, image_pa(IMAGE + 0x8018) + 8 * i, offset_of(i));
    }
    pages_put(made->memory, image_pa(IMAGE + 0x9000), LINEAR(CHUNK_PA)); /* pcpu_base_addr */
}

static void load_areas(struct made *made, struct percpu *percpu, struct btf *btf)
{
    made->btf = NULL;
    struct pages *pages = made_open(made, false);
    struct linux_context linux = {.memory = &made->session->memory,
                                  .kernel = &made->session->kernel,
                                  .symbols = made->symbols,
                                  .btf = btf,
                                  .image = {IMAGE, IMAGE_SIZE},
                                  .tasks = &made->tasks};
    percpu_load(percpu, &linux);
    percpu_find(percpu, &linux);
    made_end(made, pages);
}

static void assert_areas(const struct percpu *percpu, bool has_chunk)
{
    assert_int_equal(percpu->checked_cpus, CPUS);
    for (unsigned i = 0; i < CPUS; i++)
        assert_int_equal(percpu->offset[i], offset_of(i));
    assert_int_equal(percpu->chunk_first, has_chunk ? LINEAR(CHUNK_PA) : 0);
    assert_int_equal(percpu->chunk_last, has_chunk ? LINEAR(CHUNK_PA) + CPUS * UNIT - 1 : 0);
}

static void test_areas(void **state)
{
    (void)state;
    static struct percpu percpu;
    struct made made;
    struct btf *btf = types_of_text(types, COUNT(types));
    start(&made);
    load_areas(&made, &percpu, btf);
    assert_areas(&percpu, true);
    /* x86 counts its variables from 0 on: the offsets are where the copies lie. */
    start(&made);
    for (unsigned i = 0; i < CPUS; i++)
        pages_put(made.memory, image_pa(IMAGE + 0x8018) + 8 * i, LINEAR(CHUNK_PA + i * UNIT));
    load_areas(&made, &percpu, btf);
    assert_int_equal(percpu.checked_cpus, CPUS);
    assert_int_equal(percpu.offset[2], LINEAR(CHUNK_PA + 2 * UNIT));
    assert_int_equal(percpu.chunk_first, LINEAR(CHUNK_PA));
    /* Two words that may be the base: which, is not known. */
    start(&made);
    pages_put(made.memory, image_pa(IMAGE + 0xa000), LINEAR(CHUNK_PA) + 0x1000);
    load_areas(&made, &percpu, btf);
    assert_areas(&percpu, false);
    /* The table by its symbol, and not believed where the queues do not agree. */
    for (unsigned lie = 0; lie < 2; lie++) {
        start(&made);
        struct symbols *symbols = symbols_create();
        symbols_add(symbols, IMAGE + 0x8018, 'D', "__per_cpu_offset", 16, NULL);
        symbols_complete(symbols);
        made.symbols = symbols;
        if (lie)
            pages_put(made.memory, image_pa(IMAGE + 0x8018) + 8, offset_of(1) + 0x1000);
        load_areas(&made, &percpu, btf);
        if (lie)
            assert_int_equal(percpu.checked_cpus, 0);
        else
            assert_areas(&percpu, true);
        symbols_destroy(symbols);
    }
    /* One offset that is not a page's, and a variable outside of the image. */
    static const uint64_t wrong[] = {1, 0x800, 0x40000, 0 - UINT64_C(0x22000)};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        start(&made);
        for (unsigned cpu = 0; cpu < CPUS; cpu++)
            pages_put(made.memory, image_pa(IMAGE + 0x8018) + 8 * cpu, offset_of(cpu) - wrong[i]);
        load_areas(&made, &percpu, btf);
        assert_int_equal(percpu.checked_cpus, 0);
    }
    /* A CPU that no task shows: those before it are known. */
    start(&made);
    pages_put(made.memory, CHUNK_PA + 2 * UNIT + QUEUE, UINT64_C(1) << 32);
    pages_put(made.memory, TASK_PA(1) + 16, 0);
    load_areas(&made, &percpu, btf);
    assert_int_equal(percpu.checked_cpus, 0); /* two queues of CPU 1 do not fit the offsets */
    start(&made);
    pages_put(made.memory, CHUNK_PA + UNIT + QUEUE, UINT64_C(1024) << 32);
    load_areas(&made, &percpu, btf);
    assert_int_equal(percpu.checked_cpus, 1);
    btf_close(btf);
}

/* --- objects ------------------------------------------------------------------------------- */

#define SLAB     UINT64_C(0x820) /* the page: 8 objects of 0x100 bytes, a pad before each */
#define SLAB_VA  LINEAR(MADE_BASE + SLAB * 4096)
#define CACHE_PA (MADE_BASE + 0x540000)
#define CACHE    LINEAR(CACHE_PA)
#define OBJECTS  8u
#define PER_CPU  UINT64_C(0x3000) /* kmem_cache_cpu, from the section's start */
#define RED_ZONE UINT64_C(0x400)

struct slab_case {
    const char *members; /* more of kmem_cache */
    uint64_t flags, frozen;
    uint64_t free[4], local[4]; /* objects + 1 on the slab's list, and on that of CPU 1 */
    uint64_t other;             /* the slab that CPU 1 allocates from; 0: this one */
    const char *states;         /* of each object: 'a' allocated, 'f' free, '?' */
};

static uint64_t object_va(uint64_t i, uint64_t pad)
{
    return SLAB_VA + pad + i * 0x100;
}

/* Objects linked one after the other; ROUND: back to the first.  Returns the first. */
#define ROUND 99
static uint64_t put_list(struct made *made, const uint64_t list[4], uint64_t pad)
{
    for (unsigned i = 0; i < 4 && list[i] && list[i] != ROUND; i++) {
        uint64_t at = object_va(list[i] - 1, pad) + 0x40 - MADE_LINEAR + MADE_BASE;
        uint64_t to = i < 3 ? list[i + 1] : 0;
        pages_put(made->memory, at, to ? object_va((to == ROUND ? list[0] : to) - 1, pad) : 0);
    }
    return list[0] ? object_va(list[0] - 1, pad) : 0;
}

static void check_slab(const struct slab_case *is)
{
    struct made made;
    struct slab_object object;
    struct type_text with[COUNT(types) + 1];
    char members[200];
    memcpy(with, types, sizeof types);
    snprintf(members, sizeof members, "%s%s", common, is->members ? is->members : "");
    with[COUNT(types) - 1].members = members;
    with[COUNT(types)] = (struct type_text){"_slab_flag_bits", 0, "_SLAB_RED_ZONE=2"};
    start(&made);
    made.btf = types_of_text(with, COUNT(types) + (is->flags == 4));
    uint64_t pad = is->flags ? 0x10 : 0;
    PUT(SLAB, 1 << 9, 0, CACHE, 0, NEVER_MAPPED, 1);
    pages_put(made.memory, MADE_AT + SLAB * 64 + 32, put_list(&made, is->free, pad));
    pages_put(made.memory, MADE_AT + SLAB * 64 + 40, OBJECTS | is->frozen << 16);
    pages_put(made.memory, CACHE_PA, UINT64_C(0x40) << 32 | 0x100);
    pages_put(made.memory, CACHE_PA + 8, is->flags);
    pages_put(made.memory, CACHE_PA + 16, CACHE + 0x100);
    pages_put(made.memory, CACHE_PA + 24, SECTION + PER_CPU);
    pages_put(made.memory, CACHE_PA + 32, 0x10); /* red_left_pad, or another member */
    memcpy((char *)pages_make(made.memory, CACHE_PA) + 0x100, "things", 7);
    uint64_t cpu = CHUNK_PA + UNIT + PER_CPU;
    pages_put(made.memory, cpu, put_list(&made, is->local, pad));
    pages_put(made.memory, cpu + 16, is->other ? is->other : made_va(SLAB));
    struct pages *pages = made_open(&made, true);
    for (uint64_t i = 0; i < OBJECTS; i++) {
        uint64_t pa = object_va(i, pad) - MADE_LINEAR + MADE_BASE;
        assert_true(page_object(pages, pa + 5, &object));
        assert_int_equal(object.index, i);
        assert_int_equal(object.count, OBJECTS);
        assert_int_equal(object.size, 0x100);
        assert_int_equal(object.va, object_va(i, pad));
        assert_int_equal(object.offset, 5);
        assert_string_equal(object.cache, "things");
        const char *name = slab_state_name(object.state);
        if ((name ? *name : '?') != is->states[i])
            fail_msg("%s: object %d is %s", is->states, (int)i, name ? name : "not known");
    }
    if (pad) { /* the red zone before an object is the object's */
        assert_true(page_object(pages, MADE_BASE + SLAB * 4096 + 0x103, &object));
        assert_int_equal(object.index, 1);
        assert_int_equal(object.offset, 0);
    }
    assert_false(page_object(pages, MADE_BASE + SLAB * 4096 + 0x800, &object)); /* left over */
    made_end(&made, pages);
}

static void test_objects(void **state)
{
    (void)state;
    static const struct slab_case cases[] = {
        {.states = "aaaaaaaa"},
        {.free = {4, 1, 8}, .states = "faafaaaf"},
        /* a CPU's slab: what is on its own list */
        {.frozen = 1, .local = {2, 3}, .states = "affaaaaa"},
        {.frozen = 1, .free = {1}, .local = {2}, .states = "ffaaaaaa"},
        {.frozen = 1, .local = {2, 3, ROUND}, .states = "?ff?????"},        /* loops */
        {.frozen = 1, .local = {2}, .other = 0x1000, .states = "aaaaaaaa"}, /* no CPU's now */
        {.free = {9}, .states = "????????"},                                /* no object of it */
        /* red zones: by the flag's value, and by its name */
        {.members = "red_left_pad:u4@32", .flags = RED_ZONE, .free = {3}, .states = "aafaaaaa"},
        {.members = "red_left_pad:u4@32", .flags = 4, .free = {3}, .states = "aafaaaaa"},
        /* 6.18: what is in a sheaf is free, and its slab does not say so */
        {.members = "cpu_sheaves:p@40", .free = {3}, .states = "??f?????"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_slab(&cases[i]);
}

/* Names of structs that caches of other names hold. */
static void test_types(void **state)
{
    (void)state;
    static const struct type_text structs[] = {
        {"file", 8, "x:u4@0"}, {"tcp_sock", 8, "x:u4@0"}, {"things", 8, "x:u4@0"}};
    struct btf *btf = types_of_text(structs, 3);
    struct slab_object object = {.cache = "filp"};
    assert_string_equal(slab_type(btf, &object), "file");
    strcpy(object.cache, "TCP");
    assert_string_equal(slab_type(btf, &object), "tcp_sock");
    strcpy(object.cache, "things");
    assert_string_equal(slab_type(btf, &object), "things");
    strcpy(object.cache, "UDP");
    assert_null(slab_type(btf, &object));
    strcpy(object.cache, "kmalloc-64");
    assert_null(slab_type(btf, &object));
    assert_string_equal(slab_state_name(SLAB_USED), "allocated");
    assert_string_equal(slab_state_name(SLAB_FREE), "free");
    assert_null(slab_state_name(SLAB_UNTOLD));
    btf_close(btf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_areas),
        cmocka_unit_test(test_objects),
        cmocka_unit_test(test_types),
    };
    return cmocka_run_group_tests_name("slabs", tests, NULL, NULL);
}
