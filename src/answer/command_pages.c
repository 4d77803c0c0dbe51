/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `page`: what one physical page is, and whose. */
#include "answer/commands.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>

#define USERS_SHOWN 4    /* in a line of text */
#define USERS_MAX   1000 /* in a record */

/* What was asked about, and all that is known of its page. */
struct answer {
    const char *input;
    struct page_facts page;
    char symbol[SYMBOL_NAME + 64]; /* of the address itself; "" none */
    bool has_object;
    struct slab_object object;
    size_t users, kept;
    struct page_user user[USERS_MAX];
};

static struct record *record_slab(const struct answer *answer)
{
    const struct slab_object *object = &answer->object;
    if (!answer->has_object)
        return NULL;
    struct record *record = record_new();
    record_hex(record, "virt", object->va);
    record_hex(record, "size", object->size);
    record_text(record, "cache", object->cache);
    record_number(record, "index", (int64_t)object->index);
    record_text(record, "state", slab_state_name(object->state));
    return record;
}

static void record_answer(struct output *output, const struct answer *answer)
{
    const struct page_facts *page = &answer->page;
    struct record *record = record_new();
    bool is_file = page->kind == PAGE_FILE && page->inode_va;
    record_text(record, "input", answer->input);
    record_hex(record, "phys", page->pa);
    record_text(record, "kind", page_kind_name(page->kind));
    record_text(record, "owner", page->owner[0] ? page->owner : NULL);
    record_text(record, "symbol", answer->symbol[0] ? answer->symbol : NULL);
    record_hex_or_null(record, "page", page->page_va != 0, page->page_va);
    record_hex_or_null(record, "flags", page->page_va != 0, page->flags);
    record_number(record, "refcount", page->refcount);
    record_number(record, "mapcount", page->mapcount);
    record_bool(record, "untouched", page->untouched);
    if (is_file)
        record_number(record, "inode", (int64_t)page->inode);
    else
        record_null(record, "inode");
    record_hex_or_null(record, "inode_virt", is_file, page->inode_va);
    record_hex_or_null(record, "file_offset", is_file, page->file_offset);
    record_object(record, "object", record_slab(answer));
    record_number(record, "mappings", (int64_t)answer->users);
    record_array(record, "maps");
    for (size_t i = 0; i < answer->kept; i++) {
        struct record *map = record_new();
        record_number(map, "pid", answer->user[i].pid);
        record_text(map, "comm", answer->user[i].comm);
        record_hex(map, "virt", answer->user[i].va);
        record_append(record, "maps", map);
    }
    output_record(output, record);
}

static void print_object(struct output *output, const struct answer *answer)
{
    const struct slab_object *object = &answer->object;
    const char *state = slab_state_name(object->state);
    if (answer->has_object)
        output_text(output,
                    "object v:%" PRIx64 "  %" PRIu64 " of %" PRIu64 "  size 0x%" PRIx64
                    "  cache %s%s%s",
                    object->va, object->index, object->count, object->size, object->cache,
                    state ? "  " : "", state ? state : "");
}

static void print_users(struct output *output, const struct answer *answer)
{
    char line[USERS_SHOWN * 128];
    struct text text = TEXT_OVER(line);
    size_t shown = answer->kept < USERS_SHOWN ? answer->kept : USERS_SHOWN;
    for (size_t i = 0; i < shown; i++)
        text_add(&text, "%s%" PRId32 " %s v:%" PRIx64, i ? ", " : "", answer->user[i].pid,
                 answer->user[i].comm, answer->user[i].va);
    if (answer->users > shown)
        text_add(&text, " +%zu more", answer->users - shown);
    if (shown)
        output_text(output, "mapped by %s", line);
}

static void print_answer(struct output *output, const struct answer *answer)
{
    const struct page_facts *page = &answer->page;
    output_text(output, "p:%" PRIx64 "  %s%s%s%s%s%s", page->pa, page_kind_name(page->kind),
                page->owner[0] ? ": " : "", page->owner, answer->symbol[0] ? "  " : "",
                answer->symbol, page->untouched ? "  (never touched)" : "");
    if (page->page_va)
        output_text(output,
                    "struct page v:%" PRIx64 "  flags 0x%" PRIx64 "  refcount %" PRId64
                    "  mapcount %" PRId64,
                    page->page_va, page->flags, page->refcount, page->mapcount);
    if (page->kind == PAGE_FILE && page->inode_va)
        output_text(output, "inode %" PRIu64 " v:%" PRIx64 "  offset 0x%" PRIx64, page->inode,
                    page->inode_va, page->file_offset);
    print_object(output, answer);
    print_users(output, answer);
}

/* The symbol of the address itself: for a page of the image the one of its place in it. */
static void name_symbol(struct session *session, const struct place *place, struct answer *answer)
{
    uint64_t page_size = UINT64_C(1) << session->memory.paging->page_shift;
    const struct page_facts *page = &answer->page;
    uint64_t va = place->va;
    if (page->kind == PAGE_IMAGE && page->va)
        va = page->va + (place->pa & (page_size - 1));
    else if (!address_is_virtual(place->asked))
        return;
    linux_symbol_text(session_linux(session), va, answer->symbol, sizeof answer->symbol);
}

bool command_page(struct session *session, const char *arguments, struct output *output,
                  struct error *err)
{
    struct place place;
    char reason[200];
    if (!command_place(session, arguments, &place, err))
        return false;
    struct pages *pages = session_pages(session, err);
    if (!pages)
        return false;
    if (place.walked && place.walk.has_frame) {
        place.has_pa = true;
        place.pa = place.walk.frame_pa;
    }
    if (!place.has_pa)
        return error_at(err, 0, "no physical page is there: %s",
                        place.walked
                            ? session_walk_reason(session, &place.walk, reason, sizeof reason)
                            : place_end_name(&place));
    struct answer *answer = calloc(1, sizeof *answer);
    if (!answer)
        return error_set(err, "out of memory");
    answer->input = arguments;
    page_describe(pages, place.pa, &answer->page);
    name_symbol(session, &place, answer);
    answer->has_object = page_object(pages, place.pa, &answer->object);
    text_make_harmless(answer->object.cache);
    answer->users = page_users(pages, answer->page.pa, answer->user, USERS_MAX);
    answer->kept = answer->users < USERS_MAX ? answer->users : USERS_MAX;
    record_answer(output, answer);
    print_answer(output, answer);
    free(answer);
    return true;
}
