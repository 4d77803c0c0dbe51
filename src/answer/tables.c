/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `tables`: the mappings of all known roots, lower half first.  Tables that hang in several places
 * are gone through once.
 */
#include "answer/filter.h"
#include "answer/place.h"
#include "answer/subjects.h"
#include "paging/fold.h"
#include "session/handles.h"

#include <inttypes.h>

enum {
    VIRT,
    SPACE,
    LAST,
    PHYS,
    SIZE,
    PAGE_SIZE,
    PERM,
    FLAGS,
    CONTIGUOUS,
    GROUP,
    COUNT,
    STRIDE,
    SAME_AS,
    REPEATS,
    COLUMNS
};

static const char *group_name(unsigned i)
{
    static const char *const names[] = {"whole", "broken"};
    return i < 2 ? names[i] : NULL;
}

static const struct column columns[COLUMNS] = {
    [VIRT] = {"virt", "VIRTUAL", "its first address", VALUE_ADDRESS, 0, 18, .digits = 16},
    [SPACE] = SPACE_COLUMN,
    [LAST] = {"last", "LAST", "its last address", VALUE_ADDRESS, COLUMN_NO_JSON | COLUMN_BARE, 16,
              2, .digits = 16, .gap = "-"},
    [PHYS] = {"phys", "PHYSICAL", "where its first byte is", VALUE_ADDRESS, 0, 14, 3, .letter = 'p',
              .gap = "  "},
    [SIZE] = {"size", "SIZE", "bytes that the run maps, or all that is below a shared table",
              VALUE_SIZE, COLUMN_RIGHT, 5, 4},
    [PAGE_SIZE] = {"page_size", "PAGE", "of each of its pages or blocks", VALUE_SIZE, COLUMN_RIGHT,
                   5, 1},
    [PERM] = {"perm", "PERM", "rwx, and u for user or k for kernel", VALUE_PERMISSION, 0, 4, 5},
    [FLAGS] = {"flags", "FLAGS", "of its entries, by their field names", VALUE_FLAGS, .gap = "  "},
    [CONTIGUOUS] = {"contiguous", "CONTIGUOUS",
                    "of entries with the contiguous hint: do the groups agree", VALUE_ENUM,
                    COLUMN_NO_TEXT, 10, .names = group_name},
    [GROUP] = {"group", "GROUP", "what is wrong with a broken group", VALUE_TEXT, COLUMN_NO_JSON,
               .gap = "  "},
    [COUNT] = {"count", "COUNT", "how often it is there: at virt + i * stride", VALUE_NUMBER,
               COLUMN_NO_TEXT | COLUMN_MAY_LACK},
    [STRIDE] = {"stride", "STRIDE", "from each repeat to the next", VALUE_SIZE,
                COLUMN_NO_TEXT | COLUMN_MAY_LACK},
    [SAME_AS] = {"same_as", "SAME AS", "of a shared table: the same is mapped there", VALUE_ADDRESS,
                 COLUMN_NO_TEXT | COLUMN_MAY_LACK, 18, .digits = 16},
    [REPEATS] = {"repeats", "REPEATS", "count, stride and same_as in words", VALUE_TEXT,
                 COLUMN_NO_JSON, .gap = "  "},
};
static const struct shape shape = SHAPE(columns);

/* Reads the table again: not for nothing. */
static void fill_group(struct query *query, struct memory *memory, const struct mapping *run,
                       struct value *row)
{
    struct paging_group group;
    char text[GROUP_TEXT];
    if (!query_needs(query, CONTIGUOUS) && !query_needs(query, GROUP))
        return;
    memory_group_of_run(memory, run, &group);
    row[CONTIGUOUS] = value_word(VALUE_ENUM, paging_group_name(&group));
    if (group.broken)
        row[GROUP] = value_text(query_text(query, "%s", paging_group_text(&group, text)));
}

/* What is one run's alone. */
static void fill_run(struct query *query, struct memory *memory, const struct mapping *run,
                     struct value *row)
{
    char text[160];
    row[PHYS] = value_phys(run->pa);
    row[PAGE_SIZE] = value_of_type(VALUE_SIZE, run->page_size);
    row[PERM] =
        value_word(VALUE_PERMISSION, query_text(query, "%s", access_text(run->access, text)));
    if (query_needs(query, FLAGS)) {
        paging_flags_text(memory->paging, run->level, run->entry, text, sizeof text);
        row[FLAGS] = value_word(VALUE_FLAGS, query_text(query, "%s", text));
    }
    fill_group(query, memory, run, row);
}

static void fill_repeats(struct query *query, struct memory *memory, const struct fold_row *fold,
                         struct value *row)
{
    char words[80];
    struct text text = TEXT_OVER(words);
    row[COUNT] = row[STRIDE] = row[SAME_AS] = value_absent();
    if (fold->count > 1) {
        row[COUNT] = value_number((int64_t)fold->count);
        row[STRIDE] = value_of_type(VALUE_SIZE, fold->stride);
        text_add(&text, "%" PRIu64 " times, every ", fold->count);
        text_add_size(&text, fold->stride);
    }
    if (fold->is_shared) {
        row[SAME_AS] = value_virt(memory->space, fold->run.same_va);
        text_add(&text, "%sthe same as at v:%016" PRIx64, fold->count > 1 ? ", " : "",
                 fold->run.same_va);
    }
    if (text.length)
        row[REPEATS] = value_text(query_text(query, "%s", words));
}

/* What a row costs that is written, in the steps of a budget. */
#define STEPS_A_ROW 64

/* Who lists a half. */
struct half {
    struct query *query;
    struct memory *memory;
    const struct filter *filter;
};

static bool give_row(void *context, const struct fold_row *fold)
{
    const struct half *half = context;
    struct query *query = half->query;
    struct memory *memory = half->memory;
    const struct mapping *run = &fold->run;
    if (!budget_take(memory_budget(memory), STEPS_A_ROW) ||
        !budget_take_bytes(memory_budget(memory), sizeof *fold))
        return false;
    struct value *row = query_row(query);
    row[VIRT] = value_virt(memory->space, run->va);
    if (query_needs(query, SPACE))
        row[SPACE] = query_space(query, address_in(memory->space, run->va));
    row[LAST] = value_virt(memory->space, run->va + (run->size - 1));
    row[SIZE] = value_of_type(VALUE_SIZE, fold->bytes);
    if (!fold->is_shared)
        fill_run(query, memory, run, row);
    fill_repeats(query, memory, fold, row);
    return query_emit(query);
}

static bool give_run(struct half *half, const struct mapping *run)
{
    const struct fold_row row = {.run = *run, .count = 1, .bytes = run->size};
    return give_row(half, &row);
}

static void note_losses(struct query *query, const struct mapping_iterator *mappings)
{
    if (mappings->lost)
        query_note(query, "%" PRIu64 " tables are not in the file", mappings->lost);
    if (mappings->lost_entries)
        query_note(query,
                   "%" PRIu64 " entries are not in the file, which has a part of their tables",
                   mappings->lost_entries);
    if (mappings->loops)
        query_note(query, "%" PRIu64 " entries lead back to a table on their path",
                   mappings->loops);
}

/* False: no more rows are wanted. */
static bool give_mappings(struct half *half, struct mapping_iterator *mappings, struct fold *fold)
{
    struct mapping run;
    bool more = true;
    for (enum mapping_result result = MAPPING_FOUND; more && result < MAPPING_PAUSE;) {
        result = mapping_next(mappings, &run, NULL);
        if (result == MAPPING_SHARED)
            more = fold_shared(fold, &run);
        else if (result == MAPPING_FOUND &&
                 filter_matches(half->filter, half->query->session, &run))
            more = half->filter->full ? give_run(half, &run) : fold_run(fold, &run);
    }
    return more && fold_end(fold);
}

static bool give_half(struct query *query, bool kernel_half, const struct filter *filter)
{
    struct memory memory = session_memory(query->session, filter->space);
    const struct paging *paging = memory.paging;
    uint64_t first = paging_half_first(paging, kernel_half);
    uint64_t last = paging_half_last(paging, kernel_half);
    uint64_t root_pa = root_of_half(paging, &memory.space->roots, kernel_half);
    first = filter->first_va > first ? filter->first_va : first;
    last = filter->last_va < last ? filter->last_va : last;
    if (root_pa == NO_ROOT || first > last)
        return true;
    struct mapping_iterator mappings;
    struct table_memo memo = {0};
    struct half half = {query, &memory, filter};
    struct fold fold;
    fold_init(&fold, paging, give_row, &half);
    mapping_open(&mappings, paging, &memory.tables, root_pa, first, last);
    mappings.memo = filter->full ? NULL : &memo;
    mappings.tells_shared = true;
    bool more = give_mappings(&half, &mappings, &fold);
    if (fold.out_of_memory)
        query_note(query, "out of memory: not all shared tables are listed");
    if (more)
        note_losses(query, &mappings);
    table_memo_free(&memo);
    fold_free(&fold);
    return more;
}

static bool rows(struct query *query, struct error *err)
{
    struct filter filter;
    if (!session_space(query->session)->paging)
        return error_set(err, "no page tables are known; give --paging NAME --root PA");
    if (!filter_parse(&filter, query->session, query->arguments, err))
        return false;
    if (!filter.user || give_half(query, false, &filter))
        if (filter.kernel)
            give_half(query, true, &filter);
    return true;
}

static const struct subject subject = {.shape = &shape, .rows = rows};

const struct command command_tables = {
    .name = "tables",
    .arguments = "[FILTER ...]",
    .brief = "all mappings of the known roots, as merged runs",
    .detail = "Filters, all of which must hold:\n"
              "  kernel, user      one half only\n"
              "  perm=wx           all of these letters are allowed; perm=-w: this one is not\n"
              "  size>=2M, size<1G, size=4K    the run's size\n"
              "  page=2M           the size of its pages\n"
              "  level=PMD         the level of its entries\n"
              "  flag=AF           a flag by its field name\n"
              "  contiguous=broken part of a contiguous group whose members disagree (or: whole)\n"
              "  full              what repeats is listed again and again, not as one row\n"
              "  EXPR..EXPR        runs that touch this virtual range",
    .argument = ARGUMENT_FILTER,
    .subject = &subject,
};
