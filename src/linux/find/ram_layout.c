/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an image lies: as the user gave it, linear, or as the machines of an architecture have it.
 */
#include "linux/find/ram_layout.h"

#include "base/sizes.h"

bool ram_layout_given(struct ram_layout *layout, struct source_reader *reader)
{
    size_t count;
    const struct segment *range = source_segments(reader->source, &count);
    if (!source_is_placed(reader->source) || count > RAM_LAYOUT_RANGES)
        return false;
    layout->reader = reader;
    layout->ranges = count;
    for (size_t i = 0; i < count; i++)
        layout->range[i] = range[i];
    return true;
}

void ram_layout_linear(struct ram_layout *layout, struct source_reader *reader, uint64_t base)
{
    *layout = (struct ram_layout){.reader = reader};
    layout->ranges = source_lay(reader->source, base, UINT64_MAX, 0, layout->range);
}

static bool applies(const struct arch_machine *machine, uint64_t size)
{
    return size >= machine->least && (!machine->most || size <= machine->most);
}

bool ram_layout_known(struct ram_layout *layout, struct source_reader *reader,
                      const struct arch *arch, size_t i)
{
    uint64_t size = source_ram_size(reader->source);
    for (size_t row = 0; row < arch->machine_count; row++) {
        const struct arch_machine *machine = &arch->machines[row];
        if (!applies(machine, size) || i-- > 0)
            continue;
        uint64_t below = machine->below ? machine->below : UINT64_MAX;
        *layout = (struct ram_layout){.reader = reader};
        layout->ranges = source_lay(reader->source, machine->base, below, GIB(4), layout->range);
        return layout->ranges > 0;
    }
    return false;
}

bool ram_layout_offset(const struct ram_layout *layout, uint64_t pa, uint64_t *offset)
{
    for (size_t i = 0; i < layout->ranges; i++)
        if (pa - layout->range[i].pa < layout->range[i].size) {
            *offset = layout->range[i].offset + (pa - layout->range[i].pa);
            return true;
        }
    return false;
}

uint64_t ram_layout_left(const struct ram_layout *layout, uint64_t pa)
{
    for (size_t i = 0; i < layout->ranges; i++)
        if (pa - layout->range[i].pa < layout->range[i].size)
            return layout->range[i].size - (pa - layout->range[i].pa);
    return 0;
}

bool ram_layout_pa(const struct ram_layout *layout, uint64_t offset, uint64_t *pa)
{
    for (size_t i = 0; i < layout->ranges; i++)
        if (offset - layout->range[i].offset < layout->range[i].size) {
            *pa = layout->range[i].pa + (offset - layout->range[i].offset);
            return true;
        }
    return false;
}

static const uint64_t *placed_table(void *context, uint64_t pa, size_t size, enum extent_kind *why)
{
    const struct ram_layout *layout = context;
    uint64_t offset;
    *why = EXTENT_NONE;
    if (!ram_layout_offset(layout, pa, &offset) || ram_layout_left(layout, pa) < size)
        return NULL;
    return source_table_at(layout->reader, offset, size, why);
}

struct table_source ram_layout_source(const struct ram_layout *layout)
{
    return (struct table_source){placed_table, (void *)(uintptr_t)layout};
}
