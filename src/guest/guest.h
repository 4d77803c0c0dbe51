/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known of the Linux in the image, from its RAM alone: symbols, types, modules, tasks,
 * layout.  Each part is loaded in a step of its own, in the background; each that cannot be
 * known says why, and the rest works.
 */
#ifndef RAMWALK_GUEST_H
#define RAMWALK_GUEST_H

#include "guest/btf_modules.h"
#include "guest/module_list.h"
#include "guest/page.h"
#include "guest/percpu.h"
#include "guest/region.h"
#include "guest/symbols.h"
#include "guest/task.h"

/* The parts, in the order in which they are loaded. */
enum guest_part {
    GUEST_IMAGE,   /* the kernel image's range */
    GUEST_TYPES,   /* BTF */
    GUEST_SYMBOLS, /* kallsyms and modules */
    GUEST_TASKS,
    GUEST_REGIONS,
    GUEST_PAGES,
    GUEST_PARTS
};

struct guest {
    struct memory *memory;
    const struct kernel *kernel;
    const struct vmcoreinfo *info; /* NULL: none */
    enum guest_part next;          /* GUEST_PARTS: all tried */
    bool known[GUEST_PARTS];
    struct error why[GUEST_PARTS]; /* where not known: the reason */
    uint64_t image_va, image_size;
    struct btf *btf; /* the kernel's types and the modules'; NULL: not known */
    struct btf_modules btf_modules;
    struct symbols *symbols; /* NULL: not known */
    size_t found_symbols;    /* of these: not kallsyms', but found by other means (SYMBOL_FOUND) */
    bool has_data_symbols;   /* kallsyms names variables too (CONFIG_KALLSYMS_ALL) */
    struct percpu percpu;
    bool has_modules;
    struct module_list modules;
    uint64_t init_task_va;
    struct tasks tasks;
    struct regions regions;
    struct pages *pages; /* NULL: not known */
};

void guest_init(struct guest *guest, struct memory *memory, const struct kernel *kernel,
                const struct vmcoreinfo *info);
void guest_deinit(struct guest *guest);

/* Loads the next part.  True: all have been tried. */
bool guest_step(struct guest *guest);

/* Loads everything up to and including `part`.  False with the reason where it is not known. */
bool guest_need(struct guest *guest, enum guest_part part, struct error *err);

/* Reads the tasks anew (a live guest). */
void guest_refresh_tasks(struct guest *guest);

/*
 * The address of a kernel symbol: kallsyms, else what VMCOREINFO names, else what was found by
 * other means (init_task).  Of a per-CPU variable this is its place in the template, which is
 * nobody's.  False: no such name is known.
 */
bool guest_symbol(const struct guest *guest, const char *name, uint64_t *va);

/* "symbols", "types", ... for messages. */
const char *guest_part_name(enum guest_part part);

/* "init_task+0x10": the symbol not too far before `va`.  False ("" in text): none. */
bool guest_symbol_text(const struct guest *guest, uint64_t va, char *text, size_t size);

/*
 * A pointer's meaning in few words: "init_task+0x10", "\"swapper/0\"" where printable text lies
 * there, the region's name; "" where nothing is known.  Returns text.
 */
char *guest_name_va(struct guest *guest, uint64_t va, char *text, size_t size);

#endif
