/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The VMCOREINFO note: "key=value" lines that the kernel writes into RAM at boot
 * (kernel/crash_core.c; Documentation/admin-guide/kdump/vmcoreinfo.rst).
 */
#ifndef RAMWALK_LINUX_FIND_VMCOREINFO_H
#define RAMWALK_LINUX_FIND_VMCOREINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VMCOREINFO_SIZE  4096 /* VMCOREINFO_BYTES: a page at most */
#define VMCOREINFO_START "OSRELEASE="

struct vmcoreinfo {
    char text[VMCOREINFO_SIZE + 1]; /* lines, terminated */
};

/*
 * Takes the lines from bytes that start with VMCOREINFO_START.  False where they do not look
 * like VMCOREINFO: fewer than eight printable key=value lines, or no PAGESIZE or SYMBOL.
 */
bool vmcoreinfo_parse(struct vmcoreinfo *info, const void *bytes, size_t length);

/* The value of "KEY=" up to the line's end.  False: no such key. */
bool vmcoreinfo_text(const struct vmcoreinfo *info, const char *key, char *value, size_t size);

/* "SYMBOL(name)=hex". */
bool vmcoreinfo_symbol(const struct vmcoreinfo *info, const char *name, uint64_t *value);

/* "NUMBER(name)=decimal, negative, or 0x hex". */
bool vmcoreinfo_number(const struct vmcoreinfo *info, const char *name, uint64_t *value);

#endif
