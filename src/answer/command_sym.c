/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `sym`: names of kernel addresses, both ways. */
#include "answer/commands.h"
#include "session/expression.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool print_symbol(struct output *output, const struct symbol *symbol, uint64_t offset)
{
    struct record *record;
    if (!output->json && offset)
        return output_text(output, "%016" PRIx64 " %c %s+0x%" PRIx64 "%s%s%s", symbol->va + offset,
                           symbol->type, symbol->name, offset, symbol->module ? " [" : "",
                           symbol->module ? symbol->module : "", symbol->module ? "]" : "");
    if (!output->json)
        return output_text(output, "%016" PRIx64 " %c %s%s%s%s", symbol->va, symbol->type,
                           symbol->name, symbol->module ? " [" : "",
                           symbol->module ? symbol->module : "", symbol->module ? "]" : "");
    record = record_new();
    char type[2] = {symbol->type, '\0'};
    record_text(record, "name", symbol->name);
    record_text(record, "type", type);
    record_hex(record, "virt", symbol->va);
    record_text(record, "module", symbol->module);
    record_hex(record, "offset", offset);
    return output_record(output, record);
}

/* What the guest's own /proc/kallsyms has, and no more. */
static void print_all(const struct symbols *symbols, struct output *output)
{
    for (size_t i = 0; i < symbols_count(symbols); i++) {
        const struct symbol *symbol = symbols_by_address(symbols, i);
        if (symbol->type != SYMBOL_FOUND && !print_symbol(output, symbol, 0))
            return;
    }
}

/* A per-CPU variable's own address is nobody's: the CPUs' copies follow. */
static void print_copies(const struct percpu *percpu, const struct symbol *symbol,
                         struct output *output)
{
    for (unsigned cpu = 0; cpu < percpu->cpus; cpu++) {
        char name[SYMBOL_NAME + 16];
        struct error ignored;
        struct symbol copy = *symbol;
        snprintf(name, sizeof name, "%s:%u", symbol->name, cpu);
        copy.name = name;
        if (percpu_address(percpu, symbol->name, symbol->va, cpu, &copy.va, &ignored))
            print_symbol(output, &copy, 0);
    }
}

/* All of that very name: static functions of several files may share one. */
static bool print_named(const struct linux_context *linux, const char *name, struct output *output)
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
        print_symbol(output, symbol, 0);
        print_copies(&linux->percpu, symbol, output);
    }
    return any;
}

bool command_sym(struct session *session, const char *arguments, struct output *output,
                 struct error *err)
{
    struct address address;
    struct linux_context *linux = session_need(session, LINUX_SYMBOLS, err);
    if (!linux)
        return false;
    if (!*arguments) {
        print_all(linux->symbols, output);
        if (linux->modules.torn)
            output_note(output, "symbols of modules may be missing: their list is torn");
        return true;
    }
    if (print_named(linux, arguments, output))
        return true;
    if (!expression_eval(session, arguments, SPACE_VIRT, &address, err))
        return false;
    const struct symbol *symbol =
        address.space == SPACE_VIRT ? symbols_at(linux->symbols, address.value) : NULL;
    char name[SYMBOL_NAME + 32];
    struct symbol found = {.va = address.value, .name = name, .type = SYMBOL_FOUND};
    if (address.space == SPACE_VIRT &&
        percpu_text(&linux->percpu, linux->symbols, address.value, name, sizeof name))
        symbol = &found;
    if (!symbol)
        return error_at(err, 0, "no symbol covers this address");
    print_symbol(output, symbol, address.value - symbol->va);
    return true;
}
