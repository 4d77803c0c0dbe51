/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sym`: names of kernel addresses, both ways, in lines as those of /proc/kallsyms. */
#include "answer/items.h"
#include "answer/place.h"
#include "answer/subjects.h"
#include "session/expression.h"
#include "session/handles.h"

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

/* As the lines of the guest's own /proc/kallsyms, and no more: what was found by other means is
 * left out. */
static bool is_row(const void *state, size_t i)
{
    return symbol_at(state, i)->type != SYMBOL_FOUND;
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
    .is_row = is_row,
    .note = note,
};

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
        return query_items(query, err);
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
