/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds init_task (init/init_task.c): it lies in the kernel's data, is called "swapper/0"
 * ("swapper" without SMP), has pid 0, is its own parent, and is linked into the list of tasks.
 */
#include "linux/lists/pointer_chain.h"
#include "linux/symbols/symbols.h"
#include "linux/tasks/task_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 0x10000u
#define NAME  "swapper"

struct init_search {
    struct memory *memory;
    struct task_fields fields;
    struct kernel_image image;
};

/* init_task itself, whatever became of the list. */
static bool is_idle_task(const struct init_search *scan, uint64_t va)
{
    struct task task;
    return task_read(scan->memory, &scan->fields, va, &task) && task.pid == 0 && task.tgid == 0 &&
           (strcmp(task.comm, NAME) == 0 || strcmp(task.comm, NAME "/0") == 0);
}

/* One neighbour in the list points back. */
static bool is_linked(const struct init_search *scan, uint64_t va)
{
    uint64_t link = va + scan->fields.tasks.offset, next, prev, back;
    if (!pointer_read(scan->memory, link, &next) || !pointer_read(scan->memory, link + 8, &prev))
        return false;
    return (next != link && pointer_read(scan->memory, next + 8, &back) && back == link) ||
           (prev != link && pointer_read(scan->memory, prev, &back) && back == link);
}

static bool is_init_task(const struct init_search *scan, uint64_t va)
{
    uint64_t parent;
    if (va % 8 || !is_idle_task(scan, va) || !is_linked(scan, va))
        return false;
    return !scan->fields.has_parent ||
           (pointer_read(scan->memory, va + scan->fields.parent.offset, &parent) && parent == va);
}

/* Looks for the name in a piece of the image. */
static bool scan_piece(const struct init_search *scan, uint64_t va, const uint8_t *bytes,
                       size_t length, uint64_t *found)
{
    const uint8_t *at = bytes;
    while ((at = memmem(at, length - (size_t)(at - bytes), NAME, sizeof NAME - 1))) {
        uint64_t task = va + (uint64_t)(at - bytes) - scan->fields.comm.offset;
        if (is_init_task(scan, task)) {
            *found = task;
            return true;
        }
        at++;
    }
    return false;
}

static bool scan_image(const struct init_search *scan, uint64_t *found)
{
    const uint64_t overlap = TASK_COMM;
    uint8_t *bytes = malloc(PIECE + overlap);
    bool is_found = false;
    for (uint64_t done = 0; bytes && !is_found && done < scan->image.size; done += PIECE) {
        uint64_t left = scan->image.size - done;
        size_t length = left < PIECE + overlap ? (size_t)left : (size_t)(PIECE + overlap);
        uint64_t va = scan->image.va + done;
        if (memory_read(scan->memory, address_in(scan->memory->space, va), bytes, length, NULL))
            is_found = scan_piece(scan, va, bytes, length, found);
    }
    free(bytes);
    return is_found;
}

bool task_find_init(const struct linux_context *linux, uint64_t *init_task_va, struct error *err)
{
    struct init_search scan = {.memory = linux->memory, .image = linux->image};
    if (!linux->memory->paging)
        return error_set(err, "the kernel's page tables are not known");
    if (!task_fields_of(linux->btf, &scan.fields, err))
        return false;
    const struct symbol *symbol = linux->symbols ? symbols_find(linux->symbols, "init_task") : NULL;
    if (symbol && !symbol->module && is_idle_task(&scan, symbol->va)) {
        *init_task_va = symbol->va;
        return true;
    }
    if (scan_image(&scan, init_task_va))
        return true;
    return error_set(err, "no init_task: %s, and nothing in the image's data looks like it",
                     symbol ? "the symbol's place holds none" : "the kernel does not name it");
}
