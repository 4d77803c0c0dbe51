/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CPU i's run queue lies at the same distance from its offset as CPU 0's from its own: that
 * proves the table of offsets, and finds it where no symbol does.
 */
#include "linux/tasks/percpu_find.h"

#include "base/bytes.h"
#include "linux/tasks/run_queue.h"
#include "paging/mapping.h"

#include <stdlib.h>
#include <string.h>

#define PIECE 0x10000u

struct percpu_search {
    struct percpu *percpu;
    const struct linux_context *linux;
    uint64_t page_mask; /* what every CPU's copy begins at is a multiple of a page */
    unsigned cpus;
    uint64_t queue[RUN_QUEUES]; /* each CPU's struct rq; 0: not known */
};

static void find_queues(struct percpu_search *search)
{
    run_queues_of_tasks(search->queue, search->linux, search->linux->tasks);
    while (search->cpus < RUN_QUEUES && search->queue[search->cpus])
        search->cpus++;
}

/* Is this the table?  x86 counts its variables from 0 on, the others from where the image has them.
 */
static bool is_offsets(const struct percpu_search *search, const uint8_t *bytes, size_t length)
{
    const struct linux_context *linux = search->linux;
    if (length < search->cpus * sizeof(uint64_t))
        return false;
    uint64_t first = load_le64(bytes);
    uint64_t variable = search->queue[0] - first;
    if (!first || (first & search->page_mask) ||
        (variable >= linux->image.size && variable - linux->image.va >= linux->image.size))
        return false;
    for (unsigned i = 1; i < search->cpus; i++) {
        if (search->queue[i] - load_le64(bytes + 8 * i) != variable)
            return false;
    }
    return true;
}

static void take_offsets(struct percpu_search *search, const uint8_t *bytes)
{
    struct percpu *percpu = search->percpu;
    for (unsigned cpu = 0; cpu < search->cpus; cpu++)
        percpu->offset[cpu] = load_le64(bytes + 8 * cpu);
    percpu->cpus = percpu->checked_cpus = search->cpus;
}

/* Bytes from one unit to the next. */
static uint64_t unit_of(const struct percpu_search *search)
{
    uint64_t least = UINT64_MAX;
    for (unsigned i = 1; i < search->cpus; i++) {
        uint64_t from = search->queue[i - 1], to = search->queue[i];
        uint64_t distance = to > from ? to - from : from - to;
        least = distance < least ? distance : least;
    }
    return search->cpus > 1 && !(least & search->page_mask) && least < PERCPU_UNIT_MAX ? least : 0;
}

/* Could pcpu_base_addr be this?  The offset is from where the image has the variables to there. */
static bool is_base(const struct percpu_search *search, uint64_t unit, uint64_t word)
{
    const struct linux_context *linux = search->linux;
    uint64_t start = word - search->percpu->offset[0];
    return word && !(word & search->page_mask) && search->queue[0] - word < unit &&
           (!start || start - linux->image.va < linux->image.size);
}

/* Looks through the image's data.  `first` pass for the offsets, the other for the base. */
static void scan_piece(struct percpu_search *search, const uint8_t *bytes, size_t length,
                       bool offsets, uint64_t unit, uint64_t *base, bool *several)
{
    for (size_t i = 0; i + 8 <= length; i += 8) {
        uint64_t word = load_le64(bytes + i);
        if (offsets && !search->percpu->checked_cpus && is_offsets(search, bytes + i, length - i))
            take_offsets(search, bytes + i);
        if (!offsets && is_base(search, unit, word)) {
            *several = *several || (*base && *base != word);
            *base = word;
        }
    }
}

/* Returns the base, where that is looked for and only one is found; else 0. */
static uint64_t scan(struct percpu_search *search, bool offsets, uint64_t unit)
{
    const struct linux_context *linux = search->linux;
    size_t overlap = search->cpus * 8;
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
            scan_piece(search, bytes, length, offsets, unit, &base, &several);
        }
    }
    free(bytes);
    return several ? 0 : base;
}

static void find_offsets(struct percpu_search *search)
{
    struct percpu *percpu = search->percpu;
    if (!search->cpus)
        return;
    if (!percpu->is_named)
        scan(search, true, 0);
    else if (percpu->cpus >= search->cpus &&
             is_offsets(search, (const uint8_t *)percpu->offset, search->cpus * 8))
        percpu->checked_cpus = search->cpus;
}

static void find_first_chunk(struct percpu_search *search)
{
    struct percpu *percpu = search->percpu;
    uint64_t unit = !percpu->chunk_last && percpu->checked_cpus ? unit_of(search) : 0;
    uint64_t base = unit ? scan(search, false, unit) : 0;
    if (base)
        percpu_set_chunk(percpu, base, unit, search->cpus);
}

void percpu_find(struct percpu *percpu, const struct linux_context *linux)
{
    struct percpu_search *search = calloc(1, sizeof *search);
    if (!search)
        return;
    search->percpu = percpu;
    search->linux = linux;
    search->page_mask = paging_page_mask(linux->memory->paging);
    find_queues(search);
    find_offsets(search);
    find_first_chunk(search);
    free(search);
}
