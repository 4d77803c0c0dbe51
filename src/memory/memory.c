/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Translating and reading in the three spaces. */
#include "memory/memory.h"

#include "memory/cache.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t *image_source(void *context, uint64_t pa, size_t size)
{
    return image_table(context, pa, size);
}

static bool image_source_there(void *context, uint64_t pa, uint64_t *run)
{
    return image_there(context, pa, run);
}

bool memory_init(struct memory *memory, struct image *image, struct error *err)
{
    *memory = (struct memory){.image = image,
                              .roots = {NO_ROOT, NO_ROOT},
                              .source = {image_source, image, image_source_there}};
    memory->reverse = reverse_create();
    memory->building = reverse_create();
    memory->cache = cache_create();
    if (memory->reverse && memory->building && memory->cache)
        return true;
    memory_deinit(memory);
    return error_set(err, "out of memory");
}

void memory_deinit(struct memory *memory)
{
    reverse_destroy(memory->reverse);
    reverse_destroy(memory->building);
    cache_destroy(memory->cache);
    *memory = (struct memory){.roots = {NO_ROOT, NO_ROOT}};
}

void memory_set_paging(struct memory *memory, const struct paging *paging,
                       const struct roots *roots)
{
    memory->paging = paging;
    memory->roots = *roots;
    cache_set_paging(memory->cache, paging);
    reverse_start(memory->reverse, NULL, &memory->source, roots);
    memory_reindex(memory);
}

void memory_set_window(struct memory *memory, const struct memory_window *window)
{
    memory->window = *window;
}

void memory_reindex(struct memory *memory)
{
    reverse_start(memory->building, memory->paging, &memory->source, &memory->roots);
    memory->indexing = true;
}

bool memory_step(struct memory *memory, unsigned tables)
{
    if (!memory->indexing || !reverse_step(memory->building, tables))
        return !memory->indexing;
    struct reverse *complete = memory->building;
    memory->building = memory->reverse;
    memory->reverse = complete;
    memory->indexing = false;
    return true;
}

void memory_forget(struct memory *memory)
{
    cache_forget(memory->cache);
}

void memory_walk(struct memory *memory, uint64_t va, struct walk *result)
{
    const struct memory_window *window = &memory->window;
    walk(result, memory->paging, &memory->source, &memory->roots, va);
    if (result->end != WALK_NO_TABLE || !result->steps || result->va - window->va >= window->size)
        return;
    result->end = WALK_MAPPED;
    result->pa = result->va - window->delta;
    result->page_size = UINT64_C(1) << memory->paging->page_shift;
    result->access = (struct access){.kernel = ACCESS_R};
    result->first = window->va;
    result->last = window->va + (window->size - 1);
}

/* The long way, which leaves behind what the cache needs for the neighbours. */
static bool translate_by_walk(struct memory *memory, uint64_t va, uint64_t *pa)
{
    struct walk result;
    memory_walk(memory, va, &result);
    cache_learn(memory->cache, memory->image, memory->paging, &result);
    if (result.end != WALK_MAPPED)
        return false;
    *pa = result.pa;
    return true;
}

bool memory_translate(struct memory *memory, uint64_t va, uint64_t *pa)
{
    struct memory_cache *cache = memory->cache;
    if (!memory->paging)
        return false;
    uint64_t tag = va >> cache->tag_shift;
    const struct cache_slot *slot = cache_slot(cache, tag);
    if (slot->tag != tag)
        return translate_by_walk(memory, va, pa);
    uint64_t entry = __atomic_load_n(&slot->table[va >> cache->index_shift & cache->index_mask],
                                     __ATOMIC_RELAXED);
    /* Anything but a plain page is decoded by the walker. */
    if ((entry & cache->plain_mask) != cache->plain_value)
        return translate_by_walk(memory, va, pa);
    if (!cache->plain_address) {
        unsigned level = memory->paging->levels - 1u;
        *pa = paging_target(memory->paging, level, ENTRY_LEAF, entry) | (va & cache->page_mask);
        return true;
    }
    *pa = ((entry & cache->address_mask) << cache->address_shift) | (va & cache->page_mask);
    return true;
}

/* Fills offset and aliases for a physical address. */
static void locate_pa(struct memory *memory, uint64_t pa, struct place *place)
{
    place->has_pa = true;
    place->pa = pa;
    place->has_offset = image_pa_to_offset(memory->image, pa, &place->offset, NULL);
    place->aliases = reverse_find(memory->reverse, pa, place->alias, MEMORY_ALIASES);
    place->aliases_cut = reverse_is_cut(memory->reverse);
}

static void locate_va(struct memory *memory, uint64_t va, struct place *place)
{
    place->has_va = true;
    place->va = va;
    if (!memory->paging)
        return;
    place->walked = true;
    memory_walk(memory, va, &place->walk);
    if (place->walk.end == WALK_MAPPED)
        locate_pa(memory, place->walk.pa, place);
}

void memory_locate(struct memory *memory, struct address address, struct place *place)
{
    *place = (struct place){.asked = address};
    uint64_t pa = address.value;
    switch (address.space) {
    case SPACE_VIRT:
        locate_va(memory, address.value, place);
        return;
    case SPACE_FILE:
        place->offset = address.value;
        place->has_offset = address.value < image_size(memory->image);
        place->not_in_image = !place->has_offset;
        if (!image_offset_to_pa(memory->image, address.value, &pa, NULL))
            return;
        break;
    case SPACE_PHYS:
        break;
    }
    locate_pa(memory, pa, place);
    place->not_in_image = !place->has_offset;
    if (place->aliases && memory->paging) {
        place->has_va = place->walked = true;
        place->va = place->alias[0].va;
        memory_walk(memory, place->va, &place->walk);
    }
}

/* Bytes from `address` on that are alike and contiguous in the image, `wanted` at most. */
static size_t piece_at(struct memory *memory, struct address address, size_t wanted,
                       struct stretch *stretch)
{
    uint64_t pa = address.value, left, page_left = UINT64_MAX;
    /* No more tables than these bytes need: a mapped page, or what their own entry says. */
    if (address.space == SPACE_VIRT) {
        if (!memory_translate(memory, address.value, &pa)) {
            memory_stretch_near(memory, address, stretch);
            left = stretch->last - address.value;
            return left < wanted ? (size_t)left + 1 : wanted;
        }
        uint64_t page = UINT64_C(1) << memory->paging->page_shift;
        page_left = page - (address.value & (page - 1));
    }
    enum space space = address.space == SPACE_FILE ? SPACE_FILE : SPACE_PHYS;
    memory_stretch(memory, address_in(space, pa), stretch);
    left = stretch->last - pa;
    left = left < page_left ? left + 1 : page_left;
    return left < wanted ? (size_t)left : wanted;
}

static bool is_readable(enum stretch_kind kind)
{
    return kind == STRETCH_DATA || kind == STRETCH_HOLE;
}

size_t memory_read(struct memory *memory, struct address address, void *buffer, size_t length,
                   uint8_t *there)
{
    size_t got = 0;
    for (size_t done = 0; done < length;) {
        struct address at = address_in(address.space, address.value + done);
        struct stretch stretch = {.kind = STRETCH_OUTSIDE};
        size_t piece = length - done, read = 0;
        if (at.value >= address.value) /* behind the last address comes nothing */
            piece = piece_at(memory, at, piece, &stretch);
        if (is_readable(stretch.kind))
            read = image_read(memory->image, stretch.offset, (char *)buffer + done, piece);
        memset((char *)buffer + done + read, 0, piece - read);
        if (there) {
            memset(there + done, (int)stretch.kind, read);
            memset(there + done + read,
                   is_readable(stretch.kind) ? STRETCH_OUTSIDE : (int)stretch.kind, piece - read);
        }
        got += read;
        done += piece;
    }
    return got;
}

bool memory_read_u64(struct memory *memory, struct address address, uint64_t *value)
{
    uint8_t byte[8] = {0};
    if (memory_read(memory, address, byte, sizeof byte, NULL) != sizeof byte)
        return false;
    *value = 0;
    for (int i = 7; i >= 0; i--)
        *value = *value << 8 | byte[i];
    return true;
}

void memory_bounds(const struct memory *memory, enum space space, uint64_t *first, uint64_t *last)
{
    /* 56 bits on RISC-V, 52 elsewhere. */
    bool is_wide = memory->paging && memory->paging->address_shift;
    uint64_t highest_pa = (UINT64_C(1) << (is_wide ? 56 : 52)) - 1;
    *first = 0;
    *last = space == SPACE_FILE   ? image_size(memory->image) - 1
            : space == SPACE_PHYS ? highest_pa
                                  : UINT64_MAX;
}

bool memory_pointer(struct memory *memory, uint64_t word, uint64_t *va)
{
    uint64_t pa;
    /* Small numbers are numbers: Linux keeps the first 64 KiB unmapped (mmap_min_addr). */
    if (!memory->paging || word < 0x1000)
        return false;
    uint64_t canonical = paging_canonical(memory->paging, word);
    if (!memory_translate(memory, canonical, &pa))
        return false;
    *va = canonical;
    return true;
}
