/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tables`: the mappings of all known roots, lower half first. */
#include "base/text.h"
#include "command/commands.h"
#include "command/filter.h"

#include <inttypes.h>

static bool print_run(struct output *output, struct memory *memory, const struct run *run)
{
    const struct paging *paging = memory->paging;
    struct paging_group group;
    char flags[160], access[ACCESS_TEXT], grouped[GROUP_TEXT], line[400];
    memory_group_of_run(memory, run, &group);
    paging_flags_text(paging, run->level, run->entry, flags, sizeof flags);
    access_text(run->access, access);
    if (output->json) {
        struct record *record = record_new();
        record_hex(record, "virt", run->va);
        record_hex(record, "phys", run->pa);
        record_hex(record, "size", run->size);
        record_hex(record, "page_size", run->page_size);
        record_text(record, "perm", access);
        record_text(record, "flags", flags);
        record_text(record, "contiguous", paging_group_name(&group));
        return output_record(output, record);
    }
    struct text text = TEXT_OVER(line);
    text_add(&text, "v:%016" PRIx64 "-%016" PRIx64 "  p:%-12" PRIx64 " ", run->va,
             run->va + (run->size - 1), run->pa);
    size_t column = text.length;
    text_add_size(&text, run->size);
    text_add(&text, "%*s", (int)(column + 6 - text.length), "");
    column = text.length;
    text_add_size(&text, run->page_size);
    text_add(&text, "%*s %s  %s", (int)(column + 4 - text.length), "", access, flags);
    if (group.broken)
        text_add(&text, "  %s", paging_group_text(&group, grouped));
    return output_text(output, "%s", line);
}

static void list_half(struct session *session, bool kernel_half, const struct filter *filter,
                      struct output *output)
{
    struct memory *memory = &session->memory;
    const struct paging *paging = memory->paging;
    uint64_t first = paging_half_first(paging, kernel_half);
    uint64_t last = paging_half_last(paging, kernel_half);
    uint64_t root_pa = root_of_half(paging, &memory->roots, kernel_half);
    first = filter->first_va > first ? filter->first_va : first;
    last = filter->last_va < last ? filter->last_va : last;
    if (root_pa == NO_ROOT || first > last)
        return;
    struct listing listing;
    struct run run;
    listing_open(&listing, paging, &memory->source, root_pa, first, last);
    while (listing_next(&listing, &run, NULL) == LISTING_RUN)
        if (filter_matches(filter, memory, &run) && !print_run(output, memory, &run))
            return;
    if (listing.lost)
        output_note(output, "%" PRIu64 " tables are not in the image", listing.lost);
    if (listing.missing)
        output_note(output,
                    "%" PRIu64 " entries are not in the image, which has a part of their "
                    "tables",
                    listing.missing);
    if (listing.loops)
        output_note(output, "%" PRIu64 " entries lead back to a table on their path",
                    listing.loops);
}

bool command_tables(struct session *session, const char *arguments, struct output *output,
                    struct error *err)
{
    struct filter filter;
    if (!session->memory.paging)
        return error_set(err, "no page tables are known; give --paging NAME --root PA");
    if (!filter_parse(&filter, session, arguments, err))
        return false;
    if (filter.user)
        list_half(session, false, &filter, output);
    if (filter.kernel)
        list_half(session, true, &filter, output);
    return true;
}
