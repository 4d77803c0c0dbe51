/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The census: every page of the image, chunk by chunk, in the order of its ranges. */
#include "linux/pages/page_private.h"

bool pages_census(struct pages *pages, struct census *census, unsigned page_budget)
{
    size_t count;
    const struct segment *range = source_segments(pages->memory->source, &count);
    unsigned shift = pages->paging->page_shift;
    uint64_t budget = page_budget ? page_budget : 1;
    while (census->range < count && budget) {
        uint64_t first = range[census->range].pa >> shift;
        uint64_t last = (range[census->range].pa + (range[census->range].size - 1)) >> shift;
        uint64_t pfn = census->next_pa >> shift;
        pfn = pfn < first || pfn > last ? first : pfn;
        uint64_t end = (pfn | (CHUNK_PAGES - 1)) + 1;
        end = end > last + 1 ? last + 1 : end;
        const struct page_chunk *chunk = page_chunk_at(pages, pfn);
        for (uint64_t i = pfn - chunk->first_pfn; i < end - chunk->first_pfn; i++) {
            census->pages[chunk->kind[i]]++;
            census->untouched[chunk->kind[i]] += chunk->hole[i];
        }
        budget -= end - pfn < budget ? end - pfn : budget;
        census->next_pa = end << shift;
        if (end > last) {
            census->range++;
            census->next_pa = 0;
        }
    }
    return census->range >= count;
}
