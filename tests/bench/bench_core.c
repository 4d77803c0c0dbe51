/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The translation core against plain C that does only what has to be done: loads of the same
 * tables from the same mapping, without permissions, without checks.
 */
#include "arch/arch.h"
#include "bench.h"
#include "memory/memory.h"
#include "session/session_private.h"

#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROUNDS       9
#define TRANSLATIONS 2000000
#define BASE         UINT64_C(0x40000000)
#define PA_MASK      UINT64_C(0x0000fffffffff000)
#define LINEAR_VA    UINT64_C(0xffff000000000000)
#define LINEAR_SIZE  (UINT64_C(4088) << 20)

typedef double timed(void *context);

/* The two in turn, so that a change of the machine's speed meets both; the least of each. */
static void least_of_both(timed *ours, timed *plain, void *context, double least[2])
{
    for (int i = 0; i < ROUNDS; i++) {
        double took[2] = {ours(context), plain ? plain(context) : 0};
        for (int j = 0; j < 2; j++)
            least[j] = took[j] < least[j] ? took[j] : least[j];
    }
}

static void compare(const char *what, timed *ours, timed *plain, void *context, const char *unit,
                    double wanted)
{
    double least[2] = {DBL_MAX, DBL_MAX};
    least_of_both(ours, plain, context, least);
    bench_ratio(what, least[0], least[1], unit, wanted);
}

static void measure(const char *what, timed *ours, void *context, const char *unit, double wanted)
{
    double least[2] = {DBL_MAX, DBL_MAX};
    least_of_both(ours, NULL, context, least);
    bench_figure(what, least[0], unit, wanted);
}

struct bench {
    struct session *session;
    const unsigned char *map;
    uint64_t *va;
    volatile uint64_t sink;
};

/* --- plain C ------------------------------------------------------------------------------------
 */

static const uint64_t *table_at(const struct bench *bench, uint64_t entry)
{
    return (const uint64_t *)(const void *)(bench->map + ((entry & PA_MASK) - BASE));
}

static uint64_t count_leaves(const struct bench *bench, uint64_t table, int level)
{
    const uint64_t *entry = table_at(bench, table);
    uint64_t leaves = 0;
    for (int i = 0; i < 512; i++) {
        if (!(entry[i] & 1))
            continue;
        if (level < 3 && (entry[i] & 2))
            leaves += count_leaves(bench, entry[i], level + 1);
        else
            leaves++;
    }
    return leaves;
}

static double plain_count(void *context)
{
    struct bench *bench = context;
    int64_t start = bench_now();
    bench->sink = count_leaves(bench, bench->session->kernel.root_pa, 0);
    return (double)(bench_now() - start) / 1e6;
}

/* The compiler must not see that bit 63 is always 0. */
static inline void hide(uint64_t *value)
{
    __asm__ volatile("" : "+r"(*value));
}

/* Each translation waits for the one before (bit 63 of a PA is 0): what one answer takes, not how
 * many of them a processor can overlap.  Ours is measured in the same way. */
static double plain_translate(void *context)
{
    struct bench *bench = context;
    uint64_t sum = 0, root = bench->session->kernel.root_pa;
    int64_t start = bench_now();
    for (int i = 0; i < TRANSLATIONS; i++) {
        uint64_t va = bench->va[i] + (sum >> 63), entry = root;
        for (int shift = 39; shift >= 12; shift -= 9) {
            entry = table_at(bench, entry)[va >> shift & 511];
            if (!(entry & 2))
                break;
        }
        sum = (entry & PA_MASK) | (va & 0xfff);
        hide(&sum);
    }
    bench->sink = sum;
    return (double)(bench_now() - start) / TRANSLATIONS;
}

/* --- ours ---------------------------------------------------------------------------------------
 */

static double our_listing(void *context)
{
    struct bench *bench = context;
    struct memory *memory = &bench->session->memory;
    struct mapping_iterator listing;
    struct mapping run;
    uint64_t runs = 0;
    int64_t start = bench_now();
    mapping_open(&listing, memory->paging, &memory->tables, memory->space->roots.kernel_pa,
                 paging_half_first(memory->paging, true), UINT64_MAX);
    while (mapping_next(&listing, &run, NULL) == MAPPING_FOUND)
        runs++;
    bench->sink = runs;
    return (double)(bench_now() - start) / 1e6;
}

static double our_translate(void *context)
{
    struct bench *bench = context;
    struct memory *memory = &bench->session->memory;
    uint64_t pa = 0;
    int64_t start = bench_now();
    for (int i = 0; i < TRANSLATIONS; i++) {
        memory_translate(memory, bench->va[i] + (pa >> 63), &pa);
        hide(&pa);
    }
    bench->sink = pa;
    return (double)(bench_now() - start) / TRANSLATIONS;
}

static double our_reverse(void *context)
{
    struct bench *bench = context;
    int64_t start = bench_now();
    memory_reindex(&bench->session->memory);
    while (!memory_step(&bench->session->memory, 1024))
        ;
    return (double)(bench_now() - start) / 1e6;
}

static double our_finder(void *context)
{
    const char *image = context;
    struct session *session;
    int64_t start = bench_now();
    session = bench_open(image);
    session_settle(session, false);
    double took = (double)(bench_now() - start) / 1e6;
    session_close(session);
    return took;
}

/* The same addresses for both: xorshift, so that no libc decides the order. */
static void fill_random(struct bench *bench)
{
    uint64_t x = 88172645463325252u;
    for (int i = 0; i < TRANSLATIONS; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        bench->va[i] = LINEAR_VA + x % LINEAR_SIZE;
    }
}

static void fill_sequential(struct bench *bench)
{
    for (uint64_t i = 0; i < TRANSLATIONS; i++)
        bench->va[i] = LINEAR_VA + (i * 2048) % LINEAR_SIZE;
}

static void start(struct bench *bench, const char *image)
{
    bench->session = bench_open(image);
    session_settle(bench->session, true);
    /* What plain C below takes for granted. */
    if (bench->session->kernel.paging != arch_mode_named("arm64-4k-48") ||
        bench->session->kernel.root_pa < BASE)
        bench_fail("%s is not the demo image; make build/demo.ram makes it", image);
    int fd = open(image, O_RDONLY);
    void *map = mmap(NULL, source_size(bench->session->source), PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (map == MAP_FAILED)
        bench_fail("%s cannot be mapped whole: %s", image, strerror(errno));
    bench->map = map;
    bench->va = malloc(TRANSLATIONS * sizeof *bench->va);
    if (!bench->va)
        bench_fail("out of memory");
}

void bench_core(const char *image)
{
    static struct bench bench;
    start(&bench, image);
    compare("all leaves into merged runs", our_listing, plain_count, &bench, "ms", 2);
    fill_random(&bench);
    compare("random v to p", our_translate, plain_translate, &bench, "ns", 1.3);
    fill_sequential(&bench);
    compare("sequential v to p", our_translate, plain_translate, &bench, "ns", 1);
    measure("reverse index, whole guest", our_reverse, &bench, "ms", 15);
    bench_figure("reverse index, size",
                 (double)memory_index_bytes(&bench.session->memory) / 1048576, "MiB", 4);
    measure("finding the kernel, by structure", our_finder, (void *)(uintptr_t)image, "ms", 200);
    munmap((void *)(uintptr_t)bench.map, source_size(bench.session->source));
    free(bench.va);
    session_close(bench.session);
}
