/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walking and finding the list of modules.  Each step is checked both ways (a node's next says
 * that node is its previous one), so a chain can only return to where it began.
 */
#include "linux/modules/module_list.h"

#include "base/array.h"
#include "base/bytes.h"
#include "paging/mapping.h"

#include <stdlib.h>
#include <string.h>

#define NEAR           (UINT64_C(1) << 31)   /* calls reach no farther: modules lie so near */
#define SCAN_MAX       (UINT64_C(512) << 20) /* bytes looked through without a symbol */
#define CANDIDATES_MAX 256
#define STEP           32 /* struct module is aligned to a cache line; none is shorter */
#define PIECE_MAX      65536u
#define RANGE_MAX      (UINT64_C(1) << 30)

struct walker {
    struct module_list *list;
    struct memory *memory;
    const struct module_fields *fields;
    struct kernel_image image;
};

void module_list_free(struct module_list *list)
{
    free(list->module);
    *list = (struct module_list){0};
}

static bool read_word(const struct walker *walker, uint64_t va, uint64_t *value)
{
    return memory_read_u64(walker->memory, address_in(walker->memory->space, va), value);
}

static bool in_image(const struct walker *walker, uint64_t va)
{
    return kernel_image_holds(&walker->image, va);
}

/* A name of visible bytes, and zeros to the end. */
static bool take_name(char name[MODULE_NAME], const uint8_t *bytes, size_t size)
{
    size_t length = 0;
    while (length < size && bytes[length] > ' ' && bytes[length] <= '~')
        length++;
    if (!length || length >= size || length >= MODULE_NAME)
        return false;
    for (size_t i = length; i < size; i++) {
        if (bytes[i])
            return false;
    }
    memcpy(name, bytes, length);
    name[length] = '\0';
    return true;
}

static void read_ranges(const struct walker *walker, struct module *module)
{
    for (size_t i = 0; i < walker->fields->ranges; i++) {
        uint64_t base, size;
        if (!read_word(walker, module->va + walker->fields->range[i].base, &base) ||
            !read_word(walker, module->va + walker->fields->range[i].size, &size))
            continue;
        size &= UINT32_MAX; /* unsigned int in every kernel */
        if (base && size && size <= RANGE_MAX && base + size > base)
            module->range[module->ranges++] =
                (struct module_range){base, base + size - 1, walker->fields->range[i].what};
    }
}

/* The struct module at `va`.  False: it is none. */
static bool read_module(const struct walker *walker, uint64_t va, struct module *module)
{
    const struct module_fields *fields = walker->fields;
    uint8_t name[MODULE_NAME];
    uint64_t state;
    *module = (struct module){.va = va};
    if (!read_word(walker, va + fields->state, &state) || (uint32_t)state > 3 ||
        memory_read(walker->memory, address_in(walker->memory->space, va + fields->name), name,
                    (size_t)fields->name_size, NULL) != fields->name_size ||
        !take_name(module->name, name, (size_t)fields->name_size))
        return false;
    module->state = (uint32_t)state;
    read_ranges(walker, module);
    return true;
}

static bool append(const struct walker *walker, uint64_t node)
{
    struct module_list *list = walker->list;
    struct module module;
    if (list->count >= MODULES_MAX || !read_module(walker, node - walker->fields->list, &module))
        return false;
    if (!ARRAY_ROOM(&list->module, list->count, &list->capacity))
        return false;
    list->module[list->count++] = module;
    return true;
}

/* One step from `node`, `side` 0 next, 8 prev; the neighbour must point back. */
static bool step(const struct walker *walker, uint64_t node, unsigned side, uint64_t *to)
{
    uint64_t there, back;
    if (!read_word(walker, node + side, &there) || (there & 7) ||
        !read_word(walker, there + (8 - side), &back) || back != node)
        return false;
    *to = there;
    return true;
}

/* Follows one way from `start`, which is not added.  True: returned to it. */
static bool follow(const struct walker *walker, uint64_t start, unsigned side)
{
    uint64_t node = start;
    for (unsigned i = 0; i <= MODULES_MAX; i++) {
        if (!step(walker, node, side, &node))
            return false;
        if (node == start)
            return true;
        if (in_image(walker, node)) {
            if (walker->list->head_va)
                return false;
            walker->list->head_va = node;
        } else if (!append(walker, node)) {
            return false;
        }
    }
    return false;
}

/* All that hangs together with `node`, a head or a module; torn where it does not return. */
static void collect(const struct walker *walker, uint64_t node)
{
    if (in_image(walker, node))
        walker->list->head_va = node;
    else if (!append(walker, node))
        return;
    if (follow(walker, node, 0))
        return;
    walker->list->torn = true;
    follow(walker, node, 8);
}

/* --- without a symbol --------------------------------------------------------------------------
 */

/* Does a struct module lie at these bytes?  Cheap: nearly all places are not one. */
static bool may_be_module(const struct walker *walker, const uint8_t *bytes)
{
    const struct module_fields *fields = walker->fields;
    char name[MODULE_NAME];
    uint64_t next = load_le64(bytes + fields->list), prev = load_le64(bytes + fields->list + 8);
    return next >> 63 && prev >> 63 && !((next | prev) & 7) &&
           (uint32_t)load_le64(bytes + fields->state) <= 3 &&
           take_name(name, bytes + fields->name, (size_t)fields->name_size);
}

/*
 * Keeps the better of two lists: one that returns to a head, else the longer.  A ring without
 * a head is another list, and one struct alone that nothing leads to is none.
 */
static bool keep_better(struct module_list *best, struct module_list *found)
{
    bool closed = !found->torn && found->head_va && found->count;
    bool likely = found->torn && (found->head_va || found->count > 1);
    if (closed || (likely && found->count > best->count)) {
        struct module_list worse = *best;
        *best = *found;
        *found = worse;
    }
    module_list_free(found);
    return closed;
}

static bool scan_piece(struct walker *walker, uint64_t va, const uint8_t *bytes, size_t length,
                       unsigned *candidates)
{
    uint64_t most = walker->fields->name + walker->fields->name_size;
    most = most > walker->fields->list + 16 ? most : walker->fields->list + 16;
    most = most > walker->fields->state + 8 ? most : walker->fields->state + 8;
    for (size_t at = 0; at + most <= length; at += STEP) {
        uint64_t node = va + at + walker->fields->list, next;
        if (!may_be_module(walker, bytes + at) || !step(walker, node, 0, &next) ||
            ++*candidates > CANDIDATES_MAX)
            continue;
        struct module_list found = {0}, *best = walker->list;
        walker->list = &found;
        collect(walker, node);
        walker->list = best;
        if (keep_better(best, &found))
            return true;
    }
    return false;
}

/* Looks through small pages of [first, last]; the image's own pages are passed over. */
static bool scan(struct walker *walker, uint64_t first, uint64_t last, uint64_t *budget)
{
    struct memory *memory = walker->memory;
    struct mapping_iterator listing;
    struct mapping run;
    unsigned candidates = 0;
    bool found = false;
    uint8_t *bytes = malloc(PIECE_MAX);
    mapping_open(&listing, memory->paging, &memory->tables, memory->space->roots.kernel_pa, first,
                 last);
    while (bytes && !found && *budget && mapping_next(&listing, &run, NULL) == MAPPING_FOUND) {
        if (run.page_size > PIECE_MAX || in_image(walker, run.va))
            continue;
        for (uint64_t done = 0; done < run.size && !found && *budget; done += PIECE_MAX) {
            uint64_t left = run.size - done;
            size_t length = left < PIECE_MAX ? (size_t)left : PIECE_MAX;
            memory_read(memory, address_in(memory->space, run.va + done), bytes, length, NULL);
            found = scan_piece(walker, run.va + done, bytes, length, &candidates);
            *budget -= length < *budget ? length : *budget;
        }
    }
    free(bytes);
    return found;
}

/* What lies `near` the image, cut where the address space or its half ends. */
static void scan_around(struct walker *walker)
{
    uint64_t image = walker->image.va, end = image + walker->image.size, budget = SCAN_MAX;
    uint64_t half = UINT64_C(1) << 63;
    uint64_t first = image - half > NEAR ? image - NEAR : half;
    uint64_t last = end && UINT64_MAX - end > NEAR ? end + NEAR : UINT64_MAX;
    if (scan(walker, first, image - 1, &budget))
        return;
    if (end)
        scan(walker, end, last, &budget);
}

bool module_list_load(struct module_list *list, const struct linux_context *linux,
                      const struct module_fields *fields, const struct symbols *symbols,
                      struct error *err)
{
    *list = (struct module_list){0};
    struct walker walker = {list, linux->memory, fields, linux->image};
    if (!linux->memory->paging || linux->image.va >> 63 == 0 || !linux->image.size)
        return error_set(err, "the kernel's image is not known");
    const struct symbol *head = symbols ? symbols_find(symbols, "modules") : NULL;
    uint64_t next;
    if (head && !head->module && in_image(&walker, head->va) && step(&walker, head->va, 0, &next)) {
        collect(&walker, head->va);
        if (list->count || next == head->va)
            return true;
    }
    module_list_free(list);
    scan_around(&walker);
    uint64_t head_va = list->head_va;
    if (head_va && !list->torn) { /* found from the middle: anew, in its own order */
        module_list_free(list);
        collect(&walker, head_va);
    }
    return list->count > 0 ||
           error_set(err,
                     "no list of modules: the kernel names none, and none lies near its image");
}
