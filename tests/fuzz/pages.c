/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Struct pages, free lists, slabs and page tables of a made guest of 16 MiB, in which words are
 * changed: records of 12 bytes, where (in bytes from the file's start) and the word.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/kernel_types.h"
#include "tests/unit/page_made.h"

#include <string.h>
#include <sys/mman.h>

#define RECORDS 64u

struct changed {
    uint64_t *word, before;
};

static struct made made;
static uint64_t *words; /* the file, shared */

/* Three pages on the first of a CPU's free lists. */
static void put_free_list(void)
{
    uint64_t heads = MADE_BASE + 0x500010, at = LINEAR(heads);
    for (uint64_t head = heads; head < heads + 13 * 16; head += 16) {
        pages_put(made.memory, head, LINEAR(head));
        pages_put(made.memory, head + 8, LINEAR(head));
    }
    for (uint64_t i = 0x801; i <= 0x803; i++) {
        uint64_t next = i < 0x803 ? made_va(i + 1) + 8 : LINEAR(heads);
        PUT(i, 0, next, 0, 0, NEVER_MAPPED, 0);
        pages_put(made.memory, MADE_AT + i * 64 + 16, at);
        at = made_va(i) + 8;
    }
    pages_put(made.memory, heads, made_va(0x801) + 8);
    pages_put(made.memory, heads + 8, at);
}

/* Eight objects of 0x100 bytes, of which two are free. */
static void put_slab(void)
{
    uint64_t slab = LINEAR(PAGE_PA(0x820)), cache = MADE_BASE + 0x540000;
    PUT(0x820, 1 << 9, 0, LINEAR(cache), 0, NEVER_MAPPED, 1);
    pages_put(made.memory, MADE_AT + 0x820 * 64 + 32, slab + 0x300);
    pages_put(made.memory, MADE_AT + 0x820 * 64 + 40, 8);
    pages_put(made.memory, PAGE_PA(0x820) + 0x340, slab + 0x500);
    pages_put(made.memory, cache, UINT64_C(0x40) << 32 | 0x100);
    pages_put(made.memory, cache + 16, LINEAR(cache) + 0x100);
    memcpy((char *)pages_make(made.memory, cache) + 0x100, "things", 7);
}

static void open_guest(void)
{
    static const struct type_text types[] = {
        {"list_head", 16, "next:p@0 prev:p@8"},
        {"per_cpu_pages", 256, "count:i4@0 lists:list_head[13]@16"},
        {"migratetype", 0, "MIGRATE_UNMOVABLE=0 MIGRATE_PCPTYPES=3"},
        {"slab", 64, "slab_cache:p@24 freelist:p@32 objects:u2@40 frozen:u2@42"},
        {"kmem_cache_cpu", 32, "freelist:p@0 slab:p@16"},
        {"kmem_cache", 64, "size:u4@0 offset:u4@4 flags:u8@8 name:p@16 cpu_slab:p@24"},
    };
    made_start(&made);
    made.btf = types_of_text(types, sizeof types / sizeof *types);
    PUT(0x810, 0, 0, 0, 3, BUDDY, 0);
    PUT(0x880, HEAD, 0, 0, 0, NEVER_MAPPED, 1);
    PUT(0x881, 0, made_va(0x880) | 1, 0, 0, NEVER_MAPPED, 0);
    put_free_list();
    put_slab();
    pages_close(made_open(&made, true));
    words = mmap(NULL, MADE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, made.file.fd, 0);
    FUZZ_HOLDS(words != MAP_FAILED);
}

static size_t change(struct changed *changed, const uint8_t *data, size_t size)
{
    size_t count = 0;
    for (; size >= FUZZ_RECORD && count < RECORDS; data += FUZZ_RECORD, size -= FUZZ_RECORD) {
        uint32_t where;
        memcpy(&where, data, 4);
        uint64_t *word = &words[where % MADE_SIZE / 8];
        changed[count++] = (struct changed){word, *word};
        memcpy(word, data + 4, 8);
    }
    return count;
}

static void check_page(struct pages *pages, uint64_t pa)
{
    struct page_facts facts;
    struct slab_object object;
    struct page_user user[4];
    page_describe(pages, pa, &facts);
    FUZZ_HOLDS(facts.kind < PAGE_KINDS && facts.kind == page_kind_at(pages, pa));
    FUZZ_HOLDS(facts.pa == pa && facts.head_pa <= pa);
    FUZZ_HOLDS(strlen(facts.owner) < sizeof facts.owner && fuzz_is_printable(facts.owner, ""));
    FUZZ_HOLDS(page_users(pages, pa, user, 4) <= PAGE_USERS_MAX);
    if (!page_object(pages, pa, &object))
        return;
    FUZZ_HOLDS(object.index < object.count && object.size && object.offset < object.size);
    FUZZ_HOLDS(fuzz_is_printable(object.cache, ""));
}

static void check(struct pages *pages)
{
    struct census census = {0};
    uint64_t sum = 0;
    while (!pages_census(pages, &census, 1000))
        ;
    for (unsigned kind = 0; kind < PAGE_KINDS; kind++) {
        FUZZ_HOLDS(census.untouched[kind] <= census.pages[kind]);
        sum += census.pages[kind];
    }
    FUZZ_HOLDS(sum == MADE_PAGES);
    for (uint64_t i = 0x7f0; i < 0x890; i++)
        check_page(pages, PAGE_PA(i));
    const struct error *broken = pages_broken_list(pages);
    FUZZ_HOLDS(!broken || broken->text[0]);
}

bool fuzz_pages(const uint8_t *data, size_t size)
{
    struct changed changed[RECORDS];
    struct error err = {.text = ""};
    if (!words)
        open_guest();
    size_t count = change(changed, data, size);
    struct pages *pages = made_again(&made, &err);
    if (pages) {
        while (!pages_step(pages))
            ;
        check(pages);
    } else {
        FUZZ_HOLDS(err.text[0]);
    }
    while (count--)
        *changed[count].word = changed[count].before;
    bool opened = pages != NULL;
    pages_close(pages);
    return opened;
}
