/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * struct module as this kernel lays it out: `mem[]` (6.4), `core_layout` and others (4.5 to 6.3),
 * exports by offset or by pointer (CONFIG_HAVE_ARCH_PREL32_RELOCATIONS).
 */
#include "linux/modules/module_list.h"

static void add_range(struct module_fields *fields, uint64_t base, uint64_t size, const char *what)
{
    if (fields->ranges < MODULE_RANGES) {
        fields->range[fields->ranges].base = base;
        fields->range[fields->ranges].size = size;
        fields->range[fields->ranges++].what = what;
    }
}

/* enum mod_mem_type's names, without MOD_; in memory they are an array. */
static void add_memory_array(const struct btf *btf, struct module_fields *fields)
{
    static const char *const what[] = {"text",      "data",      "rodata",     "ro_after_init",
                                       "init_text", "init_data", "init_rodata"};
    uint64_t at, base, size;
    struct btf_member array;
    uint32_t module = btf_find(btf, "module", BTF_STRUCT);
    uint64_t step = btf_size(btf, btf_find(btf, "module_memory", BTF_STRUCT));
    if (!btf_path(btf, module, "mem", &array) || !btf_offset(btf, "module_memory", "base", &base) ||
        !btf_offset(btf, "module_memory", "size", &size))
        return;
    at = array.bit_offset / 8;
    uint32_t count = btf_array_length(btf, btf_strip(btf, array.type));
    for (uint32_t i = 0; i < count && i < MODULE_RANGES; i++)
        add_range(fields, at + i * step + base, at + i * step + size,
                  i < sizeof what / sizeof *what ? what[i] : "other");
}

static void add_layouts(const struct btf *btf, struct module_fields *fields)
{
    static const struct {
        const char *base, *size, *what;
    } layout[] = {{"core_layout.base", "core_layout.size", "core"},
                  {"data_layout.base", "data_layout.size", "data"},
                  {"init_layout.base", "init_layout.size", "init"}};
    uint64_t base, size;
    for (size_t i = 0; i < sizeof layout / sizeof *layout; i++) {
        if (btf_offset(btf, "module", layout[i].base, &base) &&
            btf_offset(btf, "module", layout[i].size, &size))
            add_range(fields, base, size, layout[i].what);
    }
}

static void find_exports(const struct btf *btf, struct module_fields *fields)
{
    fields->export_size = btf_size(btf, btf_find(btf, "kernel_symbol", BTF_STRUCT));
    fields->export_relative =
        btf_offset(btf, "kernel_symbol", "value_offset", &fields->export_value) &&
        btf_offset(btf, "kernel_symbol", "name_offset", &fields->export_name);
    bool known = fields->export_relative ||
                 (btf_offset(btf, "kernel_symbol", "value", &fields->export_value) &&
                  btf_offset(btf, "kernel_symbol", "name", &fields->export_name));
    fields->has_exports = known && fields->export_size >= 8 && fields->export_size <= 64 &&
                          btf_offset(btf, "module", "syms", &fields->exports) &&
                          btf_offset(btf, "module", "num_syms", &fields->num_exports);
}

void module_fields_of(const struct btf *btf, struct module_fields *fields)
{
    /* The first three members have not moved since 2.6; mod_kallsyms keeps its order. */
    *fields = (struct module_fields){.state = 0,
                                     .list = 8,
                                     .name = 24,
                                     .name_size = 56,
                                     .symtab = 0,
                                     .num_symtab = 8,
                                     .strtab = 16,
                                     .typetab = 24,
                                     .has_typetab = true};
    struct btf_member name;
    struct module_fields typed = *fields;
    if (!btf || !btf_path(btf, btf_find(btf, "module", BTF_STRUCT), "name", &name) ||
        !btf_offset(btf, "module", "state", &typed.state) ||
        !btf_offset(btf, "module", "list", &typed.list) ||
        !btf_offset(btf, "module", "kallsyms", &typed.kallsyms) ||
        !btf_offset(btf, "mod_kallsyms", "symtab", &typed.symtab) ||
        !btf_offset(btf, "mod_kallsyms", "num_symtab", &typed.num_symtab) ||
        !btf_offset(btf, "mod_kallsyms", "strtab", &typed.strtab))
        return;
    typed.has_typetab = btf_offset(btf, "mod_kallsyms", "typetab", &typed.typetab);
    typed.name = name.bit_offset / 8;
    typed.name_size = btf_array_length(btf, btf_strip(btf, name.type));
    if (!typed.name_size || typed.name_size > MODULE_NAME)
        typed.name_size = MODULE_NAME;
    typed.typed = true;
    *fields = typed;
    add_memory_array(btf, fields);
    if (!fields->ranges)
        add_layouts(btf, fields);
    find_exports(btf, fields);
}
