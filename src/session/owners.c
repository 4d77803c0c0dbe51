/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of pages, over what the guest knows of its addresses. */
#include "session/owners.h"
#include "session/handles.h"
#include "session/known_pages.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct owners {
    struct session *session;
    struct known_pages *known;
};

static const char coming[] = "…"; /* for what is being found out */

struct owners *owners_create(struct session *session)
{
    struct owners *owners = calloc(1, sizeof *owners);
    if (owners) {
        owners->session = session;
        owners->known = known_pages_create(session);
    }
    if (owners && owners->known)
        return owners;
    free(owners);
    return NULL;
}

void owners_destroy(struct owners *owners)
{
    if (owners)
        known_pages_destroy(owners->known);
    free(owners);
}

void owners_forget(struct owners *owners)
{
    known_pages_forget(owners->known);
}

void owners_clear(struct owners *owners)
{
    known_pages_clear(owners->known);
}

void owners_begin_frame(struct owners *owners)
{
    known_pages_begin_frame(owners->known);
}

bool owners_step(struct owners *owners)
{
    return known_pages_step(owners->known);
}

int owners_descriptor(const struct owners *owners)
{
    return known_pages_descriptor(owners->known);
}

bool owners_symbol(struct owners *owners, uint64_t va, char *text, size_t size)
{
    const struct linux_context *linux = session_linux(owners->session);
    text[0] = '\0';
    return linux && linux_symbol_text(linux, va, text, size);
}

/*
 * "slab task_struct", "free"; false for what adds nothing to the region.  `va`, where it is
 * not NULL, is an address in the page that stands beside this: the owner's text leaves it out.
 */
static bool add_page(struct owners *owners, uint64_t pa, const uint64_t *va, struct text *text)
{
    const struct page_facts *page;
    enum known_state state = known_page(owners->known, pa, &page);
    if (state == KNOWN_COMING)
        text_add(text, "%s", coming);
    if (state != KNOWN_IT)
        return state == KNOWN_COMING;
    if (page->kind == PAGE_UNKNOWN || page->kind == PAGE_OUTSIDE)
        return false;
    const struct pages *pages = session_linux(owners->session)->pages;
    size_t length = va ? page_owner_beside(pages, page, *va) : strlen(page->owner);
    text_add(text, "%s%s%.*s", page_kind_name(page->kind), length ? " " : "", (int)length,
             page->owner);
    return true;
}

static const struct region *region_of(const struct linux_context *linux, uint64_t va)
{
    return linux->regions ? region_at(linux->regions, va) : NULL;
}

char *owners_name(void *context, uint64_t va, char *text, size_t size)
{
    struct owners *owners = context;
    return owners_name_in(owners, address_in(session_kernel_space(owners->session), va), text,
                          size);
}

char *owners_name_in(struct owners *owners, struct address address, char *text, size_t size)
{
    uint64_t va = address.value;
    struct linux_context *linux = session_linux(owners->session);
    uint64_t pa;
    text[0] = '\0';
    if (!linux || owners_symbol(owners, va, text, size) || linux_string_text(linux, va, text, size))
        return text;
    /* In the linear map, or a process's memory, the page is more specific. */
    struct text line = text_over(text, size);
    if (session_translate(owners->session, address, &pa) && add_page(owners, pa, NULL, &line))
        return text;
    /* The address itself shows which of the large regions it is. */
    const struct region *region = region_of(linux, va);
    text_add(&line, "%s", region && region->depth > 1 ? region->name : "");
    return text;
}

const char *owners_object(struct owners *owners, uint64_t pa, struct address *start)
{
    const struct linux_context *linux = session_linux(owners->session);
    const struct slab_object *object;
    if (!linux || !linux->btf || known_object(owners->known, pa, &object) != KNOWN_IT || !object)
        return NULL;
    *start = address_in(session_kernel_space(owners->session), object->va);
    return slab_type(linux->btf, object);
}

/* ", object 4 v:ADDR+0x8 allocated" */
static void add_object(struct owners *owners, uint64_t pa, struct text *text)
{
    const struct slab_object *object;
    if (known_object(owners->known, pa, &object) != KNOWN_IT || !object)
        return;
    const char *state = slab_state_name(object->state);
    text_add(text, ", object %" PRIu64 " v:%" PRIx64, object->index, object->va);
    if (object->offset)
        text_add(text, "+0x%" PRIx64, object->offset);
    text_add(text, "%s%s", state ? " " : "", state ? state : "");
}

static void add_part(struct text *text, size_t before, const char *part)
{
    text_add(text, "%s%s", text->length > before ? ", " : "", part);
}

/* The page that lies there, also one that the kernel alone knows of (PROT_NONE). */
static bool page_of(struct session *session, struct address address, uint64_t *pa)
{
    struct walk walk;
    if (session_translate(session, address, pa))
        return true;
    if (!address.space->paging)
        return false;
    session_walk(session, address, &walk);
    *pa = walk.frame_pa;
    return walk.has_frame;
}

/* Is the region in the owner of the page? */
static bool is_said(struct owners *owners, uint64_t pa, const struct region *region)
{
    const struct page_facts *page;
    return known_page(owners->known, pa, &page) == KNOWN_IT && page->region == region;
}

void owners_describe(struct owners *owners, struct address address, struct text *text)
{
    struct linux_context *linux = session_linux(owners->session);
    uint64_t pa = address.value;
    uint64_t left;
    char part[400];
    size_t before = text->length;
    if (!linux)
        return;
    const struct region *region = NULL;
    bool mapped = true, is_virtual = address_is_virtual(address);
    if (is_virtual) {
        region = region_of(linux, address.value);
        if (owners_symbol(owners, address.value, part, sizeof part))
            add_part(text, before, part);
        mapped = page_of(owners->session, address, &pa);
    } else if (address.space == &space_file) {
        mapped = source_offset_to_pa(session_source(owners->session), address.value, &pa, &left);
    }
    struct text page = TEXT_OVER(part);
    if (mapped && add_page(owners, pa, is_virtual ? &address.value : NULL, &page)) {
        add_object(owners, pa, &page);
        add_part(text, before, part);
        if (is_said(owners, pa, region))
            region = NULL;
    }
    if (region)
        add_part(text, before, region->name);
}
