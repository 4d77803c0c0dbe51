/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nodes in RAM, an image of them, and the view over it. */
#include "tests/unit/sample.h"

#include "arch/arch.h"
#include "tests/unit/btf_builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void sample_put(struct sample *f, uint64_t va, uint64_t value, size_t size)
{
    memcpy(f->ram + 4 * 4096 + (va - VA), &value, size);
}

static void put_node(struct sample *f, uint64_t va, uint64_t next, uint64_t prev, int id)
{
    sample_put(f, va, next, 8);
    sample_put(f, va + 8, prev, 8);
    sample_put(f, va + 16, (uint32_t)id, 4);
}

/* Three nodes in a ring, the first with a value in each member. */
static void fill(struct sample *f)
{
    static const char comm[16] = "init\t\x1b\"";
    for (uint64_t level = 0; level < 3; level++) {
        uint64_t table = (PA + (level + 1) * 4096) | 3;
        memcpy(f->ram + level * 4096, &table, 8);
    }
    for (uint64_t page = 0; page < 4; page++) {
        uint64_t leaf = (PA + (4 + page) * 4096) | UINT64_C(0x0060000000000703);
        memcpy(f->ram + 3 * 4096 + 8 * page, &leaf, 8);
    }
    put_node(f, NODE_A, NODE_B, NODE_C, -5);
    put_node(f, NODE_B, NODE_C, NODE_A, 6);
    put_node(f, NODE_C, NODE_A, NODE_B, 1234);
    sample_put(f, NODE_A + 20, UINT32_MAX, 4);
    sample_put(f, NODE_A + 24, UINT64_C(0x100000001), 8);
    memcpy(f->ram + 4 * 4096 + 0x100 + 32, comm, sizeof comm);
    sample_put(f, NODE_A + 48, 5 | 0x1e << 3, 4); /* low 5, high -2 */
    sample_put(f, NODE_A + 52, 1, 1);
    sample_put(f, NODE_A + 56, UINT64_C(0x1200000034), 8);
    sample_put(f, NODE_A + 64, NODE_B, 8);
    sample_put(f, NODE_A + 72, VA + 0x20, 8);
    sample_put(f, NODE_A + 80, 3, 4);
    sample_put(f, NODE_A + 152, STRING, 8);
    sample_put(f, NODE_A + 168, 11, 4);
    sample_put(f, NODE_A + 168 + 4 * 249, 77, 4);
    memcpy(f->ram + 8 * 4096 - 256, "hello", 6);
}

int sample_save(struct sample *f)
{
    FILE *file = fopen(f->path, "r+");
    if (!file)
        return -1;
    size_t written = fwrite(f->ram, 1, sizeof f->ram, file);
    return fclose(file) || written != sizeof f->ram ? -1 : 0;
}

int sample_setup(void **state)
{
    static uint8_t bytes[32768];
    static struct btf_builder builder;
    struct sample *f = calloc(1, sizeof *f);
    struct error err;
    if (!f)
        return -1;
    *state = f;
    fill(f);
    snprintf(f->path, sizeof f->path, "/tmp/test-view-XXXXXX");
    int fd = mkstemp(f->path);
    if (fd < 0 || close(fd) || sample_save(f))
        return -1;
    if (!source_open(&f->image, f->path, &err) || !source_place_base(f->image, PA) ||
        !memory_init(&f->memory, f->image, &err))
        return -1;
    f->space = (struct space){
        .kind = SPACE_VIRT, .paging = arch_mode_named("arm64-4k-48"), .roots = {PA, NO_ROOT}};
    memory_use(&f->memory, &f->space);
    builder_sample(&builder);
    size_t length = builder_finish(&builder, bytes, sizeof bytes);
    if (!builder_open(&f->btf, bytes, length, &err))
        return -1;
    f->linux = (struct linux_context){.btf = f->btf, .memory = &f->memory};
    f->view = view_create(&f->linux);
    return f->view ? 0 : -1;
}

int sample_teardown(void **state)
{
    struct sample *f = *state;
    view_destroy(f->view);
    btf_close(f->btf);
    memory_deinit(&f->memory);
    source_drop(f->image);
    unlink(f->path);
    free(f);
    return 0;
}

char *sample_symbol(void *context, uint64_t va, char *text, size_t size)
{
    (void)context;
    snprintf(text, size, "%s", va == VA + 0x20 ? "run_node" : "");
    return text;
}

size_t sample_row(const struct sample *f, const char *path)
{
    char text[128];
    for (size_t i = 0; i < view_rows(f->view); i++)
        if (strcmp(view_path(f->view, i, text, sizeof text), path) == 0)
            return i;
    fail_msg("there is no row %s", path);
    return 0;
}

void assert_row(const struct sample *f, const char *path, enum view_kind kind, const char *value)
{
    struct view_row row;
    view_row(f->view, sample_row(f, path), &row);
    assert_string_equal(view_kind_name(row.kind), view_kind_name(kind));
    assert_string_equal(row.value, value);
    assert_true(row.readable);
}

void sample_show(struct sample *f, const char *type, uint64_t va)
{
    struct error err;
    assert_true(view_show(f->view, btf_find(f->btf, type, BTF_VOID), va, &err));
}
