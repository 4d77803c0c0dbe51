/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small guest that targets share.  Its file is mapped a second time, so that an input costs the
 * words that it has and not a file. */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/kernel_types.h"
#include "tests/unit/small_guest.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PART 0x40000u /* bytes of the image, and of the modules' memory, that inputs fill */

static struct small_guest guest;
static struct linux_context context;
static uint8_t *bytes; /* the file, shared */

static void open_guest(void)
{
    small_make(&guest);
    small_open(&guest);
    int fd = open(guest.path, O_RDWR | O_CLOEXEC);
    FUZZ_HOLDS(fd >= 0);
    bytes = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    FUZZ_HOLDS(bytes != MAP_FAILED);
    close(fd);
    unlink(guest.path);
}

/* Empties it, and sees that it is read anew. */
static struct linux_context *fresh(void)
{
    if (!bytes)
        open_guest();
    memset(bytes + IMAGE_AT, 0, PART);
    memset(bytes + MODULES_AT, 0, PART);
    context = small_context(&guest, NULL);
    context.image.size = PART;
    return &context;
}

struct linux_context *fuzz_memory(const uint8_t *data, size_t size)
{
    struct linux_context *linux = fresh();
    for (; size >= FUZZ_RECORD; data += FUZZ_RECORD, size -= FUZZ_RECORD) {
        uint32_t where;
        memcpy(&where, data, 4);
        memcpy(bytes + (where & PART ? MODULES_AT : IMAGE_AT) + where % PART / 8 * 8, data + 4, 8);
    }
    return linux;
}

struct linux_context *fuzz_image(const uint8_t *data, size_t size)
{
    struct linux_context *linux = fresh();
    if (size)
        memcpy(bytes + IMAGE_AT, data, size < PART ? size : PART);
    return linux;
}

struct btf *fuzz_types(bool old)
{
    static struct btf *types[2];
    if (!types[old])
        types[old] = kernel_types(old);
    return types[old];
}
