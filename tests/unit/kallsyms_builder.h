/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing kallsyms as scripts/kallsyms.c does, in each of the layouts since 4.6. */
#ifndef RAMWALK_UNIT_KALLSYMS_BUILDER_H
#define RAMWALK_UNIT_KALLSYMS_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kallsyms_coding { RELATIVE, PERCPU, ABSOLUTE, PLACE };
struct kallsyms_layout {
    const char *what;
    enum kallsyms_coding form;
    bool after;            /* 6.4: addresses after the token index */
    bool numbers_between;  /* 6.2: sequence numbers between markers and tokens */
    unsigned marker_width; /* 8 before 4.20 */
    bool long_names;       /* 6.1: lengths of two bytes */
};

#define KALLSYMS_NAME 512

/* The symbols, and where their tables are written to. */
struct kallsyms_content {
    unsigned count;
    uint64_t base;           /* of RELATIVE and PERCPU */
    unsigned paired_letters; /* so many of the letters a to z are tokens of two bytes */
    void *context;
    /* Symbol i: its type and name ("Tsymbol"), its length; and its address. */
    size_t (*name)(void *context, unsigned i, char name[KALLSYMS_NAME]);
    uint64_t (*address)(void *context, unsigned i);
    void (*put)(void *context, uint64_t va, uint64_t value, unsigned width);
};

struct kallsyms_places {
    uint64_t num_va, names_va, token_table_va, token_index_va, addresses_va, base_va;
};

/* Writes all tables from `va` on. */
void kallsyms_write(struct kallsyms_places *places, const struct kallsyms_content *content,
                    const struct kallsyms_layout *layout, uint64_t va);

/* VMCOREINFO's lines for them.  Returns text. */
char *kallsyms_note(const struct kallsyms_places *places, const struct kallsyms_layout *layout,
                    char *text, size_t size);

#endif
