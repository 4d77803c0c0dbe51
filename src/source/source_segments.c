/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies where in physical space.  A layout that is replaced stays: threads may look at it. */
#include "source/source_private.h"

#include <stdlib.h>
#include <string.h>

static uint64_t last_pa(const struct segment *segment)
{
    return segment->pa + (segment->size - 1);
}

bool segments_add(struct segment *segment, size_t *count, const struct segment *added)
{
    struct segment *last = *count ? &segment[*count - 1] : NULL;
    if (last && last->offset + last->size == added->offset && last->pa + last->size == added->pa) {
        last->size += added->size;
        return true;
    }
    if (*count == SOURCE_SEGMENTS)
        return false;
    segment[(*count)++] = *added;
    return true;
}

bool segments_overlap_pa(const struct segment *segment, size_t count, uint64_t *pa)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            if (i != j && segment[i].pa >= segment[j].pa && segment[i].pa <= last_pa(&segment[j])) {
                *pa = segment[i].pa;
                return true;
            }
    return false;
}

bool segments_overlap_file(const struct segment *segment, size_t count, uint64_t *offset)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            if (i != j && segment[i].offset - segment[j].offset < segment[j].size) {
                *offset = segment[i].offset;
                return true;
            }
    return false;
}

bool source_publish(struct source *source, const struct segment *segment, size_t count, bool placed)
{
    struct source_layout *layout = calloc(1, sizeof *layout);
    if (!layout)
        return false;
    layout->placed = placed;
    layout->count = count;
    memcpy(layout->segment, segment, count * sizeof *segment);
    pthread_mutex_lock(&source->placing);
    layout->older = atomic_load(&source->layout);
    atomic_store(&source->layout, layout);
    pthread_mutex_unlock(&source->placing);
    return true;
}

void source_forget_layouts(struct source *source)
{
    struct source_layout *layout = atomic_load(&source->layout);
    while (layout) {
        struct source_layout *older = layout->older;
        free(layout);
        layout = older;
    }
}

bool source_is_placed(const struct source *source)
{
    return atomic_load(&source->layout)->placed;
}

const struct segment *source_segments(const struct source *source, size_t *count)
{
    const struct source_layout *layout = atomic_load(&source->layout);
    *count = layout->count;
    return layout->segment;
}

uint64_t source_ram_size(const struct source *source)
{
    return source->ram_size;
}

bool source_ram_pa(const struct source *source, uint64_t nth, uint64_t *pa)
{
    size_t count;
    const struct segment *segment = source_segments(source, &count);
    for (size_t i = 0; i < count; nth -= segment[i++].size)
        if (nth < segment[i].size) {
            *pa = segment[i].pa + nth;
            return true;
        }
    return false;
}

bool source_place(struct source *source, const struct segment *segment, size_t count)
{
    uint64_t size = 0, where;
    if (count == 0 || count > SOURCE_SEGMENTS)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (segment[i].size == 0 || segment[i].offset >= source->size ||
            segment[i].size > source->size - segment[i].offset ||
            last_pa(&segment[i]) < segment[i].pa)
            return false;
        size += segment[i].size;
    }
    return size == source->ram_size && !segments_overlap_pa(segment, count, &where) &&
           !segments_overlap_file(segment, count, &where) &&
           source_publish(source, segment, count, true);
}

size_t source_lay(const struct source *source, uint64_t base, uint64_t below, uint64_t above,
                  struct segment segment[SOURCE_SEGMENTS])
{
    uint64_t done = 0;
    size_t count = 0;
    for (size_t i = 0; i < source->names; i++)
        for (uint64_t used = 0, size; used < source->named[i].size; used += size, done += size) {
            bool is_low = done < below;
            size = source->named[i].size - used;
            if (is_low && size > below - done)
                size = below - done;
            uint64_t pa = is_low ? base + done : above + (done - below);
            struct segment added = {source->named[i].offset + used, pa, size};
            if (!segments_add(segment, &count, &added))
                return 0;
        }
    return count;
}

bool source_place_base(struct source *source, uint64_t base)
{
    struct segment segment[SOURCE_SEGMENTS];
    return source_place(source, segment, source_lay(source, base, UINT64_MAX, 0, segment));
}

bool source_pa_to_offset(const struct source *source, uint64_t pa, uint64_t *offset, uint64_t *left)
{
    uint64_t next = UINT64_MAX;
    size_t count;
    const struct segment *segment = source_segments(source, &count);
    for (size_t i = 0; i < count; i++) {
        if (pa - segment[i].pa < segment[i].size) {
            *offset = segment[i].offset + (pa - segment[i].pa);
            if (left)
                *left = segment[i].size - (pa - segment[i].pa);
            return true;
        }
        if (segment[i].pa > pa && segment[i].pa < next)
            next = segment[i].pa;
    }
    if (left)
        *left = next - pa;
    return false;
}

bool source_offset_to_pa(const struct source *source, uint64_t offset, uint64_t *pa, uint64_t *left)
{
    uint64_t next = UINT64_MAX;
    size_t count;
    const struct segment *segment = source_segments(source, &count);
    for (size_t i = 0; i < count; i++) {
        if (offset - segment[i].offset < segment[i].size) {
            *pa = segment[i].pa + (offset - segment[i].offset);
            if (left)
                *left = segment[i].size - (offset - segment[i].offset);
            return true;
        }
        if (segment[i].offset > offset && segment[i].offset < next)
            next = segment[i].offset;
    }
    if (left)
        *left = next - offset;
    return false;
}
