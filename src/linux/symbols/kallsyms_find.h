/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the tables of kallsyms lie; between finding them and decoding them. */
#ifndef RAMWALK_LINUX_SYMBOLS_KALLSYMS_FIND_H
#define RAMWALK_LINUX_SYMBOLS_KALLSYMS_FIND_H

#include "base/error.h"
#include "linux/context.h"
#include "linux/find/vmcoreinfo.h"
#include "memory/memory.h"

#define KALLSYMS_TOKENS     256
#define KALLSYMS_INDEX_SIZE (KALLSYMS_TOKENS * 2u)

/* How the addresses are written (scripts/kallsyms.c, kallsyms_sym_address()). */
enum kallsyms_form {
    FORM_NONE,
    FORM_RELATIVE, /* u32 from relative_base */
    FORM_PERCPU,   /* s32: as it is, or where negative relative_base - 1 - offset */
    FORM_ABSOLUTE, /* u64 */
    FORM_PLACE,    /* s32 from the place where it stands */
    KALLSYMS_FORMS,
};

/* A place where addresses may lie: to be tried. */
struct kallsyms_addresses {
    enum kallsyms_form form;
    uint64_t va, base;
};

struct kallsyms_tables {
    struct kernel_image image;
    uint32_t count;
    uint8_t *names; /* owned; of `names_size` bytes, which may go on after the last name */
    size_t names_size;
    uint8_t *tokens; /* owned; the token table */
    size_t tokens_size;
    uint16_t index[KALLSYMS_TOKENS]; /* checked: each is the start of a terminated text */
    struct kallsyms_addresses tried[8];
    size_t tries;
};

/* Reads [va, va + length), all of it in the image.  False: outside, or not to be had. */
bool kallsyms_read(struct memory *memory, const struct kallsyms_tables *tables, uint64_t va,
                   void *bytes, size_t length);

/* Through VMCOREINFO's SYMBOL(kallsyms_...). */
bool kallsyms_find_named(struct kallsyms_tables *tables, struct memory *memory,
                         const struct vmcoreinfo *info, struct error *err);

/* By the shape of the token index, of the token table before it, of the markers before that. */
bool kallsyms_find_shaped(struct kallsyms_tables *tables, struct memory *memory, struct error *err);

/* Gives the buffers back. */
void kallsyms_tables_free(struct kallsyms_tables *tables);

/*
 * Walks `count` names.  False: one ends after `size`.  *end: where the last one ends; with
 * `markers` (may be NULL) every 256th name must start where they say.
 */
struct kallsyms_markers {
    const uint8_t *bytes;
    unsigned width; /* 4, or 8 before Linux 4.20 */
    size_t count;
};
bool kallsyms_walk_names(const uint8_t *names, size_t size, uint32_t count,
                         const struct kallsyms_markers *markers, size_t *end);

/* One name's length; *at moves after it.  False: it ends after `size`. */
bool kallsyms_name_length(const uint8_t *names, size_t size, size_t *at, size_t *length);

#endif
