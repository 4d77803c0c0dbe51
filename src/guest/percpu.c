/* SPDX-License-Identifier: GPL-3.0-or-later */
/* x86 links the section at 0 (up to 6.14), the others within the image: the symbols say which. */
#include "guest/percpu.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SECTION_MOST (UINT64_C(16) << 20)
#define MARKS        "__per_cpu_" /* where the section begins and ends: no variables */

static bool symbol_va(const struct symbols *symbols, const char *name, uint64_t *va)
{
    const struct symbol *symbol = symbols_find(symbols, name);
    if (!symbol || symbol->module)
        return false;
    *va = symbol->va;
    return true;
}

/* Without nr_cpu_ids (a constant in some kernels) the table ends at its first unlikely entry. */
static unsigned count_cpus(struct memory *memory, const struct symbols *symbols, bool *counted)
{
    uint64_t va, word;
    *counted = symbol_va(symbols, "nr_cpu_ids", &va) &&
               memory_read_u64(memory, address_in(SPACE_VIRT, va & ~UINT64_C(7)), &word);
    if (!*counted)
        return PERCPU_MOST;
    uint32_t count = (uint32_t)(word >> 8 * (va & 4));
    return count <= PERCPU_MOST ? count : 0;
}

void percpu_load(struct percpu *percpu, struct memory *memory, const struct symbols *symbols)
{
    uint64_t table, offset;
    bool counted;
    *percpu = (struct percpu){0};
    if (!memory->paging || !symbol_va(symbols, MARKS "start", &percpu->first) ||
        !symbol_va(symbols, MARKS "end", &percpu->end) || percpu->end < percpu->first ||
        percpu->end - percpu->first > SECTION_MOST) {
        percpu->end = percpu->first;
        return;
    }
    if (!symbol_va(symbols, MARKS "offset", &table))
        return;
    unsigned most = count_cpus(memory, symbols, &counted);
    for (unsigned cpu = 0; cpu < most; cpu++) {
        bool read =
            memory_read_u64(memory, address_in(SPACE_VIRT, table + 8 * (uint64_t)cpu), &offset);
        uint64_t copy = percpu->first + offset;
        bool likely = read && offset && !(offset & paging_page_mask(memory->paging)) &&
                      paging_canonical(memory->paging, copy) == copy &&
                      paging_is_kernel_half(memory->paging, copy);
        if (!likely && !counted)
            break;
        percpu->offset[cpu] = likely ? offset : 0;
        percpu->cpus = cpu + 1;
    }
}

bool percpu_holds(const struct percpu *percpu, const char *name, uint64_t va)
{
    return va - percpu->first < percpu->end - percpu->first &&
           strncmp(name, MARKS, strlen(MARKS)) != 0;
}

bool percpu_address(const struct percpu *percpu, const char *name, uint64_t va, uint64_t cpu,
                    uint64_t *copy, struct error *err)
{
    if (!percpu_holds(percpu, name, va))
        return error_set(err, "%s is not per-CPU: leave the colon out", name);
    if (!percpu->cpus)
        return error_set(
            err, "where the CPUs' copies of %s lie is not known: " MARKS "offset cannot be read",
            name);
    if (cpu >= percpu->cpus || !percpu->offset[cpu])
        return error_set(err, "there is no CPU %" PRIu64 "; the last is %u", cpu, percpu->cpus - 1);
    *copy = va + percpu->offset[cpu];
    return true;
}

/* The last variable at or before `va` of the section.  NULL: none. */
static const struct symbol *variable_at(const struct percpu *percpu, const struct symbols *symbols,
                                        uint64_t va)
{
    size_t low = 0, high = symbols_count(symbols);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (symbols_by_address(symbols, middle)->va <= va)
            low = middle + 1;
        else
            high = middle;
    }
    while (low > 0 && symbols_by_address(symbols, low - 1)->va >= percpu->first) {
        const struct symbol *symbol = symbols_by_address(symbols, --low);
        if (percpu_holds(percpu, symbol->name, symbol->va))
            return symbol;
    }
    return NULL;
}

bool percpu_text(const struct percpu *percpu, const struct symbols *symbols, uint64_t va,
                 char *text, size_t size)
{
    for (unsigned cpu = 0; cpu < percpu->cpus; cpu++) {
        uint64_t at = va - percpu->offset[cpu];
        if (!percpu->offset[cpu] || at - percpu->first >= percpu->end - percpu->first)
            continue;
        const struct symbol *symbol = variable_at(percpu, symbols, at);
        if (!symbol)
            return false;
        int used = snprintf(text, size, "%s:%u", symbol->name, cpu);
        if (at != symbol->va && used > 0 && (size_t)used < size)
            snprintf(text + used, size - (size_t)used, "+0x%" PRIx64, at - symbol->va);
        return true;
    }
    return false;
}
