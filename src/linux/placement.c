/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Layouts of known machines: QEMU hw/arm/virt.c, hw/riscv/virt.c, hw/arm/sbsa-ref.c,
 * hw/i386/pc_q35.c and pc_piix.c (lowmem), microvm.c, as rows.
 */
#include "linux/placement.h"

#include <string.h>

#define GIB (UINT64_C(1) << 30)

static const struct {
    const char *arch;
    uint64_t base;  /* of the first byte */
    uint64_t below; /* bytes there before the rest goes on at 4 GiB; 0: not split */
    uint64_t least; /* applies to images of at least as many bytes */
    uint64_t most;  /* and of at most this; 0: no limit */
} layouts[] = {
    {"arm64", .base = 0x40000000},                        /* virt */
    {"arm64", .base = 0x80000000},                        /* many boards */
    {"arm64", .base = 0},                                 /* Raspberry Pi */
    {"arm64", .base = UINT64_C(0x10000000000)},           /* sbsa-ref */
    {"riscv64", .base = 0x80000000},                      /* virt */
    {"x86_64", .below = 2 * GIB, .least = 0xb0000000},    /* q35 */
    {"x86_64", .below = 3 * GIB, .least = 0xc0000000},    /* i440fx from 3.5 GiB on, microvm */
    {"x86_64", .below = 0xe0000000, .least = 0xe0000000}, /* without GiB alignment */
    {"x86_64", .base = 0, .most = 0xe0000000},            /* small PCs */
};

bool placement_given(struct placement *placement, struct image *image)
{
    size_t count;
    const struct ram_range *range = image_ranges(image, &count);
    if (!image_is_placed(image) || count > PLACEMENT_RANGES)
        return false;
    placement->image = image;
    placement->ranges = count;
    for (size_t i = 0; i < count; i++)
        placement->range[i] = range[i];
    return true;
}

void placement_linear(struct placement *placement, struct image *image, uint64_t base)
{
    *placement =
        (struct placement){.image = image, .range = {{0, base, image_size(image)}}, .ranges = 1};
}

static bool applies(size_t row, const struct paging_arch *arch, uint64_t size)
{
    return strcmp(layouts[row].arch, arch->name) == 0 && size >= layouts[row].least &&
           (!layouts[row].most || size <= layouts[row].most);
}

bool placement_known(struct placement *placement, struct image *image,
                     const struct paging_arch *arch, size_t i)
{
    uint64_t size = image_size(image);
    for (size_t row = 0; row < sizeof layouts / sizeof *layouts; row++) {
        if (!applies(row, arch, size) || i-- > 0)
            continue;
        placement_linear(placement, image, layouts[row].base);
        uint64_t below = layouts[row].below;
        if (below && below < size) {
            placement->range[0].size = below;
            placement->range[1] = (struct ram_range){below, 4 * GIB, size - below};
            placement->ranges = 2;
        }
        return true;
    }
    return false;
}

bool placement_offset(const struct placement *placement, uint64_t pa, uint64_t *offset)
{
    for (size_t i = 0; i < placement->ranges; i++)
        if (pa - placement->range[i].pa < placement->range[i].size) {
            *offset = placement->range[i].offset + (pa - placement->range[i].pa);
            return true;
        }
    return false;
}

uint64_t placement_left(const struct placement *placement, uint64_t pa)
{
    for (size_t i = 0; i < placement->ranges; i++)
        if (pa - placement->range[i].pa < placement->range[i].size)
            return placement->range[i].size - (pa - placement->range[i].pa);
    return 0;
}

bool placement_pa(const struct placement *placement, uint64_t offset, uint64_t *pa)
{
    for (size_t i = 0; i < placement->ranges; i++)
        if (offset - placement->range[i].offset < placement->range[i].size) {
            *pa = placement->range[i].pa + (offset - placement->range[i].offset);
            return true;
        }
    return false;
}

static const uint64_t *placed_table(void *context, uint64_t pa, size_t size)
{
    const struct placement *placement = context;
    return image_table_in(placement->image, placement->range, placement->ranges, pa, size);
}

static bool placed_there(void *context, uint64_t pa, uint64_t *run)
{
    const struct placement *placement = context;
    return ranges_there(placement->range, placement->ranges, pa, run);
}

struct table_source placement_source(const struct placement *placement)
{
    return (struct table_source){
        .table = placed_table, .there = placed_there, .context = (void *)(uintptr_t)placement};
}
