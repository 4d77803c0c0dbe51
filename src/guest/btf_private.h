/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of a struct btf, for btf*.c only.
 *
 * The bytes stay as they are; beside them there are four bytes a type (where it starts) and a
 * hash of the names that can be asked for.
 */
#ifndef RAMWALK_BTF_PRIVATE_H
#define RAMWALK_BTF_PRIVATE_H

#include "guest/btf.h"

#include <endian.h>
#include <string.h>

struct btf {
    const struct btf *base;
    uint8_t *bytes;
    size_t length;
    const uint8_t *types;
    const char *strings;
    uint32_t types_length, strings_length;
    uint32_t first, count;  /* own ids are first .. count-1 */
    uint32_t strings_first; /* where own strings start; before it are the base's */
    uint32_t *place;        /* [id - first]: offset in `types` */
    uint32_t *slot;         /* ids by name, open addressing; 0: empty */
    uint32_t slot_mask;
    bool enum_signs; /* enums say whether they are signed (pahole 1.24, Linux 6.0) */
};

/* struct btf_type: name_off, info, size or type; then what the kind brings along. */
#define RECORD_SIZE 12

static inline uint32_t record_word(const uint8_t *record, size_t i)
{
    uint32_t word;
    memcpy(&word, record + 4 * i, sizeof word);
    return le32toh(word);
}

static inline enum btf_kind info_kind(uint32_t info)
{
    return (enum btf_kind)(info >> 24 & 0x1f);
}

/* NULL for void and for ids that do not exist. */
static inline const uint8_t *btf_record(const struct btf *btf, uint32_t id)
{
    while (id < btf->first && btf->base)
        btf = btf->base;
    if (id < btf->first || id >= btf->count)
        return NULL;
    return btf->types + btf->place[id - btf->first];
}

static inline const char *btf_string(const struct btf *btf, uint32_t offset)
{
    while (offset < btf->strings_first && btf->base)
        btf = btf->base;
    return btf->strings + (offset - btf->strings_first);
}

static inline uint32_t record_length(const uint8_t *record)
{
    return record_word(record, 1) & 0xffff;
}

static inline bool record_flag(const uint8_t *record)
{
    return record_word(record, 1) >> 31;
}

/* Both in btf_find.c: the hash, once all is checked.  False: out of memory. */
bool btf_hash_names(struct btf *btf);

#endif
