/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CPU i's run queue lies at the same distance from its offset as CPU 0's from its own: that
 * proves the table of offsets, and finds it where no symbol does.
 */
#include "linux/symbols/percpu_areas.h"

#include "base/bytes.h"
#include "paging/mapping.h"

#include <stdlib.h>
#include <string.h>

#define PIECE    0x10000u
#define UNIT_MAX (UINT64_C(1) << 28)

struct finder {
    struct percpu_areas *areas;
    const struct linux_context *linux;
    uint64_t page_mask; /* what every CPU's copy begins at is a multiple of a page */
    unsigned cpus;
    uint64_t queue[RUN_QUEUES]; /* each CPU's struct rq; 0: not known */
};

static bool symbol_number(const struct linux_context *linux, const char *name, size_t bytes,
                          uint64_t *value)
{
    const struct symbol *symbol = linux->symbols ? symbols_find(linux->symbols, name) : NULL;
    uint8_t raw[8] = {0};
    if (!symbol || memory_read(linux->memory, address_in(linux->memory->space, symbol->va), raw,
                               bytes, NULL) != bytes)
        return false;
    memcpy(value, raw, sizeof raw);
    return true;
}

static void find_queues(struct finder *finder)
{
    run_queues_of_tasks(finder->queue, finder->linux->memory, finder->linux->btf,
                        finder->linux->tasks);
    while (finder->cpus < PERCPU_CPUS && finder->queue[finder->cpus])
        finder->cpus++;
}

/* Is this the table?  x86 counts its variables from 0 on, the others from where the image has them.
 */
static bool is_offsets(const struct finder *finder, const uint8_t *bytes, size_t length)
{
    const struct linux_context *linux = finder->linux;
    if (length < finder->cpus * sizeof(uint64_t))
        return false;
    uint64_t first = load_le64(bytes);
    uint64_t variable = finder->queue[0] - first;
    if (!first || (first & finder->page_mask) ||
        (variable >= linux->image.size && variable - linux->image.va >= linux->image.size))
        return false;
    for (unsigned i = 1; i < finder->cpus; i++) {
        if (finder->queue[i] - load_le64(bytes + 8 * i) != variable)
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
    return finder->cpus > 1 && !(least & finder->page_mask) && least < UNIT_MAX ? least : 0;
}

/* Could pcpu_base_addr be this?  The offset is from where the image has the variables to there. */
static bool is_base(const struct finder *finder, uint64_t unit, uint64_t word)
{
    const struct linux_context *linux = finder->linux;
    uint64_t start = word - finder->areas->offset[0];
    return word && !(word & finder->page_mask) && finder->queue[0] - word < unit &&
           (!start || start - linux->image.va < linux->image.size);
}

/* Looks through the image's data.  `first` pass for the offsets, the other for the base. */
static void scan_piece(struct finder *finder, const uint8_t *bytes, size_t length, bool offsets,
                       uint64_t unit, uint64_t *base, bool *several)
{
    for (size_t i = 0; i + 8 <= length; i += 8) {
        uint64_t word = load_le64(bytes + i);
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
    const struct linux_context *linux = finder->linux;
    size_t overlap = finder->cpus * 8;
    uint8_t *bytes = linux->image.size ? malloc(PIECE + overlap) : NULL;
    uint64_t base = 0;
    bool several = false;
    struct mapping_iterator listing;
    struct mapping run;
    if (!bytes)
        return 0;
    mapping_open(&listing, linux->memory->paging, &linux->memory->tables,
                 linux->memory->space->roots.kernel_pa, linux->image.va,
                 linux->image.va + linux->image.size - 1);
    while (mapping_next(&listing, &run, NULL) == MAPPING_FOUND) {
        if (run.access.kernel & ACCESS_X)
            continue;
        for (uint64_t done = 0; done < run.size; done += PIECE) {
            uint64_t left = run.size - done;
            size_t length = left < PIECE + overlap ? (size_t)left : PIECE + overlap;
            memory_read(linux->memory, address_in(linux->memory->space, run.va + done), bytes,
                        length, NULL);
            scan_piece(finder, bytes, length, offsets, unit, &base, &several);
        }
    }
    free(bytes);
    return several ? 0 : base;
}

static void find_offsets(struct finder *finder)
{
    const struct linux_context *linux = finder->linux;
    const struct symbol *symbol =
        linux->symbols ? symbols_find(linux->symbols, "__per_cpu_offset") : NULL;
    uint64_t word[PERCPU_CPUS];
    size_t size = finder->cpus * sizeof *word;
    if (!finder->cpus)
        return;
    if (symbol && memory_read(linux->memory, address_in(linux->memory->space, symbol->va), word,
                              size, NULL) == size) {
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
    if (!symbol_number(finder->linux, "pcpu_base_addr", 8, &base) ||
        !symbol_number(finder->linux, "pcpu_unit_size", 4, &unit) ||
        !symbol_number(finder->linux, "pcpu_nr_units", 4, &units)) {
        unit = areas->cpus ? unit_of(finder) : 0;
        units = finder->cpus;
        base = unit ? scan(finder, false, unit) : 0;
    }
    if (!base || !unit || !units || unit > UNIT_MAX || units > 1 << 16 ||
        base + (unit * units - 1) < base)
        return;
    areas->first = base;
    areas->last = base + (unit * units - 1);
}

void percpu_areas_find(struct percpu_areas *areas, const struct linux_context *linux)
{
    struct finder *finder = calloc(1, sizeof *finder);
    *areas = (struct percpu_areas){0};
    if (!finder)
        return;
    finder->areas = areas;
    finder->linux = linux;
    finder->page_mask = paging_page_mask(linux->memory->paging);
    find_queues(finder);
    find_offsets(finder);
    find_first_chunk(finder);
    free(finder);
}
