/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session of a test program on a few tables: arm64, 4K pages, 48 bits. */
#ifndef RAMWALK_UNIT_SUPPORT_SESSION_H
#define RAMWALK_UNIT_SUPPORT_SESSION_H

#include "tests/unit/support.h"

#define BASE    UINT64_C(0x40000000) /* of RAM */
#define ROOT_PA (BASE + 0x10000)     /* the kernel's root; its tables from BASE + 0x40000 on */
#define USER_PA (BASE + 0x20000)     /* a process's; BASE + 0x80000 */
#define HALF    UINT64_C(0xffff000000000000)

extern struct file file;
extern struct session *session;

struct tables {
    struct pages *pages;
    struct builder kernel, user;
};

/* Two empty roots; what they map is up to the test. */
void tables_start(struct tables *tables);

/* Writes them to `file`, of `size` bytes, and frees them. */
void tables_write(struct tables *tables, uint64_t size);

/* Opens `session` on that file; user_root_pa: USER_PA or NO_ROOT. */
void tables_open(uint64_t user_root_pa);

/*
 * A group's setup: 64 MiB with 2 MiB of kernel data in pages, a block of text, a device, a user
 * page and odd entries.
 */
int tables_sample(void **state);

/* Closes the session and removes the file: a group's teardown. */
int tables_teardown(void **state);

#endif
