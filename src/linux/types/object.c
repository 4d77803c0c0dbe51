/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members of struct instances, read through the guest's own tables. */
#include "linux/types/object.h"

#include "base/bytes.h"

#include <string.h>

bool field_in(const struct btf *btf, uint32_t type, const char *path, struct field *field)
{
    struct btf_member member;
    if (!btf_path(btf, type, path, &member))
        return false;
    *field = (struct field){
        .offset = member.bit_offset / 8,
        .size = btf_size(btf, member.type),
        .bits = member.bits,
        .bit = (uint32_t)(member.bit_offset % 8),
        .sign = btf_is_signed(btf, member.type),
        .type = member.type,
    };
    return true;
}

bool field_of(const struct btf *btf, const char *type, const char *path, struct field *field)
{
    uint32_t id = btf_find(btf, type, BTF_VOID);
    return id && field_in(btf, id, path, field);
}

bool field_of_any(const struct btf *btf, const char *type, const char *const *paths, size_t count,
                  struct field *field)
{
    for (size_t i = 0; i < count; i++)
        if (field_of(btf, type, paths[i], field))
            return true;
    return false;
}

/* Bytes from the field's offset on that hold it; 0: not a number. */
static size_t width(const struct field *field)
{
    if (field->bits)
        return field->bits <= 64 ? (field->bit + field->bits + 7) / 8 : 0;
    return field->size <= 8 ? (size_t)field->size : 0;
}

uint64_t field_extract(const struct field *field, const uint8_t *bytes)
{
    size_t length = width(field);
    uint64_t value = load_le(bytes, length < 8 ? length : 8);
    uint32_t bits = field->bits ? field->bits : (uint32_t)length * 8;
    if (field->bits) {
        value >>= field->bit;
        if (length > 8)
            value |= (uint64_t)bytes[8] << (64 - field->bit);
    }
    if (bits == 0 || bits >= 64)
        return value;
    value &= (UINT64_C(1) << bits) - 1;
    if (field->sign && value >> (bits - 1))
        value |= ~UINT64_C(0) << bits;
    return value;
}

bool field_read(struct memory *memory, uint64_t va, const struct field *field, uint64_t *value)
{
    uint8_t bytes[FIELD_BYTES];
    size_t length = width(field);
    struct address at = address_in(memory->space, va + field->offset);
    if (!length || memory_read(memory, at, bytes, length, NULL) != length)
        return false;
    *value = field_extract(field, bytes);
    return true;
}

bool memory_data_pointer(struct memory *memory, uint64_t word, uint64_t *va)
{
    uint64_t canonical, tag = memory->paging ? memory->paging->arch->pointer_tag : 0;
    if (!memory_pointer(memory, word, &canonical) || (canonical & ~tag) != (word & ~tag))
        return false;
    *va = canonical;
    return true;
}

/* Up to NUL, to the first byte that cannot be read, or `most` bytes. */
static bool read_string(struct memory *memory, uint64_t va, uint64_t most, char *text, size_t size)
{
    uint8_t there[256];
    size_t done = 0;
    if (!size || !most)
        return false;
    size_t capacity = size - 1 < most ? size - 1 : (size_t)most;
    while (done < capacity) {
        /* Small pieces: most strings are short, and the next page may be another's. */
        size_t piece = capacity - done < 64 ? capacity - done : 64;
        memory_read(memory, address_in(memory->space, va + done), text + done, piece, there);
        for (size_t end = done + piece, i = 0; done < end; done++, i++) {
            bool readable = there[i] == RANGE_DATA || there[i] == RANGE_HOLE;
            if (readable && text[done])
                continue;
            text[done] = '\0';
            return done || readable;
        }
    }
    text[done] = '\0';
    return done || capacity == 0;
}

bool field_string(struct memory *memory, uint64_t va, const struct field *field, char *text,
                  size_t size)
{
    return read_string(memory, va + field->offset, field->size, text, size);
}

bool memory_string(struct memory *memory, uint64_t va, char *text, size_t size)
{
    return read_string(memory, va, UINT64_MAX, text, size);
}

/* --- objects -----------------------------------------------------------------------------------*/

bool object_at(struct object *object, const struct linux_context *linux, const char *type,
               uint64_t va)
{
    uint32_t id = btf_find(linux->btf, type, BTF_VOID);
    if (!id)
        return false;
    *object = (struct object){linux, id, va};
    return true;
}

bool object_container(struct object *object, const struct linux_context *linux, const char *type,
                      const char *path, uint64_t va)
{
    struct object whole;
    struct field field;
    if (!object_at(&whole, linux, type, va) || !field_in(linux->btf, whole.type, path, &field))
        return false;
    whole.va -= field.offset;
    *object = whole;
    return true;
}

static bool find(const struct object *object, const char *path, struct field *field)
{
    return field_in(object->linux->btf, object->type, path, field);
}

bool object_has(const struct object *object, const char *path)
{
    struct field field;
    return find(object, path, &field);
}

bool object_u64(const struct object *object, const char *path, uint64_t *value)
{
    struct field field;
    return find(object, path, &field) &&
           field_read(object->linux->memory, object->va, &field, value);
}

bool object_s64(const struct object *object, const char *path, int64_t *value)
{
    uint64_t word;
    if (!object_u64(object, path, &word))
        return false;
    *value = (int64_t)word;
    return true;
}

bool object_pointer(const struct object *object, const char *path, uint64_t *va)
{
    uint64_t word;
    if (!object_u64(object, path, &word))
        return false;
    if (!memory_data_pointer(object->linux->memory, word, va))
        *va = word;
    return true;
}

bool object_string(const struct object *object, const char *path, char *text, size_t size)
{
    struct field field;
    uint64_t va;
    if (!find(object, path, &field))
        return false;
    if (btf_kind(object->linux->btf, btf_strip(object->linux->btf, field.type)) != BTF_PTR)
        return field_string(object->linux->memory, object->va, &field, text, size);
    return object_pointer(object, path, &va) && va &&
           memory_string(object->linux->memory, va, text, size);
}

bool object_member(const struct object *object, const char *path, struct object *member)
{
    struct field field;
    if (!find(object, path, &field) || field.bits)
        return false;
    *member = (struct object){object->linux, field.type, object->va + field.offset};
    return true;
}

bool object_follow(const struct object *object, const char *path, struct object *target)
{
    struct field field;
    uint64_t va;
    if (!find(object, path, &field) || !object_pointer(object, path, &va) || !va)
        return false;
    const struct btf *btf = object->linux->btf;
    uint32_t pointer = btf_strip(btf, field.type);
    if (btf_kind(btf, pointer) != BTF_PTR)
        return false;
    *target = (struct object){object->linux, btf_complete(btf, btf_target(btf, pointer)), va};
    return true;
}
