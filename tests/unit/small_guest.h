/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A guest of 8 MiB built in a test: what is put at virtual addresses is read back as RAM. */
#ifndef RAMWALK_UNIT_SMALL_GUEST_H
#define RAMWALK_UNIT_SMALL_GUEST_H

#include "linux/context.h"
#include "memory/memory.h"

/* An arm64 guest of 8 MiB: tables, 4 MiB of image in two blocks, 2 MiB of module pages below it. */
#define BASE       UINT64_C(0x40000000)
#define SIZE       ((size_t)8 << 20)
#define IMAGE_VA   UINT64_C(0xffff800008000000)
#define IMAGE_SIZE ((uint64_t)4 << 20)
#define IMAGE_AT   ((size_t)2 << 20) /* in the file */
#define MODULES_VA (IMAGE_VA - ((uint64_t)2 << 20))
#define MODULES_AT ((size_t)6 << 20)

struct small_guest {
    uint8_t *bytes;
    char path[32];
    struct source *image;
    struct space space;
    struct memory memory;
};

/* Empty memory with its page tables; then bytes at virtual addresses; then it is opened. */
void small_make(struct small_guest *linux);
void small_put(struct small_guest *linux, uint64_t va, uint64_t value, unsigned width);
void small_put_text(struct small_guest *linux, uint64_t va, const char *text);
void small_open(struct small_guest *linux);
void small_close(struct small_guest *linux);

/* Its memory and image, and types (may be NULL). */
struct linux_context small_context(struct small_guest *linux, struct btf *btf);

#endif
