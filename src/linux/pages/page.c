/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages as seen from outside: opening, one page by itself, names of kinds. */
#include "linux/pages/page_private.h"

#include <stdlib.h>

#define STEP_TABLES 128

const char *page_kind_name(enum page_kind kind)
{
    static const char *const name[PAGE_KINDS] = {
        [PAGE_UNKNOWN] = "unknown",         [PAGE_OUTSIDE] = "outside",
        [PAGE_UNTOUCHED] = "never-touched", [PAGE_FREE] = "free",
        [PAGE_TABLE] = "page-table",        [PAGE_SLAB] = "slab",
        [PAGE_ANON] = "anonymous",          [PAGE_FILE] = "page-cache",
        [PAGE_IMAGE] = "kernel-image",      [PAGE_VMALLOC] = "vmalloc",
        [PAGE_VMEMMAP] = "vmemmap",         [PAGE_PERCPU] = "per-cpu",
        [PAGE_HUGETLB] = "hugetlb",         [PAGE_RESERVED] = "reserved",
        [PAGE_KERNEL] = "kernel",
    };
    return (unsigned)kind < PAGE_KINDS ? name[kind] : "unknown";
}

static void find_image(struct pages *pages)
{
    const struct linux_context *linux = &pages->linux;
    if (linux->kernel && linux->kernel->image_last_pa) {
        pages->image_pa = linux->kernel->image_pa;
        pages->image_last_pa = linux->kernel->image_last_pa;
        return;
    }
    /* All of it lies at one distance, its text surely: elsewhere vmalloc may have put pages of its
     * own where the image has none, or has it no longer. */
    uint64_t pa, stext = linux->kernel ? linux->kernel->stext_va - linux->image.va : 0;
    if (stext >= linux->image.size ||
        !memory_translate(pages->memory, linux->image.va + stext, &pa) || pa < stext)
        return;
    pages->image_pa = pa - stext;
    pages->image_last_pa = pages->image_pa + (linux->image.size - 1);
}

bool pages_open(struct pages **opened, const struct linux_context *linux, struct error *err)
{
    if (!linux->memory || !linux->memory->paging ||
        linux->memory->space->roots.kernel_pa == NO_ROOT)
        return error_set(err, "pages are not known before the kernel's page tables are");
    struct pages *pages = calloc(1, sizeof *pages);
    if (pages)
        pages->chunk = calloc(1, sizeof *pages->chunk);
    if (!pages || !pages->chunk) {
        pages_close(pages);
        return error_set(err, "out of memory");
    }
    pages->linux = *linux;
    pages->memory = linux->memory;
    pages->paging = linux->memory->paging;
    if (!page_layout_of(&pages->layout, linux, err) || !page_vmemmap_find(pages, err)) {
        pages_close(pages);
        return false;
    }
    find_image(pages);
    pages->indexing = true;
    *opened = pages;
    return true;
}

struct pages *pages_share(const struct pages *of, const struct linux_context *linux)
{
    struct pages *pages = calloc(1, sizeof *pages);
    struct page_chunk *chunk = calloc(1, sizeof *chunk);
    if (!pages || !chunk) {
        free(pages);
        free(chunk);
        return NULL;
    }
    *pages = (struct pages){.linux = *linux,
                            .memory = linux->memory,
                            .paging = of->paging,
                            .layout = of->layout,
                            .image_pa = of->image_pa,
                            .image_last_pa = of->image_last_pa,
                            .vmemmap_va = of->vmemmap_va,
                            .vmemmap_last = of->vmemmap_last,
                            .chunk = chunk};
    page_index_share(&pages->index, &of->index);
    pages->indexing = !pages->index.complete;
    return pages;
}

void pages_close(struct pages *pages)
{
    if (!pages)
        return;
    page_index_free(&pages->index);
    page_index_free(&pages->building);
    page_lists_forget(&pages->lists);
    free(pages->chunk);
    free(pages);
}

bool pages_step(struct pages *pages)
{
    return page_index_step(pages, STEP_TABLES);
}

void pages_forget(struct pages *pages)
{
    page_lists_forget(&pages->lists);
    pages->chunk->valid = false;
}

bool pages_ready(const struct pages *pages)
{
    return pages->index.complete;
}

void pages_reindex(struct pages *pages)
{
    pages->indexing = true; /* one in progress goes on */
}

bool pages_take(struct pages *pages, const struct pages *from)
{
    struct page_index taken = {0};
    page_index_share(&taken, &from->index);
    if (!taken.complete)
        return false;
    page_index_free(&pages->index);
    pages->index = taken;
    pages->indexing = false;
    pages->chunk->valid = false;
    return true;
}

enum page_kind page_kind_at(struct pages *pages, uint64_t pa)
{
    uint64_t pfn = pa >> pages->paging->page_shift;
    uint64_t offset;
    if (!source_pa_to_offset(pages->memory->source, pa, &offset, NULL))
        return PAGE_OUTSIDE;
    return (enum page_kind)page_chunk_at(pages, pfn)->kind[pfn % CHUNK_PAGES];
}

static uint64_t member_u64(const struct page_view *view, int offset)
{
    return offset == NO_MEMBER ? 0 : load_le64(view->bytes + offset);
}

void page_describe(struct pages *pages, uint64_t pa, struct page_facts *facts)
{
    unsigned shift = pages->paging->page_shift;
    uint64_t pfn = pa >> shift, head;
    uint8_t bytes[PAGE_STRUCT_MAX];
    struct page_view view;
    *facts = (struct page_facts){.pa = pfn << shift, .kind = page_kind_at(pages, pa), .pid = -1};
    facts->head_pa = facts->pa;
    if (facts->kind == PAGE_OUTSIDE)
        return;
    const struct page_chunk *chunk = page_chunk_at(pages, pfn);
    facts->untouched = chunk->hole[pfn % CHUNK_PAGES];
    if (!page_struct_read(pages, pfn, bytes, &view)) {
        page_owner(pages, facts, NULL, pfn);
        return;
    }
    facts->page_va = view.va;
    facts->flags = view.flags;
    facts->refcount = view.refcount;
    facts->mapcount = (int64_t)(int32_t)view.type + 1; /* -1: not mapped; where a type: useless */
    if (view.type >> 31 && view.type != UINT32_MAX)
        facts->mapcount = 0;
    head = page_head(pages, pfn, &view);
    facts->head_pa = head << shift;
    facts->index = member_u64(&view, pages->layout.index);
    page_owner(pages, facts, &view, head);
}
