/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `regions`: the kernel's address space by name. */
#include "answer/subjects.h"

enum { START, END, SIZE, NAME, DEPTH, COLUMNS };

static const struct column columns[COLUMNS] = {
    [START] = {"start", "START", "its first address", VALUE_ADDRESS, COLUMN_BARE, 16, .digits = 16},
    [END] = {"end", "END", "the address after its last one", VALUE_ADDRESS, COLUMN_BARE, 16, 2,
             .digits = 16, .gap = "-"},
    [SIZE] = {"size", "SIZE", "its size", VALUE_SIZE, COLUMN_NO_JSON | COLUMN_RIGHT, 6, 4},
    [NAME] = {"name", "NAME", "what it is", VALUE_TEXT, COLUMN_TREE},
    [DEPTH] = {"depth", "DEPTH", "0 a region, 1 a part of the one before it, 2 an area in that",
               VALUE_NUMBER, COLUMN_NO_TEXT | COLUMN_DEPTH, 5},
};
static const struct shape shape = SHAPE(columns);

/* As in /proc/PID/maps the end is excluded; only the very last byte cannot be passed. */
static uint64_t end_of(const struct region *region)
{
    return region->last == UINT64_MAX ? UINT64_MAX : region->last + 1;
}

static bool give_region(struct query *query, const struct region *region)
{
    const struct space *kernel = space_kernel(session_space(query->session));
    struct value *row = query_row(query);
    row[START] = value_virt(kernel, region->start);
    row[END] = value_virt(kernel, end_of(region));
    row[SIZE] = value_of_type(VALUE_SIZE, region->last - region->start + 1);
    row[NAME] = value_text(region->name);
    row[DEPTH] = value_number(region->depth);
    return query_emit(query);
}

static bool rows(struct query *query, struct error *err)
{
    struct linux_context *linux = session_need(query->session, LINUX_REGIONS, err);
    if (!linux)
        return false;
    if (*query->arguments)
        return error_at(err, 0, "regions takes no argument");
    const struct regions *regions = linux->regions;
    for (size_t i = 0; i < regions->count && give_region(query, &regions->region[i]); i++)
        ;
    if (regions->why.text[0])
        query_note(query, "%s", regions->why.text);
    return true;
}

const struct subject subject_regions = {.shape = &shape, .rows = rows};
