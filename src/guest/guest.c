/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a guest: a table of how each is loaded, and on what it depends. */
#include "guest/guest.h"

#include "base/text.h"
#include "guest/btf_scan.h"
#include "guest/image_range.h"
#include "guest/kallsyms.h"
#include "guest/module_symbols.h"
#include "guest/run_queue.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool load_image(struct guest *guest, struct error *err)
{
    if (kernel_image_range(guest->memory, guest->kernel, &guest->image_va, &guest->image_size))
        return true;
    return error_set(err, "no Linux kernel image was found in this guest");
}

static bool load_types(struct guest *guest, struct error *err)
{
    uint64_t btf_va;
    if (!btf_scan(guest->memory, guest->image_va, guest->image_size, &guest->btf, &btf_va, err))
        return false;
    btf_modules_load(&guest->btf_modules, guest->btf, guest->memory, guest->image_va,
                     guest->image_size);
    return true;
}

#define DATA_LEAST 100 /* of so many symbols at least one is a variable's */

static bool names_data(const struct symbols *symbols)
{
    size_t data = 0, count = symbols_count(symbols);
    for (size_t i = 0; i < count; i++)
        data += strchr("dDbB", symbols_by_address(symbols, i)->type) != NULL;
    return data > count / DATA_LEAST;
}

/* False: the name is there already, or its address is none of a variable. */
static bool add_known_name(struct guest *guest, const char *name, uint64_t va)
{
    bool added = va - guest->image_va < guest->image_size && !symbols_find(guest->symbols, name) &&
                 symbols_add(guest->symbols, va, SYMBOL_FOUND, name, strlen(name), NULL);
    guest->found_symbols += added;
    return added;
}

/* Variables that are known although kallsyms does not name them. */
static void add_known_names(struct guest *guest)
{
    const char *line = guest->info ? guest->info->text : "";
    for (; (line = strstr(line, "\nSYMBOL(")); line++) {
        char name[64];
        uint64_t va;
        if (sscanf(line, "\nSYMBOL(%63[A-Za-z0-9_])", name) == 1 &&
            vmcoreinfo_symbol(guest->info, name, &va))
            add_known_name(guest, name, va);
    }
    add_known_name(guest, "modules", guest->modules.head_va);
    add_known_name(guest, "btf_modules", guest->btf_modules.list_va);
}

/* Modules may be unknown where the kernel's symbols are not; then the kernel's stand alone. */
static bool load_symbols(struct guest *guest, struct error *err)
{
    struct error modules_err;
    struct symbols *symbols = symbols_create();
    if (!symbols)
        return error_set(err, "out of memory");
    if (!kallsyms_load(symbols, guest->memory, guest->info, guest->image_va, guest->image_size,
                       err)) {
        symbols_destroy(symbols);
        return false;
    }
    symbols_complete(symbols);
    guest->has_data_symbols = names_data(symbols);
    percpu_load(&guest->percpu, guest->memory, symbols);
    guest->has_modules = module_symbols_load(symbols, guest->memory, guest->btf, guest->image_va,
                                             guest->image_size, &guest->modules, &modules_err);
    guest->symbols = symbols;
    add_known_names(guest);
    symbols_complete(symbols);
    return true;
}

static bool read_tasks(struct guest *guest, struct error *err)
{
    if (!tasks_load(&guest->tasks, guest->memory, guest->btf, guest->init_task_va, err))
        return false;
    run_queues_add_idle(&guest->tasks, guest->memory, guest->btf, guest->symbols, &guest->percpu);
    return true;
}

static bool load_tasks(struct guest *guest, struct error *err)
{
    if (!task_find_init(guest->memory, guest->btf, guest->symbols, guest->image_va,
                        guest->image_size, &guest->init_task_va, err))
        return false;
    if (guest->symbols && add_known_name(guest, "init_task", guest->init_task_va))
        symbols_complete(guest->symbols);
    return read_tasks(guest, err);
}

static struct region_facts facts_of(const struct guest *guest)
{
    return (struct region_facts){.memory = guest->memory,
                                 .kernel = guest->kernel,
                                 .info = guest->info,
                                 .symbols = guest->symbols,
                                 .btf = guest->btf,
                                 .modules = guest->has_modules ? &guest->modules : NULL,
                                 .image_va = guest->image_va,
                                 .image_size = guest->image_size};
}

static bool load_regions(struct guest *guest, struct error *err)
{
    struct region_facts facts = facts_of(guest);
    return regions_load(&guest->regions, &facts, err);
}

static bool load_pages(struct guest *guest, struct error *err)
{
    struct page_sources sources = {.facts = facts_of(guest),
                                   .tasks = guest->known[GUEST_TASKS] ? &guest->tasks : NULL,
                                   .regions = guest->known[GUEST_REGIONS] ? &guest->regions : NULL};
    return pages_open(&guest->pages, &sources, err);
}

#define NEEDS(part) (1u << (part))
static const struct {
    const char *name;
    unsigned needs; /* parts without which it cannot be */
    bool (*load)(struct guest *guest, struct error *err);
} parts[GUEST_PARTS] = {
    [GUEST_IMAGE] = {"the kernel image", 0, load_image},
    [GUEST_TYPES] = {"types", NEEDS(GUEST_IMAGE), load_types},
    [GUEST_SYMBOLS] = {"symbols", NEEDS(GUEST_IMAGE), load_symbols},
    [GUEST_TASKS] = {"tasks", NEEDS(GUEST_IMAGE) | NEEDS(GUEST_TYPES), load_tasks},
    [GUEST_REGIONS] = {"the layout", NEEDS(GUEST_IMAGE), load_regions},
    [GUEST_PAGES] = {"pages", NEEDS(GUEST_IMAGE), load_pages},
};

const char *guest_part_name(enum guest_part part)
{
    return parts[part].name;
}

void guest_init(struct guest *guest, struct memory *memory, const struct kernel *kernel,
                const struct vmcoreinfo *info)
{
    *guest = (struct guest){.memory = memory, .kernel = kernel, .info = info};
}

void guest_deinit(struct guest *guest)
{
    pages_close(guest->pages);
    regions_free(&guest->regions);
    tasks_free(&guest->tasks);
    module_list_free(&guest->modules);
    symbols_destroy(guest->symbols);
    btf_close(guest->btf);
    *guest = (struct guest){0};
}

bool guest_step(struct guest *guest)
{
    if (guest->next == GUEST_PARTS)
        return true;
    enum guest_part part = guest->next++;
    struct error err;
    for (unsigned i = 0; i < part; i++)
        if ((parts[part].needs & NEEDS(i)) && !guest->known[i]) {
            guest->why[part] = guest->why[i];
            return guest->next == GUEST_PARTS;
        }
    guest->known[part] = parts[part].load(guest, &err);
    if (!guest->known[part]) {
        guest->why[part] = err;
        if (guest->kernel->window.size)
            error_context(&guest->why[part], "the tables lead outside of the file");
    }
    return guest->next == GUEST_PARTS;
}

bool guest_need(struct guest *guest, enum guest_part part, struct error *err)
{
    while (guest->next <= part && guest->next < GUEST_PARTS)
        guest_step(guest);
    if (guest->known[part])
        return true;
    return error_set(err, "%s", guest->why[part].text);
}

void guest_refresh_tasks(struct guest *guest)
{
    struct error err;
    if (!guest->known[GUEST_TASKS] || read_tasks(guest, &err))
        return;
    guest->tasks.cut = true;
    guest->tasks.why = err;
}

/* "SYMBOL(name)=": what VMCOREINFO names although kallsyms may not (data, without
 * CONFIG_KALLSYMS_ALL), and what was found by other means. */
bool guest_symbol(const struct guest *guest, const char *name, uint64_t *va)
{
    const struct symbol *symbol = guest->symbols ? symbols_find(guest->symbols, name) : NULL;
    if (symbol) {
        *va = symbol->va;
        return true;
    }
    if (strcmp(name, "init_task") == 0 && guest->known[GUEST_TASKS]) {
        *va = guest->init_task_va;
        return true;
    }
    return guest->info && vmcoreinfo_symbol(guest->info, name, va);
}

/* Where kallsyms has no data symbols, the last text symbol would name all that lies behind. */
#define SYMBOL_REACH UINT64_C(0x10000)

/* Without data symbols in kallsyms this one is known by other means. */
static bool is_in_init_task(const struct guest *guest, uint64_t va)
{
    return guest->known[GUEST_TASKS] &&
           va - guest->init_task_va <
               btf_size(guest->btf, btf_find(guest->btf, "task_struct", BTF_STRUCT));
}

bool guest_symbol_text(const struct guest *guest, uint64_t va, char *text, size_t size)
{
    const struct symbol *symbol = guest->symbols ? symbols_at(guest->symbols, va) : NULL;
    text[0] = '\0';
    if (is_in_init_task(guest, va)) {
        struct text out = text_over(text, size);
        text_add(&out, "init_task");
        if (va != guest->init_task_va)
            text_add(&out, "+0x%llx", (unsigned long long)(va - guest->init_task_va));
    } else if (guest->symbols && percpu_text(&guest->percpu, guest->symbols, va, text, size)) {
        return true;
    } else if (symbol && va - symbol->va < SYMBOL_REACH) {
        symbols_text(guest->symbols, va, text, size);
    }
    return *text;
}

#define STRING_LEAST 4
#define STRING_SHOWN 48

/* Printable text with its end in sight is shown as such. */
static bool name_by_string(const struct guest *guest, uint64_t va, char *text, size_t size)
{
    char bytes[STRING_SHOWN + 1];
    uint8_t there[STRING_SHOWN];
    size_t length = 0;
    memory_read(guest->memory, address_in(SPACE_VIRT, va), bytes, STRING_SHOWN, there);
    while (length < STRING_SHOWN && there[length] <= STRETCH_HOLE && bytes[length] >= 0x20 &&
           bytes[length] < 0x7f)
        length++;
    bool whole = length < STRING_SHOWN && there[length] <= STRETCH_HOLE && bytes[length] == '\0';
    if (length < STRING_LEAST || (!whole && length < STRING_SHOWN))
        return false;
    struct text out = text_over(text, size);
    text_add(&out, "\"%.*s\"%s", (int)length, bytes, whole ? "" : "...");
    return true;
}

char *guest_name_va(struct guest *guest, uint64_t va, char *text, size_t size)
{
    if (guest_symbol_text(guest, va, text, size) || name_by_string(guest, va, text, size))
        return text;
    const struct region *region =
        guest->known[GUEST_REGIONS] ? region_at(&guest->regions, va) : NULL;
    if (region)
        snprintf(text, size, "%s", region->name);
    return text;
}
