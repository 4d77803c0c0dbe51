/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A module's mod_kallsyms: ELF symbols, their names, and a letter for each.  The letter is shown
 * as a capital where the module exports the symbol (module_get_kallsym(), is_exported()).
 */
#include "linux/modules/module_symbols.h"

#include "base/array.h"
#include "base/bytes.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#define SYMBOLS_OF_ONE (1u << 20)
#define NAMES_OF_ONE   (64u << 20)
#define EXPORTS_OF_ONE (1u << 16)
#define STRUCT_MAX     2048 /* of struct module, where its size is not known */
#define LONGEST_SYMBOL (64u << 20)

struct export
{
    uint64_t va, name_va;
};

struct reader {
    struct memory *memory;
    const struct module_fields *fields;
    struct module *module;
    uint64_t symtab, strtab, typetab;
    uint32_t count;
    Elf64_Sym *symbol;
    uint8_t *type;
    char *name;
    size_t names;
    struct export *export;
    size_t exports;
};

static bool read_at(struct memory *memory, uint64_t va, void *bytes, size_t length)
{
    return memory_read(memory, address_in(memory->space, va), bytes, length, NULL) == length;
}

static bool kernel_pointer(uint64_t va)
{
    return va >> 63 && va < UINT64_MAX - 4096;
}

/* struct mod_kallsyms at `va`.  False: it cannot be one. */
static bool read_head(struct reader *reader, uint64_t va)
{
    const struct module_fields *fields = reader->fields;
    return kernel_pointer(va) && read_at(reader->memory, va + fields->symtab, &reader->symtab, 8) &&
           read_at(reader->memory, va + fields->num_symtab, &reader->count, 4) &&
           read_at(reader->memory, va + fields->strtab, &reader->strtab, 8) &&
           (!fields->has_typetab ||
            read_at(reader->memory, va + fields->typetab, &reader->typetab, 8)) &&
           reader->count && reader->count <= SYMBOLS_OF_ONE && kernel_pointer(reader->symtab) &&
           kernel_pointer(reader->strtab) &&
           (!fields->has_typetab || kernel_pointer(reader->typetab));
}

/*
 * Without BTF: struct module has its mod_kallsyms in itself (core_kallsyms) and points to it;
 * the first symbol of every ELF table is empty.
 */
static bool find_head(struct reader *reader)
{
    uint64_t word[STRUCT_MAX / 8], va = reader->module->va;
    memory_read(reader->memory, address_in(reader->memory->space, va), word, sizeof word, NULL);
    for (size_t i = 10; i < STRUCT_MAX / 8; i++) {
        Elf64_Sym first, none = {0};
        if (word[i] - va < sizeof word && !(word[i] & 7) && read_head(reader, word[i]) &&
            read_at(reader->memory, reader->symtab, &first, sizeof first) &&
            memcmp(&first, &none, sizeof first) == 0)
            return true;
    }
    return false;
}

/* Names: from the table's start to after the last one that a symbol refers to. */
static bool read_names(struct reader *reader)
{
    size_t last = 0;
    for (uint32_t i = 0; i < reader->count; i++)
        last = reader->symbol[i].st_name > last ? reader->symbol[i].st_name : last;
    if (last >= NAMES_OF_ONE || last >= (uint64_t)reader->count * (SYMBOL_NAME + 1))
        return false;
    reader->names = last + SYMBOL_NAME + 1;
    reader->name = malloc(reader->names);
    if (!reader->name)
        return false;
    /* The last one's end may be where the mapping ends: zeros end it then. */
    memory_read(reader->memory, address_in(reader->memory->space, reader->strtab), reader->name,
                reader->names, NULL);
    return true;
}

/* The last symbol's entry, so that a count that lies costs no more than that. */
static bool has_last(const struct reader *reader)
{
    Elf64_Sym last;
    uint64_t before = (reader->count - UINT64_C(1)) * sizeof last;
    return read_at(reader->memory, reader->symtab + before, &last, sizeof last);
}

static bool read_tables(struct reader *reader)
{
    if (!has_last(reader))
        return false;
    reader->symbol = malloc(reader->count * sizeof *reader->symbol);
    reader->type = calloc(reader->count, 1);
    if (!reader->symbol || !reader->type ||
        !read_at(reader->memory, reader->symtab, reader->symbol,
                 reader->count * sizeof *reader->symbol))
        return false;
    if (reader->fields->has_typetab &&
        !read_at(reader->memory, reader->typetab, reader->type, reader->count))
        return false;
    for (uint32_t i = 0; !reader->fields->has_typetab && i < reader->count; i++)
        reader->type[i] = reader->symbol[i].st_info; /* written over by the loader, before 5.2 */
    return read_names(reader);
}

static int by_va(const void *a, const void *b)
{
    const struct export *x = a, *y = b;
    return (x->va > y->va) - (x->va < y->va);
}

/* A word of kernel_symbol: a pointer, or an offset from the place where it stands. */
static uint64_t export_word(const struct reader *reader, const uint8_t *bytes, uint64_t va,
                            uint64_t member)
{
    if (reader->fields->export_relative)
        return va + member + (uint64_t)(int64_t)(int32_t)load_le32(bytes + member);
    return load_le64(bytes + member);
}

/* What the module exports to all (is_exported() does not look at the GPL ones either). */
static void read_exports(struct reader *reader)
{
    const struct module_fields *fields = reader->fields;
    uint64_t va;
    uint32_t count = 0;
    if (!fields->has_exports ||
        !read_at(reader->memory, reader->module->va + fields->exports, &va, 8) ||
        !read_at(reader->memory, reader->module->va + fields->num_exports, &count, 4) || !count ||
        count > EXPORTS_OF_ONE)
        return;
    size_t step = (size_t)fields->export_size, width = fields->export_relative ? 4 : 8;
    uint8_t *bytes = malloc(count * step);
    reader->export = calloc(count, sizeof *reader->export);
    if (bytes && reader->export && fields->export_value + width <= step &&
        fields->export_name + width <= step && read_at(reader->memory, va, bytes, count * step)) {
        for (size_t i = 0; i < count; i++)
            reader->export[i] = (struct export){
                export_word(reader, bytes + i * step, va + i * step, fields->export_value),
                export_word(reader, bytes + i * step, va + i * step, fields->export_name)};
        reader->exports = count;
        qsort(reader->export, count, sizeof *reader->export, by_va);
    }
    free(bytes);
}

static bool is_exported(const struct reader *reader, uint64_t va, const char *name, size_t length)
{
    size_t low = ARRAY_BELOW(reader->export, reader->exports, va, va);
    char text[SYMBOL_NAME + 1];
    for (; low < reader->exports && reader->export[low].va == va; low++) {
        if (read_at(reader->memory, reader->export[low].name_va, text, length + 1) &&
            memcmp(text, name, length) == 0 && text[length] == '\0')
            return true;
    }
    return false;
}

/* The letter as s_show() of kernel/kallsyms.c writes it. */
static char letter(uint8_t type, bool exported)
{
    uint8_t small = type | 0x20;
    if (small < 'a' || small > 'z')
        return '?';
    return (char)(exported ? small & ~0x20 : small);
}

static bool add_symbols(struct reader *reader, struct symbols *symbols)
{
    for (uint32_t i = 0; i < reader->count; i++) {
        const Elf64_Sym *symbol = &reader->symbol[i];
        const char *name = reader->name + symbol->st_name;
        size_t length = strnlen(name, SYMBOL_NAME), ascii = 0;
        while (ascii < length && (unsigned char)name[ascii] < 0x80)
            ascii++;
        if (!length || ascii < length)
            continue;
        bool exported = is_exported(reader, symbol->st_value, name, length);
        if (!symbols_add(symbols, symbol->st_value, letter(reader->type[i], exported), name, length,
                         reader->module->name))
            return false;
        reader->module->symbols++;
    }
    return true;
}

/* Without BTF no member says where the module lies: the pages of its symbols do, about. */
static void guess_range(struct reader *reader)
{
    uint64_t first = UINT64_MAX, last = 0, va = reader->module->va;
    for (uint32_t i = 0; i < reader->count; i++) {
        uint64_t at = reader->symbol[i].st_value;
        if (at - va > LONGEST_SYMBOL && va - at > LONGEST_SYMBOL)
            continue;
        first = at < first ? at : first;
        last = at > last ? at : last;
    }
    if (first <= last)
        reader->module->range[reader->module->ranges++] =
            (struct module_range){first & ~UINT64_C(4095), last | 4095, "symbols"};
}

/* False: no memory, or too many symbols.  What cannot be read of a module is left out. */
static bool load_one(struct reader *reader, struct symbols *symbols)
{
    uint64_t head = 0;
    bool found =
        reader->fields->typed
            ? read_at(reader->memory, reader->module->va + reader->fields->kallsyms, &head, 8) &&
                  read_head(reader, head)
            : find_head(reader);
    bool added = true;
    if (found && read_tables(reader)) {
        read_exports(reader);
        if (!reader->fields->typed)
            guess_range(reader);
        added = add_symbols(reader, symbols);
    }
    for (size_t i = 0; added && i < reader->module->ranges; i++)
        added = symbols_add_range(symbols, reader->module->name, reader->module->range[i].first,
                                  reader->module->range[i].last);
    free(reader->symbol);
    free(reader->type);
    free(reader->name);
    free(reader->export);
    return added;
}

bool module_symbols_load(struct symbols *symbols, const struct linux_context *linux,
                         struct module_list *list, struct error *err)
{
    struct module_fields fields;
    module_fields_of(linux->btf, &fields);
    if (!module_list_load(list, linux, &fields, symbols, err))
        return false;
    for (size_t i = 0; i < list->count; i++) {
        struct reader reader = {
            .memory = linux->memory, .fields = &fields, .module = &list->module[i]};
        /* MODULE_STATE_UNFORMED: nothing in it is set up yet; /proc/kallsyms passes it over. */
        if (list->module[i].state != 3 && !load_one(&reader, symbols))
            return error_set(err, "too many symbols, or out of memory");
    }
    return true;
}
