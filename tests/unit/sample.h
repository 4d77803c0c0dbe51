/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A guest of a few pages (arm64, 4K, 48 bits) that hold three nodes in a ring: builder_sample(). */
#ifndef RAMWALK_UNIT_SAMPLE_H
#define RAMWALK_UNIT_SAMPLE_H

#include "linux/context.h"
#include "linux/types/btf.h"
#include "linux/types/view.h"
#include "memory/memory.h"
#include "tests/unit/checks.h"

#define PA    UINT64_C(0x40000000)
#define VA    UINT64_C(0xffff000000000000)
#define PAGES 8 /* four of tables, four of data: VA .. VA+0x3fff */
#define TOP   (VA + 0x4000)

#define NODE_A (VA + 0x100)
#define NODE_B (VA + 0x1000)
#define NODE_C (VA + 0x2000)
#define STRING (VA + 0x3f00)

struct sample {
    uint8_t ram[PAGES * 4096];
    char path[32];
    struct source *image;
    struct space space;
    struct memory memory;
    struct btf *btf;
    struct linux_context linux; /* reads `memory` */
    struct view *view;
};

/* A group's setup and teardown: *state is a struct sample. */
int sample_setup(void **state);
int sample_teardown(void **state);

/* A number of `size` bytes; sample_save() makes the image what was put.  0: written. */
void sample_put(struct sample *f, uint64_t va, uint64_t value, size_t size);
int sample_save(struct sample *f);

/* A symbolizer that knows one function: run_node, at VA + 0x20. */
char *sample_symbol(void *context, uint64_t va, char *text, size_t size);

/* The view of an object, and the row of a path in it. */
void sample_show(struct sample *f, const char *type, uint64_t va);
size_t sample_row(const struct sample *f, const char *path);
void assert_row(const struct sample *f, const char *path, enum view_kind kind, const char *value);

#endif
