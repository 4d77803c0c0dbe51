/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening BTF: one pass that finds where each type starts, one that checks what each refers to,
 * and one that makes sure that no type contains itself.  The rules are those of
 * kernel/bpf/btf.c (btf_check_all_metas, btf_resolve), the limits a little wider.
 */
#include "linux/types/btf.h"

#include "linux/types/btf_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define MAGIC        0xeb9f
#define LARGEST      (UINT32_C(256) << 20)
#define DEEPEST      64                  /* the kernel's MAX_RESOLVE_DEPTH is 32 */
#define LARGEST_TYPE (UINT64_C(1) << 48) /* bytes: bit offsets never overflow */

/* The header's words after magic, version and flags. */
enum { HEADER_LENGTH = 1, TYPES_AT, TYPES_LENGTH, STRINGS_AT, STRINGS_LENGTH, LAYOUT_AT };

/* Where a section that starts at word `i` of the header ends, from the start of the bytes. */
static uint64_t section_end(const uint8_t *header, size_t i)
{
    return (uint64_t)record_word(header, HEADER_LENGTH) + record_word(header, i) +
           record_word(header, i + 1);
}

bool btf_header(const void *bytes, size_t length, size_t *total)
{
    const uint8_t *header = bytes;
    if (length < BTF_HEADER || (record_word(header, 0) & 0xffffff) != (0x010000 | MAGIC))
        return false;
    uint32_t own = record_word(header, HEADER_LENGTH);
    if (own < BTF_HEADER || own > 256 || own % 4 || record_word(header, TYPES_AT) % 4)
        return false;
    uint64_t types = section_end(header, TYPES_AT), strings = section_end(header, STRINGS_AT);
    uint64_t end = types > strings ? types : strings;
    /* A longer header ends with where a section of layouts is. */
    if (own >= 32 && length >= 32 && section_end(header, LAYOUT_AT) > end)
        end = section_end(header, LAYOUT_AT);
    if (!record_word(header, STRINGS_LENGTH) || end > LARGEST)
        return false;
    bool apart = types <= own + (uint64_t)record_word(header, STRINGS_AT) ||
                 strings <= own + (uint64_t)record_word(header, TYPES_AT);
    if (!apart)
        return false;
    *total = (size_t)end;
    return true;
}

/* Bytes that follow the record, by kind; -1: a kind that is not known. */
static int64_t extra_length(uint32_t info)
{
    int64_t each = info & 0xffff;
    switch (info_kind(info)) {
    case BTF_PTR:
    case BTF_FWD:
    case BTF_TYPEDEF:
    case BTF_VOLATILE:
    case BTF_CONST:
    case BTF_RESTRICT:
    case BTF_FUNC:
    case BTF_FLOAT:
    case BTF_TYPE_TAG:
        return 0;
    case BTF_INT:
    case BTF_VAR:
    case BTF_DECL_TAG:
        return 4;
    case BTF_ARRAY:
        return 12;
    case BTF_ENUM:
    case BTF_FUNC_PROTO:
        return 8 * each;
    case BTF_STRUCT:
    case BTF_UNION:
    case BTF_DATASEC:
    case BTF_ENUM64:
        return 12 * each;
    case BTF_VOID:
        break;
    }
    return -1;
}

/* Where each type starts; with `offsets` NULL only their number (-1: the chain breaks). */
static int64_t list_types(const struct btf_part *part, uint32_t *offsets, struct error *err)
{
    int64_t n = 0;
    for (uint64_t at = 0; at < part->types_length; n++) {
        int64_t extra = 0;
        uint64_t left = part->types_length - at;
        if (left >= RECORD_SIZE)
            extra = extra_length(record_word(part->types + at, 1));
        if (extra < 0) {
            error_set(err, "type %" PRIu64 " is of kind %u, which is not known",
                      part->first + (uint64_t)n,
                      (unsigned)info_kind(record_word(part->types + at, 1)));
            return -1;
        }
        if (left < RECORD_SIZE + (uint64_t)extra) {
            error_set(err, "type %" PRIu64 " is truncated", part->first + (uint64_t)n);
            return -1;
        }
        if (offsets)
            offsets[n] = (uint32_t)at;
        at += RECORD_SIZE + (uint64_t)extra;
    }
    return n;
}

/*
 * What a part's records refer to: ids and string offsets below `shared` are the kernel's, those
 * from there on its own, which start at `first` among all parts'.
 */
struct btf_numbering {
    uint32_t shared, first, count;
};

struct check {
    struct btf_numbering ids, strings;
};

/* Checks a reference, at word `i` of a record, and relocates it where it is of the part itself. */
static bool relocate(const struct btf_numbering *space, uint8_t *record, size_t i)
{
    uint32_t raw = record_word(record, i);
    if (raw < space->shared)
        return true;
    if (raw - space->shared >= space->count)
        return false;
    uint32_t word = htole32(raw - space->shared + space->first);
    memcpy(record + 4 * i, &word, sizeof word);
    return true;
}

/* Members, parameters, enumerators, variables: `words` each from word 3 on. */
static bool relocate_entries(const struct check *check, uint8_t *record, enum btf_kind kind)
{
    bool composite = kind == BTF_STRUCT || kind == BTF_UNION;
    bool values = kind == BTF_ENUM || kind == BTF_ENUM64;
    size_t words = kind == BTF_ENUM || kind == BTF_FUNC_PROTO ? 2 : 3;
    uint64_t size_bits = UINT64_C(8) * record_word(record, 2);
    for (size_t n = record_length(record), i = 3; n; n--, i += words) {
        bool good = kind == BTF_DATASEC ? relocate(&check->ids, record, i)
                                        : relocate(&check->strings, record, i) &&
                                              (values || relocate(&check->ids, record, i + 1));
        if (!good)
            return false;
        if (!composite)
            continue;
        uint32_t offset = record_word(record, i + 2);
        if ((record_flag(record) ? offset & 0xffffff : offset) > size_bits)
            return false;
    }
    return true;
}

static bool relocate_type(const struct check *check, uint8_t *record)
{
    enum btf_kind kind = info_kind(record_word(record, 1));
    uint32_t size = record_word(record, 2);
    if (!relocate(&check->strings, record, 0))
        return false;
    switch (kind) {
    case BTF_INT: {
        uint32_t bits = record_word(record, 3) & 0xff, shift = record_word(record, 3) >> 16 & 0xff;
        return size >= 1 && size <= 16 && bits + shift <= 8 * size;
    }
    case BTF_FLOAT:
        return size <= 16;
    case BTF_ARRAY:
        return relocate(&check->ids, record, 3) && relocate(&check->ids, record, 4);
    case BTF_ENUM:
    case BTF_ENUM64:
        return size >= 1 && size <= 8 && relocate_entries(check, record, kind);
    case BTF_STRUCT:
    case BTF_UNION:
    case BTF_DATASEC:
        return relocate_entries(check, record, kind);
    case BTF_FUNC_PROTO:
        return relocate(&check->ids, record, 2) && relocate_entries(check, record, kind);
    case BTF_FWD:
        return true;
    default:
        return relocate(&check->ids, record, 2);
    }
}

/*
 * How deep a type's own bytes nest: typedefs and modifiers, arrays, members.  0: deeper than
 * DEEPEST, which a type that contains itself always is, or an array beyond LARGEST_TYPE.
 */
static unsigned check_depth(const struct btf *btf, uint32_t first, uint8_t *height, uint32_t id,
                            unsigned depth)
{
    if (id < first)
        return 1; /* void, or another part's: already checked */
    if (height[id - first])
        return height[id - first];
    if (depth >= DEEPEST)
        return 0;
    const uint8_t *record = btf_record(btf, id);
    unsigned most = 0, inner = 1;
    uint64_t size;
    switch (info_kind(record_word(record, 1))) {
    case BTF_TYPEDEF:
    case BTF_VOLATILE:
    case BTF_CONST:
    case BTF_RESTRICT:
    case BTF_TYPE_TAG:
    case BTF_VAR:
        most = inner = check_depth(btf, first, height, record_word(record, 2), depth + 1);
        break;
    case BTF_ARRAY:
        most = inner = check_depth(btf, first, height, record_word(record, 3), depth + 1);
        if (inner && (__builtin_mul_overflow(btf_size(btf, record_word(record, 3)),
                                             (uint64_t)record_word(record, 5), &size) ||
                      size > LARGEST_TYPE))
            inner = 0;
        break;
    case BTF_STRUCT:
    case BTF_UNION:
        for (uint32_t n = record_length(record), i = 0; inner && i < n; i++) {
            inner = check_depth(btf, first, height, record_word(record, 3 + 3 * i + 1), depth + 1);
            most = inner > most ? inner : most;
        }
        break;
    default:
        break;
    }
    if (!inner || most >= DEEPEST)
        return 0;
    return height[id - first] = (uint8_t)(most + 1);
}

static bool check_nesting(const struct btf *btf, const struct btf_part *part, struct error *err)
{
    uint8_t *height = calloc(part->count ? part->count : 1, 1);
    if (!height)
        return error_set(err, "out of memory");
    uint32_t id = part->first, end = part->first + part->count;
    while (id < end && check_depth(btf, part->first, height, id, 0))
        id++;
    free(height);
    return id == end || error_set(err, "type %" PRIu32 " contains itself, or nests too deep", id);
}

/* `kernel`: the part that a module's refers to; NULL for the kernel's own. */
static bool relocate_types(const struct btf_part *kernel, struct btf_part *part, struct error *err)
{
    struct check check = {
        .ids = {kernel ? kernel->first + kernel->count : part->first, part->first, part->count},
        .strings = {kernel ? kernel->strings_length : 0, part->strings_first,
                    part->strings_length}};
    for (uint32_t i = 0; i < part->count; i++) {
        uint8_t *record = part->types + part->offsets[i];
        if (!relocate_type(&check, record))
            return error_set(err, "type %" PRIu32 " refers to what does not exist",
                             part->first + i);
    }
    return true;
}

static bool signs_of_enums(const struct btf_part *part)
{
    for (uint32_t i = 0; i < part->count; i++) {
        const uint8_t *record = part->types + part->offsets[i];
        if (info_kind(record_word(record, 1)) == BTF_ENUM && record_flag(record))
            return true;
    }
    return false;
}

/* Names are shown on terminals: nothing but ASCII that prints stays in them. */
static void clean_strings(char *strings, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)strings[i];
        strings[i] = c && (c < 0x20 || c > 0x7e) ? '.' : strings[i];
    }
}

static bool set_sections(struct btf_part *part, bool is_module, struct error *err)
{
    size_t total;
    uint8_t *header = part->bytes;
    if (!btf_header(header, part->length, &total))
        return error_set(err, "there is no BTF header");
    if (total > part->length)
        return error_set(err, "truncated: %zu of %zu bytes", part->length, total);
    uint32_t own = record_word(header, HEADER_LENGTH);
    char *strings = (char *)header + own + record_word(header, STRINGS_AT);
    part->length = total;
    part->types = header + own + record_word(header, TYPES_AT);
    part->types_length = record_word(header, TYPES_LENGTH);
    part->strings = strings;
    part->strings_length = record_word(header, STRINGS_LENGTH);
    if (strings[part->strings_length - 1] || (!is_module && strings[0]))
        return error_set(err, "its strings do not end where they should");
    clean_strings(strings, part->strings_length);
    return true;
}

/* The part's numbers: after those of the parts that there are. */
static bool number_part(const struct btf *btf, struct btf_part *part, struct error *err)
{
    const struct btf_part *last = btf->parts ? &btf->part[btf->parts - 1] : NULL;
    part->first = btf->count;
    part->strings_first = last ? last->strings_first + last->strings_length : 0;
    int64_t own = list_types(part, NULL, err);
    if (own < 0)
        return false;
    if (part->first + (uint64_t)own > LARGEST ||
        (uint64_t)part->strings_first + part->strings_length > 2 * (uint64_t)LARGEST)
        return error_set(err, "more types than any kernel has");
    part->count = (uint32_t)own;
    part->offsets = calloc((size_t)own + 1, sizeof *part->offsets);
    if (!part->offsets)
        return error_set(err, "out of memory");
    list_types(part, part->offsets, err);
    return relocate_types(btf->parts ? btf->part : NULL, part, err);
}

static void free_part(struct btf_part *part)
{
    free(part->bytes);
    free(part->offsets);
    hash_free(&part->names);
}

/* Takes `bytes` over, whatever comes of it.  When it fails the others stay as they are. */
static bool add_part(struct btf *btf, const char *module, void *bytes, size_t length,
                     struct error *err)
{
    struct btf_part part = {.bytes = bytes, .length = length};
    struct btf_part *grown = realloc(btf->part, (btf->parts + 1) * sizeof *grown);
    if (!grown)
        error_set(err, "out of memory");
    else
        btf->part = grown;
    snprintf(part.module, sizeof part.module, "%s", module);
    if (!grown || !set_sections(&part, btf->parts > 0, err) || !number_part(btf, &part, err)) {
        free_part(&part);
        return false;
    }
    uint32_t before = btf->count;
    btf->part[btf->parts++] = part;
    btf->count += part.count;
    struct btf_part *added = &btf->part[btf->parts - 1];
    if (check_nesting(btf, added, err) &&
        (btf_hash_names(btf, added) || error_set(err, "out of memory")))
        return true;
    free_part(added);
    btf->parts--;
    btf->count = before;
    return false;
}

bool btf_open(struct btf **result, void *bytes, size_t length, struct error *err)
{
    struct btf *btf = calloc(1, sizeof *btf);
    if (!btf) {
        free(bytes);
        return error_set(err, "out of memory");
    }
    pthread_mutex_init(&btf->deriving, NULL);
    btf->count = 1; /* void */
    if (!add_part(btf, "", bytes, length, err)) {
        btf_close(btf);
        return false;
    }
    btf->enum_signs = signs_of_enums(btf->part);
    *result = btf;
    return true;
}

bool btf_extend(struct btf *btf, const char *module, void *bytes, size_t length, struct error *err)
{
    return add_part(btf, module, bytes, length, err);
}

void btf_close(struct btf *btf)
{
    if (!btf)
        return;
    for (size_t i = 0; i < btf->parts; i++)
        free_part(&btf->part[i]);
    free(btf->part);
    for (size_t i = 0; i < DERIVED_BLOCKS; i++)
        free(btf->derived[i]);
    pthread_mutex_destroy(&btf->deriving);
    free(btf);
}
