/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CPU i's run queue lies at the same distance from its offset as CPU 0's from its own: that
 * proves the table of offsets, and finds it where no symbol does.
 */
#include "guest/percpu_areas.h"

#include "memory/listing.h"

#include <stdlib.h>
#include <string.h>

#define PIECE     0x10000u
#define UNIT_MOST (UINT64_C(1) << 28)

struct finder {
    struct percpu_areas *areas;
    const struct region_facts *facts;
    uint64_t page_mask; /* what every CPU's copy begins at is a multiple of a page */
    unsigned cpus;
    uint64_t queue[RUN_QUEUES]; /* each CPU's struct rq; 0: not known */
};

static bool symbol_number(const struct region_facts *facts, const char *name, size_t bytes,
                          uint64_t *value)
{
    const struct symbol *symbol = facts->symbols ? symbols_find(facts->symbols, name) : NULL;
    uint8_t raw[8] = {0};
    if (!symbol ||
        memory_read(facts->memory, address_in(SPACE_VIRT, symbol->va), raw, bytes, NULL) != bytes)
        return false;
    memcpy(value, raw, sizeof raw);
    return true;
}

static void find_queues(struct finder *finder, const struct tasks *tasks)
{
    run_queues_of_tasks(finder->queue, finder->facts->memory, finder->facts->btf, tasks);
    while (finder->cpus < PERCPU_CPUS && finder->queue[finder->cpus])
        finder->cpus++;
}

/* Is this the table?  x86 counts its variables from 0 on, the others from where the image has them.
 */
static bool is_offsets(const struct finder *finder, const uint8_t *bytes, size_t length)
{
    const struct region_facts *facts = finder->facts;
    uint64_t first, word;
    if (length < finder->cpus * sizeof word)
        return false;
    memcpy(&first, bytes, sizeof first);
    uint64_t variable = finder->queue[0] - first;
    if (!first || (first & finder->page_mask) ||
        (variable >= facts->image_size && variable - facts->image_va >= facts->image_size))
        return false;
    for (unsigned i = 1; i < finder->cpus; i++) {
        memcpy(&word, bytes + i * sizeof word, sizeof word);
        if (finder->queue[i] - word != variable)
            return false;
    }
    return true;
}

static void take_offsets(struct finder *finder, const uint8_t *bytes)
{
    finder->areas->cpus = finder->cpus;
    memcpy(finder->areas->offset, bytes, finder->cpus * sizeof *finder->areas->offset);
}

/* Bytes from one unit to the next. */
static uint64_t unit_of(const struct finder *finder)
{
    uint64_t least = UINT64_MAX;
    for (unsigned i = 1; i < finder->cpus; i++) {
        uint64_t from = finder->queue[i - 1], to = finder->queue[i];
        uint64_t distance = to > from ? to - from : from - to;
        least = distance < least ? distance : least;
    }
    return finder->cpus > 1 && !(least & finder->page_mask) && least < UNIT_MOST ? least : 0;
}

/* Could pcpu_base_addr be this?  The offset is from where the image has the variables to there. */
static bool is_base(const struct finder *finder, uint64_t unit, uint64_t word)
{
    const struct region_facts *facts = finder->facts;
    uint64_t start = word - finder->areas->offset[0];
    return word && !(word & finder->page_mask) && finder->queue[0] - word < unit &&
           (!start || start - facts->image_va < facts->image_size);
}

/* Looks through the image's data.  `first` pass for the offsets, the other for the base. */
static void scan_piece(struct finder *finder, const uint8_t *bytes, size_t length, bool offsets,
                       uint64_t unit, uint64_t *base, bool *several)
{
    for (size_t i = 0; i + 8 <= length; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
        if (offsets && !finder->areas->cpus && is_offsets(finder, bytes + i, length - i))
            take_offsets(finder, bytes + i);
        if (!offsets && is_base(finder, unit, word)) {
            *several = *several || (*base && *base != word);
            *base = word;
        }
    }
}

/* Returns the base, where that is looked for and only one is found; else 0. */
static uint64_t scan(struct finder *finder, bool offsets, uint64_t unit)
{
    const struct region_facts *facts = finder->facts;
    size_t overlap = finder->cpus * 8;
    uint8_t *bytes = facts->image_size ? malloc(PIECE + overlap) : NULL;
    uint64_t base = 0;
    bool several = false;
    struct listing listing;
    struct run run;
    if (!bytes)
        return 0;
    listing_open(&listing, facts->memory->paging, &facts->memory->source,
                 facts->memory->roots.kernel_pa, facts->image_va,
                 facts->image_va + facts->image_size - 1);
    while (listing_next(&listing, &run, NULL) == LISTING_RUN) {
        if (run.access.kernel & ACCESS_X)
            continue;
        for (uint64_t done = 0; done < run.size; done += PIECE) {
            uint64_t left = run.size - done;
            size_t length = left < PIECE + overlap ? (size_t)left : PIECE + overlap;
            memory_read(facts->memory, address_in(SPACE_VIRT, run.va + done), bytes, length, NULL);
            scan_piece(finder, bytes, length, offsets, unit, &base, &several);
        }
    }
    free(bytes);
    return several ? 0 : base;
}

static void find_offsets(struct finder *finder)
{
    const struct region_facts *facts = finder->facts;
    const struct symbol *symbol =
        facts->symbols ? symbols_find(facts->symbols, "__per_cpu_offset") : NULL;
    uint64_t word[PERCPU_CPUS];
    size_t size = finder->cpus * sizeof *word;
    if (!finder->cpus)
        return;
    if (symbol &&
        memory_read(facts->memory, address_in(SPACE_VIRT, symbol->va), word, size, NULL) == size) {
        if (is_offsets(finder, (const uint8_t *)word, size))
            take_offsets(finder, (const uint8_t *)word);
        return;
    }
    scan(finder, true, 0);
}

/* The first per-CPU chunk is memblock's and lies in the linear map. */
static void find_first_chunk(struct finder *finder)
{
    struct percpu_areas *areas = finder->areas;
    uint64_t base, unit, units;
    if (!symbol_number(finder->facts, "pcpu_base_addr", 8, &base) ||
        !symbol_number(finder->facts, "pcpu_unit_size", 4, &unit) ||
        !symbol_number(finder->facts, "pcpu_nr_units", 4, &units)) {
        unit = areas->cpus ? unit_of(finder) : 0;
        units = finder->cpus;
        base = unit ? scan(finder, false, unit) : 0;
    }
    if (!base || !unit || !units || unit > UNIT_MOST || units > 1 << 16 ||
        base + (unit * units - 1) < base)
        return;
    areas->first = base;
    areas->last = base + (unit * units - 1);
}

void percpu_areas_find(struct percpu_areas *areas, const struct region_facts *facts,
                       const struct tasks *tasks)
{
    struct finder *finder = calloc(1, sizeof *finder);
    *areas = (struct percpu_areas){0};
    if (!finder)
        return;
    finder->areas = areas;
    finder->facts = facts;
    finder->page_mask = paging_page_mask(facts->memory->paging);
    find_queues(finder, tasks);
    find_offsets(finder);
    find_first_chunk(finder);
    free(finder);
}
