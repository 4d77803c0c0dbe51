/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `translate` and `walk`: one place, by all its names and by the steps to it. */
#include "answer/place.h"
#include "answer/subjects.h"
#include "session/handles.h"

/* --- the columns -------------------------------------------------------------------------------*/

enum { ALIAS_VIRT, ALIAS_SPACE, ALIAS_PERM, ALIAS_COLUMNS };

static const struct column alias_columns[ALIAS_COLUMNS] = {
    [ALIAS_VIRT] = {"virt", "VIRTUAL", "another virtual address of it", VALUE_ADDRESS},
    [ALIAS_SPACE] = SPACE_COLUMN,
    [ALIAS_PERM] = {"perm", "PERM", "what is allowed there", VALUE_PERMISSION, .gap = "  "},
};
static const struct shape alias_shape = SHAPE(alias_columns);

enum { LEVEL, TABLE, INDEX, AT, ENTRY, KIND, TARGET, FLAGS, CONTIGUOUS, GROUP, STEP_COLUMNS };

static const struct column step_columns[STEP_COLUMNS] = {
    [LEVEL] = {"level", "LEVEL", "PGD, PUD, ...", VALUE_TEXT},
    [TABLE] = {"table", "TABLE", "the table", VALUE_ADDRESS, COLUMN_NO_TEXT, .letter = 'p'},
    [INDEX] = {"index", "INDEX", "number of the entry in it", VALUE_NUMBER, COLUMN_RIGHT, 4,
               .gap = " [", .after = "]"},
    [AT] = {"at", "AT", "where the entry is", VALUE_ADDRESS, COLUMN_NO_JSON, 14, .letter = 'p',
            .gap = " at "},
    [ENTRY] = {"entry", "ENTRY", "as it was read", VALUE_HEX, COLUMN_BARE, 16, .digits = 16},
    [KIND] = {"kind", "KIND", "table, page, block, ...", VALUE_TEXT, 0, 11, .gap = "  "},
    [TARGET] = {"target", "TARGET", "where it leads", VALUE_ADDRESS, 0, 14, .letter = 'p'},
    [FLAGS] = {"flags", "FLAGS", "by their field names", VALUE_FLAGS},
    [CONTIGUOUS] = {"contiguous", "CONTIGUOUS", "with the contiguous hint: whole or broken",
                    VALUE_TEXT, COLUMN_NO_TEXT},
    [GROUP] = {"group", "GROUP", "the contiguous group that it is of", VALUE_TEXT, COLUMN_NO_JSON,
               .gap = "  "},
};
static const struct shape step_shape = SHAPE(step_columns);

enum {
    PAGE_SIZE = PLACE_COLUMNS,
    END,
    STATE,
    FRAME,
    PERM,
    ALIASES,
    ALIASES_CUT,
    REASON,
    OTHERS,
    TRANSLATE_COLUMNS,
    STEPS = TRANSLATE_COLUMNS,
    LOOP,
    WALK_COLUMNS
};
#define TRANSLATION                                                                                \
    PLACE_TABLE(0),                                                                                \
        [PAGE_SIZE] = {"page_size", "PAGE", "of the page or block that maps it", VALUE_SIZE,       \
                       .gap = "  "},                                                               \
        [END] = {"end",      "END",          "how the walk ended",                                 \
                 VALUE_ENUM, COLUMN_NO_TEXT, .names = place_end_names},                            \
        [STATE] = {"state",    "STATE",        "what lies there, as far as can be known",          \
                   VALUE_ENUM, COLUMN_NO_TEXT, .names = place_state_names},                        \
        [FRAME] = {"frame",                                                                        \
                   "FRAME",                                                                        \
                   "not mapped, but the page that the kernel keeps for it",                        \
                   VALUE_ADDRESS,                                                                  \
                   COLUMN_NO_TEXT,                                                                 \
                   .letter = 'p'},                                                                 \
        [PERM] = {"perm", "PERM", "rwx, and u for user or k for kernel", VALUE_PERMISSION},        \
        [ALIASES] = {"aliases",  NULL,           "all known virtual addresses of it",              \
                     VALUE_LIST, COLUMN_NO_TEXT, .inner = &alias_shape},                           \
        [ALIASES_CUT] = {"aliases_cut", "ALIASES_CUT", "there may be more aliases", VALUE_BOOL,    \
                         COLUMN_NO_TEXT},                                                          \
        [REASON] = {"reason",   "REASON",       "why it is not mapped, or not there",              \
                    VALUE_TEXT, COLUMN_NO_JSON, .gap = "  "},                                      \
        [OTHERS] = {"others",   "also",         "the aliases but the first",                       \
                    VALUE_LIST, COLUMN_NO_JSON, .inner = &alias_shape}

static const struct column translate_columns[TRANSLATE_COLUMNS] = {TRANSLATION};
static const struct shape translate_shape = SHAPE(translate_columns);

static const struct column walk_columns[WALK_COLUMNS] = {
    TRANSLATION,
    [STEPS] = {"steps", NULL, "the entries that were read, from the root on", VALUE_LIST,
               COLUMN_FIRST, .inner = &step_shape},
    [LOOP] = {"loop", "LOOP", "a table leads back to one on its path", VALUE_BOOL, COLUMN_NO_TEXT},
};
static const struct shape walk_shape = SHAPE(walk_columns);

/* --- translate ---------------------------------------------------------------------------------*/

static bool is_mapped(const struct place *place)
{
    return place->walked && place->walk.end == WALK_MAPPED;
}

/* All, or those that are not the place's own virtual address. */
static struct value aliases_of(struct query *query, const struct place *place, bool others)
{
    struct list *list = query_list(query, &alias_shape);
    for (size_t i = 0; i < place->aliases && i < MEMORY_ALIASES; i++) {
        char access[ACCESS_TEXT];
        if (others && place->has_va && place->alias[i].va == place->va)
            continue;
        struct value *row = query_list_row(query, list);
        row[ALIAS_VIRT] = value_address(place_alias(place, i));
        row[ALIAS_SPACE] = query_space(query, place_alias(place, i));
        row[ALIAS_PERM] = value_word(
            VALUE_PERMISSION, query_text(query, "%s", access_text(place->alias[i].access, access)));
    }
    return value_list(list);
}

static struct value reason_of(struct query *query, const struct place *place,
                              enum range_state state)
{
    char reason[200];
    if (place->is_ram && !range_is_readable(state))
        return value_text(range_state_name(state));
    if (is_mapped(place))
        return value_text(place->is_ram ? NULL : "not in the file: a device, flash, or nothing");
    if (place->walked)
        return value_text(
            query_text(query, "%s: %s", place_end_name(place),
                       session_walk_reason(place->space, &place->walk, reason, sizeof reason)));
    return value_text(place->not_in_image  ? "not in the file"
                      : place->has_va      ? "no page tables are known"
                      : place->aliases_cut ? "no virtual address is known"
                                           : "no known table maps it");
}

static struct value *translation_row(struct query *query, const struct place *place)
{
    struct value *row = query_row(query);
    bool mapped = is_mapped(place);
    char access[ACCESS_TEXT];
    struct range range;
    session_range(query->session, place->asked, &range);
    fill_place(query, place, row);
    row[STATE] = value_word(VALUE_ENUM, range_state_name(range.kind));
    row[PAGE_SIZE] = value_if(mapped, value_of_type(VALUE_SIZE, place->walk.page_size));
    row[END] = value_word(VALUE_ENUM, place_end_name(place));
    row[FRAME] = value_if(place->walked && place->walk.has_frame, value_phys(place->walk.frame_pa));
    if (mapped)
        row[PERM] = value_word(VALUE_PERMISSION,
                               query_text(query, "%s", access_text(place->walk.access, access)));
    row[ALIASES] = aliases_of(query, place, false);
    row[ALIASES_CUT] = value_bool(place->aliases_cut);
    row[REASON] = reason_of(query, place, range.kind);
    row[OTHERS] = aliases_of(query, place, true);
    if (place->aliases_cut)
        query_remark(query,
                     "there may be more virtual addresses: the tables map more runs than the index "
                     "holds (%d)",
                     REVERSE_RUNS);
    return row;
}

static bool translate_rows(struct query *query, struct error *err)
{
    struct place place;
    if (!query_place(query, &place, err))
        return false;
    translation_row(query, &place);
    query_emit(query);
    return true;
}

static const struct subject translate_subject = {
    .shape = &translate_shape, .bare = true, .rows = translate_rows};

const struct command command_translate = {
    .name = "translate",
    .arguments = "EXPR",
    .brief = "translate an address between v:, p: and f:",
    .argument = ARGUMENT_EXPRESSION,
    .at_once = true,
    .subject = &translate_subject,
};

/* --- walk --------------------------------------------------------------------------------------*/

static void fill_step(struct query *query, struct memory *memory, const struct walk_step *step,
                      struct value *row)
{
    const struct paging *paging = memory->paging;
    struct paging_group group;
    char flags[160], text[GROUP_TEXT];
    memory_group_of_step(memory, step, &group);
    row[LEVEL] = value_text(paging->level[step->level].name);
    row[TABLE] = value_phys(step->table_pa);
    row[INDEX] = value_number(step->index);
    row[AT] = value_phys(step->table_pa + 8 * (uint64_t)step->index);
    row[ENTRY] = value_of_type(VALUE_HEX, step->entry);
    row[KIND] = value_text(paging_kind_name(paging, step->level, step->kind));
    row[TARGET] = value_if(step->kind == ENTRY_TABLE || step->kind == ENTRY_LEAF,
                           value_phys(step->target_pa));
    row[FLAGS] = value_word(
        VALUE_FLAGS,
        query_text(query, "%s",
                   paging_flags_text(paging, step->level, step->entry, flags, sizeof flags)));
    row[CONTIGUOUS] = value_text(paging_group_name(&group));
    row[GROUP] = value_text(query_text(query, "%s", paging_group_text(&group, text)));
}

static bool walk_rows(struct query *query, struct error *err)
{
    struct place place;
    if (!query_place(query, &place, err))
        return false;
    struct memory memory = session_memory(query->session, place.space);
    struct value *row = translation_row(query, &place);
    struct list *steps = query_list(query, &step_shape);
    for (unsigned i = 0; place.walked && i < place.walk.steps; i++)
        fill_step(query, &memory, &place.walk.step[i], query_list_row(query, steps));
    row[STEPS] = value_list(steps);
    row[LOOP] = value_bool(place.walked && place.walk.loop);
    query_emit(query);
    return true;
}

static const struct subject walk_subject = {.shape = &walk_shape, .bare = true, .rows = walk_rows};

const struct command command_walk = {
    .name = "walk",
    .arguments = "EXPR",
    .brief = "the page-table walk of an address, every step",
    .argument = ARGUMENT_EXPRESSION,
    .at_once = true,
    .subject = &walk_subject,
};
