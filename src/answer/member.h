/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory seen as types, as rows: each member of a struct with its typed value, down to the last
 * leaf.  For `struct` and `list`.
 */
#ifndef RAMWALK_ANSWER_MEMBER_H
#define RAMWALK_ANSWER_MEMBER_H

#include "answer/query.h"
#include "linux/types/btf.h"
#include "linux/types/view.h"

extern const struct shape member_shape;

/* What is looked at, and how much more of it may be shown. */
struct members {
    struct query *query;
    struct linux_context *linux; /* reads the space that the struct lies in */
    bool layout;                 /* of a type: its members have no values */
    size_t left; /* rows and items of arrays; 0: the rest is left out, with a note */
};
#define MEMBERS_MAX 100000

/* The expression `text`, a part of the query's arguments, as a virtual address. */
bool member_address(struct query *query, const char *text, struct address *address,
                    struct error *err);

/*
 * Fills in a row: a member called `name`, or (bits 0, bit_offset 0) a whole, of a struct at `va`.
 */
void member_fill(struct members *members, const char *name, const struct btf_member *member,
                 uint64_t va, struct value *row);

/* The same as a further row of a list; nothing once enough is shown. */
void member_add(struct members *members, struct list *list, const char *name,
                const struct btf_member *member, uint64_t va);

/* The members of a struct or union at `va`, or the structs of an array; a row for what is neither.
 */
struct value member_list(struct members *members, uint32_t type, uint64_t va);

/* A member as one cell of a row, and the type that its column then has. */
enum value_type member_cell_type(const struct btf *btf, uint32_t type);
struct value member_cell(struct members *members, const struct btf_member *member, uint64_t va);

#endif
