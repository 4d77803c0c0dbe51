/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between region.c (putting together), region_windows.c and region_image.c (the image). */
#ifndef RAMWALK_LINUX_LAYOUT_REGION_PRIVATE_H
#define RAMWALK_LINUX_LAYOUT_REGION_PRIVATE_H

#include "linux/find/va_offsets.h"
#include "linux/layout/region.h"

struct region_maker {
    struct regions *regions;
    const struct linux_context *linux;
    const struct paging *paging;
    uint64_t half_first, half_last; /* the kernel's half */
    struct va_offsets offsets;      /* of all that the kernel maps */
    bool full;                      /* out of memory */
};

/*
 * Adds first..last where that is a range, as REGION_OTHER; the name is formatted.  Returns what
 * was added, until the next is; NULL: nothing.
 */
struct region *region_add(struct region_maker *maker, uint64_t first, uint64_t last,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));

/* `region` may be NULL. */
static inline void region_set_kind(struct region *region, enum region_kind kind, size_t detail)
{
    if (!region)
        return;
    region->kind = kind;
    region->detail = (unsigned)(detail < sizeof region->name ? detail : sizeof region->name - 1);
}

/* What could not be known, and where in the kernel that lies (0: nowhere); the first of them is
 * kept. */
void region_unknown(struct region_maker *maker, uint64_t va, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A number of VMCOREINFO, or a symbol's address. */
bool region_number(const struct region_maker *maker, const char *name, uint64_t *value);
bool region_symbol(const struct region_maker *maker, const char *name, uint64_t *va);

void region_windows(struct region_maker *maker); /* region_windows.c */
void region_image(struct region_maker *maker);   /* region_image.c */

#endif
