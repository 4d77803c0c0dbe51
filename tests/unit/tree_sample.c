/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables in an array, and what a tree asks of them. */
#include "tests/unit/tree_sample.h"

#include <string.h>

uint64_t page_pa(unsigned n)
{
    return BASE + n * PAGE;
}

static const uint64_t *array_table(void *context, uint64_t pa, size_t size, enum extent_kind *why)
{
    struct memory_array *memory = context;
    *why = EXTENT_NONE;
    if (pa < BASE || pa + size > BASE + PAGES * PAGE)
        return NULL;
    if (pa < memory->lost_end && pa + size > memory->lost_pa)
        return NULL;
    return &memory->word[0][0] + (pa - BASE) / 8;
}

static bool array_has(void *context, uint64_t pa, uint64_t size)
{
    (void)context;
    return pa >= BASE && pa + size <= BASE + (UINT64_C(1) << 30);
}

static void fill(struct memory_array *memory)
{
    memset(memory, 0, sizeof *memory);
    memory->word[0][0] = page_pa(1) | TABLE;
    memory->word[0][511] = page_pa(0) | TABLE;
    memory->word[1][0] = page_pa(2) | TABLE;
    memory->word[2][0] = page_pa(3) | TABLE;
    memory->word[2][1] = (BASE + (4 << 20)) | (DATA & ~BLOCK);
    memory->word[2][2] = (BASE + (6 << 20)) | (DATA & ~BLOCK);
    memory->word[2][3] = UINT64_C(0x123456000) | TABLE;
    memory->word[2][4] = UINT64_C(0x08000000) | (DATA & ~BLOCK);
    memory->word[2][5] = BASE | UINT64_C(0x0400000000000c02);
    memory->word[2][6] = page_pa(4) | TABLE;
    for (unsigned i = 0; i < 512; i++)
        memory->word[3][i] = (BASE + i * PAGE) | (i == 100 ? TEXT : DATA);
}

void open_tree(struct tree_sample *f, const char *paging, uint64_t kernel, uint64_t user)
{
    struct table_source source = {array_table, &f->memory};
    struct roots roots = {kernel, user};
    assert_true(tree_init(&f->tree, arch_mode_named(paging), &source, &roots));
    f->tree.in_image = array_has;
}

int tree_sample_start(void **state)
{
    static struct tree_sample f;
    fill(&f.memory);
    open_tree(&f, "arm64-4k-48", page_pa(0), NO_ROOT);
    *state = &f;
    return 0;
}

int tree_sample_end(void **state)
{
    struct tree_sample *f = *state;
    tree_deinit(&f->tree);
    return 0;
}

struct tree_row row_at(const struct tree *tree, size_t n)
{
    struct tree_row row;
    assert_true(tree_row(tree, n, &row));
    return row;
}

size_t find_row(const struct tree *tree, uint64_t va, unsigned depth)
{
    size_t n = tree_find(tree, (struct tree_place){va, depth});
    struct tree_row row = row_at(tree, n);
    assert_int_equal(row.va, va);
    assert_int_equal(row.depth, depth);
    return n;
}
