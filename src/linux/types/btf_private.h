/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of a struct btf, for btf*.c only.
 *
 * Each part is one BTF section: the kernel's, then the modules' in the order in which they were
 * added.  The bytes stay as they came but for one thing: in a module's, ids and string offsets
 * beyond the kernel's are moved to where the part lies among all the others.  So an id, and a
 * string's offset, means the same in whatever record it stands.
 */
#ifndef RAMWALK_LINUX_TYPES_BTF_PRIVATE_H
#define RAMWALK_LINUX_TYPES_BTF_PRIVATE_H

#include "base/bytes.h"
#include "base/hash.h"
#include "linux/types/btf.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

struct btf_part {
    char module[BTF_MODULE_NAME]; /* "": the kernel */
    uint8_t *bytes;
    size_t length;
    uint8_t *types;
    const char *strings;
    uint32_t types_length, strings_length;
    uint32_t first, count;  /* its ids are first .. first+count-1 */
    uint32_t strings_first; /* the offset of its first string */
    uint32_t *offsets;      /* [id - first]: offset in `types` */
    struct hash names;      /* [id - first] */
};

#define DERIVED_BLOCK  256u /* records */
#define DERIVED_BLOCKS 256u

struct btf {
    struct btf_part *part; /* [0]: the kernel's */
    size_t parts;
    uint32_t count; /* ids of all parts are below */
    /* Records of pointers and arrays made here, from BTF_DERIVED on: in blocks that
     * stay, written under the lock, each counted once it is complete. */
    uint32_t (*derived[DERIVED_BLOCKS])[6];
    atomic_uint derived_count;
    pthread_mutex_t deriving;
    bool enum_signs; /* the kernel's enums say whether they are signed (pahole 1.24, Linux 6.0) */
};

#define BTF_DERIVED UINT32_C(0x80000000) /* far above what fits into the largest BTF */

/* struct btf_type: name_off, info, size or type; then what the kind brings along. */
#define RECORD_SIZE 12

static inline uint32_t record_word(const uint8_t *record, size_t i)
{
    return load_le32(record + 4 * i);
}

static inline enum btf_kind info_kind(uint32_t info)
{
    return (enum btf_kind)(info >> 24 & 0x1f);
}

/* The last part that starts at or before an id (of a type that is no void). */
static inline const struct btf_part *btf_part_of(const struct btf *btf, uint32_t id)
{
    size_t low = 0, high = btf->parts;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (btf->part[middle].first <= id)
            low = middle;
        else
            high = middle;
    }
    return &btf->part[low];
}

static inline uint32_t *btf_derived(const struct btf *btf, uint32_t i)
{
    return btf->derived[i / DERIVED_BLOCK][i % DERIVED_BLOCK];
}

/* NULL for void and for ids that do not exist. */
static inline const uint8_t *btf_record(const struct btf *btf, uint32_t id)
{
    if (id >= BTF_DERIVED && id - BTF_DERIVED < atomic_load(&btf->derived_count))
        return (const uint8_t *)btf_derived(btf, id - BTF_DERIVED);
    if (!id || id >= btf->count)
        return NULL;
    const struct btf_part *part = btf_part_of(btf, id);
    return part->types + part->offsets[id - part->first];
}

static inline const char *btf_string(const struct btf *btf, uint32_t offset)
{
    const struct btf_part *part = btf->part;
    while (offset - part->strings_first >= part->strings_length)
        part++;
    return part->strings + (offset - part->strings_first);
}

static inline uint32_t record_length(const uint8_t *record)
{
    return record_word(record, 1) & 0xffff;
}

static inline bool record_flag(const uint8_t *record)
{
    return record_word(record, 1) >> 31;
}

/* In btf_find.c: the hash of a part's names, once all is checked.  False: out of memory. */
bool btf_hash_names(const struct btf *btf, struct btf_part *part);

#endif
