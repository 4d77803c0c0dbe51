/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an image lies: as it was told, linear, or as the machines of an architecture have it. */
#include "linux/find/ram_layout.h"

#include "base/sizes.h"

bool ram_layout_given(struct ram_layout *placement, struct source_reader *reader)
{
    size_t count;
    const struct segment *range = source_segments(reader->source, &count);
    if (!source_is_placed(reader->source) || count > RAM_LAYOUT_RANGES)
        return false;
    placement->reader = reader;
    placement->ranges = count;
    for (size_t i = 0; i < count; i++)
        placement->range[i] = range[i];
    return true;
}

void ram_layout_linear(struct ram_layout *placement, struct source_reader *reader, uint64_t base)
{
    *placement = (struct ram_layout){
        .reader = reader, .range = {{0, base, source_size(reader->source)}}, .ranges = 1};
}

static bool applies(const struct arch_machine *machine, uint64_t size)
{
    return size >= machine->least && (!machine->most || size <= machine->most);
}

bool ram_layout_known(struct ram_layout *placement, struct source_reader *reader,
                      const struct arch *arch, size_t i)
{
    uint64_t size = source_size(reader->source);
    for (size_t row = 0; row < arch->machine_count; row++) {
        const struct arch_machine *machine = &arch->machines[row];
        if (!applies(machine, size) || i-- > 0)
            continue;
        ram_layout_linear(placement, reader, machine->base);
        if (machine->below && machine->below < size) {
            placement->range[0].size = machine->below;
            placement->range[1] = (struct segment){machine->below, GIB(4), size - machine->below};
            placement->ranges = 2;
        }
        return true;
    }
    return false;
}

bool ram_layout_offset(const struct ram_layout *placement, uint64_t pa, uint64_t *offset)
{
    for (size_t i = 0; i < placement->ranges; i++)
        if (pa - placement->range[i].pa < placement->range[i].size) {
            *offset = placement->range[i].offset + (pa - placement->range[i].pa);
            return true;
        }
    return false;
}

uint64_t ram_layout_left(const struct ram_layout *placement, uint64_t pa)
{
    for (size_t i = 0; i < placement->ranges; i++)
        if (pa - placement->range[i].pa < placement->range[i].size)
            return placement->range[i].size - (pa - placement->range[i].pa);
    return 0;
}

bool ram_layout_pa(const struct ram_layout *placement, uint64_t offset, uint64_t *pa)
{
    for (size_t i = 0; i < placement->ranges; i++)
        if (offset - placement->range[i].offset < placement->range[i].size) {
            *pa = placement->range[i].pa + (offset - placement->range[i].offset);
            return true;
        }
    return false;
}

static const uint64_t *placed_table(void *context, uint64_t pa, size_t size, enum extent_kind *why)
{
    const struct ram_layout *placement = context;
    uint64_t offset;
    *why = EXTENT_NONE;
    if (!ram_layout_offset(placement, pa, &offset))
        return NULL;
    return source_table_at(placement->reader, offset, size, why);
}

struct table_source ram_layout_source(const struct ram_layout *placement)
{
    return (struct table_source){placed_table, (void *)(uintptr_t)placement};
}
