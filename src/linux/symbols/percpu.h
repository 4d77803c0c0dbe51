/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Per-CPU variables: the address of such a symbol lies in a section that is only a template; a
 * CPU's copy is at that address plus __per_cpu_offset[cpu] (include/asm-generic/percpu.h).
 */
#ifndef RAMWALK_LINUX_SYMBOLS_PERCPU_H
#define RAMWALK_LINUX_SYMBOLS_PERCPU_H

#include "base/error.h"
#include "linux/symbols/symbols.h"
#include "memory/memory.h"

#define PERCPU_MAX 8192 /* NR_CPUS of the largest configuration */

struct percpu {
    uint64_t first, end;         /* symbols in [first, end) are per-CPU; equal: none known */
    unsigned cpus;               /* entries of offset[]; 0: where the copies lie is not known */
    uint64_t offset[PERCPU_MAX]; /* 0: that CPU is not there */
};

/* From __per_cpu_start, __per_cpu_end, __per_cpu_offset and nr_cpu_ids, as far as they are named.
 */
void percpu_load(struct percpu *percpu, struct memory *memory, const struct symbols *symbols);

/* Is the symbol of that name and address one of the variables? */
bool percpu_holds(const struct percpu *percpu, const char *name, uint64_t va);

/* Where the copy of a CPU lies.  False with a reason: no such CPU, or not known. */
bool percpu_address(const struct percpu *percpu, const char *name, uint64_t va, uint64_t cpu,
                    uint64_t *copy, struct error *err);

/* "runqueues:0+0x10" for an address in a CPU's copy.  False: it is in none. */
bool percpu_text(const struct percpu *percpu, const struct symbols *symbols, uint64_t va,
                 char *text, size_t size);

#endif
