/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "arch/arch.h"

#include <string.h>

#define ADDRESS(folder) &arch_##folder,
static const struct arch *const rows[] = {ARCH_ROWS(ADDRESS)};
#define ROWS (sizeof rows / sizeof *rows)

const struct arch *arch_row(size_t i)
{
    return i < ROWS ? rows[i] : NULL;
}

const struct arch *arch_of(const struct paging *paging)
{
    size_t i = 0;
    while (rows[i]->paging != paging->arch)
        i++;
    return rows[i];
}

const struct paging *arch_mode(size_t i)
{
    for (size_t row = 0; row < ROWS; row++)
        for (const struct paging *mode = rows[row]->modes; mode->name; mode++)
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
