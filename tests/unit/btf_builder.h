/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTF that tests build: types in the order of their ids, the first is 1. */
#ifndef RAMWALK_UNIT_BTF_BUILDER_H
#define RAMWALK_UNIT_BTF_BUILDER_H

#include "linux/types/btf.h"

struct btf_builder {
    uint32_t word[4096];
    size_t words;
    char string[8192];
    size_t strings;
    uint32_t first;         /* of a split BTF: base's count; else 1 */
    uint32_t strings_first; /* of a split BTF: the base's strings */
    uint32_t types;
};

void builder_start(struct btf_builder *builder);
uint32_t builder_string(struct btf_builder *builder, const char *name);
void builder_word(struct btf_builder *builder, uint32_t word);

/* A record; `name` NULL: anonymous.  What follows it comes by builder_word() and the like. */
uint32_t builder_type(struct btf_builder *builder, const char *name, enum btf_kind kind,
                      uint32_t length, bool flag, uint32_t size_or_type);
uint32_t builder_int(struct btf_builder *builder, const char *name, uint32_t size,
                     uint32_t encoding);
uint32_t builder_array(struct btf_builder *builder, uint32_t element, uint32_t count);
uint32_t builder_ref(struct btf_builder *builder, enum btf_kind kind, uint32_t type);
void builder_member(struct btf_builder *builder, const char *name, uint32_t type, uint32_t offset);

/* Header, types, strings into bytes[size]; returns the length. */
size_t builder_finish(const struct btf_builder *builder, uint8_t *bytes, size_t size);

/* btf_open() and btf_extend() with a copy of the bytes. */
bool builder_open(struct btf **btf, const void *bytes, size_t length, struct error *err);
bool builder_extend(struct btf *btf, const void *bytes, size_t length, struct error *err);

/*
 * A kernel in small: ids by name through btf_find().  struct node {list_head links; int id;
 * char comm[16]; ...}, with one member of every kind that a view shows.
 */
void builder_sample(struct btf_builder *builder);

#endif
