/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages on the per-CPU free lists (mm/page_alloc.c, struct per_cpu_pages).  Their struct pages
 * look like the rear pages of any larger allocation but for their links: next and prev agree.
 * From one such page its list's head is found, from that all lists of its CPU and zone.
 */
#include "linux/lists/pointer_chain.h"
#include "linux/pages/page_private.h"

#include <limits.h>
#include <stdlib.h>

#define NODES_MAX (1u << 20) /* of all lists together: broken ones must not add up */
#define COSTLY    3u         /* PAGE_ALLOC_COSTLY_ORDER */

static bool word_at(struct pages *pages, uint64_t va, uint64_t *word)
{
    return memory_read_u64(pages->memory, address_in(pages->memory->space, va), word);
}

/* Do the neighbours of the list_head at `va` point back to it? */
static bool is_linked(struct pages *pages, uint64_t va, uint64_t next, uint64_t prev)
{
    uint64_t back, forth;
    return paging_is_kernel_half(pages->paging, next) && !(next & 7) &&
           paging_is_kernel_half(pages->paging, prev) && !(prev & 7) &&
           word_at(pages, next + 8, &back) && back == va && word_at(pages, prev, &forth) &&
           forth == va;
}

static void add(struct page_lists *lists, uint64_t pfn, unsigned order)
{
    uint32_t place = HASH_FIND(&lists->by_pfn, lists->block, pfn, pfn);
    if (place != HASH_NONE)
        lists->block[place].order = order;
    else if (ARRAY_ROOM(&lists->block, lists->count, &lists->capacity) &&
             hash_add(&lists->by_pfn, hash_number(pfn), lists->count))
        lists->block[lists->count++] = (struct page_block){pfn, order};
}

/*
 * Along the struct pages on the list that the list_head `from` is on, to what is none: *end; 0: it
 * went round, or prev and next do not match (false).  Their blocks of `order` are added; NO_ORDER:
 * nothing is.
 */
#define NO_ORDER UINT_MAX
static bool go_along(struct pages *pages, uint64_t from, bool backward, unsigned order,
                     uint64_t *end)
{
    struct page_lists *lists = &pages->lists;
    struct pointer_chain chain;
    uint64_t pfn;
    pointer_chain_start(&chain, pages->memory, from, backward, NODES_MAX - lists->nodes);
    while (pointer_chain_next(&chain, end) && !chain.why.text[0]) {
        lists->nodes++;
        if (!page_struct_pfn(pages, *end - (uint64_t)pages->layout.lru, &pfn))
            return true;
        if (order != NO_ORDER && !(pfn & ((UINT64_C(1) << order) - 1)))
            add(lists, pfn, order);
    }
    *end = 0;
    if (chain.why.text[0] && !lists->why.text[0])
        lists->why = chain.why;
    return !chain.why.text[0];
}

/* All blocks on the list at `head`; of a broken one those up to there, from both ends. */
static void add_list(struct pages *pages, uint64_t head, unsigned order)
{
    uint64_t end;
    if (!go_along(pages, head, false, order, &end))
        go_along(pages, head, true, order, &end);
}

/* The first thing on the list that is no struct page.  False: none. */
static bool find_head(struct pages *pages, uint64_t from, uint64_t *head)
{
    if (!go_along(pages, from, false, NO_ORDER, head))
        go_along(pages, from, true, NO_ORDER, head);
    return *head;
}

/* Is this the first of per_cpu_pages' lists?  Then all of them are lists. */
static bool are_lists(struct pages *pages, uint64_t first, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint64_t next, prev, va = first + UINT64_C(16) * i;
        if (!word_at(pages, va, &next) || !word_at(pages, va + 8, &prev) ||
            !is_linked(pages, va, next, prev))
            return false;
    }
    return true;
}

/* order_to_pindex(): by order, and in each by migrate type; then the huge pages' lists. */
static unsigned order_of_list(const struct pages *pages, unsigned list, unsigned count)
{
    const struct paging *paging = pages->paging;
    unsigned types = pages->layout.pcp_types;
    if (count <= types)
        return 0; /* single pages only, before 5.13 */
    if (list < types * (COSTLY + 1))
        return list / types;
    return paging->level[paging->levels - 2u].shift - (unsigned)paging->page_shift;
}

static void learn(struct pages *pages, uint64_t from)
{
    uint64_t head;
    unsigned count = pages->layout.pcp_lists;
    if (!find_head(pages, from, &head))
        return;
    for (unsigned k = 0; k < count; k++) {
        uint64_t first = head - UINT64_C(16) * k;
        if (!are_lists(pages, first, count))
            continue;
        for (unsigned i = 0; i < count; i++)
            add_list(pages, first + UINT64_C(16) * i, order_of_list(pages, i, count));
        return;
    }
    add_list(pages, head, 0);
}

bool page_listed(struct pages *pages, uint64_t pfn, const struct page_view *view, unsigned *order)
{
    struct page_lists *lists = &pages->lists;
    uint64_t va = view->va + (uint64_t)pages->layout.lru;
    for (int attempt = 0; attempt < 2; attempt++) {
        uint32_t place = HASH_FIND(&lists->by_pfn, lists->block, pfn, pfn);
        if (place != HASH_NONE) {
            *order = lists->block[place].order;
            return true;
        }
        const uint8_t *link = view->bytes + pages->layout.lru;
        if (attempt || lists->nodes == NODES_MAX ||
            !is_linked(pages, va, load_le64(link), load_le64(link + 8)))
            return false;
        learn(pages, va);
    }
    return false;
}

const struct error *pages_broken_list(const struct pages *pages)
{
    return pages->lists.why.text[0] ? &pages->lists.why : NULL;
}

void page_lists_forget(struct page_lists *lists)
{
    free(lists->block);
    hash_free(&lists->by_pfn);
    *lists = (struct page_lists){0};
}
