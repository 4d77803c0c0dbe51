/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking an opened BTF about one type.  All was checked when it was opened: nothing fails. */
#include "linux/types/btf.h"

#include "linux/types/btf_private.h"

uint32_t btf_count(const struct btf *btf)
{
    return btf->count;
}

enum btf_kind btf_kind(const struct btf *btf, uint32_t id)
{
    const uint8_t *record = btf_record(btf, id);
    return record ? info_kind(record_word(record, 1)) : BTF_VOID;
}

const char *btf_name(const struct btf *btf, uint32_t id)
{
    const uint8_t *record = btf_record(btf, id);
    return record ? btf_string(btf, record_word(record, 0)) : "";
}

const char *btf_module(const struct btf *btf, uint32_t id)
{
    const char *module = id < btf->count ? btf_part_of(btf, id)->module : "";
    return *module ? module : NULL;
}

uint32_t btf_strip(const struct btf *btf, uint32_t id)
{
    for (;;) {
        const uint8_t *record = btf_record(btf, id);
        if (!record)
            return 0;
        switch (info_kind(record_word(record, 1))) {
        case BTF_TYPEDEF:
        case BTF_VOLATILE:
        case BTF_CONST:
        case BTF_RESTRICT:
        case BTF_TYPE_TAG:
            id = record_word(record, 2);
            continue;
        default:
            return id;
        }
    }
}

uint64_t btf_size(const struct btf *btf, uint32_t id)
{
    uint64_t count = 1;
    for (;;) {
        id = btf_strip(btf, id);
        const uint8_t *record = btf_record(btf, id);
        if (!record)
            return 0;
        switch (info_kind(record_word(record, 1))) {
        case BTF_PTR:
            return 8 * count;
        case BTF_ARRAY:
            count *= record_word(record, 5);
            id = record_word(record, 3);
            continue;
        case BTF_VAR:
            id = record_word(record, 2);
            continue;
        case BTF_INT:
        case BTF_FLOAT:
        case BTF_ENUM:
        case BTF_ENUM64:
        case BTF_STRUCT:
        case BTF_UNION:
        case BTF_DATASEC:
            return record_word(record, 2) * count;
        default:
            return 0;
        }
    }
}

uint32_t btf_target(const struct btf *btf, uint32_t id)
{
    const uint8_t *record = btf_record(btf, id);
    if (!record)
        return 0;
    switch (info_kind(record_word(record, 1))) {
    case BTF_ARRAY:
        return record_word(record, 3);
    case BTF_PTR:
    case BTF_TYPEDEF:
    case BTF_VOLATILE:
    case BTF_CONST:
    case BTF_RESTRICT:
    case BTF_FUNC:
    case BTF_FUNC_PROTO:
    case BTF_VAR:
    case BTF_DECL_TAG:
    case BTF_TYPE_TAG:
        return record_word(record, 2);
    default:
        return 0;
    }
}

uint32_t btf_array_length(const struct btf *btf, uint32_t id)
{
    return btf_kind(btf, id) == BTF_ARRAY ? record_word(btf_record(btf, id), 5) : 0;
}

uint32_t btf_complete(const struct btf *btf, uint32_t id)
{
    uint32_t bare = btf_strip(btf, id);
    if (btf_kind(btf, bare) != BTF_FWD)
        return id;
    /* The flag of a forward declaration says union. */
    enum btf_kind kind = record_flag(btf_record(btf, bare)) ? BTF_UNION : BTF_STRUCT;
    uint32_t whole = btf_find(btf, btf_name(btf, bare), kind);
    return whole ? whole : id;
}

/* --- integers ----------------------------------------------------------------------------------*/

enum { INT_SIGNED = 1, INT_CHAR = 2, INT_BOOL = 4 };

/* The encoding of the integer that `id` comes down to, 0 where it does not. */
static uint32_t encoding(const struct btf *btf, uint32_t *id)
{
    *id = btf_strip(btf, *id);
    if (btf_kind(btf, *id) != BTF_INT)
        return 0;
    return record_word(btf_record(btf, *id), 3) >> 24 & 0xf;
}

bool btf_is_signed(const struct btf *btf, uint32_t id)
{
    uint32_t how = encoding(btf, &id);
    enum btf_kind kind = btf_kind(btf, id);
    if (kind == BTF_ENUM)
        return record_flag(btf_record(btf, id)) || !btf->enum_signs;
    if (kind == BTF_ENUM64)
        return record_flag(btf_record(btf, id));
    return how & INT_SIGNED;
}

bool btf_is_char(const struct btf *btf, uint32_t id)
{
    uint32_t how = encoding(btf, &id);
    if (btf_kind(btf, id) != BTF_INT || record_word(btf_record(btf, id), 2) != 1)
        return false;
    /* pahole sets no flag: the name has to tell it from u8, which is a number. */
    return (how & INT_CHAR) || strcmp(btf_name(btf, id), "char") == 0;
}

bool btf_is_bool(const struct btf *btf, uint32_t id)
{
    uint32_t how = encoding(btf, &id);
    return btf_kind(btf, id) == BTF_INT &&
           ((how & INT_BOOL) || strcmp(btf_name(btf, id), "_Bool") == 0);
}

/* --- what has parts ----------------------------------------------------------------------------*/

uint32_t btf_members(const struct btf *btf, uint32_t id)
{
    enum btf_kind kind = btf_kind(btf, id);
    bool composite = kind == BTF_STRUCT || kind == BTF_UNION;
    return composite ? record_length(btf_record(btf, id)) : 0;
}

struct btf_member btf_member(const struct btf *btf, uint32_t id, uint32_t i)
{
    struct btf_member member = {.name = ""};
    if (i >= btf_members(btf, id))
        return member;
    const uint8_t *record = btf_record(btf, id);
    uint32_t word = record_word(record, 3 + 3 * i + 2);
    member.name = btf_string(btf, record_word(record, 3 + 3 * i));
    member.type = record_word(record, 3 + 3 * i + 1);
    member.bit_offset = word;
    if (record_flag(record)) {
        member.bits = word >> 24;
        member.bit_offset = word & 0xffffff;
        return member;
    }
    /* Before 4.20 a bit-field was an integer type that said how many bits, and where. */
    uint32_t bare = btf_strip(btf, member.type);
    if (btf_kind(btf, bare) != BTF_INT)
        return member;
    const uint8_t *integer = btf_record(btf, bare);
    uint32_t bits = record_word(integer, 3) & 0xff, shift = record_word(integer, 3) >> 16 & 0xff;
    if (bits && (shift || bits != 8 * record_word(integer, 2))) {
        member.bit_offset += shift;
        member.bits = bits;
    }
    return member;
}

uint32_t btf_params(const struct btf *btf, uint32_t id)
{
    return btf_kind(btf, id) == BTF_FUNC_PROTO ? record_length(btf_record(btf, id)) : 0;
}

uint32_t btf_param(const struct btf *btf, uint32_t id, uint32_t i, const char **name)
{
    if (i >= btf_params(btf, id))
        return 0;
    const uint8_t *record = btf_record(btf, id);
    if (name)
        *name = btf_string(btf, record_word(record, 3 + 2 * i));
    return record_word(record, 3 + 2 * i + 1);
}

uint32_t btf_values(const struct btf *btf, uint32_t id)
{
    enum btf_kind kind = btf_kind(btf, id);
    bool values = kind == BTF_ENUM || kind == BTF_ENUM64;
    return values ? record_length(btf_record(btf, id)) : 0;
}

const char *btf_value(const struct btf *btf, uint32_t id, uint32_t i, int64_t *value)
{
    *value = 0;
    if (i >= btf_values(btf, id))
        return "";
    const uint8_t *record = btf_record(btf, id);
    if (btf_kind(btf, id) == BTF_ENUM64) {
        *value = (int64_t)((uint64_t)record_word(record, 3 + 3 * i + 2) << 32 |
                           record_word(record, 3 + 3 * i + 1));
        return btf_string(btf, record_word(record, 3 + 3 * i));
    }
    uint32_t word = record_word(record, 3 + 2 * i + 1);
    /* Where no enum has the flag, it was written by who did not know it: all are s32. */
    bool is_signed = record_flag(record) || !btf->enum_signs;
    *value = is_signed ? (int32_t)word : (int64_t)word;
    return btf_string(btf, record_word(record, 3 + 2 * i));
}
