/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The architectures.  One is a folder, which holds all that is its own, and a row of ARCH_ROWS.
 */
#ifndef RAMWALK_ARCH_ARCH_H
#define RAMWALK_ARCH_ARCH_H

#include "arch/layout.h"
#include "paging/paging.h"

/* Where a machine has its RAM: from `base` on, or split around a hole that ends at 4 GiB. */
struct arch_machine {
    uint64_t base;  /* physical, of the first byte */
    uint64_t below; /* bytes there before the rest goes on at 4 GiB; 0: not split */
    uint64_t least; /* applies to images of at least so many bytes, */
    uint64_t most;  /* and of at most so many; 0: no limit */
};

/* What VMCOREINFO holds of a kernel. */
struct arch_note {
    /* "NUMBER(name)=".  False: the note does not have it. */
    bool (*number)(const void *context, const char *name, uint64_t *value);
    const void *context;
    uint64_t page_size; /* bytes; 0: not known */
};

struct arch {
    const struct paging_arch *paging; /* its name, and how its entries speak */
    /* Its modes, in the order in which help lists them; the last row has name NULL.  Level names
     * follow Linux's folding: with three levels PGD PMD PTE, with two PGD PTE. */
    const struct paging *modes;
    const struct arch_machine *machines; /* that are known, the usual first */
    size_t machine_count;
    /* How Linux writes an entry that leads to a table (asm/pgtable*.h): entry & mask == value.
     * Bit 0 is of the mask and set: a page with an even word is no table. */
    uint64_t table_mask, table_value;
    const char *kernel_root; /* the symbol of the kernel's root table */
    /* The mode that a kernel runs in, and va - pa within its image.  False: the note is of another
     * architecture, or of a mode that is not known. */
    bool (*kernel)(const struct arch_note *note, const struct paging **paging, uint64_t *delta);
    void (*windows)(struct arch_layout *layout); /* names the windows of the kernel's half */
};

#define ARCH_ROWS(ROW) ROW(arm64) ROW(x86) ROW(riscv)

#define ARCH_DECLARE(folder) extern const struct arch arch_##folder;
ARCH_ROWS(ARCH_DECLARE)
#undef ARCH_DECLARE

/* The i-th; NULL after the last. */
const struct arch *arch_row(size_t i);

/* That of a mode. */
const struct arch *arch_of(const struct paging *paging);

/* The i-th mode of all; NULL after the last. */
const struct paging *arch_mode(size_t i);

/* NULL where no mode has that name. */
const struct paging *arch_mode_named(const char *name);

#endif
