/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages against real guests: counts against /proc/meminfo, zoneinfo and slabinfo, single pages
 * against pagemap.  Runs where RAMWALK_GUESTS names the folder that holds them (NAME/ram.img,
 * NAME/meminfo, ...); skipped elsewhere.
 */
#include "session/session_private.h"
#include "tests/unit/page_guest.h"
#include "tests/unit/support.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINE 512

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static uint64_t page_size(const struct opened *opened)
{
    return UINT64_C(1) << opened->session->kernel.paging->page_shift;
}

/* "MemFree: 123 kB" in pages. */
static int64_t meminfo(const struct opened *opened, const char *name)
{
    char line[LINE];
    int64_t value = 0;
    size_t length = strlen(name);
    FILE *file = truth(opened, "meminfo");
    while (fgets(line, sizeof line, file))
        if (strncmp(line, name, length) == 0 && line[length] == ':')
            value = strtoll(line + length + 1, NULL, 10) * 1024 / (int64_t)page_size(opened);
    fclose(file);
    return value;
}

/* Pages that lie on the per-CPU lists, by zoneinfo. */
static int64_t pcp_pages(const struct opened *opened)
{
    char line[LINE];
    int64_t sum = 0, count;
    FILE *file = truth(opened, "zoneinfo");
    while (fgets(line, sizeof line, file))
        if (sscanf(line, " count: %" SCNd64, &count) == 1)
            sum += count;
    fclose(file);
    return sum;
}

static void assert_near(const char *what, int64_t ours, int64_t truth_is, int64_t slack)
{
    print_message("    %-34s %8" PRId64 " of %8" PRId64 "  %+" PRId64 "\n", what, ours, truth_is,
                  ours - truth_is);
    if (llabs(ours - truth_is) > slack)
        fail_msg("%s: %" PRId64 " pages, the guest says %" PRId64, what, ours, truth_is);
}

/*
 * The kernel's own counter, as it was when the snapshot was taken; what /proc showed is older.
 * -1: no symbol.
 */
static int64_t counter(struct opened *opened, const char *array, const char *type, const char *name)
{
    const struct symbol *symbol = symbols_find(opened->linux.symbols, array);
    uint32_t id = btf_find(opened->linux.btf, type, BTF_ENUM);
    uint64_t value;
    if (!symbol || !id)
        return -1;
    for (uint32_t i = 0; i < btf_values(opened->linux.btf, id); i++) {
        int64_t number;
        if (strcmp(btf_value(opened->linux.btf, id, i, &number), name) != 0)
            continue;
        struct address at =
            address_in(session_space(opened->session), symbol->va + 8 * (uint64_t)number);
        assert_true(memory_read_u64(&opened->session->memory, at, &value));
        return (int64_t)value;
    }
    return -1;
}

static int64_t node_counter(struct opened *opened, const char *name)
{
    return counter(opened, "vm_node_stat", "node_stat_item", name);
}

static void run_census(struct opened *opened, struct census *census)
{
    double start = now_ms();
    double longest = 0;
    while (true) {
        double begin = now_ms();
        bool done = pages_step(opened->pages);
        longest = now_ms() - begin > longest ? now_ms() - begin : longest;
        if (done)
            break;
    }
    double middle = now_ms();
    *census = (struct census){0};
    while (!pages_census(opened->pages, census, 16384))
        ;
    double end = now_ms();
    uint64_t sum = 0;
    for (int i = 0; i < PAGE_KINDS; i++) {
        sum += census->pages[i];
        if (census->pages[i])
            print_message("    %-14s %9" PRIu64 " pages, %9" PRIu64 " never touched\n",
                          page_kind_name((enum page_kind)i), census->pages[i],
                          census->untouched[i]);
    }
    print_message("    index %.1f ms (longest step %.1f ms), census %.1f ms\n", middle - start,
                  longest, end - middle);
    assert_int_equal(sum, source_size(opened->session->source) / page_size(opened));
}

/* --- each kind against /proc --------------------------------------------------------------------
 */

static uint64_t word_at(struct opened *opened, uint64_t va, unsigned bytes)
{
    uint64_t value = 0;
    struct address at = address_in(session_space(opened->session), va);
    assert_int_equal(memory_read(&opened->session->memory, at, &value, bytes, NULL), bytes);
    return value;
}

static uint64_t offset_of(const struct opened *opened, const char *type, const char *path)
{
    uint64_t offset = 0;
    assert_true(btf_offset(opened->linux.btf, type, path, &offset));
    return offset;
}

static uint64_t size_of(const struct opened *opened, const char *type)
{
    return btf_size(opened->linux.btf, btf_find(opened->linux.btf, type, BTF_STRUCT));
}

/* One zone's blocks of all orders, and what its per-CPU lists count, as the allocator has them. */
static int64_t free_of_zone(struct opened *opened, uint64_t zone, uint64_t per_cpu)
{
    char path[40];
    uint64_t offset;
    int64_t sum = 0;
    uint64_t nr_free = offset_of(opened, "free_area", "nr_free");
    for (unsigned order = 0; order < 30; order++) {
        snprintf(path, sizeof path, "free_area[%u]", order);
        if (!btf_offset(opened->linux.btf, "zone", path, &offset))
            break;
        sum += (int64_t)(word_at(opened, zone + offset + nr_free, 8) << order);
    }
    uint64_t lists = word_at(opened, zone + offset_of(opened, "zone", "per_cpu_pageset"), 8);
    for (unsigned cpu = 0; lists && cpu < 2; cpu++) { /* all guests have two */
        uint64_t va = lists + word_at(opened, per_cpu + 8 * cpu, 8);
        sum += (int64_t)word_at(opened, va + offset_of(opened, "per_cpu_pages", "count"), 4);
    }
    return sum;
}

/* What the page allocator itself counts as free, exactly.  -1: no symbols. */
static int64_t free_exactly(struct opened *opened)
{
    const struct symbol *nodes = symbols_find(opened->linux.symbols, "node_data");
    const struct symbol *per_cpu = symbols_find(opened->linux.symbols, "__per_cpu_offset");
    int64_t sum = 0;
    if (!nodes || !per_cpu)
        return -1;
    uint64_t node = word_at(opened, nodes->va, 8);
    uint64_t zones = word_at(opened, node + offset_of(opened, "pglist_data", "nr_zones"), 4);
    for (uint64_t i = 0; i < zones; i++) {
        uint64_t zone =
            node + offset_of(opened, "pglist_data", "node_zones") + i * size_of(opened, "zone");
        if (word_at(opened, zone + offset_of(opened, "zone", "present_pages"), 8))
            sum += free_of_zone(opened, zone, per_cpu->va);
    }
    return sum;
}

/* Each CPU holds back up to 125 of each counter (vm_stat_diff). */
#define HELD_BACK 128

/* Slab counters take in kmalloc()s of more than two pages, which are no slab's: by name, a few. */
#define LARGE_KMALLOC 700

static void check_counters(struct opened *opened, const struct census *census)
{
    const uint64_t *pages = census->pages;
    int64_t slab = node_counter(opened, "NR_SLAB_RECLAIMABLE_B") +
                   node_counter(opened, "NR_SLAB_UNRECLAIMABLE_B");
    assert_near("snapshot: NR_ANON_MAPPED", (int64_t)pages[PAGE_ANON],
                node_counter(opened, "NR_ANON_MAPPED"), HELD_BACK);
    assert_near("snapshot: NR_FILE_PAGES", (int64_t)pages[PAGE_FILE],
                node_counter(opened, "NR_FILE_PAGES"), HELD_BACK);
    assert_near("snapshot: NR_SLAB_*", (int64_t)pages[PAGE_SLAB], slab, LARGE_KMALLOC);
    print_message("    NR_PAGETABLE %" PRId64 ", NR_KERNEL_STACK_KB %" PRId64 "\n",
                  node_counter(opened, "NR_PAGETABLE"), node_counter(opened, "NR_KERNEL_STACK_KB"));
    int64_t is_free = free_exactly(opened);
    assert_near("snapshot: buddy + lists", (int64_t)pages[PAGE_FREE], is_free, 0);
}

static void check_meminfo(struct opened *opened, const struct census *census)
{
    const uint64_t *pages = census->pages;
    int64_t total = meminfo(opened, "MemTotal"),
            image = (int64_t)source_size(opened->session->source);
    /* Reading /proc itself makes inodes and dentries, and they come and go with 500 pages. */
    assert_near("free: MemFree + lists", (int64_t)pages[PAGE_FREE],
                meminfo(opened, "MemFree") + pcp_pages(opened), 700);
    assert_near("anonymous: AnonPages", (int64_t)pages[PAGE_ANON], meminfo(opened, "AnonPages"),
                64);
    assert_near("page cache: Cached + Buffers", (int64_t)pages[PAGE_FILE],
                meminfo(opened, "Cached") + meminfo(opened, "Buffers"), 64);
    assert_near("slab: Slab", (int64_t)pages[PAGE_SLAB], meminfo(opened, "Slab"), 700);
    assert_near("hugetlb: Hugetlb", (int64_t)pages[PAGE_HUGETLB], meminfo(opened, "Hugetlb"), 0);
    assert_near("per-CPU: Percpu", (int64_t)pages[PAGE_PERCPU], meminfo(opened, "Percpu"), 2);
    print_message("    image - MemTotal %" PRId64 "; PageTables %" PRId64 ", VmallocUsed %" PRId64
                  "\n",
                  image / (int64_t)page_size(opened) - total, meminfo(opened, "PageTables"),
                  meminfo(opened, "VmallocUsed"));
    assert_int_equal(pages[PAGE_UNKNOWN], 0);
}

/* --- all pages one by one: tables, stacks, caches -----------------------------------------------
 */

struct cache {
    char name[64];
    int64_t pages, truth;
};

struct slab_totals {
    struct cache cache[512];
    size_t caches;
    int64_t tables[6], stacks; /* tables of processes by level */
};

static struct cache *cache_named(struct slab_totals *totals, const char *name)
{
    for (size_t i = 0; i < totals->caches; i++)
        if (strcmp(totals->cache[i].name, name) == 0)
            return &totals->cache[i];
    assert_true(totals->caches < 512);
    struct cache *cache = &totals->cache[totals->caches++];
    *cache = (struct cache){.pages = 0};
    snprintf(cache->name, sizeof cache->name, "%.63s", name);
    return cache;
}

static void count_slabs(struct opened *opened, struct slab_totals *totals)
{
    size_t count;
    const struct segment *range = source_segments(opened->session->source, &count);
    struct page_facts facts;
    for (size_t i = 0; i < count; i++)
        for (uint64_t pa = range[i].pa; pa < range[i].pa + range[i].size; pa += page_size(opened)) {
            enum page_kind kind = page_kind_at(opened->pages, pa);
            if (kind != PAGE_SLAB && kind != PAGE_TABLE && kind != PAGE_VMALLOC)
                continue;
            page_describe(opened->pages, pa, &facts);
            assert_int_equal(facts.kind, kind);
            if (kind == PAGE_SLAB)
                cache_named(totals, facts.owner)->pages++;
            if (kind == PAGE_TABLE && facts.pid >= 0)
                for (unsigned level = 0; level < opened->session->kernel.paging->levels; level++)
                    totals->tables[level] +=
                        strncmp(facts.owner, opened->session->kernel.paging->level[level].name,
                                strlen(opened->session->kernel.paging->level[level].name)) == 0;
            totals->stacks += strncmp(facts.owner, "stack of", 8) == 0;
        }
}

/* Aliases share a cache whose name is the first one's: only the sum of those must agree. */
static void check_slabs(struct opened *opened, struct slab_totals *totals)
{
    char line[LINE], name[64];
    int64_t per_slab, slabs, known = 0, wrong = 0, off = 0;
    FILE *file = truth(opened, "slabinfo");
    while (fgets(line, sizeof line, file))
        if (sscanf(line,
                   "%63s %*u %*u %*u %*u %" SCNd64
                   " : tunables %*u %*u %*u : slabdata %*u %" SCNd64,
                   name, &per_slab, &slabs) == 3)
            cache_named(totals, name)->truth = per_slab * slabs;
    fclose(file);
    for (size_t i = 0; i < totals->caches; i++) {
        struct cache *cache = &totals->cache[i];
        int64_t differ = llabs(cache->pages - cache->truth);
        known += differ == 0;
        wrong += differ != 0;
        off += differ;
        if (differ)
            print_message("      %-28s %6" PRId64 " pages, slabinfo %6" PRId64 "\n", cache->name,
                          cache->pages, cache->truth);
    }
    print_message("    slab caches: %" PRId64 " agree, %" PRId64 " differ by %" PRId64
                  " pages in all\n",
                  known, wrong, off);
    assert_true(off * 20 <= meminfo(opened, "Slab"));
}

/* --- objects of slabs: tasks, which other lists know too -----------------------------------------
 */

static void check_task_object(struct opened *opened, const struct task *task)
{
    struct slab_object object;
    uint64_t pa;
    assert_true(memory_translate(&opened->session->memory, task->va + 0x18, &pa));
    if (!page_object(opened->pages, pa, &object))
        fail_msg("%d %s is in no object", task->pid, task->comm);
    assert_int_equal(object.va, task->va);
    assert_int_equal(object.state, SLAB_USED);
    assert_string_equal(object.cache, "task_struct");
    assert_string_equal(slab_type(opened->linux.btf, &object), "task_struct");
}

/* Every object of the cache once, by its first byte. */
static void count_objects(struct opened *opened, const char *cache, int64_t count[3])
{
    size_t ranges;
    const struct segment *range = source_segments(opened->session->source, &ranges);
    struct slab_object object;
    for (size_t i = 0; i < ranges; i++)
        for (uint64_t pa = range[i].pa; pa < range[i].pa + range[i].size; pa += page_size(opened)) {
            if (page_kind_at(opened->pages, pa) != PAGE_SLAB)
                continue;
            for (uint64_t at = pa; at < pa + page_size(opened);) {
                if (!page_object(opened->pages, at, &object) || strcmp(object.cache, cache) != 0)
                    break;
                uint64_t first;
                assert_true(memory_translate(&opened->session->memory, object.va, &first));
                count[object.state] += first >= pa;
                at = first + object.size;
            }
        }
}

static void check_objects(struct opened *opened)
{
    int64_t count[3] = {0}, tasks = (int64_t)opened->linux.tasks->count - 1;
    for (size_t i = 1; i < opened->linux.tasks->count; i++) /* init_task is in the image */
        check_task_object(opened, &opened->linux.tasks->task[i]);
    count_objects(opened, "task_struct", count);
    print_message("    task_struct: %" PRId64 " allocated, %" PRId64 " free, %" PRId64
                  " untold; %" PRId64 " tasks beside init_task\n",
                  count[SLAB_USED], count[SLAB_FREE], count[SLAB_UNTOLD], tasks);
    assert_int_equal(count[SLAB_UNTOLD], 0);
    /* Dead ones wait for RCU. */
    assert_in_range(count[SLAB_USED], tasks, tasks + 8);
}

/* Every page of a module says whose it is. */
static void check_modules(struct opened *opened)
{
    const struct module_list *modules = opened->linux.modules;
    struct page_facts facts;
    char wanted[MODULE_NAME + 16];
    uint64_t pa;
    unsigned pages = 0;
    for (size_t i = 0; i < modules->count; i++) {
        const struct module_range *text = &modules->module[i].range[0];
        snprintf(wanted, sizeof wanted, "module %s: ", modules->module[i].name);
        for (uint64_t va = text->first; va <= text->last; va += page_size(opened), pages++) {
            assert_true(memory_translate(&opened->session->memory, va, &pa));
            page_describe(opened->pages, pa, &facts);
            assert_memory_equal(facts.owner, wanted, strlen(wanted));
        }
    }
    assert_true(pages > 0);
}

/* --- single pages against pagemap ---------------------------------------------------------------
 */

static void check_page(struct opened *opened, int pid, uint64_t va, uint64_t pa, const char *what,
                       unsigned wrong[3])
{
    struct page_facts facts;
    char name[32];
    page_describe(opened->pages, pa, &facts);
    bool anon = strstr(what, "exclusive") && !strstr(what, "hugepage");
    bool is_file = strstr(what, "file/shared") && what[0] == '/' && !strstr(what, "hugepage");
    bool ok = anon      ? facts.kind == PAGE_ANON
              : is_file ? facts.kind == PAGE_FILE
              : strstr(what, "hugepage")
                  ? facts.kind == PAGE_HUGETLB
                  : facts.kind == PAGE_ANON || facts.kind == PAGE_FILE ||
                        facts.kind == PAGE_IMAGE || facts.kind == PAGE_KERNEL;
    if (!ok && wrong[0]++ < 5)
        print_message("      p:%" PRIx64 " is %s (%s), the guest: %s\n", pa,
                      page_kind_name(facts.kind), facts.owner, what);
    if (is_file && strncmp(facts.owner, what, strcspn(what, " ")) != 0 && wrong[1]++ < 5)
        print_message("      p:%" PRIx64 " is of %s, the guest: %s\n", pa, facts.owner, what);
    if (!anon)
        return;
    /* Several processes may share what was written before fork(). */
    snprintf(name, sizeof name, "%d ", pid);
    if ((strncmp(facts.owner, name, strlen(name)) != 0 || facts.va != va) && facts.mappings < 2 &&
        wrong[2]++ < 5)
        print_message("      p:%" PRIx64 " is of %s, the guest: %d v:%" PRIx64 "\n", pa,
                      facts.owner, pid, va);
}

/* The process is among those who map the page, at that address. */
static bool is_user(struct opened *opened, int pid, uint64_t va, uint64_t pa)
{
    static struct page_user user[PAGE_USERS_MAX];
    size_t count = page_users(opened->pages, pa, user, PAGE_USERS_MAX);
    for (size_t i = 0; i < count; i++)
        if (user[i].pid == pid && user[i].va == va)
            return true;
    return false;
}

/* What user mode may do with a page is what the mapping permits, copy-on-write apart. */
static bool is_permitted(struct opened *opened, int pid, uint64_t va, uint64_t pa, const char *perm)
{
    struct error err;
    struct walk walk;
    const struct task *task = tasks_find(opened->linux.tasks, pid);
    const struct space *space = task ? session_space_of(opened->session, task, &err) : NULL;
    if (!space)
        return false;
    session_walk(opened->session, address_in(space, va), &walk);
    if (!strncmp(perm, "---", 3))
        return walk.end == WALK_NOT_PRESENT && walk.has_frame && walk.frame_pa == pa;
    uint8_t user = walk.access.user;
    return walk.end == WALK_MAPPED && walk.pa == pa && user & ACCESS_R &&
           !(user & ACCESS_X) == (perm[2] != 'x') && (!(user & ACCESS_W) || perm[1] == 'w');
}

static void check_pagemap(struct opened *opened)
{
    char line[LINE], perm[8], what[300];
    int pid;
    uint64_t va, pa, length, pages = 0;
    unsigned wrong[5] = {0}, executable = 0;
    FILE *file = truth(opened, "pagetruth-allpages.tsv");
    while (fgets(line, sizeof line, file)) {
        what[0] = '\0';
        if (sscanf(line, "%d %" SCNx64 " %" SCNx64 " %" SCNx64 " %7s %299[^\n]", &pid, &va, &pa,
                   &length, perm, what) < 5)
            continue;
        executable += perm[2] == 'x';
        for (uint64_t at = 0; at < length; at += page_size(opened), pages++) {
            check_page(opened, pid, va + at, pa + at, what, wrong);
            if (!is_user(opened, pid, va + at, pa + at) && wrong[3]++ < 5)
                print_message("      p:%" PRIx64 " is not known as %d's v:%" PRIx64 " (%s)\n",
                              pa + at, pid, va + at, what);
            if (!is_permitted(opened, pid, va + at, pa + at, perm) && wrong[4]++ < 5)
                print_message("      %d's v:%" PRIx64 " is not %s (%s)\n", pid, va + at, perm,
                              what);
        }
    }
    fclose(file);
    print_message("    pagemap: %" PRIu64 " pages, %u runs executable; wrong kind %u, file %u, "
                  "process %u, users %u, permission %u\n",
                  pages, executable, wrong[0], wrong[1], wrong[2], wrong[3], wrong[4]);
    assert_int_equal(wrong[0] + wrong[1] + wrong[2] + wrong[3] + wrong[4], 0);
}

static void check_guest(struct opened *opened)
{
    struct census census;
    static struct slab_totals totals;
    double start = now_ms();
    guest_open(opened, true);
    print_message("    loaded in %.0f ms\n", now_ms() - start);
    run_census(opened, &census);
    check_meminfo(opened, &census);
    if (node_counter(opened, "NR_ANON_MAPPED") >= 0)
        check_counters(opened, &census);
    totals = (struct slab_totals){.caches = 0};
    start = now_ms();
    count_slabs(opened, &totals);
    print_message("    describing them: %.0f ms\n", now_ms() - start);
    check_slabs(opened, &totals);
    assert_near("stacks: KernelStack", totals.stacks, meminfo(opened, "KernelStack"), 16);
    print_message("    tables of processes, root first: %" PRId64 " %" PRId64 " %" PRId64
                  " %" PRId64 " %" PRId64 "\n",
                  totals.tables[0], totals.tables[1], totals.tables[2], totals.tables[3],
                  totals.tables[4]);
    check_objects(opened);
    check_modules(opened);
    check_pagemap(opened);
    guest_close(opened);
}

/* Without VMCOREINFO the struct pages are found all the same, at the same place. */
static void check_without_note(struct opened *opened)
{
    struct page_facts with, without;
    size_t count;
    guest_open(opened, true);
    uint64_t pa = source_segments(opened->session->source, &count)->pa;
    page_describe(opened->pages, pa, &with);
    guest_close(opened);
    guest_open(opened, false);
    page_describe(opened->pages, pa, &without);
    guest_close(opened);
    assert_int_equal(with.page_va, without.page_va);
    assert_int_not_equal(with.page_va, 0);
}

static void test_guests(void **state)
{
    (void)state;
    each_guest(check_guest);
}

static void test_without_note(void **state)
{
    (void)state;
    each_guest(check_without_note);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guests),
        cmocka_unit_test(test_without_note),
    };
    return cmocka_run_group_tests_name("pages of guests", tests, NULL, NULL);
}
