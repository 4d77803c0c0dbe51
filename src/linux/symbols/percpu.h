/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Per-CPU variables: the address of such a symbol lies in a section that is only a template; a
 * CPU's copy is at that address plus __per_cpu_offset[cpu] (include/asm-generic/percpu.h).
 */
#ifndef RAMWALK_LINUX_SYMBOLS_PERCPU_H
#define RAMWALK_LINUX_SYMBOLS_PERCPU_H

#include "base/error.h"
#include "linux/context.h"
#include "linux/symbols/symbols.h"
#include "memory/memory.h"

#define PERCPU_MAX 8192 /* NR_CPUS of the largest configuration */

#define PERCPU_UNIT_MAX (UINT64_C(1) << 28) /* bytes of one CPU's copies */

struct percpu {
    uint64_t first, end;   /* symbols in [first, end) are per-CPU; equal: none known */
    bool is_named;         /* a symbol says where the table of offsets lies */
    unsigned cpus;         /* entries of offset[]; 0: where the copies lie is not known */
    unsigned checked_cpus; /* of these, from 0 on: the run queues agree (tasks/percpu_find.h) */
    uint64_t offset[PERCPU_MAX];      /* 0: that CPU is not there */
    uint64_t chunk_first, chunk_last; /* the first chunk, in the linear map; both 0: not known */
};

/*
 * From __per_cpu_start, __per_cpu_end, __per_cpu_offset and nr_cpu_ids, and for the first chunk
 * pcpu_base_addr, pcpu_unit_size and pcpu_nr_units, as far as the context's symbols name them.
 */
void percpu_load(struct percpu *percpu, const struct linux_context *linux);

/* Takes `units` units of `unit` bytes from `base` on as the first chunk, where they can be one. */
void percpu_set_chunk(struct percpu *percpu, uint64_t base, uint64_t unit, uint64_t units);

/* Is the symbol of that name and address one of the variables? */
bool percpu_holds(const struct percpu *percpu, const char *name, uint64_t va);

/* Where the copy of a CPU lies.  False with a reason: no such CPU, or not known. */
bool percpu_address(const struct percpu *percpu, const char *name, uint64_t va, uint64_t cpu,
                    uint64_t *copy, struct error *err);

/* "runqueues:0+0x10" for an address in a CPU's copy.  False: it is in none. */
bool percpu_text(const struct percpu *percpu, const struct symbols *symbols, uint64_t va,
                 char *text, size_t size);

#endif
