/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An address never travels without its space.
 *
 *   f:  byte offset into the image (several files: one after the other, in the order given)
 *   p:  guest physical address
 *   v:  guest virtual address, under the roots of the session
 */
#ifndef RAMWALK_BASE_ADDRESS_H
#define RAMWALK_BASE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

enum space { SPACE_FILE, SPACE_PHYS, SPACE_VIRT };
#define SPACES 3

struct address {
    enum space space;
    uint64_t value;
};

#define ADDRESS_TEXT 24 /* room for "v:ffff800081a3b000" and its terminator */

/* 'f', 'p' or 'v'. */
char space_letter(enum space space);

/* "file offset", "physical", "virtual". */
const char *space_name(enum space space);

/* False where the letter names no space. */
bool space_of_letter(char letter, enum space *space);

/* Writes "v:ffff800081a3b000": lower-case hex without padding.  Returns text. */
char *address_text(struct address address, char text[ADDRESS_TEXT]);

static inline struct address address_in(enum space space, uint64_t value)
{
    return (struct address){space, value};
}

#endif
