/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a page is, by its struct page and, for what that leaves open, from the index.
 * Struct pages are read a chunk at a time; a chunk's kinds are kept until the next one.
 */
#include "linux/pages/page_private.h"

#include <string.h>

/* mm's low bits of page->mapping (include/linux/page-flags.h). */
#define MAPPING_BITS    3u
#define MAPPING_ANON    1u
#define MAPPING_MOVABLE 2u

bool page_struct_read(struct pages *pages, uint64_t pfn, uint8_t *bytes, struct page_view *view)
{
    size_t size = (size_t)pages->layout.size;
    uint8_t there;
    uint64_t va = page_struct_va(pages, pfn);
    page_read_bulk(pages, va, bytes, size, size, &there);
    page_view_of(&pages->layout, va, bytes, view);
    return there;
}

uint64_t page_head(const struct pages *pages, uint64_t pfn, const struct page_view *view)
{
    uint64_t head = pfn, size = pages->layout.size;
    if (!(view->head & 1))
        return pfn;
    /* Since 7.0 a mask where struct page is a power of two; all ones above, unlike an address. */
    uint64_t mask = view->head & ~UINT64_C(1);
    uint64_t span = ~mask + 1;
    if (span >= 2 * size && span <= size << 30 && !(span & (span - 1)))
        mask &= view->va;
    if (!page_struct_pfn(pages, mask, &head) || head >= pfn)
        return pfn;
    return head;
}

static bool buddy_block(const struct pages *pages, uint64_t pfn, const struct page_view *view,
                        unsigned *order)
{
    if (!page_is_type(&pages->layout.buddy, view->type) || view->refcount != 0)
        return false;
    uint64_t value = load_le64(view->bytes + pages->layout.private);
    /* A torn one is a single free page. */
    bool good = value <= pages->layout.order_most && !(pfn & ((UINT64_C(1) << value) - 1));
    *order = good ? (unsigned)value : 0;
    return true;
}

bool page_buddy_at(struct pages *pages, uint64_t pfn, uint64_t *head, unsigned *order)
{
    uint64_t last = UINT64_MAX;
    for (unsigned i = 0; i <= pages->layout.order_most; i++) {
        uint8_t bytes[PAGE_STRUCT_MAX];
        struct page_view view;
        uint64_t first = pfn & ~((UINT64_C(1) << i) - 1);
        if (first == last)
            continue;
        last = first;
        if (page_struct_read(pages, first, bytes, &view) &&
            buddy_block(pages, first, &view, order) && *order >= i) {
            *head = first;
            return true;
        }
    }
    return false;
}

/* Is this compound head hugetlb?  `second` is the struct page after it, NULL where unknown. */
static bool is_hugetlb(const struct page_layout *layout, const struct page_view *view,
                       const uint8_t *second)
{
    if (layout->hugetlb.mask)
        return page_is_type(&layout->hugetlb, view->type);
    if (!second || !(view->flags & layout->head_flag))
        return false;
    if (layout->tail_flags != NO_MEMBER)
        return load_le64(second + layout->tail_flags) & layout->hugetlb_flag;
    return layout->tail_dtor != NO_MEMBER && second[layout->tail_dtor] == layout->hugetlb_dtor;
}

/* What its struct page alone says; PAGE_KERNEL where it says no more than "in use". */
static enum page_kind kind_of_struct(const struct pages *pages, const struct page_view *view,
                                     const uint8_t *second)
{
    const struct page_layout *layout = &pages->layout;
    if (page_is_type(&layout->slab, view->type) || view->flags & layout->slab_flag)
        return PAGE_SLAB;
    if (is_hugetlb(layout, view, second))
        return PAGE_HUGETLB;
    if (page_is_type(&layout->table, view->type))
        return PAGE_TABLE;
    if (page_is_type(&layout->offline, view->type) || page_is_type(&layout->guard, view->type))
        return PAGE_KERNEL;
    if (view->flags & layout->reserved)
        return PAGE_RESERVED;
    if (view->refcount == 0 && view->type == UINT32_MAX && !view->mapping &&
        !(view->flags & layout->head_flag))
        return PAGE_FREE; /* or the rear of an allocation: classify() knows */
    if (view->refcount <= 0)
        return PAGE_UNKNOWN;
    if (view->mapping & MAPPING_ANON)
        return PAGE_ANON;
    uint64_t mapping = view->mapping;
    if (mapping && !(mapping & MAPPING_BITS) && paging_is_kernel_half(pages->paging, mapping) &&
        paging_is_canonical(pages->paging, mapping))
        return PAGE_FILE;
    return PAGE_KERNEL;
}

/* The head of a compound page that began before the chunk, and the struct page after it. */
static enum page_kind kind_of_far_head(struct pages *pages, uint64_t head)
{
    uint8_t bytes[PAGE_STRUCT_MAX], second[PAGE_STRUCT_MAX];
    struct page_view view, view2;
    if (!page_struct_read(pages, head, bytes, &view) || view.head & 1)
        return PAGE_UNKNOWN;
    bool has_second = page_struct_read(pages, head + 1, second, &view2);
    return kind_of_struct(pages, &view, has_second ? second : NULL);
}

/* What the tables say of a page that its struct page only calls reserved or in use. */
static enum page_kind refine(const struct pages *pages, uint64_t pa, enum page_kind kind)
{
    unsigned count;
    if (kind != PAGE_KERNEL && kind != PAGE_RESERVED && kind != PAGE_UNKNOWN)
        return kind;
    if (pages->index.complete && page_index_table(&pages->index, pa))
        return PAGE_TABLE;
    bool in_image =
        pages->image_last_pa && pa - pages->image_pa <= pages->image_last_pa - pages->image_pa;
    if (in_image && (kind == PAGE_RESERVED || !pages->layout.reserved))
        return PAGE_IMAGE;
    const struct percpu *percpu = pages->linux.percpu;
    if (pages->index.has_linear && percpu && percpu->chunk_last) {
        uint64_t va = pa + pages->index.linear;
        if (va >= percpu->chunk_first && va <= percpu->chunk_last && kind == PAGE_RESERVED)
            return PAGE_PERCPU;
    }
    const struct pa_mapping *map = page_maps_at(&pages->index.kernel, pa, &count);
    if (!map || (kind == PAGE_RESERVED && map->kind == PAGE_VMALLOC))
        return kind;
    return (enum page_kind)map->kind;
}

struct compound {
    uint64_t free_until; /* frames below it belong to a free block */
    uint64_t head;       /* of the compound page seen last, and its kind */
    enum page_kind head_kind;
};

static enum page_kind classify(struct pages *pages, struct page_chunk *chunk, unsigned i,
                               struct compound *state)
{
    struct page_view view;
    size_t size = (size_t)pages->layout.size;
    uint64_t pfn = chunk->first_pfn + i;
    unsigned order;
    if (pfn < state->free_until)
        return PAGE_FREE;
    page_view_of(&pages->layout, page_struct_va(pages, pfn), chunk->bytes + i * size, &view);
    if (buddy_block(pages, pfn, &view, &order)) {
        state->free_until = pfn + (UINT64_C(1) << order);
        return PAGE_FREE;
    }
    if (!(view.head & 1)) {
        bool next = i + 1 < CHUNK_PAGES && chunk->there[i + 1];
        enum page_kind kind = kind_of_struct(pages, &view, next ? view.bytes + size : NULL);
        if (kind != PAGE_FREE)
            return kind;
        if (!page_listed(pages, pfn, &view, &order))
            return PAGE_KERNEL;
        state->free_until = pfn + (UINT64_C(1) << order);
        return PAGE_FREE;
    }
    uint64_t head = page_head(pages, pfn, &view);
    if (head == pfn)
        return PAGE_UNKNOWN;
    if (head != state->head) {
        state->head = head;
        state->head_kind = kind_of_far_head(pages, head);
    }
    return state->head_kind;
}

/* Which pages of the chunk are in the image, and which of these are holes of the file. */
static void look_at_file(struct pages *pages, struct page_chunk *chunk)
{
    const struct source *source = pages->memory->source;
    unsigned shift = pages->paging->page_shift;
    for (unsigned i = 0; i < CHUNK_PAGES;) {
        uint64_t offset, left, end;
        uint64_t pa = (chunk->first_pfn + i) << shift;
        if (!source_pa_to_offset(source, pa, &offset, &left)) {
            chunk->kind[i++] = PAGE_OUTSIDE;
            continue;
        }
        bool hole = source_extent(pages->memory->reader, offset, &end) == EXTENT_HOLE;
        uint64_t bytes = end - offset < left ? end - offset : left;
        /* A page that is data in part is data. */
        uint64_t count =
            hole && bytes < left ? bytes >> shift : (bytes + (UINT64_C(1) << shift) - 1) >> shift;
        if (!count) {
            hole = false;
            count = 1;
        }
        for (; count && i < CHUNK_PAGES; count--, i++) {
            chunk->kind[i] = PAGE_UNKNOWN;
            chunk->hole[i] = hole;
        }
    }
}

const struct page_chunk *page_chunk_at(struct pages *pages, uint64_t pfn)
{
    struct page_chunk *chunk = pages->chunk;
    uint64_t first = pfn & ~(uint64_t)(CHUNK_PAGES - 1), head;
    struct compound state = {.head = UINT64_MAX};
    unsigned order;
    if (chunk->valid && chunk->first_pfn == first)
        return chunk;
    chunk->first_pfn = first;
    chunk->valid = true;
    memset(chunk->kind, PAGE_UNKNOWN, sizeof chunk->kind);
    memset(chunk->hole, 0, sizeof chunk->hole);
    look_at_file(pages, chunk);
    size_t size = (size_t)pages->layout.size;
    page_read_bulk(pages, page_struct_va(pages, first), chunk->bytes, size * CHUNK_PAGES, size,
                   chunk->there);
    /* Only blocks larger than a chunk reach into it. */
    if (pages->layout.order_most > 10 && page_buddy_at(pages, first, &head, &order))
        state.free_until = head + (UINT64_C(1) << order);
    for (unsigned i = 0; i < CHUNK_PAGES; i++) {
        if (chunk->kind[i] == PAGE_OUTSIDE)
            continue;
        enum page_kind kind = chunk->there[i] ? classify(pages, chunk, i, &state) : PAGE_UNKNOWN;
        kind = refine(pages, (first + i) << pages->paging->page_shift, kind);
        if (kind == PAGE_UNKNOWN && chunk->hole[i])
            kind = PAGE_UNTOUCHED;
        chunk->kind[i] = (uint8_t)kind;
    }
    return chunk;
}
