/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening what was named, and reading it, whatever kind each file is of. */
#include "source/source_private.h"

#include "base/text.h"
#include "source/source_spec.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a hole reads as; never written, so it costs no memory. */
static const uint64_t zeros[SOURCE_TABLE_MAX / 8];

static const struct source_part *part_at(const struct source *source, uint64_t offset)
{
    for (size_t i = 0; i < source->parts; i++)
        if (offset - source->part[i].offset < source->part[i].size)
            return &source->part[i];
    return NULL;
}

/* ---- opening ---- */

/* Its first bytes; 0 where there are none to be had. */
static size_t read_head(const char *path, unsigned char head[SOURCE_HEAD])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t got = fd < 0 ? 0 : pread(fd, head, SOURCE_HEAD, 0);
    if (fd >= 0)
        close(fd);
    return got > 0 ? (size_t)got : 0;
}

/* The file of that name that is open already, whatever way its name is written. */
static struct source_file *find_file(struct source *source, const char *path)
{
    struct stat st, other;
    for (size_t i = 0; i < source->files; i++) {
        struct source_file *file = &source->file[i];
        bool is_same = strcmp(path, file->path) == 0 ||
                       (stat(path, &st) == 0 && stat(file->path, &other) == 0 &&
                        st.st_dev == other.st_dev && st.st_ino == other.st_ino);
        if (is_same)
            return file;
    }
    return NULL;
}

static struct source_file *open_file(struct source *source, const struct source_item *item,
                                     struct error *err)
{
    unsigned char head[SOURCE_HEAD];
    char *path = strndup(item->name, item->length);
    struct source_file *file = path ? find_file(source, path) : NULL;
    if (file || !path) {
        free(path);
        if (!file)
            error_set(err, "out of memory");
        return file;
    }
    file = &source->file[source->files];
    *file = (struct source_file){.path = path};
    size_t length = read_head(path, head);
    file->type = source_type_of(path, length ? head : NULL, length);
    if (file->type->open(file, err)) {
        source->files++;
        return file;
    }
    free(path);
    return NULL;
}

/* An EiB: physical addresses have 56 bits at most. */
#define SIZE_LARGEST (UINT64_C(1) << 60)

static bool check_sizes(const struct source *source, struct error *err)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < source->files; i++) {
        const struct source_file *file = &source->file[i];
        if (file->size > SIZE_LARGEST - sum)
            return error_set(err, "%s: too large: more than an EiB in all", file->path);
        sum += file->size;
    }
    return true;
}

/* f: are the places of all files, laid end to end; what has none follows. */
static void lay_parts(struct source *source)
{
    for (int with_places = 1; with_places >= 0; with_places--) {
        for (size_t i = 0; i < source->files; i++) {
            struct source_file *file = &source->file[i];
            uint64_t at = with_places ? 0 : file->places;
            uint64_t size = with_places ? file->places : file->size - file->places;
            if (size)
                source->part[source->parts++] = (struct source_part){file, source->size, size, at};
            source->size += size;
        }
        if (with_places)
            source->places = source->size;
    }
}

/* Adds bytes of a file, split where its places end. */
static bool add_segment(struct source *source, const struct source_file *file, struct segment added,
                        size_t *count, struct segment *segment)
{
    for (size_t i = 0; i < source->parts; i++) {
        const struct source_part *part = &source->part[i];
        if (part->file != file || added.offset - part->at >= part->size || !added.size)
            continue;
        uint64_t within = added.offset - part->at;
        uint64_t size = added.size < part->size - within ? added.size : part->size - within;
        if (*count == SOURCE_SEGMENTS)
            return false;
        segment[*count] = (struct segment){part->offset + within, added.pa, size};
        source->named[source->names++] = segment[(*count)++];
        source->ram_size += size;
        added = (struct segment){added.offset + size, added.pa + size, added.size - size};
    }
    return true;
}

/* One item whose file does not say where it lies. */
static bool check_item(const struct source_file *file, const struct source_item *item,
                       struct segment *segment, struct error *err)
{
    uint64_t left = file->size - item->offset;
    if (item->offset >= file->size)
        return error_set(err, "%s: offset 0x%" PRIx64 " is past the end of its 0x%" PRIx64 " bytes",
                         file->path, item->offset, file->size);
    if (item->has_size && item->size == 0)
        return error_set(err, "%s: +0 is no size: a segment has a byte at least", file->path);
    if (item->has_size && item->size > left)
        return error_set(err,
                         "%s: 0x%" PRIx64 " bytes from offset 0x%" PRIx64
                         " pass the end of its 0x%" PRIx64 " bytes",
                         file->path, item->size, item->offset, file->size);
    *segment = (struct segment){item->offset, segment->pa, item->has_size ? item->size : left};
    if (segment->pa + (segment->size - 1) < segment->pa)
        return error_set(
            err, "%s: at p:%" PRIx64 " its 0x%" PRIx64 " bytes pass the end of the address space",
            file->path, segment->pa, segment->size);
    return true;
}

/* What one item of the list names. */
struct named {
    struct source_file *file;
    struct source_item item;
};

/* Of a file that says itself where its bytes lie. */
static bool take_own_segments(struct source *source, const struct named *named, size_t *count,
                              struct segment *segment, struct error *err)
{
    const struct source_file *file = named->file;
    const struct source_item *item = &named->item;
    struct segment own[SOURCE_SEGMENTS];
    if (item->has_offset || item->has_pa || item->has_size)
        return error_set(err,
                         "%s: a file of kind %s says itself where its RAM lies; leave out '%.*s'",
                         file->path, file->type->name, (int)(item->text_length - item->length),
                         item->text + item->length);
    size_t owned = file->type->segments(file, own, SOURCE_SEGMENTS);
    for (size_t i = 0; i < owned; i++)
        if (!add_segment(source, file, own[i], count, segment))
            return error_set(err, "%s: more than %d segments", file->path, SOURCE_SEGMENTS);
    return true;
}

/* An item without a PA goes on where the one before it ends. */
static bool take_item(struct source *source, const struct named *named, size_t *count,
                      struct segment *segment, struct error *err)
{
    const struct segment *before = *count ? &segment[*count - 1] : NULL;
    struct segment added = {.pa = named->item.has_pa ? named->item.pa
                                  : before           ? before->pa + before->size
                                                     : 0};
    if (named->file->type->segments)
        return take_own_segments(source, named, count, segment, err);
    if (!check_item(named->file, &named->item, &added, err))
        return false;
    return add_segment(source, named->file, added, count, segment) ||
           error_set(err, "%s: more than %d segments", named->file->path, SOURCE_SEGMENTS);
}

static bool take_segments(struct source *source, const char *spec, const struct named *named,
                          size_t names, struct error *err)
{
    struct segment segment[SOURCE_SEGMENTS];
    size_t count = 0;
    uint64_t where;
    bool placed = false;
    for (size_t i = 0; i < names; i++) {
        placed |= named[i].item.has_pa || named[i].file->type->segments;
        if (!take_item(source, &named[i], &count, segment, err))
            return false;
    }
    if (count == 0)
        return error_set(err, "%s: there is no RAM in it", spec);
    if (segments_overlap_file(segment, count, &where))
        return error_set(err,
                         "segments overlap in the file, at f:%" PRIx64
                         "; check the :OFFSET and +SIZE of each",
                         where);
    if (segments_overlap_pa(segment, count, &where))
        return error_set(err, "segments overlap at p:%" PRIx64 "; check the @PA and +SIZE of each",
                         where);
    return source_publish(source, segment, count, placed) || error_set(err, "out of memory");
}

static bool open_list(struct source *source, const char *spec, struct error *err)
{
    struct named named[SOURCE_SEGMENTS];
    const char *at = spec;
    size_t names = 0;
    while (at) {
        if (names == SOURCE_SEGMENTS)
            return error_set(err, "more than %d segments are named", SOURCE_SEGMENTS);
        if (!source_spec_next(&at, &named[names].item, err))
            return false;
        named[names].file = open_file(source, &named[names].item, err);
        if (!named[names++].file)
            return false;
    }
    if (!check_sizes(source, err))
        return false;
    lay_parts(source);
    for (size_t i = 0; i < source->files; i++)
        if (!source->file[i].type->map && !source->cache)
            source->cache = page_cache_create(PAGE_CACHE_SETS);
    for (size_t i = 0; i < source->files; i++)
        if (!source->file[i].type->map && !source->cache)
            return error_set(err, "out of memory");
    return take_segments(source, spec, named, names, err);
}

static void name_source(struct source *source)
{
    const char *first = source->file[0].path, *slash = strrchr(first, '/');
    snprintf(source->name, sizeof source->name, "%s", slash && slash[1] ? slash + 1 : first);
    if (source->files > 1) {
        size_t used = strlen(source->name);
        snprintf(source->name + used, sizeof source->name - used, " +%zu", source->files - 1);
    }
    text_make_harmless(source->name);
}

bool source_open(struct source **opened, const char *spec, struct error *err)
{
    struct source *source = calloc(1, sizeof *source);
    if (!source)
        return error_set(err, "%s: out of memory", spec);
    source->holds = 1;
    pthread_mutex_init(&source->placing, NULL);
    bool ok = *spec ? open_list(source, spec, err)
                    : error_set(err, "no image: name the file that holds the guest's RAM");
    if (!ok) {
        source_drop(source);
        return false;
    }
    name_source(source);
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
    for (size_t i = 0; i < source->files; i++)
        if (source->file[i].type->interrupt)
            source->file[i].type->interrupt(&source->file[i]);
    page_cache_destroy(source->cache);
    for (size_t i = 0; i < source->files; i++) {
        source->file[i].type->close(&source->file[i]);
        free(source->file[i].path);
    }
    source_forget_layouts(source);
    pthread_mutex_destroy(&source->placing);
    free(source);
}

const char *source_name(const struct source *source)
{
    return source->name;
}

uint64_t source_size(const struct source *source)
{
    return source->places;
}

/* ---- reading ---- */

void source_reader_init(struct source_reader *reader, struct source *source)
{
    *reader = (struct source_reader){.source = source_hold(source)};
}

void source_reader_deinit(struct source_reader *reader)
{
    if (reader->page)
        page_cache_release(reader->source->cache, reader);
    source_drop(reader->source);
    reader->source = NULL;
}

enum extent_kind source_extent(struct source_reader *reader, uint64_t offset, uint64_t *end)
{
    struct source *source = reader->source;
    uint64_t generation = atomic_load(&source->generation);
    bool is_cached = offset >= reader->cached.first && offset < reader->cached.end;
    if (!is_cached || reader->cached.generation != generation) {
        const struct source_part *part = part_at(source, offset);
        if (!part) {
            *end = UINT64_MAX;
            return EXTENT_NONE;
        }
        uint64_t within = part->at + (offset - part->offset), file_end;
        reader->cached.kind = part->file->type->extent(part->file, within, &file_end);
        reader->cached.first = offset;
        reader->cached.end = part->offset + (file_end - part->at);
        if (reader->cached.end - part->offset > part->size)
            reader->cached.end = part->offset + part->size;
        reader->cached.generation = generation;
    }
    *end = reader->cached.end;
    return reader->cached.kind;
}

#define AHEAD_MAX (SOURCE_TABLE_MAX / CACHED_PAGE)

/* A nonblocking reader will want the pages after the one that is on its way, too. */
static void ask_ahead(struct source_reader *reader, const struct source_file *file, uint64_t number,
                      uint64_t last)
{
    for (unsigned i = 0; reader->nonblocking && number < last && i < AHEAD_MAX; i++)
        page_cache_get(reader->source->cache, reader, file, ++number);
}

/* As read() of a file, of one that cannot be mapped: page by page. */
static size_t read_cached(struct source_reader *reader, const struct source_file *file, uint64_t at,
                          void *buffer, size_t length, enum extent_kind *why)
{
    size_t done = 0;
    while (done < length) {
        size_t within = (at + done) % CACHED_PAGE, piece = CACHED_PAGE - within;
        const struct cached_page *page =
            page_cache_get(reader->source->cache, reader, file, (at + done) / CACHED_PAGE);
        piece = piece < length - done ? piece : length - done;
        *why = page ? page->why : EXTENT_PENDING;
        if (!page)
            ask_ahead(reader, file, (at + done) / CACHED_PAGE, (at + length - 1) / CACHED_PAGE);
        size_t there = page && page->length > within ? page->length - within : 0;
        size_t got = there < piece ? there : piece;
        if (got)
            memcpy((char *)buffer + done, (const char *)page->data + within, got);
        done += got;
        if (got < piece)
            break;
    }
    return done;
}

static size_t read_file(struct source_reader *reader, const struct source_file *file, uint64_t at,
                        void *buffer, size_t length, enum extent_kind *why)
{
    return file->type->map ? file->type->read(file, at, buffer, length, why)
                           : read_cached(reader, file, at, buffer, length, why);
}

size_t source_read(struct source_reader *reader, uint64_t offset, void *buffer, size_t length,
                   enum extent_kind *why)
{
    enum extent_kind ignored;
    size_t done = 0;
    why = why ? why : &ignored;
    while (done < length) {
        const struct source_part *part = part_at(reader->source, offset + done);
        *why = EXTENT_NONE;
        if (!part)
            break;
        uint64_t within = offset + done - part->offset, left = part->size - within;
        size_t wanted = length - done < left ? length - done : (size_t)left;
        size_t got =
            read_file(reader, part->file, part->at + within, (char *)buffer + done, wanted, why);
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

/* Within one page of the cache; NULL: it is not, or has to be put together. */
static const void *map_cached(struct source_reader *reader, const struct source_file *file,
                              uint64_t at, size_t size, enum extent_kind *kind)
{
    size_t within = at % CACHED_PAGE;
    if (size > CACHED_PAGE - within)
        return NULL;
    const struct cached_page *page =
        page_cache_get(reader->source->cache, reader, file, at / CACHED_PAGE);
    if (!page)
        *kind = EXTENT_PENDING;
    return page && page->length >= within + size ? (const char *)page->data + within : NULL;
}

static const void *map_file(struct source_reader *reader, const struct source_file *file,
                            uint64_t at, size_t size, enum extent_kind *kind)
{
    return file->type->map ? file->type->map(file, at, size, kind)
                           : map_cached(reader, file, at, size, kind);
}

const uint64_t *source_table_at(struct source_reader *reader, uint64_t offset, size_t size,
                                enum extent_kind *why)
{
    const struct source_part *part = part_at(reader->source, offset);
    enum extent_kind ignored, kind = EXTENT_DATA;
    why = why ? why : &ignored;
    *why = EXTENT_NONE;
    if (!part || size > SOURCE_TABLE_MAX || reader->source->size - offset < size)
        return NULL;
    /* A segment at an odd offset puts tables at odd addresses: those are copied. */
    uint64_t within = part->at + (offset - part->offset);
    bool direct = within % sizeof(uint64_t) == 0 && size <= part->size - (offset - part->offset);
    const void *map = direct ? map_file(reader, part->file, within, size, &kind) : NULL;
    if (map)
        return map;
    *why = kind;
    if (kind == EXTENT_PENDING)
        return NULL;
    return kind == EXTENT_HOLE ? zeros : copy_table(reader, offset, size, why);
}

/* A table that lies in several segments, or of which only a part is there. */
static const uint64_t *join_table(struct source_reader *reader, uint64_t pa, size_t size,
                                  enum extent_kind *why)
{
    uint64_t offset, left;
    *why = EXTENT_NONE;
    for (size_t done = 0, piece; done < size; done += piece) {
        if (size > SOURCE_TABLE_MAX ||
            !source_pa_to_offset(reader->source, pa + done, &offset, &left))
            return NULL;
        piece = left < size - done ? (size_t)left : size - done;
        if (source_read(reader, offset, (char *)reader->scratch + done, piece, why) < piece)
            return NULL;
    }
    return reader->scratch;
}

const uint64_t *source_table(struct source_reader *reader, uint64_t pa, size_t size,
                             enum extent_kind *why)
{
    uint64_t offset, left;
    enum extent_kind ignored;
    if (source_pa_to_offset(reader->source, pa, &offset, &left) && left >= size)
        return source_table_at(reader, offset, size, why);
    return join_table(reader, pa, size, why ? why : &ignored);
}

bool source_table_stays(const struct source_reader *reader, const uint64_t *table)
{
    return table != zeros && table != reader->scratch && !reader->page;
}

uint64_t source_arrivals(const struct source *source, bool *more)
{
    *more = false;
    return source->cache ? page_cache_arrivals(source->cache, more) : 0;
}

void source_trim(struct source *source)
{
    for (size_t i = 0; i < source->files; i++)
        if (source->file[i].type->trim)
            source->file[i].type->trim(&source->file[i]);
}

enum source_state source_refresh(struct source *source, struct error *message)
{
    enum source_state worst = SOURCE_WHOLE;
    bool any = false, any_cached = false;
    for (size_t i = 0; i < source->files; i++) {
        struct source_file *file = &source->file[i];
        struct error said;
        bool changed = false;
        enum source_state state = file->type->refresh(file, &changed, &said);
        any |= changed;
        any_cached |= changed && !file->type->map;
        if (state > worst) {
            worst = state;
            if (message)
                *message = said;
        }
    }
    if (any)
        atomic_fetch_add(&source->generation, 1);
    if (any_cached)
        page_cache_forget(source->cache);
    return worst;
}
