/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Typed reads: a struct instance in the guest's memory, and its members by name.
 *
 * Tasks, mappings, pages are read through these.  What is read often is looked up once as a
 * `struct field`; the path functions are for the rest.  Every read may fail (not mapped, no such
 * member) and then leaves its result as it was.
 */
#ifndef RAMWALK_LINUX_TYPES_OBJECT_H
#define RAMWALK_LINUX_TYPES_OBJECT_H

#include "linux/context.h"
#include "linux/types/btf.h"
#include "memory/memory.h"

struct field {
    uint64_t offset; /* bytes from the start of the struct */
    uint64_t size;   /* bytes of the member's type */
    uint32_t bits;   /* of a bit-field; 0: not one */
    uint32_t bit;    /* its first bit, from `offset` */
    bool sign;
    uint32_t type;
};

/* "task_struct", "mm.pgd".  False: this kernel has no such member. */
bool field_of(const struct btf *btf, const char *type, const char *path, struct field *field);
bool field_in(const struct btf *btf, uint32_t type, const char *path, struct field *field);

/* One of several names, for what was renamed between kernels; the first that there is. */
bool field_of_any(const struct btf *btf, const char *type, const char *const *paths, size_t count,
                  struct field *field);

/* The number in bytes that were read, from the field's own offset on (for bulk reads). */
uint64_t field_extract(const struct field *field, const uint8_t *bytes);
#define FIELD_BYTES 9 /* that field_extract() may look at: a bit-field across a word */

/* The field of the struct at `va` as a number (sign-extended); at most 8 bytes wide. */
bool field_read(struct memory *memory, uint64_t va, const struct field *field, uint64_t *value);

/* A char array as a string: up to NUL or the field's end, cut to `size`. */
bool field_string(struct memory *memory, uint64_t va, const struct field *field, char *text,
                  size_t size);

/*
 * Is this word a pointer to data that is mapped?  Takes a tag in the top byte away (KASAN, MTE),
 * but no more: LIST_POISON1, 0xdead000000000100, must not become 0xffff000000000100.
 */
bool memory_data_pointer(struct memory *memory, uint64_t word, uint64_t *va);

/* A NUL-terminated string somewhere; false where its first byte cannot be read. */
bool memory_string(struct memory *memory, uint64_t va, char *text, size_t size);

struct object {
    const struct linux_context *linux; /* its types, and the memory that it lies in */
    uint32_t type;
    uint64_t va;
};

/* False: no such type. */
bool object_at(struct object *object, const struct linux_context *linux, const char *type,
               uint64_t va);

/* The object of `type` whose member `path` lies at `va`: container_of(). */
bool object_container(struct object *object, const struct linux_context *linux, const char *type,
                      const char *path, uint64_t va);

bool object_has(const struct object *object, const char *path);
bool object_u64(const struct object *object, const char *path, uint64_t *value);
bool object_s64(const struct object *object, const char *path, int64_t *value);

/* A pointer's value, with its tag taken away where it is mapped; 0 is a value too. */
bool object_pointer(const struct object *object, const char *path, uint64_t *va);

/* A char array itself, or the string that a char pointer points to. */
bool object_string(const struct object *object, const char *path, char *text, size_t size);

/* The member itself as an object: its address and type. */
bool object_member(const struct object *object, const char *path, struct object *member);

/* What a pointer member points to, by its type.  False for NULL too. */
bool object_follow(const struct object *object, const char *path, struct object *target);

#endif
