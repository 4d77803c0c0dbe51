/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as page tables: byte 0 chooses the mode, the next eight are an address, the rest is
 * 64 KiB of memory (repeated) at PA 0.  Entries are bent towards it, so that walks go deep.
 */
#include "arch/arch.h"
#include "paging/mapping.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define BYTES 131072

static const uint64_t *table(void *context, uint64_t pa, size_t size, enum extent_kind *why)
{
    *why = EXTENT_NONE;
    if (pa > BYTES - size || pa % 8)
        return NULL;
    return (const uint64_t *)context + pa / 8;
}

static const struct paging *choose(uint8_t byte)
{
    size_t modes = 0;
    while (arch_mode(modes))
        modes++;
    return arch_mode(byte % modes);
}

static void check_walk(const struct paging *paging, const struct table_source *source,
                       const struct roots *roots, uint64_t va)
{
    struct walk result, again;
    char text[200];
    walk(&result, paging, source, roots, va);
    FUZZ_HOLDS(result.steps <= paging->levels);
    FUZZ_HOLDS(result.first <= result.va && result.va <= result.last);
    FUZZ_HOLDS(*walk_reason(&result, paging, text, sizeof text));
    for (unsigned i = 0; i < result.steps; i++)
        paging_flags_text(paging, result.step[i].level, result.step[i].entry, text, sizeof text);
    if (result.end == WALK_MAPPED) {
        FUZZ_HOLDS(result.pa % result.page_size == result.va % result.page_size);
        FUZZ_HOLDS(result.pa < UINT64_C(1) << 56);
    }
    walk(&again, paging, source, roots, result.last);
    FUZZ_HOLDS(again.end == result.end);
}

static void check_listing(const struct paging *paging, const struct table_source *source,
                          bool kernel)
{
    struct mapping_iterator listing;
    struct mapping run;
    uint64_t first = paging_half_first(paging, kernel), last = paging_half_last(paging, kernel);
    uint64_t next = first;
    unsigned budget = 300;
    mapping_open(&listing, paging, source, 0, first, last);
    for (unsigned runs = 0; runs < 5000; runs++) {
        if (mapping_next(&listing, &run, &budget) != MAPPING_FOUND)
            return;
        FUZZ_HOLDS(run.va >= next && run.size > 0 && run.size % run.page_size == 0);
        FUZZ_HOLDS(last - run.va >= run.size - 1);
        FUZZ_HOLDS(run.pa % run.page_size == 0);
        if (run.va + (run.size - 1) == UINT64_MAX)
            return;
        next = run.va + run.size;
    }
}

bool fuzz_paging(const uint8_t *data, size_t size)
{
    static uint64_t memory[BYTES / 8];
    if (size < 17)
        return false;
    const struct paging *paging = choose(data[0]);
    struct table_source source = {table, memory};
    struct roots roots = {0, 0};
    uint64_t va;
    memcpy(&va, data + 1, 8);
    data += 9;
    size = (size - 9) / 8 * 8;
    for (size_t at = 0; at < sizeof memory; at += size)
        memcpy((char *)memory + at, data, size < BYTES - at ? size : BYTES - at);
    for (size_t i = 0; i < sizeof memory / 8; i++)
        if (memory[i] & 0x800) /* half of the entries lead into the memory */
            memory[i] &= UINT64_C(0xf800000000000000) | 0x1ffff;
    check_walk(paging, &source, &roots, va);
    check_walk(paging, &source, &roots, paging_canonical(paging, va));
    check_walk(paging, &source, &roots, paging_canonical(paging, ~va));
    check_listing(paging, &source, va & 1);
    return true;
}
