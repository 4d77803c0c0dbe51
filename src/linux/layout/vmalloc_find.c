/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the lists of vmalloc's areas where no symbol names them: a list_head in the kernel's data
 * whose first entry, as a vmap_area, has a vm_struct of the same address; since 6.9 such heads
 * lie in an array that a variable points to.
 */
#include "linux/layout/vmalloc_private.h"

#include "base/bytes.h"
#include "linux/lists/pointer_chain.h"
#include "paging/mapping.h"

#include <stdlib.h>

#define PIECE     0x10000u
#define NODES_MAX 1024u /* one for each CPU, 128 at most as of 6.12 */

/* A list_head of vmap_areas.  *used: its first entry is one in use.  False: it is none. */
static bool is_head(const struct vmalloc_reader *reader, uint64_t head, bool *used)
{
    struct vmalloc_area area;
    uint64_t next, back, vm;
    *used = false;
    if (!pointer_read(reader->memory, head, &next) || !next || (next & 7) ||
        !pointer_read(reader->memory, next + 8, &back) || back != head)
        return false;
    if (next == head)
        return true;
    if (!vmalloc_read_range(reader, next - reader->list.offset, &area))
        return false;
    *used = vmalloc_read_vm(reader, next - reader->list.offset, &area, &vm);
    return true;
}

/* How many vmap_nodes lie there; 0 where they are none, or none is in use. */
static uint64_t count_nodes(const struct vmalloc_reader *reader, uint64_t nodes)
{
    uint64_t count = 0;
    bool any = false, used;
    while (count < NODES_MAX) {
        uint64_t node = nodes + count * reader->node_size;
        if (!is_head(reader, node + reader->busy.offset, &used))
            break;
        any = any || used;
        if (!is_head(reader, node + reader->lazy.offset, &used))
            break;
        count++;
    }
    return any ? count : 0;
}

/* Could vmap_nodes point there?  To its own pages, or on a single CPU to a variable. */
static bool may_be_nodes(const struct linux_context *linux, uint64_t va, bool single)
{
    bool in_image = va - linux->image.va < linux->image.size;
    return single ? in_image : !in_image && !(va & 0xfff);
}

static bool scan_piece(const struct vmalloc_reader *reader, const struct linux_context *linux,
                       uint64_t at, const uint8_t *bytes, size_t length, bool single, uint64_t *va,
                       uint64_t *count)
{
    const struct memory *memory = reader->memory;
    uint64_t half = paging_half_first(memory->paging, true);
    bool used;
    for (size_t i = 0; i + 8 <= length; i += 8) {
        uint64_t word = pointer_clean(memory, load_le64(bytes + i));
        if (word < half || (word & 7) || word == UINT64_MAX - 7)
            continue;
        *va = reader->has_nodes ? word : at + i;
        if (reader->has_nodes)
            *count = may_be_nodes(linux, word, single) ? count_nodes(reader, word) : 0;
        if (reader->has_nodes ? *count > 0 : is_head(reader, *va, &used) && used)
            return true;
    }
    return false;
}

static bool scan(const struct vmalloc_reader *reader, const struct linux_context *linux,
                 bool single, uint64_t *va, uint64_t *count)
{
    uint8_t *bytes = linux->image.size ? malloc(PIECE) : NULL;
    struct mapping_iterator listing;
    struct mapping run;
    bool found = false;
    *count = 0;
    if (!bytes)
        return false;
    mapping_open(&listing, linux->kernel->paging, &linux->memory->tables, linux->kernel->root_pa,
                 linux->image.va, linux->image.va + linux->image.size - 1);
    while (!found && mapping_next(&listing, &run, NULL) == MAPPING_FOUND) {
        if (!(run.access.kernel & ACCESS_W))
            continue;
        for (uint64_t done = 0; done < run.size && !found; done += PIECE) {
            size_t length = run.size - done < PIECE ? (size_t)(run.size - done) : PIECE;
            struct address at = address_in(linux->memory->space, run.va + done);
            memory_read(linux->memory, at, bytes, length, NULL);
            found = scan_piece(reader, linux, at.value, bytes, length, single, va, count);
        }
    }
    free(bytes);
    return found;
}

bool vmalloc_find(const struct vmalloc_reader *reader, const struct linux_context *linux,
                  uint64_t *va, uint64_t *count)
{
    return scan(reader, linux, false, va, count) ||
           (reader->has_nodes && scan(reader, linux, true, va, count));
}
