/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The image: joined files, their ranges in physical space, their holes.
 *
 * Bytes are read by pread.  Tables are loaded through a shared mapping, but only from pages that
 * SEEK_DATA has shown to be there: a load from a hole would make tmpfs allocate it.
 */
#include "image/image.h"

#include "base/text.h"
#include "image/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TABLE_LARGEST 65536

struct image {
    struct part *part;
    size_t parts;
    uint64_t size;
    struct ram_range range[IMAGE_RANGES];
    size_t ranges;
    bool placed;
    char name[96];
    uint64_t scratch[TABLE_LARGEST / 8]; /* a table that cannot be mapped */
};

/* What a hole reads as; never written, so it costs no memory. */
static const uint64_t zeros[TABLE_LARGEST / 8];

/* The part in which `offset` lies; NULL behind the end. */
static struct part *part_at(const struct image *image, uint64_t offset)
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
static bool open_item(struct image *image, char *item, uint64_t *next_pa, struct error *err)
{
    uint64_t base = *next_pa;
    bool has_base = access(item, F_OK) != 0 && split_base(item, &base);
    struct part *part = &image->part[image->parts];
    if (image->parts == IMAGE_RANGES)
        return error_set(err, "%s: more than %d files", item, IMAGE_RANGES);
    if (!part_open(part, item, err))
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

static bool open_list(struct image *image, char *list, struct error *err)
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

static void name_image(struct image *image, const char *first)
{
    const char *slash = strrchr(first, '/');
    snprintf(image->name, sizeof image->name, "%s", slash && slash[1] ? slash + 1 : first);
    if (image->parts > 1) {
        size_t used = strlen(image->name);
        snprintf(image->name + used, sizeof image->name - used, " +%zu", image->parts - 1);
    }
    text_make_harmless(image->name);
}

bool image_open(struct image **opened, const char *spec, struct error *err)
{
    struct image *image = calloc(1, sizeof *image);
    char *list = strdup(spec);
    bool ok = false;
    if (image)
        image->part = calloc(IMAGE_RANGES, sizeof *image->part);
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
        image_close(image);
        return false;
    }
    *opened = image;
    return true;
}

void image_close(struct image *image)
{
    if (!image)
        return;
    for (size_t i = 0; i < image->parts; i++)
        part_close(&image->part[i]);
    free(image->part);
    free(image);
}

const char *image_name(const struct image *image)
{
    return image->name;
}

uint64_t image_size(const struct image *image)
{
    return image->size;
}

bool image_is_placed(const struct image *image)
{
    return image->placed;
}

bool image_place(struct image *image, const struct ram_range *ranges, size_t count)
{
    uint64_t offset = 0;
    if (count == 0 || count > IMAGE_RANGES)
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

bool image_place_base(struct image *image, uint64_t base)
{
    struct ram_range range = {0, base, image->size};
    return image_place(image, &range, 1);
}

const struct ram_range *image_ranges(const struct image *image, size_t *count)
{
    *count = image->ranges;
    return image->range;
}

static bool find_pa(const struct ram_range *ranges, size_t count, uint64_t pa, uint64_t *offset,
                    uint64_t *left)
{
    uint64_t next = UINT64_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct ram_range *range = &ranges[i];
        if (pa - range->pa < range->size) {
            *offset = range->offset + (pa - range->pa);
            *left = range->size - (pa - range->pa);
            return true;
        }
        if (range->pa > pa && range->pa < next)
            next = range->pa;
    }
    *left = next - pa;
    return false;
}

bool image_pa_to_offset(const struct image *image, uint64_t pa, uint64_t *offset, uint64_t *left)
{
    uint64_t unwanted;
    return find_pa(image->range, image->ranges, pa, offset, left ? left : &unwanted);
}

bool image_offset_to_pa(const struct image *image, uint64_t offset, uint64_t *pa, uint64_t *left)
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

bool ranges_there(const struct ram_range *ranges, size_t count, uint64_t pa, uint64_t *run)
{
    uint64_t offset, left;
    bool is_there = find_pa(ranges, count, pa, &offset, run);
    while (is_there && pa + *run > pa && find_pa(ranges, count, pa + *run, &offset, &left))
        *run += left;
    *run += !*run; /* the last byte of the space */
    return is_there;
}

bool image_there(const struct image *image, uint64_t pa, uint64_t *run)
{
    return ranges_there(image->range, image->ranges, pa, run);
}

enum extent_kind image_extent(struct image *image, uint64_t offset, uint64_t *end)
{
    struct part *part = part_at(image, offset);
    if (!part) {
        *end = UINT64_MAX;
        return EXTENT_NONE;
    }
    uint64_t part_end;
    bool data = part_extent(part, offset - part->offset, &part_end);
    *end = part->offset + part_end;
    return data ? EXTENT_DATA : EXTENT_HOLE;
}

size_t image_read(struct image *image, uint64_t offset, void *buffer, size_t length)
{
    size_t done = 0;
    while (done < length) {
        struct part *part = part_at(image, offset + done);
        if (!part)
            break;
        uint64_t at = offset + done - part->offset;
        uint64_t room = part->size - at;
        size_t wanted = length - done < room ? length - done : (size_t)room;
        size_t got = part_read(part, at, (char *)buffer + done, wanted);
        done += got;
        if (got < wanted)
            break;
    }
    return done;
}

const uint64_t *image_table_at(struct image *image, uint64_t offset, size_t size)
{
    struct part *part = part_at(image, offset);
    if (!part || size > TABLE_LARGEST || image->size - offset < size)
        return NULL;
    uint64_t at = offset - part->offset;
    /* A file of odd size puts what follows at odd addresses: those tables are copied. */
    bool direct = at % sizeof(uint64_t) == 0 && at + size <= part->size;
    switch (direct ? part_pages(part, at, size) : PAGES_MIXED) {
    case PAGES_DATA:
        return (const uint64_t *)(const void *)(part->map + at);
    case PAGES_HOLE:
        return zeros;
    case PAGES_MIXED:
        break;
    }
    size_t got = image_read(image, offset, image->scratch, size);
    memset((char *)image->scratch + got, 0, size - got);
    return image->scratch;
}

/* What there is of a table, by whole words; the rest 0.  NULL: nothing. */
static const uint64_t *table_in_part(struct image *image, const struct ram_range *ranges,
                                     size_t count, uint64_t pa, size_t size)
{
    const uint64_t word = sizeof(uint64_t);
    bool any = false;
    memset(image->scratch, 0, size);
    for (uint64_t at = 0, run; at < size; at += run) {
        bool is_there = ranges_there(ranges, count, pa + at, &run);
        run = run < size - at ? run : size - at;
        uint64_t from = (at + word - 1) / word * word, end = (at + run) / word * word;
        any = any || (is_there && from < end);
        /* Of one range after the other. */
        for (uint64_t offset, left; is_there && from < end; from += left) {
            find_pa(ranges, count, pa + from, &offset, &left);
            left = left < end - from ? left : end - from;
            image_read(image, offset, (char *)image->scratch + from, (size_t)left);
        }
    }
    return any ? image->scratch : NULL;
}

const uint64_t *image_table_in(struct image *image, const struct ram_range *ranges, size_t count,
                               uint64_t pa, size_t size)
{
    uint64_t offset, left;
    if (find_pa(ranges, count, pa, &offset, &left) && left >= size)
        return image_table_at(image, offset, size);
    return size <= TABLE_LARGEST ? table_in_part(image, ranges, count, pa, size) : NULL;
}

const uint64_t *image_table(struct image *image, uint64_t pa, size_t size)
{
    return image_table_in(image, image->range, image->ranges, pa, size);
}

bool image_table_stays(const struct image *image, const uint64_t *table)
{
    return table != zeros && table != image->scratch;
}

void image_release(struct image *image)
{
    for (size_t i = 0; i < image->parts; i++)
        part_release(&image->part[i]);
}

enum image_state image_refresh(struct image *image, struct error *message)
{
    enum image_state worst = IMAGE_WHOLE;
    for (size_t i = 0; i < image->parts; i++) {
        struct error said;
        enum image_state state = part_refresh(&image->part[i], &said);
        if (state > worst) {
            worst = state;
            if (message)
                *message = said;
        }
    }
    return worst;
}
