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

struct source {
    atomic_uint holds;
    atomic_uint_fast64_t generation; /* grows when what was learnt of extents is void */
    struct raw *part;
    size_t parts;
    uint64_t size;
    struct segment range[SOURCE_SEGMENTS];
    size_t ranges;
    bool placed;
    char name[96];
};

/* What a hole reads as; never written, so it costs no memory. */
static const uint64_t zeros[SOURCE_TABLE_MAX / 8];

/* The part in which `offset` lies; NULL behind the end. */
static struct raw *part_at(const struct source *source, uint64_t offset)
{
    for (size_t i = 0; i < source->parts; i++)
        if (offset - source->part[i].offset < source->part[i].size)
            return &source->part[i];
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
static bool open_item(struct source *source, char *item, uint64_t *next_pa, struct error *err)
{
    uint64_t base = *next_pa;
    bool has_base = access(item, F_OK) != 0 && split_base(item, &base);
    struct raw *part = &source->part[source->parts];
    if (source->parts == SOURCE_SEGMENTS)
        return error_set(err, "%s: more than %d files", item, SOURCE_SEGMENTS);
    if (!raw_open(part, item, err))
        return false;
    part->offset = source->size;
    source->parts++;
    if (base + part->size - 1 < base)
        return error_set(err, "%s: at p:%llx its %llu bytes pass the end of the address space",
                         item, (unsigned long long)base, (unsigned long long)part->size);
    source->range[source->ranges++] = (struct segment){part->offset, base, part->size};
    source->size += part->size;
    source->placed |= has_base;
    *next_pa = base + part->size;
    return true;
}

static bool open_list(struct source *source, char *list, struct error *err)
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
        if (!open_item(source, item, &next_pa, err))
            return false;
        item = comma ? comma + 1 : NULL;
    }
    return true;
}

/* Overlap is the one thing that a list of bases can get wrong. */
static bool ranges_overlap(const struct segment *range, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (range[i].pa <= range[j].pa + (range[j].size - 1) &&
                range[j].pa <= range[i].pa + (range[i].size - 1))
                return true;
    return false;
}

static void name_source(struct source *source, const char *first)
{
    const char *slash = strrchr(first, '/');
    snprintf(source->name, sizeof source->name, "%s", slash && slash[1] ? slash + 1 : first);
    if (source->parts > 1) {
        size_t used = strlen(source->name);
        snprintf(source->name + used, sizeof source->name - used, " +%zu", source->parts - 1);
    }
    text_make_harmless(source->name);
}

bool source_open(struct source **opened, const char *spec, struct error *err)
{
    struct source *source = calloc(1, sizeof *source);
    char *list = strdup(spec);
    bool ok = false;
    if (source) {
        source->part = calloc(SOURCE_SEGMENTS, sizeof *source->part);
        source->holds = 1;
    }
    if (!source || !list || !source->part)
        error_set(err, "%s: out of memory", spec);
    else if (!*spec)
        error_set(err, "no image: name the file that holds the guest's RAM");
    else
        ok = open_list(source, list, err);
    if (ok && ranges_overlap(source->range, source->ranges))
        ok =
            error_set(err, "%s: the files overlap in physical memory; check the @PA of each", spec);
    if (ok)
        name_source(source, list);
    free(list);
    if (!ok) {
        source_drop(source);
        return false;
    }
    *opened = source;
    return true;
}

struct source *source_hold(struct source *source)
{
    atomic_fetch_add(&source->holds, 1);
    return source;
}

void source_drop(struct source *source)
{
    if (!source || atomic_fetch_sub(&source->holds, 1) != 1)
        return;
    for (size_t i = 0; i < source->parts; i++)
        raw_close(&source->part[i]);
    free(source->part);
    free(source);
}

void source_reader_init(struct source_reader *reader, struct source *source)
{
    *reader = (struct source_reader){.source = source_hold(source)};
}

void source_reader_deinit(struct source_reader *reader)
{
    source_drop(reader->source);
    reader->source = NULL;
}

const char *source_name(const struct source *source)
{
    return source->name;
}

uint64_t source_size(const struct source *source)
{
    return source->size;
}

bool source_is_placed(const struct source *source)
{
    return source->placed;
}

bool source_place(struct source *source, const struct segment *ranges, size_t count)
{
    uint64_t offset = 0;
    if (count == 0 || count > SOURCE_SEGMENTS)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (ranges[i].offset != offset || ranges[i].size == 0 ||
            ranges[i].pa + (ranges[i].size - 1) < ranges[i].pa)
            return false;
        offset += ranges[i].size;
    }
    if (offset != source->size || ranges_overlap(ranges, count))
        return false;
    memcpy(source->range, ranges, count * sizeof *ranges);
    source->ranges = count;
    source->placed = true;
    return true;
}

bool source_place_base(struct source *source, uint64_t base)
{
    struct segment range = {0, base, source->size};
    return source_place(source, &range, 1);
}

const struct segment *source_segments(const struct source *source, size_t *count)
{
    *count = source->ranges;
    return source->range;
}

bool source_pa_to_offset(const struct source *source, uint64_t pa, uint64_t *offset, uint64_t *left)
{
    uint64_t next = UINT64_MAX;
    for (size_t i = 0; i < source->ranges; i++) {
        const struct segment *range = &source->range[i];
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

bool source_offset_to_pa(const struct source *source, uint64_t offset, uint64_t *pa, uint64_t *left)
{
    for (size_t i = 0; i < source->ranges; i++) {
        const struct segment *range = &source->range[i];
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

enum extent_kind source_extent(struct source_reader *reader, uint64_t offset, uint64_t *end)
{
    struct source *source = reader->source;
    uint64_t generation = atomic_load(&source->generation);
    bool is_cached = offset >= reader->cached.first && offset < reader->cached.end;
    if (!is_cached || reader->cached.generation != generation) {
        struct raw *part = part_at(source, offset);
        if (!part) {
            *end = UINT64_MAX;
            return EXTENT_NONE;
        }
        enum extent_kind kind = raw_extent(part, offset - part->offset, end);
        reader->cached.first = offset;
        reader->cached.end = part->offset + *end;
        reader->cached.kind = kind;
        reader->cached.generation = generation;
    }
    *end = reader->cached.end;
    return reader->cached.kind;
}

size_t source_read(struct source_reader *reader, uint64_t offset, void *buffer, size_t length,
                   enum extent_kind *why)
{
    enum extent_kind ignored;
    size_t done = 0;
    why = why ? why : &ignored;
    while (done < length) {
        struct raw *part = part_at(reader->source, offset + done);
        *why = EXTENT_NONE;
        if (!part)
            break;
        uint64_t at = offset + done - part->offset;
        uint64_t capacity = part->size - at;
        size_t wanted = length - done < capacity ? length - done : (size_t)capacity;
        size_t got = raw_read(part, at, (char *)buffer + done, wanted, why);
        done += got;
        if (got < wanted)
            break;
    }
    return done;
}

/* What a file that shrank lacks reads as zeros; anything else that lacks is an answer. */
static const uint64_t *copy_table(struct source_reader *reader, uint64_t offset, size_t size,
                                  enum extent_kind *why)
{
    size_t got = source_read(reader, offset, reader->scratch, size, why);
    if (got < size && *why != EXTENT_NONE)
        return NULL;
    memset((char *)reader->scratch + got, 0, size - got);
    return reader->scratch;
}

const uint64_t *source_table_at(struct source_reader *reader, uint64_t offset, size_t size,
                                enum extent_kind *why)
{
    struct source *source = reader->source;
    struct raw *part = part_at(source, offset);
    enum extent_kind ignored;
    why = why ? why : &ignored;
    *why = EXTENT_NONE;
    if (!part || size > SOURCE_TABLE_MAX || source->size - offset < size)
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
    return copy_table(reader, offset, size, why);
}

const uint64_t *source_table(struct source_reader *reader, uint64_t pa, size_t size,
                             enum extent_kind *why)
{
    uint64_t offset, left;
    if (!source_pa_to_offset(reader->source, pa, &offset, &left) || left < size) {
        if (why)
            *why = EXTENT_NONE;
        return NULL;
    }
    return source_table_at(reader, offset, size, why);
}

bool source_table_stays(const struct source_reader *reader, const uint64_t *table)
{
    return table != zeros && table != reader->scratch;
}

void source_trim(struct source *source)
{
    for (size_t i = 0; i < source->parts; i++)
        raw_trim(&source->part[i]);
}

enum source_state source_refresh(struct source *source, struct error *message)
{
    enum source_state worst = SOURCE_WHOLE;
    for (size_t i = 0; i < source->parts; i++) {
        struct error said;
        enum source_state state = raw_refresh(&source->part[i], &said);
        if (state > worst) {
            worst = state;
            if (message)
                *message = said;
        }
    }
    atomic_fetch_add(&source->generation, 1);
    return worst;
}
