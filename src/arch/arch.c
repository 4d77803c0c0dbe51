/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "arch/arch.h"

#include <assert.h>
#include <string.h>

#define ADDRESS(folder) &arch_##folder,
static const struct arch *const rows[] = {ARCH_ROWS(ADDRESS) NULL};

const struct arch *arch_row(size_t i)
{
    size_t row = 0;
    while (row < i && rows[row])
        row++;
    return rows[row];
}

const struct arch *arch_of(const struct paging *paging)
{
    const struct arch *const *row = rows;
    while (*row && (*row)->paging != paging->arch)
        row++;
    assert(*row); /* every mode is of a row */
    return *row;
}

const struct paging *arch_mode(size_t i)
{
    for (const struct arch *const *row = rows; *row; row++)
        for (const struct paging *mode = (*row)->modes; mode->name; mode++)
            if (i-- == 0)
                return mode;
    return NULL;
}

const struct paging *arch_mode_named(const char *name)
{
    const struct paging *mode;
    for (size_t i = 0; (mode = arch_mode(i)); i++)
        if (strcmp(mode->name, name) == 0)
            break;
    return mode;
}
