/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a guest: a table of how each is loaded, and on what it depends. */
#include "linux/linux.h"

#include "base/text.h"
#include "linux/find/kernel_image.h"
#include "linux/modules/module_symbols.h"
#include "linux/symbols/kallsyms.h"
#include "linux/tasks/percpu_find.h"
#include "linux/tasks/run_queue.h"
#include "linux/types/btf_scan.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct linux_stages {
    enum linux_stage next;
    bool known[LINUX_STAGES];
    struct error why[LINUX_STAGES]; /* where not known: the reason */
    bool is_shared;                 /* linux_share(): types belong to somebody else */
    /* What the context points to. */
    struct btf_modules btf_modules;
    struct symbols *symbols;
    struct percpu percpu;
    struct module_list modules;
    struct tasks tasks;
    struct regions regions;
};

static bool load_image(struct linux_context *linux, struct error *err)
{
    if (kernel_image_range(linux->memory, linux->kernel, &linux->image))
        return true;
    return error_set(err, "no Linux kernel image was found in this guest");
}

static bool load_types(struct linux_context *linux, struct error *err)
{
    uint64_t btf_va;
    if (!btf_scan(linux, &linux->btf, &btf_va, err))
        return false;
    btf_modules_load(&linux->stages->btf_modules, linux);
    return true;
}

#define DATA_MIN 100 /* of so many symbols at least one is a variable's */

static bool names_data(const struct symbols *symbols)
{
    size_t data = 0, count = symbols_count(symbols);
    for (size_t i = 0; i < count; i++)
        data += strchr("dDbB", symbols_by_address(symbols, i)->type) != NULL;
    return data > count / DATA_MIN;
}

/* False: the name is there already, or its address is none of a variable. */
static bool add_known_name(struct linux_context *linux, const char *name, uint64_t va)
{
    bool added = kernel_image_holds(&linux->image, va) && !symbols_find(linux->symbols, name) &&
                 symbols_add(linux->stages->symbols, va, SYMBOL_FOUND, name, strlen(name), NULL);
    linux->found_symbols += added;
    return added;
}

/* Variables that are known although kallsyms does not name them. */
static void add_known_names(struct linux_context *linux)
{
    const char *line = linux->info ? linux->info->text : "";
    for (; (line = strstr(line, "\nSYMBOL(")); line++) {
        char name[64];
        uint64_t va;
        if (sscanf(line, "\nSYMBOL(%63[A-Za-z0-9_])", name) == 1 &&
            vmcoreinfo_symbol(linux->info, name, &va))
            add_known_name(linux, name, va);
    }
    add_known_name(linux, "modules", linux->stages->modules.head_va);
    add_known_name(linux, "btf_modules", linux->btf_modules->list_va);
}

/* Modules may be unknown where the kernel's symbols are not; then the kernel's stand alone. */
static bool load_symbols(struct linux_context *linux, struct error *err)
{
    struct error modules_err;
    struct symbols *symbols = symbols_create();
    if (!symbols)
        return error_set(err, "out of memory");
    if (!kallsyms_load(symbols, linux, err)) {
        symbols_destroy(symbols);
        return false;
    }
    symbols_complete(symbols);
    linux->has_data_symbols = names_data(symbols);
    linux->symbols = linux->stages->symbols = symbols;
    percpu_load(&linux->stages->percpu, linux);
    struct module_list *modules = &linux->stages->modules;
    if (module_symbols_load(symbols, linux, modules, &modules_err) || modules->torn)
        linux->modules = modules;
    add_known_names(linux);
    symbols_complete(symbols);
    return true;
}

static bool read_tasks(struct linux_context *linux, struct error *err)
{
    struct tasks *tasks = &linux->stages->tasks;
    if (!tasks_load(tasks, linux, err))
        return false;
    run_queues_add_idle(tasks, linux);
    linux->tasks = tasks;
    return true;
}

static bool load_tasks(struct linux_context *linux, struct error *err)
{
    if (!task_find_init(linux, &linux->init_task_va, err))
        return false;
    if (linux->symbols && add_known_name(linux, "init_task", linux->init_task_va))
        symbols_complete(linux->stages->symbols);
    return read_tasks(linux, err);
}

static bool load_regions(struct linux_context *linux, struct error *err)
{
    struct regions *regions = &linux->stages->regions;
    if (!regions_load(regions, linux, err))
        return false;
    linux->regions = regions;
    return true;
}

static bool load_pages(struct linux_context *linux, struct error *err)
{
    percpu_find(&linux->stages->percpu, linux);
    return pages_open(&linux->pages, linux, err);
}

#define NEEDS(part) (1u << (part))
static const struct {
    const char *name;
    unsigned needs; /* parts without which it cannot be */
    bool (*load)(struct linux_context *linux, struct error *err);
} parts[LINUX_STAGES] = {
    [LINUX_IMAGE] = {"the kernel image", 0, load_image},
    [LINUX_TYPES] = {"types", NEEDS(LINUX_IMAGE), load_types},
    [LINUX_SYMBOLS] = {"symbols", NEEDS(LINUX_IMAGE), load_symbols},
    [LINUX_TASKS] = {"tasks", NEEDS(LINUX_IMAGE) | NEEDS(LINUX_TYPES), load_tasks},
    [LINUX_REGIONS] = {"the layout", NEEDS(LINUX_IMAGE), load_regions},
    [LINUX_PAGES] = {"pages", NEEDS(LINUX_IMAGE), load_pages},
};

const char *linux_stage_name(enum linux_stage part)
{
    return parts[part].name;
}

bool linux_init(struct linux_context *linux, struct memory *memory, const struct kernel *kernel,
                const struct vmcoreinfo *info)
{
    struct linux_stages *stages = calloc(1, sizeof *stages);
    *linux = (struct linux_context){.memory = memory, .kernel = kernel, .info = info};
    if (!stages)
        return false;
    linux->stages = stages;
    linux->percpu = &stages->percpu;
    linux->btf_modules = &stages->btf_modules;
    return true;
}

void linux_deinit(struct linux_context *linux)
{
    struct linux_stages *stages = linux->stages;
    if (!stages)
        return;
    pages_close(linux->pages);
    regions_free(&stages->regions);
    tasks_free(&stages->tasks);
    module_list_free(&stages->modules);
    symbols_destroy(stages->symbols);
    if (!stages->is_shared)
        btf_close(linux->btf);
    free(stages);
    *linux = (struct linux_context){0};
}

static bool copy_tasks(struct tasks *tasks, const struct tasks *of)
{
    *tasks = *of;
    tasks->capacity = of->count;
    tasks->task = malloc(of->count * sizeof *of->task + 1);
    if (tasks->task && of->count)
        memcpy(tasks->task, of->task, of->count * sizeof *of->task);
    tasks->count = tasks->task ? of->count : 0;
    return tasks->task;
}

bool linux_share(struct linux_context *linux, const struct linux_context *of, struct memory *memory)
{
    struct linux_stages *stages = calloc(1, sizeof *stages);
    *linux = *of;
    linux->memory = memory;
    linux->stages = stages;
    linux->pages = NULL;
    if (!stages)
        return false;
    stages->is_shared = true;
    stages->next = of->stages->next;
    memcpy(stages->known, of->stages->known, sizeof stages->known);
    memcpy(stages->why, of->stages->why, sizeof stages->why);
    bool done = true;
    if (of->tasks) {
        done = copy_tasks(&stages->tasks, of->tasks);
        linux->tasks = &stages->tasks;
    }
    if (done && of->pages) {
        linux->pages = pages_share(of->pages, linux);
        done = linux->pages;
    }
    if (!done)
        linux_deinit(linux);
    return done;
}

enum linux_stage linux_next(const struct linux_context *linux)
{
    return linux->stages->next;
}

bool linux_knows(const struct linux_context *linux, enum linux_stage stage)
{
    return linux->stages->known[stage];
}

const struct error *linux_why(const struct linux_context *linux, enum linux_stage stage)
{
    return &linux->stages->why[stage];
}

/* Each part is an operation by itself. */
static bool load_within_budget(struct linux_context *linux, enum linux_stage part,
                               struct error *err)
{
    struct budget budget, *before;
    memory_make_budget(linux->memory, &budget);
    before = memory_spend(linux->memory, &budget);
    bool done = parts[part].load(linux, err);
    memory_spend(linux->memory, before);
    return done || (budget.end ? error_set(err, "not found: %s", budget_why(&budget)) : false);
}

bool linux_step(struct linux_context *linux)
{
    struct linux_stages *stages = linux->stages;
    if (stages->next == LINUX_STAGES)
        return true;
    enum linux_stage part = stages->next++;
    struct error err;
    for (unsigned i = 0; i < part; i++)
        if ((parts[part].needs & NEEDS(i)) && !stages->known[i]) {
            stages->why[part] = stages->why[i];
            return stages->next == LINUX_STAGES;
        }
    stages->known[part] = load_within_budget(linux, part, &err);
    if (!stages->known[part]) {
        stages->why[part] = err;
        if (linux->kernel->window.size)
            error_context(&stages->why[part], "page tables lie outside the image");
    }
    return stages->next == LINUX_STAGES;
}

bool linux_need(struct linux_context *linux, enum linux_stage part, struct error *err)
{
    while (linux_next(linux) <= part && linux_next(linux) < LINUX_STAGES)
        linux_step(linux);
    return linux_knows(linux, part) || error_set(err, "%s", linux_why(linux, part)->text);
}

void linux_refresh_tasks(struct linux_context *linux)
{
    struct error err;
    struct budget budget, *spent;
    struct tasks *tasks = &linux->stages->tasks, before = *tasks;
    uint64_t late = linux->memory->reader->late;
    if (!linux->tasks)
        return;
    *tasks = (struct tasks){0};
    memory_make_budget(linux->memory, &budget);
    spent = memory_spend(linux->memory, &budget);
    bool done = read_tasks(linux, &err);
    memory_spend(linux->memory, spent);
    /* A part that is on its way is no end of a list, nor is what a frame has no time to read. */
    if (linux->memory->reader->late != late || budget.end == BUDGET_NO_TIME) {
        tasks_free(tasks);
        *tasks = before;
        return;
    }
    if (!done) {
        tasks->cut = true;
        tasks->why = err;
    }
    tasks_free(&before);
}

/* "SYMBOL(name)=": what VMCOREINFO names although kallsyms may not (data, without
 * CONFIG_KALLSYMS_ALL), and what was found by other means. */
bool linux_symbol(const struct linux_context *linux, const char *name, uint64_t *va)
{
    const struct symbol *symbol = linux->symbols ? symbols_find(linux->symbols, name) : NULL;
    if (symbol) {
        *va = symbol->va;
        return true;
    }
    if (strcmp(name, "init_task") == 0 && linux->tasks) {
        *va = linux->init_task_va;
        return true;
    }
    return linux->info && vmcoreinfo_symbol(linux->info, name, va);
}

/* Where kallsyms has no data symbols, the last text symbol would name all that lies after. */
#define SYMBOL_REACH UINT64_C(0x10000)

/* Without data symbols in kallsyms this one is known by other means. */
static bool is_in_init_task(const struct linux_context *linux, uint64_t va)
{
    return linux->tasks &&
           va - linux->init_task_va <
               btf_size(linux->btf, btf_find(linux->btf, "task_struct", BTF_STRUCT));
}

bool linux_symbol_text(const struct linux_context *linux, uint64_t va, char *text, size_t size)
{
    const struct symbol *symbol = linux->symbols ? symbols_at(linux->symbols, va) : NULL;
    text[0] = '\0';
    if (is_in_init_task(linux, va)) {
        struct text out = text_over(text, size);
        text_add(&out, "init_task");
        if (va != linux->init_task_va)
            text_add(&out, "+0x%llx", (unsigned long long)(va - linux->init_task_va));
    } else if (linux->symbols && percpu_text(linux->percpu, linux->symbols, va, text, size)) {
        return true;
    } else if (symbol && va - symbol->va < SYMBOL_REACH) {
        symbols_text(linux->symbols, va, text, size);
    }
    return *text;
}

#define STRING_MIN   4
#define STRING_SHOWN 48

bool linux_string_text(const struct linux_context *linux, uint64_t va, char *text, size_t size)
{
    char bytes[STRING_SHOWN + 1];
    uint8_t there[STRING_SHOWN];
    size_t length = 0;
    memory_read(linux->memory, address_in(linux->memory->space, va), bytes, STRING_SHOWN, there);
    while (length < STRING_SHOWN && there[length] <= RANGE_HOLE && bytes[length] >= 0x20 &&
           bytes[length] < 0x7f)
        length++;
    bool whole = length < STRING_SHOWN && there[length] <= RANGE_HOLE && bytes[length] == '\0';
    if (length < STRING_MIN || (!whole && length < STRING_SHOWN))
        return false;
    struct text out = text_over(text, size);
    text_add(&out, "\"%.*s\"%s", (int)length, bytes, whole ? "" : "...");
    return true;
}

char *linux_name_va(struct linux_context *linux, uint64_t va, char *text, size_t size)
{
    if (linux_symbol_text(linux, va, text, size) || linux_string_text(linux, va, text, size))
        return text;
    const struct region *region = linux->regions ? region_at(linux->regions, va) : NULL;
    if (region)
        snprintf(text, size, "%s", region->name);
    return text;
}
