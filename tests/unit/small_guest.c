/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page tables of arm64 with 4 KiB pages: two blocks for the image, small pages for modules. */
#include "tests/unit/small_guest.h"

#include "arch/arch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

void small_put(struct small_guest *linux, uint64_t va, uint64_t value, unsigned width)
{
    size_t at = va >= IMAGE_VA ? IMAGE_AT + (size_t)(va - IMAGE_VA)
                               : MODULES_AT + (size_t)(va - MODULES_VA);
    assert_true(at + width <= SIZE);
    memcpy(linux->bytes + at, &value, width);
}

void small_put_text(struct small_guest *linux, uint64_t va, const char *text)
{
    for (; *text; text++)
        small_put(linux, va++, (uint8_t)*text, 1);
}

void small_make(struct small_guest *linux)
{
    *linux = (struct small_guest){.bytes = calloc(1, SIZE)};
    assert_non_null(linux->bytes);
    uint64_t *table = (uint64_t *)(void *)linux->bytes;
    table[256] = (BASE + 0x1000) | 3;
    table[512] = (BASE + 0x2000) | 3;
    table[1024 + 63] = (BASE + 0x3000) | 3;
    table[1024 + 64] = (BASE + IMAGE_AT) | 0x701;
    table[1024 + 65] = (BASE + IMAGE_AT + 0x200000) | 0x701;
    for (size_t i = 0; i < 512; i++)
        table[1536 + i] = (BASE + MODULES_AT + i * 4096) | 0x703;
}

/* Writes the bytes out and opens them. */
void small_open(struct small_guest *linux)
{
    struct error err;
    char spec[64];
    strcpy(linux->path, "/tmp/kallsyms-XXXXXX");
    int fd = mkstemp(linux->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, linux->bytes, SIZE), SIZE);
    close(fd);
    snprintf(spec, sizeof spec, "%s@40000000", linux->path);
    assert_true(source_open(&linux->image, spec, &err));
    assert_true(memory_init(&linux->memory, linux->image, &err));
    linux->space = (struct space){
        .kind = SPACE_VIRT, .paging = arch_mode_named("arm64-4k-48"), .roots = {BASE, NO_ROOT}};
    memory_use(&linux->memory, &linux->space);
}

void small_close(struct small_guest *linux)
{
    memory_deinit(&linux->memory);
    source_drop(linux->image);
    unlink(linux->path);
    free(linux->bytes);
}

struct linux_context small_context(struct small_guest *linux, struct btf *btf)
{
    return (struct linux_context){
        .memory = &linux->memory, .image = {IMAGE_VA, IMAGE_SIZE}, .btf = btf};
}
