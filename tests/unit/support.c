/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers, physical memory and page tables for the tests. */
#include "tests/unit/support.h"

#include "arch/arch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BIT(n)   (UINT64_C(1) << (n))
#define PAGE     UINT64_C(4096)
#define LARGEST  65536
#define NO_PLACE UINT64_MAX

uint64_t rng_next(struct rng *rng)
{
    rng->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = rng->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t rng_below(struct rng *rng, uint64_t limit)
{
    return rng_next(rng) % limit;
}

/* --- spaces ---------------------------------------------------------------------------------- */

struct space space_of(const char *mode, uint64_t kernel_pa, uint64_t user_pa)
{
    return (struct space){
        .kind = SPACE_VIRT, .paging = arch_mode_named(mode), .roots = {kernel_pa, user_pa}};
}

/* --- the map: open addressing --- */

struct page {
    uint64_t pa;
    uint64_t *words; /* NULL: free */
};

struct pages {
    struct page *slot;
    size_t slots, used;
    uint64_t scratch[LARGEST / 8];
};

struct pages *pages_create(void)
{
    struct pages *pages = calloc(1, sizeof *pages);
    assert_non_null(pages);
    pages->slots = 1024;
    pages->slot = calloc(pages->slots, sizeof *pages->slot);
    assert_non_null(pages->slot);
    return pages;
}

void pages_destroy(struct pages *pages)
{
    for (size_t i = 0; i < pages->slots; i++)
        free(pages->slot[i].words);
    free(pages->slot);
    free(pages);
}

static struct page *slot_of(const struct pages *pages, uint64_t pa)
{
    size_t i = (size_t)((pa / PAGE) * UINT64_C(0x9e3779b97f4a7c15) >> 20) % pages->slots;
    while (pages->slot[i].words && pages->slot[i].pa != pa)
        i = (i + 1) % pages->slots;
    return &pages->slot[i];
}

static void grow(struct pages *pages)
{
    struct page *old = pages->slot;
    size_t slots = pages->slots;
    pages->slots *= 2;
    pages->slot = calloc(pages->slots, sizeof *pages->slot);
    assert_non_null(pages->slot);
    for (size_t i = 0; i < slots; i++)
        if (old[i].words)
            *slot_of(pages, old[i].pa) = old[i];
    free(old);
}

uint64_t *pages_make(struct pages *pages, uint64_t pa)
{
    assert_int_equal(pa % PAGE, 0);
    if (pages->used * 2 >= pages->slots)
        grow(pages);
    struct page *page = slot_of(pages, pa);
    if (!page->words) {
        page->pa = pa;
        page->words = calloc(PAGE / 8, 8);
        assert_non_null(page->words);
        pages->used++;
    }
    return page->words;
}

const uint64_t *pages_find(const struct pages *pages, uint64_t pa)
{
    return slot_of(pages, pa)->words;
}

void pages_put(struct pages *pages, uint64_t pa, uint64_t word)
{
    pages_make(pages, pa & ~(PAGE - 1))[pa % PAGE / 8] = word;
}

uint64_t pages_get(const struct pages *pages, uint64_t pa)
{
    const uint64_t *words = pages_find(pages, pa & ~(PAGE - 1));
    return words ? words[pa % PAGE / 8] : 0;
}

static const uint64_t *pages_table(void *context, uint64_t pa, size_t size, enum extent_kind *why)
{
    struct pages *pages = context;
    assert_true(size <= LARGEST);
    *why = EXTENT_NONE;
    memset(pages->scratch, 0xa5, sizeof pages->scratch);
    for (size_t done = 0; done < size;) {
        uint64_t at = pa + done;
        size_t piece = (size_t)(PAGE - at % PAGE);
        const uint64_t *words = pages_find(pages, at & ~(PAGE - 1));
        if (!words)
            return NULL;
        piece = piece < size - done ? piece : size - done;
        memcpy((char *)pages->scratch + done, (const char *)words + at % PAGE, piece);
        done += piece;
    }
    return pages->scratch;
}

struct table_source pages_source(struct pages *pages)
{
    return (struct table_source){pages_table, pages};
}

void pages_write(const struct pages *pages, int fd, uint64_t base, uint64_t size)
{
    for (size_t i = 0; i < pages->slots; i++) {
        const struct page *page = &pages->slot[i];
        if (page->words && page->pa - base < size)
            assert_int_equal(pwrite(fd, page->words, PAGE, (off_t)(page->pa - base)), PAGE);
    }
}

/* --- entries, written from the manuals --- */

static bool is_arch(const struct paging *paging, const char *name)
{
    return strcmp(paging->arch->name, name) == 0;
}

static bool has_name(const struct paging *paging, const char *part)
{
    return strstr(paging->name, part) != NULL;
}

/* Arm ARM D8.3.1: where an output address above 48 bits goes in a descriptor. */
static uint64_t arm64_address(const struct paging *paging, uint64_t pa)
{
    if (has_name(paging, "-64k-"))
        return (pa & UINT64_C(0x0000ffffffff0000)) | (pa >> 48 & 0xf) << 12;
    if (has_name(paging, "k-52"))
        return (pa & UINT64_C(0x0003fffffffff000)) | (pa >> 50 & 3) << 8;
    return pa;
}

uint64_t entry_table(const struct paging *paging, uint64_t pa)
{
    if (is_arch(paging, "arm64"))
        return arm64_address(paging, pa) | 3;
    if (is_arch(paging, "x86_64"))
        return pa | 0x67; /* P RW US A D */
    return pa >> 2 | 1;   /* V */
}

uint64_t entry_address_bits(const struct paging *paging, unsigned level)
{
    uint64_t width = is_arch(paging, "riscv64") ? 56 : 52;
    if (is_arch(paging, "arm64") && !has_name(paging, "-64k-") && !has_name(paging, "k-52"))
        width = 48;
    uint64_t pa = (BIT(width) - 1) & ~(BIT(paging->level[level].shift) - 1);
    return entry_leaf(paging, level, pa, KERNEL_RW) ^ entry_leaf(paging, level, 0, KERNEL_RW);
}

uint64_t entry_leaf(const struct paging *paging, unsigned level, uint64_t pa,
                    enum permission permission)
{
    /* UXN PXN AP[2:1]; P RW US XD; V R W X U. */
    static const uint64_t arm64[] = {[KERNEL_RW] = BIT(54) | BIT(53),
                                     [KERNEL_RO] = BIT(54) | BIT(53) | BIT(7),
                                     [KERNEL_RX] = BIT(54) | BIT(7),
                                     [USER_RW] = BIT(54) | BIT(53) | BIT(6),
                                     [USER_RO] = BIT(54) | BIT(53) | BIT(7) | BIT(6),
                                     [USER_RX] = BIT(53) | BIT(7) | BIT(6)};
    static const uint64_t x86[] = {
        [KERNEL_RW] = BIT(63) | 3, [KERNEL_RO] = BIT(63) | 1, [KERNEL_RX] = 1,
        [USER_RW] = BIT(63) | 7,   [USER_RO] = BIT(63) | 5,   [USER_RX] = 5};
    static const uint64_t riscv[] = {[KERNEL_RW] = 7, [KERNEL_RO] = 3,  [KERNEL_RX] = 11,
                                     [USER_RW] = 23,  [USER_RO] = 0x13, [USER_RX] = 0x1b};
    bool last = level + 1u == paging->levels;
    if (is_arch(paging, "arm64"))
        return arm64_address(paging, pa) | arm64[permission] | 0x400 | (last ? 3u : 1u);
    if (is_arch(paging, "x86_64"))
        return pa | x86[permission] | 0x60 | (last ? 0u : 0x80u);
    return pa >> 2 | riscv[permission] | 0xc0;
}

const char *permission_text(const struct paging *paging, enum permission permission)
{
    static const char *const text[] = {
        [KERNEL_RW] = "rw-k", [KERNEL_RO] = "r--k", [KERNEL_RX] = "r-xk",
        [USER_RW] = "rw-u",   [USER_RO] = "r--u",   [USER_RX] = "r-xu"};
    (void)paging;
    return text[permission];
}

/* --- tables --- */

static uint64_t table_bytes(const struct paging *paging, unsigned level)
{
    return UINT64_C(8) << paging->level[level].bits;
}

static uint64_t table_make(struct builder *builder, unsigned level)
{
    uint64_t size = table_bytes(builder->paging, level);
    size = size < PAGE ? PAGE : size;
    uint64_t pa = (builder->next_pa + size - 1) & ~(size - 1);
    builder->next_pa = pa + size;
    for (uint64_t at = 0; at < size; at += PAGE)
        pages_make(builder->pages, pa + at);
    return pa;
}

struct builder builder_of(struct pages *pages, const char *mode, uint64_t root_pa,
                          uint64_t tables_pa)
{
    struct builder builder = {pages, arch_mode_named(mode), root_pa, tables_pa};
    assert_non_null(builder.paging);
    for (uint64_t at = 0; at < table_bytes(builder.paging, 0); at += PAGE)
        pages_make(pages, (root_pa & ~(PAGE - 1)) + at);
    return builder;
}

/* The address in an entry that we made, by the inverse of entry_table(). */
static uint64_t table_of_entry(const struct paging *paging, uint64_t entry)
{
    if (is_arch(paging, "riscv64"))
        return (entry & UINT64_C(0x003ffffffffffc00)) << 2;
    if (is_arch(paging, "x86_64"))
        return entry & UINT64_C(0x000ffffffffff000);
    if (has_name(paging, "-64k-"))
        return (entry & UINT64_C(0x0000ffffffff0000)) | (entry >> 12 & 0xf) << 48;
    if (has_name(paging, "k-52"))
        return (entry & UINT64_C(0x0003fffffffff000)) | (entry >> 8 & 3) << 50;
    return entry & UINT64_C(0x0000fffffffff000);
}

uint64_t builder_entry_pa(struct builder *builder, uint64_t va, unsigned level)
{
    const struct paging *paging = builder->paging;
    uint64_t table_pa = builder->root_pa;
    for (unsigned at = 0;; at++) {
        uint64_t index = va >> paging->level[at].shift & (BIT(paging->level[at].bits) - 1);
        uint64_t entry_pa = table_pa + 8 * index;
        if (at == level)
            return entry_pa;
        uint64_t entry = pages_get(builder->pages, entry_pa);
        if (!entry) {
            table_pa = table_make(builder, at + 1);
            pages_put(builder->pages, entry_pa, entry_table(paging, table_pa));
        } else
            table_pa = table_of_entry(paging, entry);
    }
}

void builder_leaf(struct builder *builder, uint64_t va, uint64_t pa, unsigned level,
                  enum permission permission)
{
    pages_put(builder->pages, builder_entry_pa(builder, va, level),
              entry_leaf(builder->paging, level, pa, permission));
}

void builder_map(struct builder *builder, uint64_t va, uint64_t pa, uint64_t size, unsigned level,
                 enum permission permission)
{
    uint64_t span = BIT(builder->paging->level[level].shift);
    for (uint64_t done = 0; done < size; done += span)
        builder_leaf(builder, va + done, pa + done, level, permission);
}

/* --- random tables --- */

#define POOL_MAX 64

struct pool {
    uint64_t pa[PAGING_LEVELS][POOL_MAX];
    unsigned count[PAGING_LEVELS];
};

/* One entry of a table at `level`: what it leads to is drawn from the pool of the next level. */
static uint64_t random_entry(struct rng *rng, const struct builder *builder, unsigned level,
                             const struct pool *pool)
{
    const struct paging *paging = builder->paging;
    bool last = level + 1u == paging->levels;
    uint64_t span = BIT(paging->level[level].shift);
    uint64_t pa = rng_below(rng, 64) * span % BIT(47);
    enum permission permission = (enum permission)rng_below(rng, 2);
    switch (rng_below(rng, 10)) {
    case 0:
        return 0;
    case 1:
        return rng_next(rng) & ~UINT64_C(1); /* not present, something is there */
    case 2: /* whatever that says; half a Svnapot group would be for the test's own sake */
        return (rng_next(rng) | 1) & (is_arch(paging, "riscv64") ? BIT(63) - 1 : UINT64_MAX);
    case 3:
        return last ? 0 : entry_table(paging, UINT64_C(0x7ffff0000000)); /* lost */
    case 4:
        return last ? 0 : entry_table(paging, builder->root_pa);
    default:
        if (last || (paging->level[level].leaf && rng_below(rng, 3) == 0))
            return entry_leaf(paging, level, pa, permission);
        return entry_table(paging, pool->pa[level + 1][rng_below(rng, pool->count[level + 1])]);
    }
}

/* Entries come in stretches, so that there is something to merge. */
static void fill_table(struct rng *rng, const struct builder *builder, unsigned level, uint64_t pa,
                       const struct pool *pool)
{
    const struct paging *paging = builder->paging;
    unsigned entries = 1u << paging->level[level].bits;
    bool last = level + 1u == paging->levels;
    for (unsigned i = 0; i < entries;) {
        uint64_t entry = random_entry(rng, builder, level, pool);
        uint64_t length = last ? 1 + rng_below(rng, 24) : 1;
        uint64_t step = BIT(paging->level[level].shift) >> paging->address_shift;
        bool is_page = entry && rng_below(rng, 4) != 0;
        for (; length > 0 && i < entries; length--, i++) {
            pages_put(builder->pages, pa + 8 * (uint64_t)i, entry);
            entry += last && is_page ? step : 0;
        }
        if (rng_below(rng, 3) == 0)
            i += (unsigned)rng_below(rng, 16);
    }
}

void random_tables(struct rng *rng, struct builder *builder, unsigned tables)
{
    const struct paging *paging = builder->paging;
    struct pool pool = {.count = {1}, .pa = {{builder->root_pa}}};
    for (unsigned level = 1; level < paging->levels; level++) {
        pool.count[level] = tables < POOL_MAX ? tables : POOL_MAX;
        for (unsigned i = 0; i < pool.count[level]; i++)
            pool.pa[level][i] = table_make(builder, level);
    }
    for (unsigned level = 0; level < paging->levels; level++)
        for (unsigned i = 0; i < pool.count[level]; i++)
            fill_table(rng, builder, level, pool.pa[level][i], &pool);
}
