/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening BTF: one pass that finds where each type starts, one that checks what each refers to,
 * and one that makes sure that no type contains itself.  The rules are those of
 * kernel/bpf/btf.c (btf_check_all_metas, btf_resolve), the limits a little wider.
 */
#include "guest/btf.h"

#include "guest/btf_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define MAGIC        0xeb9f
#define LARGEST      (UINT32_C(256) << 20)
#define DEEPEST      64                  /* the kernel's MAX_RESOLVE_DEPTH is 32 */
#define LARGEST_TYPE (UINT64_C(1) << 48) /* bytes: bit offsets never overflow */

/* The header's words behind magic, version and flags. */
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

/* Where each type starts; with place NULL only their number (-1: the chain breaks). */
static int64_t place_types(const struct btf *btf, uint32_t *place, struct error *err)
{
    int64_t n = 0;
    for (uint64_t at = 0; at < btf->types_length; n++) {
        int64_t extra = 0;
        uint64_t left = btf->types_length - at;
        if (left >= RECORD_SIZE)
            extra = extra_length(record_word(btf->types + at, 1));
        if (extra < 0) {
            error_set(err, "type %" PRIu64 " of the BTF is of kind %u, which is not known",
                      btf->first + (uint64_t)n,
                      (unsigned)info_kind(record_word(btf->types + at, 1)));
            return -1;
        }
        if (left < RECORD_SIZE + (uint64_t)extra) {
            error_set(err, "type %" PRIu64 " of the BTF is cut off", btf->first + (uint64_t)n);
            return -1;
        }
        if (place)
            place[n] = (uint32_t)at;
        at += RECORD_SIZE + (uint64_t)extra;
    }
    return n;
}

/* An id or a string that a type refers to, at word `i` of its record. */
static bool id_good(const struct btf *btf, const uint8_t *record, size_t i)
{
    return record_word(record, i) < btf->count;
}

static bool name_good(const struct btf *btf, const uint8_t *record, size_t i)
{
    return (uint64_t)record_word(record, i) < (uint64_t)btf->strings_first + btf->strings_length;
}

/* Members, parameters, enumerators, variables: `words` a piece from word 3 on. */
static bool pieces_good(const struct btf *btf, const uint8_t *record, enum btf_kind kind)
{
    bool composite = kind == BTF_STRUCT || kind == BTF_UNION;
    bool values = kind == BTF_ENUM || kind == BTF_ENUM64;
    size_t words = kind == BTF_ENUM || kind == BTF_FUNC_PROTO ? 2 : 3;
    uint64_t size_bits = UINT64_C(8) * record_word(record, 2);
    for (size_t n = record_length(record), i = 3; n; n--, i += words) {
        bool good = kind == BTF_DATASEC
                        ? id_good(btf, record, i)
                        : name_good(btf, record, i) && (values || id_good(btf, record, i + 1));
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

static bool type_good(const struct btf *btf, const uint8_t *record)
{
    enum btf_kind kind = info_kind(record_word(record, 1));
    uint32_t size = record_word(record, 2);
    if (!name_good(btf, record, 0))
        return false;
    switch (kind) {
    case BTF_INT: {
        uint32_t bits = record_word(record, 3) & 0xff, shift = record_word(record, 3) >> 16 & 0xff;
        return size >= 1 && size <= 16 && bits + shift <= 8 * size;
    }
    case BTF_FLOAT:
        return size <= 16;
    case BTF_ARRAY:
        return id_good(btf, record, 3) && id_good(btf, record, 4);
    case BTF_ENUM:
    case BTF_ENUM64:
        return size >= 1 && size <= 8 && pieces_good(btf, record, kind);
    case BTF_STRUCT:
    case BTF_UNION:
    case BTF_DATASEC:
        return pieces_good(btf, record, kind);
    case BTF_FUNC_PROTO:
        return id_good(btf, record, 2) && pieces_good(btf, record, kind);
    case BTF_FWD:
        return true;
    default:
        return id_good(btf, record, 2);
    }
}

/*
 * How deep a type's own bytes nest: typedefs and modifiers, arrays, members.  0: deeper than
 * DEEPEST, which a type that contains itself always is, or an array beyond all measure.
 */
static unsigned measure(const struct btf *btf, uint8_t *height, uint32_t id, unsigned depth)
{
    if (id < btf->first)
        return 1; /* void, or the base's: already measured */
    if (height[id - btf->first])
        return height[id - btf->first];
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
        most = inner = measure(btf, height, record_word(record, 2), depth + 1);
        break;
    case BTF_ARRAY:
        most = inner = measure(btf, height, record_word(record, 3), depth + 1);
        if (inner && (__builtin_mul_overflow(btf_size(btf, record_word(record, 3)),
                                             (uint64_t)record_word(record, 5), &size) ||
                      size > LARGEST_TYPE))
            inner = 0;
        break;
    case BTF_STRUCT:
    case BTF_UNION:
        for (uint32_t n = record_length(record), i = 0; inner && i < n; i++) {
            inner = measure(btf, height, record_word(record, 3 + 3 * i + 1), depth + 1);
            most = inner > most ? inner : most;
        }
        break;
    default:
        break;
    }
    if (!inner || most >= DEEPEST)
        return 0;
    return height[id - btf->first] = (uint8_t)(most + 1);
}

static bool check_nesting(const struct btf *btf, struct error *err)
{
    uint32_t own = btf->count - btf->first;
    uint8_t *height = calloc(own ? own : 1, 1);
    if (!height)
        return error_set(err, "out of memory");
    uint32_t id = btf->first;
    while (id < btf->count && measure(btf, height, id, 0))
        id++;
    free(height);
    return id == btf->count ||
           error_set(err, "type %" PRIu32 " of the BTF contains itself, or nests too deep", id);
}

static bool check_types(struct btf *btf, struct error *err)
{
    for (uint32_t id = btf->first; id < btf->count; id++) {
        const uint8_t *record = btf_record(btf, id);
        if (!type_good(btf, record))
            return error_set(err, "type %" PRIu32 " of the BTF refers to what does not exist", id);
        btf->enum_signs |= info_kind(record_word(record, 1)) == BTF_ENUM && record_flag(record);
    }
    return true;
}

/* Names are shown on terminals: nothing but ASCII that prints stays in them. */
static void clean_strings(char *strings, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)strings[i];
        strings[i] = c && (c < 0x20 || c > 0x7e) ? '.' : strings[i];
    }
}

static bool set_sections(struct btf *btf, struct error *err)
{
    size_t total;
    const uint8_t *header = btf->bytes;
    if (!btf_header(header, btf->length, &total))
        return error_set(err, "there is no BTF header");
    if (total > btf->length)
        return error_set(err, "the BTF is cut off: %zu of %zu bytes", btf->length, total);
    uint32_t own = record_word(header, HEADER_LENGTH);
    char *strings = (char *)btf->bytes + own + record_word(header, STRINGS_AT);
    btf->length = total;
    btf->types = header + own + record_word(header, TYPES_AT);
    btf->types_length = record_word(header, TYPES_LENGTH);
    btf->strings = strings;
    btf->strings_length = record_word(header, STRINGS_LENGTH);
    if (strings[btf->strings_length - 1] || (!btf->base && strings[0]))
        return error_set(err, "the BTF's strings do not end where they should");
    clean_strings(strings, btf->strings_length);
    return true;
}

static bool open_sections(struct btf *btf, struct error *err)
{
    const struct btf *base = btf->base;
    btf->first = base ? base->count : 1;
    btf->strings_first = base ? base->strings_first + base->strings_length : 0;
    if (!set_sections(btf, err))
        return false;
    int64_t own = place_types(btf, NULL, err);
    if (own < 0)
        return false;
    if (btf->first + (uint64_t)own > LARGEST || btf->strings_first > LARGEST)
        return error_set(err, "more types than any kernel has");
    btf->count = btf->first + (uint32_t)own;
    btf->place = calloc((size_t)own + 1, sizeof *btf->place);
    if (!btf->place)
        return error_set(err, "out of memory");
    place_types(btf, btf->place, err);
    if (!check_types(btf, err) || !check_nesting(btf, err))
        return false;
    return btf_hash_names(btf) || error_set(err, "out of memory");
}

bool btf_adopt(struct btf **result, void *bytes, size_t length, const struct btf *base,
               struct error *err)
{
    struct btf *btf = calloc(1, sizeof *btf);
    if (!btf) {
        free(bytes);
        return error_set(err, "out of memory");
    }
    btf->base = base;
    btf->bytes = bytes;
    btf->length = length;
    if (!open_sections(btf, err)) {
        btf_close(btf);
        return false;
    }
    *result = btf;
    return true;
}

bool btf_open(struct btf **btf, const void *bytes, size_t length, const struct btf *base,
              struct error *err)
{
    size_t total;
    if (!btf_header(bytes, length, &total))
        return error_set(err, "there is no BTF header");
    if (total > length)
        return error_set(err, "the BTF is cut off: %zu of %zu bytes", length, total);
    void *copy = malloc(total);
    if (!copy)
        return error_set(err, "out of memory");
    memcpy(copy, bytes, total);
    return btf_adopt(btf, copy, total, base, err);
}

void btf_close(struct btf *btf)
{
    if (!btf)
        return;
    free(btf->bytes);
    free(btf->place);
    free(btf->slot);
    free(btf);
}

const void *btf_bytes(const struct btf *btf, size_t *length)
{
    *length = btf->length;
    return btf->bytes;
}
