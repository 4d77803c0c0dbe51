/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The loaded modules: kernel/module/main.c's list of `struct module`, reached from the symbol
 * `modules`, or without it by looking for structs whose list pointers agree with each other.
 */
#ifndef RAMWALK_LINUX_MODULES_MODULE_LIST_H
#define RAMWALK_LINUX_MODULES_MODULE_LIST_H

#include "linux/context.h"
#include "linux/symbols/symbols.h"
#include "linux/types/btf.h"
#include "memory/memory.h"

#define MODULE_NAME   64 /* MODULE_NAME_LEN and more */
#define MODULE_RANGES 8  /* mod_mem types, 6.4; three layouts before */
#define MODULES_MAX   4096

struct module_range {
    uint64_t first, last;
    const char *what; /* "text", "rodata", ..., "core" where a layout is one piece */
};

struct module {
    char name[MODULE_NAME]; /* printable */
    uint64_t va;            /* of the struct module */
    uint32_t state;         /* 0 live, 1 coming, 2 going, 3 unformed */
    struct module_range range[MODULE_RANGES];
    size_t ranges;
    uint32_t symbols; /* how many module_symbols_load() added */
};

struct module_list {
    struct module *module; /* in the list's order: the youngest first */
    size_t count, capacity;
    uint64_t head_va; /* of the list_head; 0: not known */
    bool torn;        /* the list does not return to its head: some may be missing */
};

/* Where the members lie; by BTF, or where there is none by what never changed. */
struct module_fields {
    uint64_t state, list, name, name_size;
    bool typed;        /* by BTF: all below is known */
    uint64_t kallsyms; /* a pointer to struct mod_kallsyms */
    uint64_t symtab, num_symtab, strtab, typetab;
    bool has_typetab; /* since 5.2 */
    bool has_exports;
    uint64_t exports, num_exports, export_size;
    bool export_relative; /* kernel_symbol as two offsets, not as two pointers */
    uint64_t export_value, export_name;
    struct {
        uint64_t base, size;
        const char *what;
    } range[MODULE_RANGES];
    size_t ranges;
};
void module_fields_of(const struct btf *btf /* or NULL */, struct module_fields *fields);

/*
 * `symbols` (complete or not) is asked for `modules`; it may lack it.  True with no module where
 * the list is there and empty.  The caller gives the list back, whatever the answer.
 */
bool module_list_load(struct module_list *list, const struct linux_context *linux,
                      const struct module_fields *fields, const struct symbols *symbols,
                      struct error *err);
void module_list_free(struct module_list *list);

#endif
