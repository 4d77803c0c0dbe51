/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables as VMCOREINFO names them (kernel/vmcore_info.c, since 6.0), and what both ways of
 * finding them share: reading within bounds, the token table, the walk over the names.
 */
#include "linux/symbols/kallsyms_find.h"

#include "base/bytes.h"
#include "linux/symbols/symbols.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_MAX  ((size_t)SYMBOLS_MAX * 32)
#define TOKENS_MAX (KALLSYMS_TOKENS * 64u) /* scripts/kallsyms.c: a token is a part of a name */

bool kallsyms_read(struct memory *memory, const struct kallsyms_tables *tables, uint64_t va,
                   void *bytes, size_t length)
{
    uint64_t at = va - tables->image.va;
    if (at > tables->image.size || length > tables->image.size - at)
        return false;
    return memory_read(memory, address_in(memory->space, va), bytes, length, NULL) == length;
}

void kallsyms_tables_free(struct kallsyms_tables *tables)
{
    free(tables->names);
    free(tables->tokens);
    tables->names = tables->tokens = NULL;
    tables->tries = 0;
}

/* Since 6.1 a set top bit says that a second byte follows; before, no name was that long. */
bool kallsyms_name_length(const uint8_t *names, size_t size, size_t *at, size_t *length)
{
    if (*at >= size)
        return false;
    size_t bytes = names[(*at)++];
    if (bytes & 0x80) {
        if (*at >= size)
            return false;
        bytes = (bytes & 0x7f) | (size_t)names[(*at)++] << 7;
    }
    *length = bytes;
    return bytes > 0 && bytes <= size - *at;
}

static uint64_t marker(const struct kallsyms_markers *markers, size_t i)
{
    return load_le(markers->bytes + i * markers->width, markers->width);
}

bool kallsyms_walk_names(const uint8_t *names, size_t size, uint32_t count,
                         const struct kallsyms_markers *markers, size_t *end)
{
    size_t at = 0, length;
    for (uint32_t i = 0; i < count; i++) {
        if (markers && i % 256 == 0 &&
            (i / 256 >= markers->count || marker(markers, i / 256) != at))
            return false;
        if (!kallsyms_name_length(names, size, &at, &length))
            return false;
        at += length;
    }
    *end = at;
    return true;
}

/* Every index is the start of a terminated, printable text, one after the other. */
static bool check_tokens(const struct kallsyms_tables *tables)
{
    const uint8_t *tokens = tables->tokens;
    for (unsigned i = 0; i < KALLSYMS_TOKENS; i++) {
        size_t at = tables->index[i];
        if (at >= tables->tokens_size || (i ? at <= tables->index[i - 1] || tokens[at - 1] : at))
            return false;
        for (; at < tables->tokens_size && tokens[at]; at++) {
            if (tokens[at] < ' ' || tokens[at] > '~')
                return false;
        }
        if (at >= tables->tokens_size)
            return false;
    }
    return true;
}

static bool read_tokens(struct kallsyms_tables *tables, struct memory *memory, uint64_t table_va,
                        uint64_t index_va, struct error *err)
{
    uint8_t raw[KALLSYMS_INDEX_SIZE];
    uint64_t size = index_va - table_va;
    if (index_va < table_va || size > TOKENS_MAX)
        return error_set(err, "the token table of kallsyms is too long to be one");
    tables->tokens_size = (size_t)size;
    tables->tokens = malloc(tables->tokens_size + 1);
    if (!tables->tokens)
        return error_set(err, "out of memory");
    if (!kallsyms_read(memory, tables, index_va, raw, sizeof raw) ||
        !kallsyms_read(memory, tables, table_va, tables->tokens, tables->tokens_size))
        return error_set(err, "the token table of kallsyms is not in the image");
    for (unsigned i = 0; i < KALLSYMS_TOKENS; i++)
        tables->index[i] = load_le16(raw + 2 * i);
    if (!check_tokens(tables))
        return error_set(err, "what lies at kallsyms_token_index is not a token index");
    return true;
}

static bool read_names(struct kallsyms_tables *tables, struct memory *memory, uint64_t num_va,
                       uint64_t names_va, uint64_t end_va, struct error *err)
{
    uint8_t raw[4];
    uint64_t size = end_va - names_va;
    if (end_va < names_va || size > NAMES_MAX)
        return error_set(err, "the names of kallsyms do not lie before its tokens");
    if (!kallsyms_read(memory, tables, num_va, raw, sizeof raw))
        return error_set(err, "kallsyms_num_syms is not in the image");
    tables->count = load_le32(raw);
    if (!tables->count || tables->count > SYMBOLS_MAX || tables->count > size / 2)
        return error_set(err, "kallsyms_num_syms is %u, which no kernel has", tables->count);
    tables->names_size = (size_t)size;
    tables->names = malloc(tables->names_size);
    if (!tables->names)
        return error_set(err, "out of memory");
    if (!kallsyms_read(memory, tables, names_va, tables->names, tables->names_size))
        return error_set(err, "the names of kallsyms are not all in the image");
    size_t end;
    if (!kallsyms_walk_names(tables->names, tables->names_size, tables->count, NULL, &end))
        return error_set(err, "the names of kallsyms run over their end");
    return true;
}

static void try_form(struct kallsyms_tables *tables, enum kallsyms_form form, uint64_t va,
                     uint64_t base)
{
    tables->tried[tables->tries++] = (struct kallsyms_addresses){form, va, base};
}

bool kallsyms_find_named(struct kallsyms_tables *tables, struct memory *memory,
                         const struct vmcoreinfo *info, struct error *err)
{
    uint64_t num, names, token_table, token_index, va, base_va, base;
    if (!vmcoreinfo_symbol(info, "kallsyms_num_syms", &num) ||
        !vmcoreinfo_symbol(info, "kallsyms_names", &names) ||
        !vmcoreinfo_symbol(info, "kallsyms_token_table", &token_table) ||
        !vmcoreinfo_symbol(info, "kallsyms_token_index", &token_index))
        return error_set(err, "VMCOREINFO does not name kallsyms");
    if (!read_tokens(tables, memory, token_table, token_index, err) ||
        !read_names(tables, memory, num, names, token_table, err))
        return false;
    if (vmcoreinfo_symbol(info, "kallsyms_addresses", &va))
        try_form(tables, FORM_ABSOLUTE, va, 0);
    if (vmcoreinfo_symbol(info, "kallsyms_offsets", &va)) {
        if (vmcoreinfo_symbol(info, "kallsyms_relative_base", &base_va) &&
            memory_read_u64(memory, address_in(memory->space, base_va), &base)) {
            try_form(tables, FORM_RELATIVE, va, base);
            try_form(tables, FORM_PERCPU, va, base);
        }
        try_form(tables, FORM_PLACE, va, 0);
    }
    return tables->tries > 0 || error_set(err, "VMCOREINFO names no addresses of kallsyms");
}
