/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing BTF as Documentation/bpf/btf.rst has it. */
#include "tests/unit/btf_builder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void builder_start(struct btf_builder *builder)
{
    memset(builder, 0, sizeof *builder);
    builder->first = 1;
    builder->strings = 1;
}

uint32_t builder_string(struct btf_builder *builder, const char *name)
{
    if (!name)
        return 0;
    size_t length = strlen(name) + 1;
    uint32_t at = (uint32_t)builder->strings;
    if (at + length > sizeof builder->string)
        abort();
    memcpy(builder->string + at, name, length);
    builder->strings += length;
    return builder->strings_first + at;
}

void builder_word(struct btf_builder *builder, uint32_t word)
{
    if (builder->words == sizeof builder->word / sizeof *builder->word)
        abort();
    builder->word[builder->words++] = word;
}

uint32_t builder_type(struct btf_builder *builder, const char *name, enum btf_kind kind,
                      uint32_t length, bool flag, uint32_t size_or_type)
{
    builder_word(builder, builder_string(builder, name));
    builder_word(builder, length | (uint32_t)kind << 24 | (flag ? UINT32_C(1) << 31 : 0));
    builder_word(builder, size_or_type);
    return builder->first + builder->types++;
}

uint32_t builder_int(struct btf_builder *builder, const char *name, uint32_t size,
                     uint32_t encoding)
{
    uint32_t id = builder_type(builder, name, BTF_INT, 0, false, size);
    builder_word(builder, encoding << 24 | 8 * size);
    return id;
}

uint32_t builder_array(struct btf_builder *builder, uint32_t element, uint32_t count)
{
    uint32_t id = builder_type(builder, NULL, BTF_ARRAY, 0, false, 0);
    builder_word(builder, element);
    builder_word(builder, 0);
    builder_word(builder, count);
    return id;
}

uint32_t builder_ref(struct btf_builder *builder, enum btf_kind kind, uint32_t type)
{
    return builder_type(builder, NULL, kind, 0, false, type);
}

void builder_member(struct btf_builder *builder, const char *name, uint32_t type, uint32_t offset)
{
    builder_word(builder, builder_string(builder, name));
    builder_word(builder, type);
    builder_word(builder, offset);
}

size_t builder_finish(const struct btf_builder *builder, uint8_t *bytes, size_t size)
{
    uint32_t types = (uint32_t)(4 * builder->words), strings = (uint32_t)builder->strings;
    uint32_t header[] = {0x0001eb9f, 24, 0, types, types, strings};
    if (sizeof header + types + strings > size)
        abort();
    memcpy(bytes, header, sizeof header);
    memcpy(bytes + sizeof header, builder->word, types);
    memcpy(bytes + sizeof header + types, builder->string, strings);
    return sizeof header + types + strings;
}

#define BITS(count, offset) ((uint32_t)(count) << 24 | (offset))

static void sample_enums(struct btf_builder *b)
{
    builder_type(b, "state", BTF_ENUM, 3, true, 4); /* 10 */
    builder_word(b, builder_string(b, "DEAD"));
    builder_word(b, UINT32_MAX);
    builder_word(b, builder_string(b, "ASLEEP"));
    builder_word(b, 0);
    builder_word(b, builder_string(b, "AWAKE"));
    builder_word(b, 1);
    builder_type(b, "flags64", BTF_ENUM64, 3, false, 8); /* 11 */
    for (uint32_t i = 0; i < 3; i++) {
        static const char *const name[] = {"F_ONE", "F_TWO", "F_HIGH"};
        static const uint32_t low[] = {1, 2, 0}, high[] = {0, 0, 1};
        builder_word(b, builder_string(b, name[i]));
        builder_word(b, low[i]);
        builder_word(b, high[i]);
    }
}

static void sample_node(struct btf_builder *b)
{
    builder_type(b, "node", BTF_STRUCT, 18, true, 1384); /* 25 */
    builder_member(b, "links", 6, 0);
    builder_member(b, "id", 1, 128);
    builder_member(b, "state", 10, 160);
    builder_member(b, "flags", 11, 192);
    builder_member(b, "comm", 8, 256);
    builder_member(b, "low", 2, BITS(3, 384));
    builder_member(b, "high", 1, BITS(5, 387));
    builder_member(b, "ok", 4, 416);
    builder_member(b, NULL, 15, 448);
    builder_member(b, "parent", 13, 512);
    builder_member(b, "run", 18, 576);
    builder_member(b, "usage", 20, 640);
    builder_member(b, "slot", 21, 704);
    builder_member(b, "text", 9, 704 + 64 * 8);
    builder_member(b, "hash", 23, 704 + 64 * 8 + 64);
    builder_member(b, "big", 24, 704 + 64 * 8 + 128);
    builder_member(b, "wide", 26, 704 + 64 * 8 + 128 + 8000);
    builder_member(b, "later", 28, 704 + 64 * 8 + 128 + 8000 + 1600);
}

/* A word, or two halves of it. */
static void sample_union(struct btf_builder *b)
{
    builder_type(b, NULL, BTF_UNION, 2, false, 8); /* 15 */
    builder_member(b, "word", 5, 0);
    builder_member(b, NULL, 16, 0);
    builder_type(b, NULL, BTF_STRUCT, 2, false, 8); /* 16 */
    builder_member(b, "left", 1, 0);
    builder_member(b, "right", 1, 32);
}

/* A function, a tag, a variable, and the section that it is in. */
static void sample_symbols(struct btf_builder *b)
{
    builder_type(b, "run_node", BTF_FUNC, 1, false, 17);  /* 32 */
    builder_type(b, "a_tag", BTF_DECL_TAG, 0, false, 25); /* 33 */
    builder_word(b, UINT32_MAX);
    builder_type(b, "the_node", BTF_VAR, 0, false, 25); /* 34 */
    builder_word(b, 1);
    builder_type(b, ".data..percpu", BTF_DATASEC, 1, false, 64); /* 35 */
    builder_word(b, 34);
    builder_word(b, 0);
    builder_word(b, 64);
}

void builder_sample(struct btf_builder *b)
{
    builder_start(b);
    builder_int(b, "int", 4, 1);                            /* 1 */
    builder_int(b, "unsigned int", 4, 0);                   /* 2 */
    builder_int(b, "char", 1, 0);                           /* 3 */
    builder_int(b, "_Bool", 1, 4);                          /* 4 */
    builder_int(b, "long unsigned int", 8, 0);              /* 5 */
    builder_type(b, "list_head", BTF_STRUCT, 2, false, 16); /* 6 */
    builder_member(b, "next", 7, 0);
    builder_member(b, "prev", 7, 64);
    builder_ref(b, BTF_PTR, 6);                         /* 7 */
    builder_array(b, 3, 16);                            /* 8 */
    builder_ref(b, BTF_PTR, 12);                        /* 9: const char * */
    sample_enums(b);                                    /* 10, 11 */
    builder_ref(b, BTF_CONST, 3);                       /* 12 */
    builder_ref(b, BTF_PTR, 14);                        /* 13: pointer to a forward declaration */
    builder_type(b, "node", BTF_FWD, 0, false, 0);      /* 14 */
    sample_union(b);                                    /* 15, 16 */
    builder_type(b, NULL, BTF_FUNC_PROTO, 2, false, 1); /* 17: int (struct node *, ...) */
    builder_word(b, builder_string(b, "self"));
    builder_word(b, 13);
    builder_word(b, 0);
    builder_word(b, 0);
    builder_ref(b, BTF_PTR, 17);                    /* 18 */
    builder_type(b, NULL, BTF_STRUCT, 1, false, 4); /* 19 */
    builder_member(b, "counter", 1, 0);
    builder_type(b, "atomic_t", BTF_TYPEDEF, 0, false, 19); /* 20 */
    builder_array(b, 22, 4);                                /* 21 */
    builder_type(b, "pair", BTF_STRUCT, 2, false, 16);      /* 22 */
    builder_member(b, "first", 5, 0);
    builder_member(b, "second", 5, 64);
    builder_type(b, "hlist_head", BTF_STRUCT, 1, false, 8); /* 23 */
    builder_member(b, "first", 27, 0);
    builder_array(b, 2, 250);                                /* 24 */
    sample_node(b);                                          /* 25 */
    builder_array(b, 5, 25);                                 /* 26 */
    builder_ref(b, BTF_PTR, 29);                             /* 27 */
    builder_ref(b, BTF_VOLATILE, 30);                        /* 28 */
    builder_type(b, "hlist_node", BTF_STRUCT, 2, false, 16); /* 29 */
    builder_member(b, "next", 27, 0);
    builder_member(b, "pprev", 31, 64);
    builder_type(b, NULL, BTF_TYPE_TAG, 0, false, 5);   /* 30 */
    builder_ref(b, BTF_PTR, 27);                        /* 31 */
    sample_symbols(b);                                  /* 32 ... 35 */
    builder_type(b, "double", BTF_FLOAT, 0, false, 8);  /* 36 */
    builder_type(b, "entry", BTF_STRUCT, 2, false, 24); /* 37 */
    builder_member(b, "value", 5, 0);
    builder_member(b, "chain", 29, 64);
    builder_type(b, "single", BTF_STRUCT, 2, false, 16); /* 38 */
    builder_member(b, "value", 5, 0);
    builder_member(b, "next", 39, 64);
    builder_ref(b, BTF_PTR, 38);           /* 39 */
    builder_ref(b, BTF_PTR, 40);           /* 40: points to itself */
    builder_ref(b, BTF_RESTRICT, 27);      /* 41 */
    builder_int(b, "unsigned char", 1, 0); /* 42 */
}

static void *copy_of(const void *bytes, size_t length)
{
    void *copy = malloc(length ? length : 1);
    return copy ? memcpy(copy, bytes, length) : NULL;
}

bool builder_open(struct btf **btf, const void *bytes, size_t length, struct error *err)
{
    void *copy = copy_of(bytes, length);
    return copy && btf_open(btf, copy, length, err);
}

bool builder_extend(struct btf *btf, const void *bytes, size_t length, struct error *err)
{
    void *copy = copy_of(bytes, length);
    return copy && btf_extend(btf, "sample", copy, length, err);
}
