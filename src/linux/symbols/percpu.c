/* SPDX-License-Identifier: GPL-3.0-or-later */
/* x86 links the section at 0 (up to 6.14), the others within the image: the symbols say which. */
#include "linux/symbols/percpu.h"

#include "base/bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SECTION_MAX (UINT64_C(16) << 20)
#define UNITS_MAX   (UINT64_C(1) << 16)
#define MARKS       "__per_cpu_" /* where the section begins and ends: no variables */

static bool symbol_va(const struct linux_context *linux, const char *name, uint64_t *va)
{
    const struct symbol *symbol = symbols_find(linux->symbols, name);
    if (!symbol || symbol->module)
        return false;
    *va = symbol->va;
    return true;
}

/* The value of a variable of 4 or 8 bytes. */
static bool symbol_number(const struct linux_context *linux, const char *name, size_t bytes,
                          uint64_t *value)
{
    uint8_t raw[8] = {0};
    uint64_t va;
    if (!symbol_va(linux, name, &va) ||
        memory_read(linux->memory, address_in(linux->memory->space, va), raw, bytes, NULL) != bytes)
        return false;
    *value = load_le64(raw);
    return true;
}

/* Without nr_cpu_ids (a constant in some kernels) the table ends at its first unlikely entry. */
static unsigned count_cpus(const struct linux_context *linux, bool *counted)
{
    uint64_t count;
    *counted = symbol_number(linux, "nr_cpu_ids", 4, &count);
    if (!*counted)
        return PERCPU_MAX;
    return count <= PERCPU_MAX ? (unsigned)count : 0;
}

/* A CPU's copy of the section lies in the kernel's half; where the section lies may be unknown. */
static bool is_offset(const struct percpu *percpu, const struct paging *paging, uint64_t offset)
{
    uint64_t copy = percpu->first + offset;
    if (!offset || (offset & paging_page_mask(paging)))
        return false;
    return percpu->end == percpu->first ||
           (paging_canonical(paging, copy) == copy && paging_is_kernel_half(paging, copy));
}

static void load_offsets(struct percpu *percpu, const struct linux_context *linux)
{
    struct memory *memory = linux->memory;
    uint64_t table, offset;
    bool counted;
    percpu->is_named = symbol_va(linux, MARKS "offset", &table);
    unsigned most = percpu->is_named ? count_cpus(linux, &counted) : 0;
    for (unsigned cpu = 0; cpu < most; cpu++) {
        bool likely = memory_read_u64(memory, address_in(memory->space, table + 8 * (uint64_t)cpu),
                                      &offset) &&
                      is_offset(percpu, memory->paging, offset);
        if (!likely && !counted)
            break;
        percpu->offset[cpu] = likely ? offset : 0;
        percpu->cpus = cpu + 1;
    }
}

void percpu_set_chunk(struct percpu *percpu, uint64_t base, uint64_t unit, uint64_t units)
{
    if (!base || !unit || !units || unit > PERCPU_UNIT_MAX || units > UNITS_MAX ||
        base + (unit * units - 1) < base)
        return;
    percpu->chunk_first = base;
    percpu->chunk_last = base + (unit * units - 1);
}

void percpu_load(struct percpu *percpu, const struct linux_context *linux)
{
    uint64_t base, unit, units;
    *percpu = (struct percpu){0};
    if (!linux->memory->paging || !linux->symbols)
        return;
    if (!symbol_va(linux, MARKS "start", &percpu->first) ||
        !symbol_va(linux, MARKS "end", &percpu->end) || percpu->end < percpu->first ||
        percpu->end - percpu->first > SECTION_MAX)
        percpu->end = percpu->first;
    load_offsets(percpu, linux);
    if (symbol_number(linux, "pcpu_base_addr", 8, &base) &&
        symbol_number(linux, "pcpu_unit_size", 4, &unit) &&
        symbol_number(linux, "pcpu_nr_units", 4, &units))
        percpu_set_chunk(percpu, base, unit, units);
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
    size_t low = symbols_up_to(symbols, va);
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
