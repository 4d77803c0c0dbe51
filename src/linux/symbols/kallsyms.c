/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decoding kallsyms: names from tokens, addresses in whichever form makes most of them fall,
 * in order, into the kernel's image (kernel/kallsyms.c: kallsyms_expand_symbol(),
 * kallsyms_sym_address()).
 */
#include "linux/symbols/kallsyms.h"

#include "base/bytes.h"
#include "linux/symbols/kallsyms_find.h"

#include <stdlib.h>

static uint64_t decode(const struct kallsyms_addresses *from, const uint8_t *bytes, uint32_t i)
{
    if (from->form == FORM_ABSOLUTE)
        return load_le64(bytes + (size_t)i * 8);
    uint32_t offset = load_le32(bytes + (size_t)i * 4);
    uint64_t extended = (uint64_t)(int64_t)(int32_t)offset;
    if (from->form == FORM_PLACE)
        return from->va + (uint64_t)i * 4 + extended;
    if (from->form == FORM_PERCPU)
        return (int32_t)offset >= 0 ? offset : from->base - 1 - extended;
    return from->base + offset;
}

/*
 * How many different addresses lie in the image.  They are sorted and start where it starts; 0
 * where they do not: small offsets from one place would fit from another one too.
 */
static uint32_t score(const struct kallsyms_tables *tables, const uint64_t *va)
{
    uint32_t inside = 0, disorder = 0;
    uint64_t lowest = UINT64_MAX;
    for (uint32_t i = 0; i < tables->count; i++) {
        uint64_t at = va[i] - tables->image.va;
        if (at <= tables->image.size) {
            inside += !i || va[i] != va[i - 1];
            lowest = at < lowest ? at : lowest;
        }
        disorder += i && va[i] < va[i - 1];
    }
    return disorder > tables->count / 16 || lowest > tables->image.size / 8 ? 0 : inside;
}

/* Decodes one form.  False: the array is not in the image, or memory is short. */
static bool decode_all(struct memory *memory, const struct kallsyms_tables *tables,
                       const struct kallsyms_addresses *from, uint64_t *va)
{
    size_t size = (size_t)tables->count * (from->form == FORM_ABSOLUTE ? 8 : 4);
    uint8_t *bytes = size ? malloc(size) : NULL;
    bool read = bytes && kallsyms_read(memory, tables, from->va, bytes, size);
    for (uint32_t i = 0; read && i < tables->count; i++)
        va[i] = decode(from, bytes, i);
    free(bytes);
    return read;
}

/* The addresses in the form that fits best; the caller frees them.  NULL: none fits. */
static uint64_t *decode_best(struct memory *memory, const struct kallsyms_tables *tables,
                             struct error *err)
{
    uint64_t *best = malloc((size_t)tables->count * sizeof *best);
    uint64_t *va = malloc((size_t)tables->count * sizeof *va);
    uint32_t most = 0;
    for (size_t i = 0; best && va && i < tables->tries; i++) {
        if (!decode_all(memory, tables, &tables->tried[i], va))
            continue;
        uint32_t inside = score(tables, va);
        if (inside > most) {
            uint64_t *other = best;
            best = va;
            va = other;
            most = inside;
        }
    }
    free(va);
    if (best && most > tables->count / 2)
        return best;
    error_set(err, best ? "the addresses of kallsyms do not lie in the kernel's image"
                        : "out of memory");
    free(best);
    return NULL;
}

/* Expands one name.  0: longer than names can be, or a type letter that is none. */
static size_t expand(const struct kallsyms_tables *tables, const uint8_t *name, size_t length,
                     char text[SYMBOL_NAME + 2])
{
    size_t size = 0;
    for (size_t i = 0; i < length; i++) {
        for (const uint8_t *token = tables->tokens + tables->index[name[i]]; *token; token++) {
            if (size >= SYMBOL_NAME + 1)
                return 0;
            text[size++] = (char)*token;
        }
    }
    bool letter = size && (((text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z') || text[0] == '?');
    return letter ? size : 0;
}

/* Twice over the names: nothing is added of a table that is not good to its end. */
static bool add_all(struct symbols *symbols, const struct kallsyms_tables *tables,
                    const uint64_t *va, struct error *err)
{
    char text[SYMBOL_NAME + 2];
    for (int adding = 0; adding < 2; adding++) {
        size_t at = 0, length = 0;
        for (uint32_t i = 0; i < tables->count; i++) {
            kallsyms_name_length(tables->names, tables->names_size, &at, &length);
            size_t size = expand(tables, tables->names + at, length, text);
            if (size < 2)
                return error_set(err, "name %u of kallsyms is not a name", i);
            if (adding && !symbols_add(symbols, va[i], text[0], text + 1, size - 1, NULL))
                return error_set(err, "too many symbols, or out of memory");
            at += length;
        }
    }
    return true;
}

static bool load(struct symbols *symbols, struct memory *memory,
                 const struct kallsyms_tables *tables, struct error *err)
{
    uint64_t *va = decode_best(memory, tables, err);
    if (!va)
        return false;
    bool added = add_all(symbols, tables, va, err);
    free(va);
    if (!added)
        return false;
    return symbols_add_range(symbols, NULL, tables->image.va,
                             tables->image.va + tables->image.size - 1) ||
           error_set(err, "out of memory");
}

bool kallsyms_load(struct symbols *symbols, const struct linux_context *linux, struct error *err)
{
    struct memory *memory = linux->memory;
    struct kallsyms_tables tables = {.image = linux->image};
    if (!memory->paging || !tables.image.size)
        return error_set(err, "the kernel's image is not known");
    bool loaded = linux->info && kallsyms_find_named(&tables, memory, linux->info, err) &&
                  load(symbols, memory, &tables, err);
    kallsyms_tables_free(&tables);
    if (loaded)
        return true;
    /* A note may be stale, torn or of an older kernel: the shape decides then. */
    loaded = kallsyms_find_shaped(&tables, memory, err) && load(symbols, memory, &tables, err);
    kallsyms_tables_free(&tables);
    return loaded;
}
