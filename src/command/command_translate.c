/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `translate` and `walk`: one place, by all its names and by the steps to it. */
#include "base/text.h"
#include "command/commands.h"
#include "session/expression.h"

#include <inttypes.h>
#include <stdio.h>

bool command_place(struct session *session, const char *arguments, struct place *place,
                   struct error *err)
{
    struct address address;
    if (!expression_eval(session, arguments, SPACE_VIRT, &address, err))
        return false;
    if (address.space != SPACE_VIRT && !session_await(session, true, err))
        return false;
    memory_locate(&session->memory, address, place);
    return true;
}

const char *place_end_name(const struct place *place)
{
    if (place->not_in_image)
        return "not-in-image";
    if (place->walked)
        return walk_end_name(place->walk.end);
    /* Without tables nothing maps it; without an alias no known table does. */
    return place->asked.space == SPACE_VIRT ? walk_end_name(WALK_NO_TABLE)
                                            : walk_end_name(WALK_NOT_PRESENT);
}

void record_place(struct record *record, const char *input, const struct place *place)
{
    record_text(record, "input", input);
    record_hex_or_null(record, "virt", place->has_va, place->va);
    record_hex_or_null(record, "phys", place->has_pa, place->pa);
    record_hex_or_null(record, "file", place->has_offset, place->offset);
}

static bool is_mapped(const struct place *place)
{
    return place->walked && place->walk.end == WALK_MAPPED;
}

static struct record *record_translation(const char *input, const struct place *place)
{
    char access[ACCESS_TEXT];
    struct record *record = record_new();
    bool mapped = is_mapped(place);
    record_place(record, input, place);
    record_hex_or_null(record, "page_size", mapped, place->walk.page_size);
    record_text(record, "end", place_end_name(place));
    record_hex_or_null(record, "frame", place->walked && place->walk.has_frame,
                       place->walk.frame_pa);
    record_text(record, "perm", mapped ? access_text(place->walk.access, access) : NULL);
    record_array(record, "aliases");
    for (size_t i = 0; i < place->aliases && i < MEMORY_ALIASES; i++) {
        struct record *alias = record_new();
        record_hex(alias, "virt", place->alias[i].va);
        record_text(alias, "perm", access_text(place->alias[i].access, access));
        record_append(record, "aliases", alias);
    }
    record_bool(record, "aliases_cut", place->aliases_cut);
    return record;
}

/* "v:ffff... = p:4185... = f:185...  4K rw-k", or why not. */
static void print_translation(struct session *session, const struct place *place,
                              struct output *output)
{
    char line[512], access[ACCESS_TEXT], reason[200];
    struct text text = TEXT_OVER(line);
    if (place->has_va)
        text_add(&text, "v:%" PRIx64 "  ", place->va);
    if (place->has_pa)
        text_add(&text, "p:%" PRIx64 "  ", place->pa);
    if (place->has_offset)
        text_add(&text, "f:%" PRIx64 "  ", place->offset);
    if (is_mapped(place)) {
        text_add_size(&text, place->walk.page_size);
        text_add(&text, " %s", access_text(place->walk.access, access));
        if (!place->has_offset)
            text_add(&text, "  not in the image: a device, flash, or nothing");
    } else if (place->walked)
        text_add(&text, "%s: %s", place_end_name(place),
                 session_walk_reason(session, &place->walk, reason, sizeof reason));
    else
        text_add(&text, "%s",
                 place->not_in_image  ? "not in the image"
                 : place->has_va      ? "no page tables are known"
                 : place->aliases_cut ? "no virtual address is known"
                                      : "no known table maps it");
    output_text(output, "%s", line);
    for (size_t i = 0; i < place->aliases && i < MEMORY_ALIASES; i++)
        if (!place->has_va || place->alias[i].va != place->va)
            output_text(output, "  also v:%" PRIx64 "  %s", place->alias[i].va,
                        access_text(place->alias[i].access, access));
    if (place->aliases_cut)
        output_text(output,
                    "  there may be more virtual addresses: the tables map more runs than the "
                    "index holds (%d)",
                    REVERSE_RUNS);
}

bool command_translate(struct session *session, const char *arguments, struct output *output,
                       struct error *err)
{
    struct place place;
    if (!command_place(session, arguments, &place, err))
        return false;
    output_record(output, record_translation(arguments, &place));
    print_translation(session, &place, output);
    return true;
}

static struct record *record_step(struct memory *memory, const struct walk_step *step)
{
    const struct paging *paging = memory->paging;
    struct paging_group group;
    char flags[160];
    memory_group_of_step(memory, step, &group);
    struct record *record = record_new();
    record_text(record, "level", paging->level[step->level].name);
    record_hex(record, "table", step->table_pa);
    record_number(record, "index", step->index);
    record_hex_or_null(record, "entry", step->kind != ENTRY_MISSING, step->entry);
    record_text(record, "kind", paging_kind_name(paging, step->level, step->kind));
    record_text(record, "flags",
                paging_flags_text(paging, step->level, step->entry, flags, sizeof flags));
    record_hex_or_null(record, "target", step->kind == ENTRY_TABLE || step->kind == ENTRY_LEAF,
                       step->target_pa);
    record_text(record, "contiguous", paging_group_name(&group));
    return record;
}

static void print_steps(struct session *session, const struct place *place, struct output *output)
{
    const struct paging *paging = session->memory.paging;
    struct paging_group group;
    char flags[160], grouped[GROUP_TEXT];
    for (unsigned i = 0; i < place->walk.steps; i++) {
        const struct walk_step *step = &place->walk.step[i];
        char target[32] = "", entry[20] = "-";
        if (step->kind == ENTRY_TABLE || step->kind == ENTRY_LEAF)
            snprintf(target, sizeof target, "p:%" PRIx64, step->target_pa);
        if (step->kind != ENTRY_MISSING)
            snprintf(entry, sizeof entry, "%016" PRIx64, step->entry);
        memory_group_of_step(&session->memory, step, &group);
        paging_group_text(&group, grouped);
        output_text(output, "%s [%4u] at p:%-12" PRIx64 " %-16s  %-11s %-14s %s%s%s",
                    paging->level[step->level].name, step->index,
                    step->table_pa + 8 * (uint64_t)step->index, entry,
                    paging_kind_name(paging, step->level, step->kind), target,
                    paging_flags_text(paging, step->level, step->entry, flags, sizeof flags),
                    *grouped ? "  " : "", grouped);
    }
}

bool command_walk(struct session *session, const char *arguments, struct output *output,
                  struct error *err)
{
    struct place place;
    if (!command_place(session, arguments, &place, err))
        return false;
    struct record *record = record_translation(arguments, &place);
    record_array(record, "steps");
    record_bool(record, "loop", place.walked && place.walk.loop);
    for (unsigned i = 0; place.walked && i < place.walk.steps; i++)
        record_append(record, "steps", record_step(&session->memory, &place.walk.step[i]));
    output_record(output, record);
    if (place.walked)
        print_steps(session, &place, output);
    print_translation(session, &place, output);
    return true;
}
