/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One session for all tests of a program. */
#include "tests/unit/support_session.h"

#define MODE "arm64-4k-48"

struct file file;
struct session *session;

void tables_start(struct tables *tables)
{
    tables->pages = pages_create();
    tables->kernel = builder_of(tables->pages, MODE, ROOT_PA, BASE + 0x40000);
    tables->user = builder_of(tables->pages, MODE, USER_PA, BASE + 0x80000);
}

void tables_write(struct tables *tables, uint64_t size)
{
    file = file_create(size);
    pages_write(tables->pages, file.fd, BASE, size);
    pages_destroy(tables->pages);
}

void tables_open(uint64_t user_root_pa)
{
    session = open_session(&file, BASE, MODE, ROOT_PA, user_root_pa);
}

int tables_sample(void **state)
{
    (void)state;
    struct tables tables;
    tables_start(&tables);
    builder_map(&tables.kernel, HALF, BASE + MIB(32), MIB(2), 3, KERNEL_RW);
    builder_leaf(&tables.kernel, HALF + GIB(1), BASE + MIB(48), 2, KERNEL_RX);
    builder_leaf(&tables.kernel, HALF + GIB(2), 0x09000000, 3, KERNEL_RW);
    builder_leaf(&tables.user, 0x400000, BASE + MIB(32), 3, USER_RX);
    pages_put(tables.pages, builder_entry_pa(&tables.kernel, HALF + GIB(2) + 0x1000, 3),
              0x41000701);
    pages_put(tables.pages, ROOT_PA + 8 * 9, entry_table(tables.kernel.paging, GIB(64)));
    pages_put(tables.pages, ROOT_PA + 8 * 10, entry_table(tables.kernel.paging, ROOT_PA));
    tables_write(&tables, MIB(64));
    file_write(&file, MIB(32), "Ab\033[31m\x9b\xff\n", 10);
    tables_open(USER_PA);
    return 0;
}

int tables_teardown(void **state)
{
    (void)state;
    session_close(session);
    file_remove(&file);
    return 0;
}
