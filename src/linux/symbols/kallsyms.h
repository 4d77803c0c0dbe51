/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's kallsyms tables in RAM (kernel/kallsyms.c, scripts/kallsyms.c): found through
 * VMCOREINFO where it names them (6.0 and later), else by the shape of the token table.
 * Detected by what is there: names with one- or two-byte lengths, offsets before or after the
 * names, base-relative with or without negative per-CPU coding, absolute, place-relative.
 */
#ifndef RAMWALK_LINUX_SYMBOLS_KALLSYMS_H
#define RAMWALK_LINUX_SYMBOLS_KALLSYMS_H

#include "base/error.h"
#include "linux/context.h"
#include "linux/symbols/symbols.h"
#include "memory/memory.h"

/*
 * Adds the kernel's symbols and its range: by the context's VMCOREINFO, else by the shape of what
 * lies in its kernel image.  Everything read is bounded and checked: counts against
 * sizes, lengths against the image, tokens against the table; the result is believed only where
 * the addresses fall into the image.  Fails with one sentence that says what is missing.
 */
bool kallsyms_load(struct symbols *symbols, const struct linux_context *linux, struct error *err);

#endif
