/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of kernel addresses, both ways: the kernel's own kallsyms and its modules' symbols, held
 * in one table sorted by address and one sorted by name.  Lookups take well under a microsecond;
 * prefixes (for completion) are a range of the table by name.
 *
 * Names live in the table until symbols_destroy(); they are printable ASCII, at most
 * SYMBOL_NAME bytes: what RAM says beyond that is cut or refused by who adds it.
 */
#ifndef RAMWALK_LINUX_SYMBOLS_SYMBOLS_H
#define RAMWALK_LINUX_SYMBOLS_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYMBOL_FOUND '?' /* the type of what no table names: it names its own address alone */
#define SYMBOL_NAME  511 /* KSYM_NAME_LEN - 1 of the longest-named kernels */

struct symbol {
    uint64_t va;
    const char *name;
    const char *module; /* NULL: the kernel's own */
    char type;          /* as kallsyms writes it: 't', 'T', 'd', ... */
};

struct symbols;

struct symbols *symbols_create(void); /* NULL: out of memory */
void symbols_destroy(struct symbols *symbols);

/*
 * Copies the name; a control byte in it becomes "^B", a byte above ASCII "^.".  False: out of
 * memory, or more than SYMBOLS_MAX.
 */
#define SYMBOLS_MAX 4000000
bool symbols_add(struct symbols *symbols, uint64_t va, char type, const char *name, size_t length,
                 const char *module);

/*
 * Where a module's (or, with NULL, the kernel's) symbols end: an address after the last symbol
 * of a range is named only up to here.
 */
bool symbols_add_range(struct symbols *symbols, const char *module, uint64_t first_va,
                       uint64_t last_va);

/*
 * Sorts; to be called after the last symbols_add() and before the first lookup.  What is added
 * later is found after the next symbols_complete().
 */
void symbols_complete(struct symbols *symbols);

size_t symbols_count(const struct symbols *symbols);

/* In order of address (equal addresses: order of adding). */
const struct symbol *symbols_by_address(const struct symbols *symbols, size_t i);
/* How many of these lie at or before `va`. */
size_t symbols_up_to(const struct symbols *symbols, uint64_t va);
/* In order of name (strcmp). */
const struct symbol *symbols_by_name(const struct symbols *symbols, size_t i);

/* The first symbol (in order of adding) of that name; NULL: none.  Works, though slowly, before
 * symbols_complete() too. */
const struct symbol *symbols_find(const struct symbols *symbols, const char *name);

/* [*first, *last) of the table by name start with `prefix`.  False: none. */
bool symbols_prefix(const struct symbols *symbols, const char *prefix, size_t *first, size_t *last);

/*
 * The symbol that `va` lies in or after, within its range.  Of several at one address the one
 * that says most wins: a global before a local, a name without a leading '$', '.' or "__" before
 * one with.  NULL: no range covers it, or nothing lies before it.
 */
const struct symbol *symbols_at(const struct symbols *symbols, uint64_t va);

/* Writes "name+0x10" or "name", and " [module]" where it has one; "" for none.  Returns text. */
char *symbols_text(const struct symbols *symbols, uint64_t va, char *text, size_t size);

#endif
