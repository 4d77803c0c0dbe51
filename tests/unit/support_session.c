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

int tables_teardown(void **state)
{
    (void)state;
    session_close(session);
    file_remove(&file);
    return 0;
}
