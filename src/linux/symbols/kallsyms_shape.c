/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kallsyms without anyone naming it.  The token index is 256 growing u16 that start with 0; the
 * token table lies before it and ends each token where the index says; before that, after the
 * names, lie the markers: where each 256th name starts.  The names must agree with all of them.
 */
#include "linux/symbols/kallsyms_find.h"

#include "linux/symbols/symbols.h"

#include <stdlib.h>
#include <string.h>

#define PIECE        ((size_t)1 << 20)
#define TOKEN_MAX    64                 /* bytes of one token */
#define BEFORE_MAX   ((size_t)64 << 20) /* of names, markers and sequence numbers */
#define MARKER_STEPS 65536u             /* bytes of 256 names, at most */
#define BYTES_A_STEP 64                 /* of words that are looked at one by one */
#define INDEXES_MAX  64                 /* things shaped like a token index looked into */

struct kallsyms_shape {
    struct kallsyms_tables *tables;
    struct memory *memory;
    uint8_t *before; /* the image from `before_va` to the token table */
    uint64_t before_va;
    size_t before_size;
};

static uint64_t load_word(const uint8_t *bytes, unsigned width)
{
    uint64_t value = 0;
    memcpy(&value, bytes, width);
    return value;
}

static bool is_index(const uint8_t *bytes)
{
    unsigned before = 0;
    for (unsigned i = 1; i < KALLSYMS_TOKENS; i++) {
        unsigned here = (unsigned)load_word(bytes + 2 * i, 2);
        if (here <= before || here - before > TOKEN_MAX)
            return false;
        before = here;
    }
    return load_word(bytes, 2) == 0;
}

/* Do the tokens end where the index says, when the table starts at `tokens`? */
static bool fits_tokens(const uint8_t *tokens, const uint16_t *index, size_t size)
{
    for (unsigned i = 1; i < KALLSYMS_TOKENS; i++) {
        if (tokens[index[i] - 1])
            return false;
    }
    size_t last = index[KALLSYMS_TOKENS - 1];
    while (last < size && tokens[last])
        last++;
    for (size_t i = last; i < size; i++) { /* the terminator, and filling to 8 bytes */
        if (tokens[i] || i > last + 7)
            return false;
    }
    for (size_t i = 0; i < last; i++) {
        if (tokens[i] && (tokens[i] < ' ' || tokens[i] > '~'))
            return false;
    }
    /* Letters that are used stand for themselves (insert_real_symbols_in_table()). */
    unsigned themselves = 0;
    for (unsigned c = 'a'; c <= 'z'; c++)
        themselves += tokens[index[c]] == c && !tokens[index[c] + 1];
    return last < size && themselves >= 13;
}

/* The token table that ends before the index at `index_va`.  True: *table_va. */
static bool find_tokens(struct kallsyms_shape *shape, uint64_t index_va, const uint8_t *index_bytes,
                        uint64_t *table_va)
{
    struct kallsyms_tables *tables = shape->tables;
    memcpy(tables->index, index_bytes, sizeof tables->index);
    size_t least = (size_t)tables->index[KALLSYMS_TOKENS - 1] + 1;
    size_t most = (least + TOKEN_MAX + 16) & ~(size_t)7;
    uint8_t *bytes = malloc(most);
    bool found = false;
    if (bytes && kallsyms_read(shape->memory, tables, index_va - most, bytes, most)) {
        for (size_t size = (least + 3) & ~(size_t)3; size <= most && !found; size += 4) {
            if (!fits_tokens(bytes + (most - size), tables->index, size))
                continue;
            found = true;
            memmove(bytes, bytes + (most - size), size);
            tables->tokens = bytes;
            tables->tokens_size = size;
            *table_va = index_va - size;
        }
    }
    if (!found)
        free(bytes);
    return found;
}

/*
 * The markers that end at `end` of what lies before the tokens: going backward they shrink to 0.
 * Three at least.  True: *start.
 */
static bool markers_end_at(const struct kallsyms_shape *shape, size_t end, unsigned width,
                           size_t *start)
{
    uint64_t above = 0; /* of the last one: nothing */
    for (size_t at = end; at >= width;) {
        at -= width;
        if ((end - at) % BYTES_A_STEP == 0 && !budget_take(memory_budget(shape->memory), 1))
            return false;
        uint64_t value = load_word(shape->before + at, width);
        if (end - at > width &&
            (value >= above || above - value < 512 || above - value > MARKER_STEPS))
            return false;
        if (value == 0) {
            *start = at;
            return (end - at) / width >= 3;
        }
        above = value;
    }
    return false;
}

/* The names that end at `end` (filling aside) and agree with the markers there. */
static bool names_before(struct kallsyms_shape *shape, size_t end,
                         const struct kallsyms_markers *markers, size_t *names)
{
    struct kallsyms_tables *tables = shape->tables;
    uint64_t last =
        load_word(markers->bytes + (markers->count - 1) * markers->width, markers->width);
    uint64_t least = 256 * (uint64_t)(markers->count - 1) + 1;
    if (!budget_take(memory_budget(shape->memory), MARKER_STEPS / 64))
        return false;
    for (size_t back = 0; back <= MARKER_STEPS && last + back + 12 <= end; back += 4) {
        size_t at = ((end - (size_t)last) & ~(size_t)3) - back, stop;
        uint64_t count = load_word(shape->before + at - 8, 4);
        if (count < least)
            count = load_word(shape->before + at - 4, 4); /* aligned to 4 only */
        if (count < least || count >= least + 256 || count > SYMBOLS_MAX)
            continue;
        if (!budget_take(memory_budget(shape->memory), 1 + count / 8))
            return false;
        if (!kallsyms_walk_names(shape->before + at, end - at, (uint32_t)count, markers, &stop) ||
            end - at - stop >= 8)
            continue;
        tables->count = (uint32_t)count;
        tables->names_size = end - at;
        *names = at;
        return true;
    }
    return false;
}

/* Sequence numbers (6.2, 6.3) and filling may lie between the markers and the tokens. */
static bool find_names(struct kallsyms_shape *shape, size_t *names)
{
    for (size_t end = shape->before_size & ~(size_t)3; end >= 16; end -= 4) {
        if (end % BYTES_A_STEP == 0 && !budget_take(memory_budget(shape->memory), 1))
            return false;
        for (unsigned width = 4; width <= 8; width += 4) {
            size_t start;
            if (!markers_end_at(shape, end, width, &start))
                continue;
            struct kallsyms_markers markers = {shape->before + start, width, (end - start) / width};
            if (names_before(shape, start, &markers, names))
                return true;
        }
    }
    return false;
}

/* Where the addresses may be: before the names, or (since 6.4) after the token index. */
static void list_addresses(struct kallsyms_shape *shape, uint64_t names_va, uint64_t index_va)
{
    struct kallsyms_tables *tables = shape->tables;
    uint64_t bytes = ((uint64_t)tables->count * 4 + 7) & ~UINT64_C(7);
    uint64_t count_va = names_va - 8, after_index = index_va + KALLSYMS_INDEX_SIZE;
    uint64_t before = count_va - 8 - bytes, base;
    tables->tries = 0;
    if (memory_read_u64(shape->memory, address_in(shape->memory->space, count_va - 8), &base)) {
        tables->tried[tables->tries++] = (struct kallsyms_addresses){FORM_RELATIVE, before, base};
        tables->tried[tables->tries++] = (struct kallsyms_addresses){FORM_PERCPU, before, base};
    }
    if (memory_read_u64(shape->memory, address_in(shape->memory->space, after_index + bytes),
                        &base)) {
        tables->tried[tables->tries++] =
            (struct kallsyms_addresses){FORM_RELATIVE, after_index, base};
        tables->tried[tables->tries++] =
            (struct kallsyms_addresses){FORM_PERCPU, after_index, base};
    }
    tables->tried[tables->tries++] = (struct kallsyms_addresses){FORM_ABSOLUTE, after_index, 0};
    tables->tried[tables->tries++] =
        (struct kallsyms_addresses){FORM_ABSOLUTE, count_va - (uint64_t)tables->count * 8, 0};
    tables->tried[tables->tries++] = (struct kallsyms_addresses){FORM_PLACE, after_index, 0};
}

/* Everything from one thing that is shaped like a token index. */
static bool accept_index(struct kallsyms_shape *shape, uint64_t index_va, const uint8_t *bytes)
{
    struct kallsyms_tables *tables = shape->tables;
    uint64_t table_va;
    size_t names;
    if (!find_tokens(shape, index_va, bytes, &table_va))
        return false;
    uint64_t before = table_va - tables->image.va;
    shape->before_size = before < BEFORE_MAX ? (size_t)before : BEFORE_MAX;
    shape->before_va = table_va - shape->before_size;
    shape->before = malloc(shape->before_size + 1);
    bool found = false;
    if (shape->before) {
        /* Holes read as zeros: the names do not lie there. */
        memory_read(shape->memory, address_in(shape->memory->space, shape->before_va),
                    shape->before, shape->before_size, NULL);
        found = find_names(shape, &names);
    }
    if (found) {
        memmove(shape->before, shape->before + names, tables->names_size);
        tables->names = shape->before;
        list_addresses(shape, shape->before_va + names, index_va);
        return true;
    }
    free(shape->before);
    kallsyms_tables_free(tables);
    return false;
}

bool kallsyms_find_shaped(struct kallsyms_tables *tables, struct memory *memory, struct error *err)
{
    struct kallsyms_shape shape = {.tables = tables, .memory = memory};
    uint8_t *piece = malloc(PIECE + KALLSYMS_INDEX_SIZE);
    unsigned indexes = 0;
    if (!piece)
        return error_set(err, "out of memory");
    for (uint64_t done = 0; done < tables->image.size; done += PIECE) {
        uint64_t left = tables->image.size - done;
        size_t length =
            left < PIECE + KALLSYMS_INDEX_SIZE ? (size_t)left : PIECE + KALLSYMS_INDEX_SIZE;
        memory_read(memory, address_in(memory->space, tables->image.va + done), piece, length,
                    NULL);
        for (size_t at = 0; at < PIECE && at + KALLSYMS_INDEX_SIZE <= length; at += 4) {
            uint32_t first = (uint32_t)load_word(piece + at, 4);
            if ((first & 0xffff) || first < 0x10000 || first > TOKEN_MAX << 16 ||
                !is_index(piece + at) || indexes++ >= INDEXES_MAX)
                continue;
            if (accept_index(&shape, tables->image.va + done + at, piece + at)) {
                free(piece);
                return true;
            }
        }
    }
    free(piece);
    return indexes ? error_set(err, "what looks like kallsyms has no names that agree with it")
                   : error_set(err, "no kallsyms in the kernel's image");
}
