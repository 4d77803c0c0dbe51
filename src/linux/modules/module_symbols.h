/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The symbols of loaded modules, as /proc/kallsyms shows them (kernel/module/kallsyms.c). */
#ifndef RAMWALK_LINUX_MODULES_MODULE_SYMBOLS_H
#define RAMWALK_LINUX_MODULES_MODULE_SYMBOLS_H

#include "linux/modules/module_list.h"

/*
 * Finds the modules (through the symbol `modules` where `symbols` has it), adds their symbols
 * and ranges, and fills `list` (given back by the caller with module_list_free(), whatever the
 * answer).  Without the context's BTF the structs are recognized by their shape; then ranges are
 * those of the symbols, and no symbol is known to be exported.  A module whose tables cannot be
 * read stays in the list with 0 symbols.
 */
bool module_symbols_load(struct symbols *symbols, const struct linux_context *linux,
                         struct module_list *list, struct error *err);

#endif
