/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BTF: the kernel's own description of its types (Documentation/bpf/btf.rst), as found in its
 * read-only data, and modules' split BTF on top of it.
 *
 * A type is an id; 0 is void.  Everything in the bytes is checked once in btf_open(): offsets,
 * lengths, ids, and that chains of typedefs and modifiers end; afterwards no accessor fails.
 */
#ifndef RAMWALK_LINUX_TYPES_BTF_H
#define RAMWALK_LINUX_TYPES_BTF_H

#include "base/budget.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum btf_kind {
    BTF_VOID,
    BTF_INT,
    BTF_PTR,
    BTF_ARRAY,
    BTF_STRUCT,
    BTF_UNION,
    BTF_ENUM,
    BTF_FWD,
    BTF_TYPEDEF,
    BTF_VOLATILE,
    BTF_CONST,
    BTF_RESTRICT,
    BTF_FUNC,
    BTF_FUNC_PROTO,
    BTF_VAR,
    BTF_DATASEC,
    BTF_FLOAT,
    BTF_DECL_TAG,
    BTF_TYPE_TAG,
    BTF_ENUM64,
}; /* the numbers of include/uapi/linux/btf.h */

struct btf;

#define BTF_MODULE_NAME 64 /* MODULE_NAME_LEN is 56 */

/*
 * Opens the kernel's BTF: `length` bytes that start with the header.  Takes over `bytes` (of
 * malloc), and frees them when it fails, with a sentence.
 */
bool btf_open(struct btf **btf, void *bytes, size_t length, struct error *err);

/*
 * Adds a module's split BTF, whose ids go on after the kernel's.  Its types get ids after all
 * that there are, which stay as they are.  Takes over `bytes`; a failure changes nothing else.
 */
bool btf_extend(struct btf *btf, const char *module, void *bytes, size_t length, struct error *err);
void btf_close(struct btf *btf);

/*
 * True where bytes[0..length) begin with a believable header (BTF_HEADER bytes are enough to
 * tell); *total: header, types, strings.
 */
#define BTF_HEADER 24
bool btf_header(const void *bytes, size_t length, size_t *total);

uint32_t btf_count(const struct btf *btf); /* ids are 0 .. count-1, the modules' included */
enum btf_kind btf_kind(const struct btf *btf, uint32_t id);
const char *btf_name(const struct btf *btf, uint32_t id); /* "" where anonymous */

/* The module that brought the type along; NULL for the kernel's own. */
const char *btf_module(const struct btf *btf, uint32_t id);

/*
 * By name and kind; BTF_VOID for the kind: any of struct, union, typedef, enum, int, float, the
 * first of these where several have the name; the kernel's before the modules'.  0: none.
 * "struct page", "enum x" and "page" are all understood.  A hash a module, well under a
 * microsecond each; functions and variables are searched for.
 */
uint32_t btf_find(const struct btf *btf, const char *name, enum btf_kind kind);

/* Without typedefs, const, volatile, restrict and type tags. */
uint32_t btf_strip(const struct btf *btf, uint32_t id);

/* Bytes; pointers 8; 0 for void, functions and forward declarations. */
uint64_t btf_size(const struct btf *btf, uint32_t id);

/* Arrays: element and count.  Pointers, typedefs, modifiers, functions: what they refer to. */
uint32_t btf_target(const struct btf *btf, uint32_t id);
uint32_t btf_array_length(const struct btf *btf, uint32_t id);

/* What a pointer or a typedef to a forward declaration means: the struct of that name. */
uint32_t btf_complete(const struct btf *btf, uint32_t id);

/* Integers and enums: signed; integers: char, bool. */
bool btf_is_signed(const struct btf *btf, uint32_t id);
bool btf_is_char(const struct btf *btf, uint32_t id);
bool btf_is_bool(const struct btf *btf, uint32_t id);

struct btf_member {
    const char *name; /* "" anonymous */
    uint32_t type;
    uint64_t bit_offset; /* from the start of the struct */
    uint32_t bits;       /* of a bit-field; 0: not one */
};
uint32_t btf_members(const struct btf *btf, uint32_t id); /* struct, union; else 0 */
struct btf_member btf_member(const struct btf *btf, uint32_t id, uint32_t i);

/* Parameters of a function's prototype; type 0 for the "..." at its end. */
uint32_t btf_params(const struct btf *btf, uint32_t id);
uint32_t btf_param(const struct btf *btf, uint32_t id, uint32_t i, const char **name);

/* Enumerators; of one that does not exist the name is "" and the value 0. */
uint32_t btf_values(const struct btf *btf, uint32_t id);
const char *btf_value(const struct btf *btf, uint32_t id, uint32_t i, int64_t *value);

/*
 * Finds a member by path ("mm", "tasks.next", "se.run_node", "slot[3].next"); names inside
 * anonymous structs and unions are found as in C.  bit_offset is from the start of `id`.
 */
bool btf_path(const struct btf *btf, uint32_t id, const char *path, struct btf_member *member);

/* The same; each member looked at is a step of the budget (NULL: of none). */
bool btf_path_within(const struct btf *btf, uint32_t id, const char *path, struct budget *budget,
                     struct btf_member *member);

/* The byte offset of a member of a named struct, "task_struct" "mm_struct"; false: not there. */
bool btf_offset(const struct btf *btf, const char *type, const char *path, uint64_t *offset);

/*
 * "T *" (count 0) or "T [count]", which the kernel need not have.  Its id is not below btf_count(),
 * the same each time it is asked for, and as good as any other.  0: too large, or no memory.
 * May be called by several threads at a time, as everything that takes a const struct btf.
 */
uint32_t btf_derive(struct btf *btf, uint32_t target, uint32_t count);

/*
 * A type as people ask for it: "task_struct", "task_struct.se.vruntime", "struct file *",
 * "file*[4]", "unsigned long[8]".  *what: the type, and where in NAME its member lies; *rest: what
 * follows in `text`, blanks skipped.  A "[" is an array's only before a number and "]".
 */
bool btf_parse(struct btf *btf, const char *text, struct btf_member *what, const char **rest,
               struct error *err);

/* The type as C writes it: "struct task_struct *", "char [16]", "void (*)(int)".  Returns text. */
char *btf_type_text(const struct btf *btf, uint32_t id, char *text, size_t size);

#endif
