/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A direct-mapped table of pages over what the guest knows of its addresses. */
#include "ui/hex/owners.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 256 };
#define PAGE_MASK    UINT64_C(0xfff)
#define SYMBOL_REACH UINT64_C(0x10000) /* behind that a symbol names nothing any more */

struct slot {
    uint64_t pa; /* of the page; UINT64_MAX: empty */
    struct page_facts facts;
};

struct owners {
    struct session *session;
    struct slot slot[SLOTS];
};

struct owners *owners_create(struct session *session)
{
    struct owners *owners = calloc(1, sizeof *owners);
    if (owners) {
        owners->session = session;
        owners_forget(owners);
    }
    return owners;
}

void owners_destroy(struct owners *owners)
{
    free(owners);
}

void owners_forget(struct owners *owners)
{
    for (size_t i = 0; i < SLOTS; i++)
        owners->slot[i].pa = UINT64_MAX;
}

const struct page_facts *owners_page(struct owners *owners, uint64_t pa)
{
    struct guest *guest = session_guest(owners->session);
    if (!guest || !guest->pages)
        return NULL;
    pa &= ~PAGE_MASK;
    struct slot *slot = &owners->slot[(pa >> 12 ^ pa >> 20) % SLOTS];
    if (slot->pa != pa) {
        page_describe(guest->pages, pa, &slot->facts);
        slot->pa = pa;
    }
    return &slot->facts;
}

/* Without data symbols in kallsyms this one is known by other means. */
static bool is_in_init_task(const struct guest *guest, uint64_t va)
{
    return guest->known[GUEST_TASKS] &&
           va - guest->init_task_va <
               btf_size(guest->btf, btf_find(guest->btf, "task_struct", BTF_STRUCT));
}

static void add_symbol(struct text *text, const char *name, uint64_t offset)
{
    text_add(text, "%s", name);
    if (offset)
        text_add(text, "+0x%llx", (unsigned long long)offset);
}

bool owners_symbol(struct owners *owners, uint64_t va, char *text, size_t size)
{
    const struct guest *guest = session_guest(owners->session);
    const struct symbol *symbol = guest && guest->symbols ? symbols_at(guest->symbols, va) : NULL;
    struct text line = text_over(text, size);
    if (guest && is_in_init_task(guest, va))
        add_symbol(&line, "init_task", va - guest->init_task_va);
    else if (symbol && va - symbol->va < SYMBOL_REACH)
        symbols_text(guest->symbols, va, text, size);
    return *text;
}

/* "slab task_struct", "free"; false for what says no more than the region does. */
static bool add_page(const struct page_facts *page, struct text *text)
{
    if (!page || page->kind == PAGE_UNKNOWN || page->kind == PAGE_OUTSIDE)
        return false;
    text_add(text, "%s", page_kind_name(page->kind));
    if (page->owner[0] && page->kind != PAGE_IMAGE) /* that has symbols and regions of its own */
        text_add(text, " %s", page->owner);
    return true;
}

static const struct region *region_of(const struct guest *guest, uint64_t va)
{
    return guest->known[GUEST_REGIONS] ? region_at(&guest->regions, va) : NULL;
}

char *owners_name(void *context, uint64_t va, char *text, size_t size)
{
    struct owners *owners = context;
    struct guest *guest = session_guest(owners->session);
    uint64_t pa;
    text[0] = '\0';
    if (!guest || owners_symbol(owners, va, text, size))
        return text;
    guest_name_va(guest, va, text, size);
    const struct region *region = region_of(guest, va);
    if (*text && !(region && strcmp(text, region->name) == 0))
        return text;
    /* In the linear map, or a process's memory, it is the page that says more. */
    struct text line = text_over(text, size);
    if (memory_translate(&owners->session->memory, va, &pa) &&
        add_page(owners_page(owners, pa), &line))
        return text;
    /* Which of the large regions it is the address itself says. */
    text_add(&line, "%s", region && region->depth > 1 ? region->name : "");
    return text;
}

static void add_part(struct text *text, size_t before, const char *part)
{
    text_add(text, "%s%s", text->length > before ? ", " : "", part);
}

void owners_describe(struct owners *owners, struct address address, struct text *text)
{
    struct guest *guest = session_guest(owners->session);
    uint64_t pa = address.value;
    uint64_t left;
    char part[400];
    size_t before = text->length;
    if (!guest)
        return;
    const struct region *region = NULL;
    bool mapped = true;
    if (address.space == SPACE_VIRT) {
        region = region_of(guest, address.value);
        if (owners_symbol(owners, address.value, part, sizeof part))
            add_part(text, before, part);
        mapped = memory_translate(&owners->session->memory, address.value, &pa);
    } else if (address.space == SPACE_FILE) {
        mapped = image_offset_to_pa(owners->session->image, address.value, &pa, &left);
    }
    struct text page = TEXT_OVER(part);
    if (mapped && add_page(owners_page(owners, pa), &page))
        add_part(text, before, part);
    if (region)
        add_part(text, before, region->name);
}
