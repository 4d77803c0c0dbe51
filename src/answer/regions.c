/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `regions`: the kernel's address space by name. */
#include "answer/items.h"
#include "answer/subjects.h"
#include "session/handles.h"

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

struct listed_regions {
    const struct regions *regions;
};

static const struct region *listed_region(const void *state, size_t i)
{
    return &((const struct listed_regions *)state)->regions->region[i];
}

static void fill(struct query *query, const void *state, size_t i, struct value *row)
{
    const struct region *region = listed_region(state, i);
    const struct space *kernel = space_kernel(session_space(query->session));
    row[START] = value_virt(kernel, region->start);
    row[END] = value_virt(kernel, end_of(region));
    row[SIZE] = value_of_type(VALUE_SIZE, region->last - region->start + 1);
    row[NAME] = value_text(region->name);
    row[DEPTH] = value_number(region->depth);
}

static bool load(struct query *query, void *state, struct error *err)
{
    struct listed_regions *listed = state;
    struct linux_context *linux = session_need(query->session, LINUX_REGIONS, err);
    if (!linux)
        return false;
    if (*query->arguments)
        return error_at(err, 0, "regions takes no argument");
    listed->regions = linux->regions;
    return true;
}

/* The regions are the context's. */
static void unload(void *state)
{
    (void)state;
}

static size_t count(const void *state)
{
    return ((const struct listed_regions *)state)->regions->count;
}

/* Of a region and its first part the starts are the same: the depth tells them apart. */
static uint64_t key(const void *state, size_t i)
{
    const struct region *region = listed_region(state, i);
    return region->start ^ (uint64_t)region->depth << 60;
}

static void note(struct query *query, const void *state)
{
    const struct regions *regions = ((const struct listed_regions *)state)->regions;
    if (regions->why.text[0])
        query_note_at(query, regions->why.va, "%s", regions->why.text);
}

static const struct items items = {
    .state_size = sizeof(struct listed_regions),
    .load = load,
    .unload = unload,
    .count = count,
    .fill = fill,
    .key = key,
    .note = note,
};

static const struct subject subject = {.shape = &shape, .rows = query_items, .items = &items};

const struct command command_regions = {
    .name = "regions",
    .arguments = "",
    .brief = "the kernel's address space by name",
    .at_once = true,
    .subject = &subject,
};
