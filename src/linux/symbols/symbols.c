/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of names: symbols in the order of adding, and two sorted arrays of slots over them.
 * A slot holds what a search compares (an address, eight bytes of a name), so that a search
 * touches the symbols and the names only at its end.
 */
#include "linux/symbols/symbols.h"

#include "base/array.h"
#include "base/hash.h"
#include "base/text.h"
#include "linux/symbols/symbols_sort.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY     UINT32_MAX
#define CHUNK_SIZE (256u << 10)

struct chunk { /* of names */
    struct chunk *next;
    size_t used;
    char text[CHUNK_SIZE];
};

struct address_slot {
    uint64_t va;
    uint32_t index;
    uint32_t speaks; /* the symbol that names this address and what lies after it */
};

struct symbol_range {
    uint64_t first, last;
    const char *module;
};

struct symbols {
    struct symbol *symbol;
    struct address_slot *by_address;
    struct name_slot *by_name;
    size_t count, capacity;
    struct hash names; /* the first symbol of each name */
    bool complete, hashed;
    struct chunk *chunk;
    struct symbol_range *range;
    size_t ranges, ranges_capacity;
    const char **module; /* every module's name, once */
    size_t modules, modules_capacity;
};

struct symbols *symbols_create(void)
{
    return calloc(1, sizeof(struct symbols));
}

void symbols_destroy(struct symbols *symbols)
{
    if (!symbols)
        return;
    for (struct chunk *chunk = symbols->chunk, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(symbols->symbol);
    free(symbols->by_address);
    free(symbols->by_name);
    hash_free(&symbols->names);
    free(symbols->range);
    free(symbols->module);
    free(symbols);
}

/* --- adding ------------------------------------------------------------------------------------
 */

/* The arrays of a symbol grow together, so that completing needs no memory. */
static bool grow_symbols(struct symbols *symbols)
{
    size_t count = symbols->count, old[3] = {symbols->capacity, symbols->capacity};
    return ARRAY_ROOM(&symbols->by_address, count, &old[0]) &&
           ARRAY_ROOM(&symbols->by_name, count, &old[1]) &&
           ARRAY_ROOM(&symbols->symbol, count, &symbols->capacity);
}

/*
 * A terminal shows it: nothing but printable bytes.  The assembler's numbered labels hold a
 * control byte (".L1447" ^B "1"), which is written with a caret, so that names stay apart.
 */
static const char *keep_text(struct symbols *symbols, const char *text, size_t length)
{
    size_t length_most = length * 2 < SYMBOL_NAME ? length * 2 : SYMBOL_NAME;
    struct chunk *chunk = symbols->chunk;
    if (!chunk || CHUNK_SIZE - chunk->used < length_most + 1) {
        chunk = malloc(sizeof *chunk);
        if (!chunk)
            return NULL;
        chunk->next = symbols->chunk;
        chunk->used = 0;
        symbols->chunk = chunk;
    }
    char *kept = chunk->text + chunk->used;
    size_t used = 0;
    for (size_t i = 0; i < length && used < length_most; i++) {
        unsigned char byte = (unsigned char)text[i];
        bool plain = byte >= ' ' && byte <= '~';
        if (!plain && used + 2 > length_most)
            break;
        if (!plain)
            kept[used++] = '^';
        kept[used++] = plain ? text[i] : byte < 0x80 ? (char)(byte ^ 0x40) : '.';
    }
    kept[used] = '\0';
    chunk->used += used + 1;
    return kept;
}

/* One copy of each module's name; the last one asked for is the likeliest. */
static const char *keep_module(struct symbols *symbols, const char *module)
{
    for (size_t i = symbols->modules; i--;) {
        if (strcmp(symbols->module[i], module) == 0)
            return symbols->module[i];
    }
    if (!ARRAY_ROOM(&symbols->module, symbols->modules, &symbols->modules_capacity))
        return NULL;
    size_t length = strnlen(module, SYMBOL_NAME);
    const char *kept = keep_text(symbols, module, length);
    if (kept)
        symbols->module[symbols->modules++] = kept;
    return kept;
}

bool symbols_add(struct symbols *symbols, uint64_t va, char type, const char *name, size_t length,
                 const char *module)
{
    if (symbols->count >= SYMBOLS_MAX || !grow_symbols(symbols))
        return false;
    const char *kept_module = module ? keep_module(symbols, module) : NULL;
    const char *kept = keep_text(symbols, name, length < SYMBOL_NAME ? length : SYMBOL_NAME);
    if (!kept || (module && !kept_module))
        return false;
    symbols->symbol[symbols->count++] =
        (struct symbol){.va = va, .name = kept, .module = kept_module, .type = type};
    symbols->complete = false;
    return true;
}

bool symbols_add_range(struct symbols *symbols, const char *module, uint64_t first_va,
                       uint64_t last_va)
{
    const char *kept = module ? keep_module(symbols, module) : NULL;
    if ((module && !kept) || last_va < first_va ||
        !ARRAY_ROOM(&symbols->range, symbols->ranges, &symbols->ranges_capacity))
        return false;
    symbols->range[symbols->ranges++] = (struct symbol_range){first_va, last_va, kept};
    symbols->complete = false;
    return true;
}

/* --- completing --------------------------------------------------------------------------------
 */

static int by_first(const void *a, const void *b)
{
    const struct symbol_range *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

static int by_va(const void *a, const void *b)
{
    const struct address_slot *x = a, *y = b;
    if (x->va != y->va)
        return x->va < y->va ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/*
 * Marks of the assembler, not names of things: "$x" (mapping symbols), ".L…", RISC-V's "L0\001"
 * (is_mapping_symbol() of include/linux/module_symbol.h).
 */
static bool is_mark(const char *name)
{
    return name[0] == '$' || (name[0] == '.' && name[1] == 'L') ||
           (name[0] == 'L' && name[1] == '0');
}

/* How much a symbol says, against others at its address. */
static int weight(const struct symbol *symbol)
{
    const char *name = symbol->name;
    bool global = symbol->type >= 'A' && symbol->type <= 'Z';
    bool plain = name[0] != '$' && name[0] != '.' && !(name[0] == '_' && name[1] == '_');
    return is_mark(name) ? -1 : 2 * global + plain;
}

/* A mark inside of a function or object leaves the word to what it is a part of. */
static bool same_part(const struct symbol *a, const struct symbol *b)
{
    return a->module == b->module && (a->type | 0x20) == (b->type | 0x20);
}

static void choose_speakers(struct symbols *symbols)
{
    uint32_t before = NOBODY;
    for (size_t i = 0, end; i < symbols->count; i = end) {
        uint32_t best = symbols->by_address[i].index;
        for (end = i + 1;
             end < symbols->count && symbols->by_address[end].va == symbols->by_address[i].va;
             end++) {
            uint32_t other = symbols->by_address[end].index;
            if (weight(&symbols->symbol[other]) > weight(&symbols->symbol[best]))
                best = other;
        }
        if (weight(&symbols->symbol[best]) < 0 && before != NOBODY &&
            same_part(&symbols->symbol[best], &symbols->symbol[before]))
            best = before;
        for (size_t j = i; j < end; j++)
            symbols->by_address[j].speaks = best;
        before = best;
    }
}

static uint32_t find_hashed(const struct symbols *symbols, const char *name, uint32_t hash)
{
    struct hash_search search = hash_search(&symbols->names, hash);
    uint32_t place;
    while ((place = hash_next(&search)) != HASH_NONE &&
           strcmp(symbols->symbol[place].name, name) != 0)
        ;
    return place;
}

/* Without the memory for it lookups stay slow. */
static bool hash_names(struct symbols *symbols)
{
    hash_free(&symbols->names);
    if (!hash_reserve(&symbols->names, symbols->count))
        return false;
    for (size_t i = 0; i < symbols->count; i++) {
        const char *name = symbols->symbol[i].name;
        uint32_t hash = hash_text(name);
        if (find_hashed(symbols, name, hash) == HASH_NONE)
            hash_add(&symbols->names, hash, i);
    }
    return true;
}

void symbols_complete(struct symbols *symbols)
{
    bool sorted = true;
    for (size_t i = 0; i < symbols->count; i++) {
        symbols->by_address[i] = (struct address_slot){symbols->symbol[i].va, (uint32_t)i, NOBODY};
        symbols->by_name[i] = (struct name_slot){0, (uint32_t)i};
        sorted = sorted && (!i || symbols->symbol[i - 1].va <= symbols->symbol[i].va);
    }
    if (!sorted)
        qsort(symbols->by_address, symbols->count, sizeof *symbols->by_address, by_va);
    symbols->hashed = hash_names(symbols);
    if (symbols->ranges)
        qsort(symbols->range, symbols->ranges, sizeof *symbols->range, by_first);
    sort_by_name(symbols->symbol, symbols->by_name, symbols->count);
    choose_speakers(symbols);
    symbols->complete = true;
}

/* --- looking up --------------------------------------------------------------------------------
 */

size_t symbols_count(const struct symbols *symbols)
{
    return symbols->count;
}

const struct symbol *symbols_by_address(const struct symbols *symbols, size_t i)
{
    return &symbols->symbol[symbols->by_address[i].index];
}

const struct symbol *symbols_by_name(const struct symbols *symbols, size_t i)
{
    return &symbols->symbol[symbols->by_name[i].index];
}

size_t symbols_up_to(const struct symbols *symbols, uint64_t va)
{
    return ARRAY_UP_TO(symbols->by_address, symbols->count, va, va);
}

struct sought {
    const char *text;
    size_t length; /* that is compared */
    uint64_t key, mask;
};

static struct sought seek(const char *text, size_t length)
{
    struct sought sought = {text, length, name_key(text), UINT64_MAX};
    if (length < 8)
        sought.mask = length ? UINT64_MAX << 8 * (8 - length) : 0;
    return sought;
}

/* Where a name lies, compared with those that begin as sought: before, among, after. */
static int compare(const struct symbols *symbols, size_t i, const struct sought *sought)
{
    const struct name_slot *slot = &symbols->by_name[i];
    uint64_t key = slot->key & sought->mask;
    if (key != sought->key)
        return key < sought->key ? -1 : 1;
    if (sought->length <= 8)
        return 0;
    return strncmp(symbols->symbol[slot->index].name + 8, sought->text + 8, sought->length - 8);
}

/* The first place whose comparison is above `floor`. */
static size_t bound(const struct symbols *symbols, const struct sought *sought, int floor)
{
    size_t low = 0, high = symbols->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(symbols, middle, sought);
        if ((order > 0) - (order < 0) > floor)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

const struct symbol *symbols_find(const struct symbols *symbols, const char *name)
{
    if (!symbols->complete || !symbols->hashed) {
        for (size_t i = 0; i < symbols->count; i++) {
            if (strcmp(symbols->symbol[i].name, name) == 0)
                return &symbols->symbol[i];
        }
        return NULL;
    }
    uint32_t place = find_hashed(symbols, name, hash_text(name));
    return place != HASH_NONE ? &symbols->symbol[place] : NULL;
}

bool symbols_prefix(const struct symbols *symbols, const char *prefix, size_t *first, size_t *last)
{
    if (!symbols->complete)
        return false;
    struct sought sought = seek(prefix, strlen(prefix));
    size_t from = bound(symbols, &sought, -1), to = bound(symbols, &sought, 0);
    if (from == to)
        return false;
    *first = from;
    *last = to;
    return true;
}

static const struct symbol_range *range_of(const struct symbols *symbols, uint64_t va)
{
    size_t low = ARRAY_UP_TO(symbols->range, symbols->ranges, first, va);
    return low && va <= symbols->range[low - 1].last ? &symbols->range[low - 1] : NULL;
}

const struct symbol *symbols_at(const struct symbols *symbols, uint64_t va)
{
    const struct symbol_range *range = symbols->complete ? range_of(symbols, va) : NULL;
    if (!range)
        return NULL;
    size_t low = symbols_up_to(symbols, va);
    if (!low)
        return NULL;
    const struct symbol *symbol = &symbols->symbol[symbols->by_address[--low].speaks];
    while (symbol->type == SYMBOL_FOUND && symbol->va != va && low > 0)
        symbol = &symbols->symbol[symbols->by_address[--low].speaks];
    return symbol->va >= range->first ? symbol : NULL;
}

char *symbols_text(const struct symbols *symbols, uint64_t va, char *text, size_t size)
{
    const struct symbol *symbol = symbols_at(symbols, va);
    struct text out = text_over(text, size);
    if (!symbol)
        return text;
    text_add(&out, "%s", symbol->name);
    if (va != symbol->va)
        text_add(&out, "+0x%" PRIx64, va - symbol->va);
    if (symbol->module)
        text_add(&out, " [%s]", symbol->module);
    return text;
}
