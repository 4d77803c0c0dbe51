/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose a page is, in words.  Pointers of a struct page are followed only here, one page at a
 * time; each is checked by what it points to.
 */
#include "base/text.h"
#include "linux/pages/page_private.h"
#include "linux/tasks/vma.h"

#include <inttypes.h>
#include <string.h>

#define MAPPING_BITS 3u
#define MAPPING_KSM  3u

static void add_root(struct text *text, const struct page_root *root)
{
    if (root->pid < 0)
        text_add(text, "kernel");
    else
        text_add(text, "%" PRId32 " %s", root->pid, root->comm);
}

/* Appends where the page is mapped. */
static void add_va(struct text *text, struct page_facts *facts)
{
    facts->owner_before_va = text->length;
    text_add(text, "%sv:%" PRIx64, text->length ? " " : "", facts->va);
    facts->owner_to_va = text->length;
}

/* The processes' mappings of a page: the first one, and how many more.  False: none. */
static bool add_user(struct pages *pages, struct page_facts *facts, struct text *text)
{
    const struct pa_mapping *map = page_maps_at(&pages->index.user, facts->pa, &facts->mappings);
    if (!map)
        return false;
    const struct page_root *root = &pages->index.root[map->root];
    facts->pid = root->pid;
    facts->va = map->va + (facts->pa - map->pa);
    add_root(text, root);
    add_va(text, facts);
    if (facts->mappings > 1)
        text_add(text, " +%u", facts->mappings - 1);
    return true;
}

static void own_free(struct pages *pages, struct page_facts *facts, struct text *text)
{
    uint64_t head;
    unsigned order;
    if (!page_buddy_at(pages, facts->pa >> pages->paging->page_shift, &head, &order)) {
        text_add(text, "per-CPU list");
        return;
    }
    facts->head_pa = head << pages->paging->page_shift;
    text_add(text, "buddy, order %u", order);
}

static void own_table(struct pages *pages, struct page_facts *facts, struct text *text)
{
    const struct page_table *table = page_index_table(&pages->index, facts->pa);
    if (!table) {
        /* pgtable_trans_huge_deposit(): for when the huge page is split; or EFI's own tables. */
        if (pages->index.complete && !pages->index.cut)
            text_add(text, "reached from no root (deposited for a huge page?)");
        return;
    }
    const struct page_root *root = &pages->index.root[table->root];
    facts->pid = root->pid;
    facts->va = paging_canonical(pages->paging, table->va);
    text_add(text, "%s of ", pages->paging->level[table->level].name);
    add_root(text, root);
    text_add(text, " v:%" PRIx64 "%s", facts->va, table->shadow ? " (for user mode)" : "");
}

static void own_slab(struct pages *pages, const struct page_view *view, struct text *text)
{
    const struct btf *btf = pages->linux.btf;
    struct field field;
    uint64_t name;
    char cache[64];
    if (!btf || pages->layout.cache == NO_MEMBER || !field_of(btf, "kmem_cache", "name", &field))
        return;
    uint64_t va = load_le64(view->bytes + pages->layout.cache);
    if (field_read(pages->memory, va, &field, &name) &&
        memory_string(pages->memory, name, cache, sizeof cache))
        text_add_printable(text, cache, strlen(cache));
}

/* "/bin/sh", or "inode 12 of tmpfs" where no dentry gives a name. */
static void own_file(struct pages *pages, struct page_facts *facts, const struct page_view *view,
                     struct text *text)
{
    const struct btf *btf = pages->linux.btf;
    struct field host, own;
    struct object inode;
    uint64_t host_va, number;
    char name[VMA_FILE], type[32];
    if (!btf || !field_of(btf, "address_space", "host", &host) ||
        !field_of(btf, "inode", "i_mapping", &own) || (view->mapping & MAPPING_BITS))
        return;
    if (!field_read(pages->memory, view->mapping, &host, &host_va) ||
        !object_at(&inode, &pages->linux, "inode", host_va) ||
        !object_u64(&inode, "i_ino", &number)) {
        text_add(text, "mapping v:%" PRIx64, view->mapping);
        return;
    }
    facts->inode_va = host_va;
    facts->inode = number;
    facts->file_offset = facts->index << pages->paging->page_shift;
    if (inode_path(&pages->linux, host_va, name, sizeof name) && name[0]) {
        text_add(text, "%s", name);
        return;
    }
    text_add(text, "inode %" PRIu64, number);
    struct object super, system;
    if (object_follow(&inode, "i_sb", &super) && object_follow(&super, "s_type", &system) &&
        object_string(&system, "name", type, sizeof type)) {
        text_add(text, " of ");
        text_add_printable(text, type, strlen(type));
    }
}

/* What the region adds to the page's kind: "vmalloc vmalloc: x" would say a word twice. */
static void add_region(struct pages *pages, struct page_facts *facts, struct text *text)
{
    const struct regions *regions = pages->linux.regions;
    const struct region *region = regions ? region_at(regions, facts->va) : NULL;
    static const enum region_kind same[PAGE_KINDS] = {[PAGE_IMAGE] = REGION_IMAGE,
                                                      [PAGE_VMALLOC] = REGION_VMALLOC,
                                                      [PAGE_VMEMMAP] = REGION_VMEMMAP};
    if (!region || (facts->kind == PAGE_IMAGE && !region->depth))
        return;
    facts->region = region;
    bool is_same = region->kind != REGION_OTHER && region->kind == same[facts->kind];
    text_add(text, "%s", region->name + (is_same ? region->detail : 0));
}

/* vmalloc, modules, stacks: the region's name, or whose stack it is. */
static void own_mapped(struct pages *pages, struct page_facts *facts, struct text *text)
{
    const struct pa_mapping *map = page_maps_at(&pages->index.kernel, facts->pa, &facts->mappings);
    if (!map)
        return;
    facts->va = map->va + (facts->pa - map->pa);
    const struct page_stack *stack = page_index_stack(&pages->index, facts->va);
    if (stack)
        text_add(text, "stack of %" PRId32 " %s", stack->pid, stack->comm);
    else
        add_region(pages, facts, text);
    add_va(text, facts);
}

/* Which part of the image it is; its symbols are the address's, not the page's. */
static void own_image(struct pages *pages, struct page_facts *facts, struct text *text)
{
    const struct linux_context *known = &pages->linux;
    if (!known->image.size || pages->image_pa > facts->pa)
        return;
    facts->va = known->image.va + (facts->pa - pages->image_pa);
    add_region(pages, facts, text);
}

static void own_in_use(struct pages *pages, struct page_facts *facts, const struct page_view *view,
                       struct text *text)
{
    const struct page_layout *layout = &pages->layout;
    if (page_is_type(&layout->offline, view->type))
        text_add(text, "offline");
    else if (page_is_type(&layout->guard, view->type))
        text_add(text, "guard");
    else if (view->flags & layout->poison)
        text_add(text, "hwpoison");
    else if ((view->mapping & MAPPING_BITS) == 2)
        text_add(text, "movable");
    else if (!add_user(pages, facts, text))
        own_mapped(pages, facts, text);
}

/* The head's struct page answers for the whole of a compound page. */
static void own(struct pages *pages, struct page_facts *facts, const struct page_view *head,
                struct text *text)
{
    switch (facts->kind) {
    case PAGE_FREE:
        own_free(pages, facts, text);
        break;
    case PAGE_TABLE:
        own_table(pages, facts, text);
        break;
    case PAGE_SLAB:
        own_slab(pages, head, text);
        break;
    case PAGE_ANON:
        if ((head->mapping & MAPPING_BITS) == MAPPING_KSM)
            text_add(text, "KSM ");
        if (!add_user(pages, facts, text) && pages->index.complete && !pages->index.cut)
            text_add(text, "mapped by no process");
        break;
    case PAGE_HUGETLB:
        if (!add_user(pages, facts, text))
            text_add(text, head->refcount ? "in use" : "free in its pool");
        break;
    case PAGE_FILE:
        own_file(pages, facts, head, text);
        page_maps_at(&pages->index.user, facts->pa, &facts->mappings);
        break;
    case PAGE_IMAGE:
        own_image(pages, facts, text);
        break;
    case PAGE_VMALLOC:
    case PAGE_VMEMMAP:
    case PAGE_PERCPU:
    case PAGE_RESERVED:
        own_mapped(pages, facts, text);
        break;
    case PAGE_KERNEL:
        own_in_use(pages, facts, head, text);
        break;
    case PAGE_UNKNOWN:
        text_add(text, "its struct page makes no sense");
        break;
    case PAGE_UNTOUCHED:
    case PAGE_OUTSIDE:
    case PAGE_KINDS:
        break;
    }
}

void page_owner(struct pages *pages, struct page_facts *facts, const struct page_view *view,
                uint64_t head_pfn)
{
    struct text text = TEXT_OVER(facts->owner);
    uint8_t bytes[PAGE_STRUCT_MAX];
    struct page_view head;
    if (!view) {
        text_add(&text, "its struct page v:%" PRIx64 " is not there",
                 page_struct_va(pages, head_pfn));
        return;
    }
    head = *view;
    if (head_pfn << pages->paging->page_shift != facts->pa &&
        page_struct_read(pages, head_pfn, bytes, &head))
        facts->index = pages->layout.index == NO_MEMBER
                           ? 0
                           : load_le64(bytes + pages->layout.index) +
                                 ((facts->pa >> pages->paging->page_shift) - head_pfn);
    own(pages, facts, &head, &text);
}

size_t page_owner_beside(const struct pages *pages, const struct page_facts *facts, uint64_t va)
{
    unsigned shift = pages->paging->page_shift;
    size_t length = strlen(facts->owner);
    bool is_last = facts->owner_to_va && facts->owner_to_va == length;
    return is_last && facts->va == va >> shift << shift ? facts->owner_before_va : length;
}
