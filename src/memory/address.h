/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An address never travels without its space. */
#ifndef RAMWALK_MEMORY_ADDRESS_H
#define RAMWALK_MEMORY_ADDRESS_H

#include "memory/space.h"

struct address {
    const struct space *space;
    uint64_t value;
};

#define ADDRESS_TEXT 40 /* room for "v:-2147483648:ffff800081a3b000" and its terminator */

/*
 * Writes "v:ffff800081a3b000": lower-case hex without padding; of a process's user half
 * "v:110:400000", as an expression takes it.  Returns text.
 */
char *address_text(struct address address, char text[ADDRESS_TEXT]);

/* "v:", "p:", "v:110:": what stands before the number.  Returns text. */
char *address_prefix(struct address address, char text[ADDRESS_TEXT]);

static inline struct address address_in(const struct space *space, uint64_t value)
{
    return (struct address){space, value};
}

static inline struct address address_file(uint64_t offset)
{
    return address_in(&space_file, offset);
}

static inline struct address address_phys(uint64_t pa)
{
    return address_in(&space_phys, pa);
}

static inline bool address_is_virtual(struct address address)
{
    return address.space->kind == SPACE_VIRT;
}

/* The kernel's half is the same in all spaces of one kernel: there the kernel's own stands for all
 * of them. */
static inline struct address address_canonical(struct address address)
{
    if (address.space->kernel && space_is_shared(address.space, address.value))
        address.space = address.space->kernel;
    return address;
}

static inline bool address_equal(struct address a, struct address b)
{
    return a.value == b.value && address_canonical(a).space == address_canonical(b).space;
}

#endif
