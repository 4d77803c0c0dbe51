/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sym`: names of kernel addresses, both ways, in lines as those of /proc/kallsyms. */
#include "answer/items.h"
#include "answer/place.h"
#include "answer/subjects.h"
#include "session/expression.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { VIRT, SPACE, TYPE, NAME, PLACE, MODULE, OFFSET, COLUMNS };

static const struct column columns[COLUMNS] = {
    [VIRT] = {"virt", "ADDRESS", "where it is", VALUE_ADDRESS, COLUMN_BARE, 16, 3, .digits = 16},
    [SPACE] = SPACE_COLUMN,
    [TYPE] = {"type", "T", "as nm writes it; ?: found by other means than kallsyms", VALUE_TEXT,
              COLUMN_LESSER, 1, 2},
    [NAME] = {"name", "SYMBOL", "its name", VALUE_TEXT, COLUMN_NO_TEXT},
    [PLACE] = {"place", "NAME", "its name, and how far after it what was asked for is", VALUE_TEXT,
               COLUMN_NO_JSON},
    [MODULE] = {"module", "MODULE", "the module that it is from", VALUE_TEXT, COLUMN_LESSER, 0, 1,
                .gap = " [", .after = "]"},
    [OFFSET] = {"offset", "OFFSET", "how far after it what was asked for is", VALUE_HEX,
                COLUMN_NO_TEXT},
};
static const struct shape shape = SHAPE(columns);

static void fill_symbol(struct query *query, const struct symbol *symbol, uint64_t offset,
                        struct value *row)
{
    const struct space *kernel = space_kernel(session_space(query->session));
    row[VIRT] = value_virt(kernel, symbol->va);
    if (query_needs(query, SPACE))
        row[SPACE] = query_space(query, address_in(kernel, symbol->va));
    row[TYPE] = value_bytes(VALUE_TEXT, &symbol->type, 1);
    row[NAME] = row[PLACE] = value_text(symbol->name);
    if (offset)
        row[PLACE] = value_text(query_text(query, "%s+0x%" PRIx64, symbol->name, offset));
    row[MODULE] = value_text(symbol->module);
    row[OFFSET] = value_of_type(VALUE_HEX, offset);
}

static bool give_symbol(struct query *query, const struct symbol *symbol, uint64_t offset)
{
    fill_symbol(query, symbol, offset, query_row(query));
    return query_emit(query);
}

/* --- all of them -------------------------------------------------------------------------------*/

struct listed {
    const struct symbols *symbols;
    bool torn; /* the list of modules */
};

static const struct symbol *symbol_at(const void *state, size_t i)
{
    return symbols_by_address(((const struct listed *)state)->symbols, i);
}

static bool load(struct query *query, void *state, struct error *err)
{
    struct listed *listed = state;
    const struct linux_context *linux = session_need(query->session, LINUX_SYMBOLS, err);
    if (!linux)
        return false;
    listed->symbols = linux->symbols;
    listed->torn = linux->modules && linux->modules->torn;
    return true;
}

/* The symbols are the context's. */
static void unload(void *state)
{
    (void)state;
}

static size_t count(const void *state)
{
    return symbols_count(((const struct listed *)state)->symbols);
}

static void fill(struct query *query, const void *state, size_t i, struct value *row)
{
    fill_symbol(query, symbol_at(state, i), 0, row);
}

static int by_item(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

/* Those of one name by address. */
static void settle_equal(const struct symbols *symbols, uint32_t *order)
{
    size_t n = symbols_count(symbols), first = 0;
    for (size_t i = 1; i <= n; i++) {
        if (i < n &&
            strcmp(symbols_by_name(symbols, i - 1)->name, symbols_by_name(symbols, i)->name) == 0)
            continue;
        if (i - first > 1)
            qsort(order + first, i - first, sizeof *order, by_item);
        first = i;
    }
}

/* The table by name says which symbol, not which item: all symbols lie in one array. */
static bool order_by_name(const struct symbols *symbols, uint32_t *order)
{
    size_t n = symbols_count(symbols);
    const struct symbol *first = n ? symbols_by_address(symbols, 0) : NULL, *last = first;
    for (size_t i = 1; i < n; i++) {
        const struct symbol *symbol = symbols_by_address(symbols, i);
        first = symbol < first ? symbol : first;
        last = symbol > last ? symbol : last;
    }
    if ((size_t)(last - first) >= n)
        return false;
    uint32_t *item = malloc(n * sizeof *item);
    for (size_t i = 0; item && i < n; i++)
        item[symbols_by_address(symbols, i) - first] = (uint32_t)i;
    for (size_t i = 0; item && i < n; i++)
        order[i] = item[symbols_by_name(symbols, i) - first];
    bool done = item;
    if (done)
        settle_equal(symbols, order);
    free(item);
    return done;
}

static void order_by_type(const void *state, uint32_t *order)
{
    size_t n = count(state), start[257] = {0};
    for (size_t i = 0; i < n; i++)
        start[(unsigned char)symbol_at(state, i)->type + 1]++;
    for (size_t i = 1; i < 257; i++)
        start[i] += start[i - 1];
    for (size_t i = 0; i < n; i++)
        order[start[(unsigned char)symbol_at(state, i)->type]++] = (uint32_t)i;
}

static bool order(const void *state, unsigned column, uint32_t *items)
{
    if (column == NAME || column == PLACE)
        return order_by_name(((const struct listed *)state)->symbols, items);
    if (column == TYPE)
        order_by_type(state, items);
    for (size_t i = 0; column == VIRT && i < count(state); i++)
        items[i] = (uint32_t)i;
    return column == TYPE || column == VIRT;
}

static void note(struct query *query, const void *state)
{
    if (((const struct listed *)state)->torn)
        query_note(query, "symbols of modules may be missing: their list is broken");
}

static const struct items items = {
    .state_size = sizeof(struct listed),
    .load = load,
    .unload = unload,
    .count = count,
    .fill = fill,
    .order = order,
    .note = note,
};

/* As the lines of the guest's own /proc/kallsyms, and no more: what was found by other means is
 * left out. */
static bool give_all(struct query *query, struct error *err)
{
    struct listed listed;
    if (!load(query, &listed, err))
        return false;
    for (size_t i = 0; i < count(&listed); i++) {
        const struct symbol *symbol = symbol_at(&listed, i);
        if (symbol->type != SYMBOL_FOUND && !give_symbol(query, symbol, 0))
            return true;
    }
    note(query, &listed);
    return true;
}

/* --- by name, and by address -------------------------------------------------------------------*/

/* A per-CPU variable's own address is nobody's: the CPUs' copies follow. */
static void give_copies(struct query *query, const struct percpu *percpu,
                        const struct symbol *symbol)
{
    for (unsigned cpu = 0; cpu < percpu->cpus; cpu++) {
        char name[SYMBOL_NAME + 16];
        struct error ignored;
        struct symbol copy = *symbol;
        snprintf(name, sizeof name, "%s:%u", symbol->name, cpu);
        copy.name = name;
        if (percpu_address(percpu, symbol->name, symbol->va, cpu, &copy.va, &ignored))
            give_symbol(query, &copy, 0);
    }
}

/* All of that very name: static functions of several files may share one. */
static bool give_named(struct query *query, const struct linux_context *linux, const char *name)
{
    const struct symbols *symbols = linux->symbols;
    size_t first, last;
    bool any = false;
    if (!symbols_prefix(symbols, name, &first, &last))
        return false;
    for (size_t i = first; i < last; i++) {
        const struct symbol *symbol = symbols_by_name(symbols, i);
        if (strcmp(symbol->name, name) != 0)
            break;
        any = true;
        give_symbol(query, symbol, 0);
        give_copies(query, linux->percpu, symbol);
    }
    return any;
}

static bool rows(struct query *query, struct error *err)
{
    struct address address;
    struct linux_context *linux = session_need(query->session, LINUX_SYMBOLS, err);
    if (!linux)
        return false;
    if (!*query->arguments)
        return give_all(query, err);
    if (give_named(query, linux, query->arguments))
        return true;
    if (!expression_eval(query->session, query->arguments, SPACE_VIRT, &address, err))
        return false;
    const struct symbol *symbol =
        address_is_virtual(address) ? symbols_at(linux->symbols, address.value) : NULL;
    char name[SYMBOL_NAME + 32];
    struct symbol found = {.va = address.value, .name = name, .type = SYMBOL_FOUND};
    if (address_is_virtual(address) &&
        percpu_text(linux->percpu, linux->symbols, address.value, name, sizeof name))
        symbol = &found;
    if (!symbol)
        return error_at(err, 0, "no symbol covers this address");
    give_symbol(query, symbol, address.value - symbol->va);
    return true;
}

static const struct subject subject = {
    .shape = &shape, .bare = true, .rows = rows, .items = &items};

const struct command command_sym = {
    .name = "sym",
    .arguments = "[NAME|EXPR]",
    .brief = "a symbol by name, or the one that an address lies in; all of them",
    .argument = ARGUMENT_EXPRESSION,
    .subject = &subject,
};
