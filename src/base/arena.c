/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks in a chain, the last one first; each is twice as long as the one before it. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_MIN 4096
#define BLOCK_MAX (1 << 20)

struct arena_block {
    struct arena_block *older;
    size_t size, used; /* bytes after this header */
    alignas(max_align_t) char bytes[];
};

static struct arena_block *add_block(struct arena *arena, size_t least)
{
    size_t size = arena->block ? 2 * arena->block->size : BLOCK_MIN;
    size = size > BLOCK_MAX ? BLOCK_MAX : size;
    size = size < least ? least : size;
    struct arena_block *block = malloc(sizeof *block + size);
    if (!block)
        return NULL;
    *block = (struct arena_block){.older = arena->block, .size = size};
    arena->block = block;
    arena->bytes += size;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t unit = alignof(max_align_t);
    struct arena_block *block = arena->block;
    if (size > SIZE_MAX / 4)
        return NULL;
    size = (size + unit - 1) / unit * unit;
    if ((!block || block->size - block->used < size) && !(block = add_block(arena, size)))
        return NULL;
    void *at = block->bytes + block->used;
    block->used += size;
    return at;
}

char *arena_copy(struct arena *arena, const void *bytes, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (copy) {
        memcpy(copy, bytes, length);
        copy[length] = '\0';
    }
    return copy;
}

static void free_blocks(struct arena_block *block)
{
    while (block) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void arena_reset(struct arena *arena)
{
    if (!arena->block)
        return;
    free_blocks(arena->block->older);
    arena->block->older = NULL;
    arena->block->used = 0;
    arena->bytes = arena->block->size;
}

void arena_deinit(struct arena *arena)
{
    free_blocks(arena->block);
    *arena = (struct arena){0};
}
