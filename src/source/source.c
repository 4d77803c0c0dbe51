/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The image: joined files, their ranges in physical space, their holes.
 *
 * Bytes are read by pread.  Tables are loaded through a shared mapping, but only from pages that
 * SEEK_DATA has shown to be there: a load from a hole would make tmpfs allocate it.
 */
#include "source/source.h"

#include "base/text.h"
#include "source/raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TABLE_MAX 65536

struct source {
    struct raw *part;
    size_t parts;
    uint64_t size;
    struct ram_range range[SOURCE_RANGES];
    size_t ranges;
    bool placed;
    char name[96];
    uint64_t scratch[TABLE_MAX / 8]; /* a table that cannot be mapped */
};

/* What a hole reads as; never written, so it costs no memory. */
static const uint64_t zeros[TABLE_MAX / 8];

/* The part in which `offset` lies; NULL behind the end. */
static struct raw *part_at(const struct source *image, uint64_t offset)
{
    for (size_t i = 0; i < image->parts; i++)
        if (offset - image->part[i].offset < image->part[i].size)
            return &image->part[i];
    return NULL;
}

/* "PATH@HEX" with PATH ending at the last '@'.  False: no such suffix. */
static bool split_base(char *item, uint64_t *base)
{
    char *at = strrchr(item, '@');
    uint64_t value;
    if (!at || at == item)
        return false;
    if (!parse_hex(at + 1, &value))
        return false;
    *at = '\0';
    *base = value;
    return true;
}

/* Opens one item of the list and places it behind, or at its own PA. */
static bool open_item(struct source *image, char *item, uint64_t *next_pa, struct error *err)
{
    uint64_t base = *next_pa;
    bool has_base = access(item, F_OK) != 0 && split_base(item, &base);
    struct raw *part = &image->part[image->parts];
    if (image->parts == SOURCE_RANGES)
        return error_set(err, "%s: more than %d files", item, SOURCE_RANGES);
    if (!raw_open(part, item, err))
        return false;
    part->offset = image->size;
    image->parts++;
    if (base + part->size - 1 < base)
        return error_set(err, "%s: at p:%llx its %llu bytes pass the end of the address space",
                         item, (unsigned long long)base, (unsigned long long)part->size);
    image->range[image->ranges++] = (struct ram_range){part->offset, base, part->size};
    image->size += part->size;
    image->placed |= has_base;
    *next_pa = base + part->size;
    return true;
}

static bool open_list(struct source *image, char *list, struct error *err)
{
    uint64_t next_pa = 0;
    char *item = list;
    /* A name that has a comma of its own wins over the list. */
    bool whole = access(list, F_OK) == 0;
    while (item) {
        char *comma = whole ? NULL : strchr(item, ',');
        if (comma)
            *comma = '\0';
        if (!*item)
            return error_set(err, "an empty file name in the list; write FILE[@PA],FILE[@PA]");
        if (!open_item(image, item, &next_pa, err))
            return false;
        item = comma ? comma + 1 : NULL;
    }
    return true;
}

/* Overlap is the one thing that a list of bases can get wrong. */
static bool ranges_overlap(const struct ram_range *range, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (range[i].pa <= range[j].pa + (range[j].size - 1) &&
                range[j].pa <= range[i].pa + (range[i].size - 1))
                return true;
    return false;
}

static void name_image(struct source *image, const char *first)
{
    const char *slash = strrchr(first, '/');
    snprintf(image->name, sizeof image->name, "%s", slash && slash[1] ? slash + 1 : first);
    if (image->parts > 1) {
        size_t used = strlen(image->name);
        snprintf(image->name + used, sizeof image->name - used, " +%zu", image->parts - 1);
    }
    text_make_harmless(image->name);
}

bool source_open(struct source **opened, const char *spec, struct error *err)
{
    struct source *image = calloc(1, sizeof *image);
    char *list = strdup(spec);
    bool ok = false;
    if (image)
        image->part = calloc(SOURCE_RANGES, sizeof *image->part);
    if (!image || !list || !image->part)
        error_set(err, "%s: out of memory", spec);
    else if (!*spec)
        error_set(err, "no image: name the file that holds the guest's RAM");
    else
        ok = open_list(image, list, err);
    if (ok && ranges_overlap(image->range, image->ranges))
        ok =
            error_set(err, "%s: the files overlap in physical memory; check the @PA of each", spec);
    if (ok)
        name_image(image, list);
    free(list);
    if (!ok) {
        source_close(image);
        return false;
    }
    *opened = image;
    return true;
}

void source_close(struct source *image)
{
    if (!image)
        return;
    for (size_t i = 0; i < image->parts; i++)
        raw_close(&image->part[i]);
    free(image->part);
    free(image);
}

const char *source_name(const struct source *image)
{
    return image->name;
}

uint64_t source_size(const struct source *image)
{
    return image->size;
}

bool source_is_placed(const struct source *image)
{
    return image->placed;
}

bool source_place(struct source *image, const struct ram_range *ranges, size_t count)
{
    uint64_t offset = 0;
    if (count == 0 || count > SOURCE_RANGES)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (ranges[i].offset != offset || ranges[i].size == 0 ||
            ranges[i].pa + (ranges[i].size - 1) < ranges[i].pa)
            return false;
        offset += ranges[i].size;
    }
    if (offset != image->size || ranges_overlap(ranges, count))
        return false;
    memcpy(image->range, ranges, count * sizeof *ranges);
    image->ranges = count;
    image->placed = true;
    return true;
}

bool source_place_base(struct source *image, uint64_t base)
{
    struct ram_range range = {0, base, image->size};
    return source_place(image, &range, 1);
}

const struct ram_range *source_ranges(const struct source *image, size_t *count)
{
    *count = image->ranges;
    return image->range;
}

bool source_pa_to_offset(const struct source *image, uint64_t pa, uint64_t *offset, uint64_t *left)
{
    uint64_t next = UINT64_MAX;
    for (size_t i = 0; i < image->ranges; i++) {
        const struct ram_range *range = &image->range[i];
        if (pa - range->pa < range->size) {
            *offset = range->offset + (pa - range->pa);
            if (left)
                *left = range->size - (pa - range->pa);
            return true;
        }
        if (range->pa > pa && range->pa < next)
            next = range->pa;
    }
    if (left)
        *left = next - pa;
    return false;
}

bool source_offset_to_pa(const struct source *image, uint64_t offset, uint64_t *pa, uint64_t *left)
{
    for (size_t i = 0; i < image->ranges; i++) {
        const struct ram_range *range = &image->range[i];
        if (offset - range->offset < range->size) {
            *pa = range->pa + (offset - range->offset);
            if (left)
                *left = range->size - (offset - range->offset);
            return true;
        }
    }
    if (left)
        *left = UINT64_MAX - offset;
    return false;
}

enum extent_kind source_extent(struct source *image, uint64_t offset, uint64_t *end)
{
    struct raw *part = part_at(image, offset);
    if (!part) {
        *end = UINT64_MAX;
        return EXTENT_NONE;
    }
    uint64_t part_end;
    bool data = raw_extent(part, offset - part->offset, &part_end);
    *end = part->offset + part_end;
    return data ? EXTENT_DATA : EXTENT_HOLE;
}

size_t source_read(struct source *image, uint64_t offset, void *buffer, size_t length)
{
    size_t done = 0;
    while (done < length) {
        struct raw *part = part_at(image, offset + done);
        if (!part)
            break;
        uint64_t at = offset + done - part->offset;
        uint64_t capacity = part->size - at;
        size_t wanted = length - done < capacity ? length - done : (size_t)capacity;
        size_t got = raw_read(part, at, (char *)buffer + done, wanted);
        done += got;
        if (got < wanted)
            break;
    }
    return done;
}

const uint64_t *source_table_at(struct source *image, uint64_t offset, size_t size)
{
    struct raw *part = part_at(image, offset);
    if (!part || size > TABLE_MAX || image->size - offset < size)
        return NULL;
    uint64_t at = offset - part->offset;
    /* A file of odd size puts what follows at odd addresses: those tables are copied. */
    bool direct = at % sizeof(uint64_t) == 0 && at + size <= part->size;
    switch (direct ? raw_pages(part, at, size) : PAGES_MIXED) {
    case PAGES_DATA:
        return (const uint64_t *)(const void *)(part->map + at);
    case PAGES_HOLE:
        return zeros;
    case PAGES_MIXED:
        break;
    }
    size_t got = source_read(image, offset, image->scratch, size);
    memset((char *)image->scratch + got, 0, size - got);
    return image->scratch;
}

const uint64_t *source_table(struct source *image, uint64_t pa, size_t size)
{
    uint64_t offset, left;
    if (!source_pa_to_offset(image, pa, &offset, &left) || left < size)
        return NULL;
    return source_table_at(image, offset, size);
}

bool source_table_stays(const struct source *image, const uint64_t *table)
{
    return table != zeros && table != image->scratch;
}

void source_release(struct source *image)
{
    for (size_t i = 0; i < image->parts; i++)
        raw_release(&image->part[i]);
}

enum source_state source_refresh(struct source *image, struct error *message)
{
    enum source_state worst = SOURCE_WHOLE;
    for (size_t i = 0; i < image->parts; i++) {
        struct error said;
        enum source_state state = raw_refresh(&image->part[i], &said);
        if (state > worst) {
            worst = state;
            if (message)
                *message = said;
        }
    }
    return worst;
}
