/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `page` and `pages`: what one physical page is, and how many there are of each kind. */
#include "base/text.h"
#include "command/commands.h"

#include <inttypes.h>

static void print_page(struct output *output, const char *input, const struct page_facts *page)
{
    struct record *record = record_new();
    const char *owner = page->owner[0] ? page->owner : NULL;
    record_text(record, "input", input);
    record_hex(record, "phys", page->pa);
    record_text(record, "kind", page_kind_name(page->kind));
    record_text(record, "owner", owner);
    record_hex_or_null(record, "page", page->page_va != 0, page->page_va);
    record_hex_or_null(record, "flags", page->page_va != 0, page->flags);
    record_number(record, "refcount", page->refcount);
    record_number(record, "mapcount", page->mapcount);
    record_bool(record, "untouched", page->untouched);
    output_record(output, record);
    output_text(output, "p:%" PRIx64 "  %s%s%s%s", page->pa, page_kind_name(page->kind),
                owner ? ": " : "", owner ? owner : "", page->untouched ? "  (never touched)" : "");
    if (page->page_va)
        output_text(output,
                    "struct page v:%" PRIx64 "  flags 0x%" PRIx64 "  refcount %" PRId64
                    "  mapcount %" PRId64,
                    page->page_va, page->flags, page->refcount, page->mapcount);
}

bool command_page(struct session *session, const char *arguments, struct output *output,
                  struct error *err)
{
    struct place place;
    struct page_facts page;
    char reason[200];
    struct pages *pages = session_pages(session, err);
    if (!pages || !command_place(session, arguments, &place, err))
        return false;
    if (!place.has_pa)
        return error_at(err, 0, "no physical page is there: %s",
                        place.walked
                            ? session_walk_reason(session, &place.walk, reason, sizeof reason)
                            : place_end_name(&place));
    page_describe(pages, place.pa, &page);
    print_page(output, arguments, &page);
    return true;
}

bool command_pages(struct session *session, const char *arguments, struct output *output,
                   struct error *err)
{
    struct census census = {0};
    uint64_t total = 0;
    struct pages *pages = session_pages(session, err);
    if (!pages)
        return false;
    if (*arguments)
        return error_at(err, 0, "pages takes no argument; page EXPR is about one");
    while (!pages_census(pages, &census, 65536))
        ;
    for (int kind = 0; kind < PAGE_KINDS; kind++) {
        char line[128];
        struct text text = TEXT_OVER(line);
        struct record *record = record_new();
        uint64_t count = census.pages[kind];
        total += count;
        record_text(record, "kind", page_kind_name((enum page_kind)kind));
        record_number(record, "count", (int64_t)count);
        record_number(record, "untouched", (int64_t)census.untouched[kind]);
        output_record(output, record);
        text_add(&text, "%-16s %9" PRIu64 "  ", page_kind_name((enum page_kind)kind), count);
        text_add_size(&text, count << session->memory.paging->page_shift);
        if (count)
            output_text(output, "%s", line);
    }
    output_text(output, "%-16s %9" PRIu64, "in all", total);
    return true;
}
