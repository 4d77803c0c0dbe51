/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small Linux guest that tests make: a linear map of all its RAM, a kernel image of which the
 * root table is a part, a note; and what else lies about in a real guest's memory.
 */
#ifndef RAMWALK_UNIT_SUPPORT_GUEST_H
#define RAMWALK_UNIT_SUPPORT_GUEST_H

#include "tests/unit/support.h"

#define GUEST_TEXT  MIB(4) /* of the image: executable, then as much data */
#define LINUX_IMAGE (2 * GUEST_TEXT)

struct made_guest {
    const char *mode;
    uint64_t base, size;
    const char *release;
    struct pages *pages;
    struct builder builder;
    uint64_t linear_va, image_va, image_pa, root_va, uts_va;
};

/* The tables; nothing is written yet.  The image lies 32 MiB after the base. */
void guest_start(struct made_guest *linux, const char *mode, uint64_t base, uint64_t size);
/* The note's text, as this architecture writes it.  Returns text. */
char *guest_note(const struct made_guest *linux, char *text, size_t size);
/* A sparse file with all of it but the note. */
struct file guest_file(const struct made_guest *linux);
void guest_write(const struct made_guest *linux, const struct file *file, uint64_t pa,
                 const void *bytes, size_t length);
void guest_end(struct made_guest *linux);

#endif
