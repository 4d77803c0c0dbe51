/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `pages`: how many pages of RAM there are of each kind. */
#include "answer/subjects.h"
#include "session/handles.h"

#include <inttypes.h>

enum { KIND, COUNT, UNTOUCHED, SIZE, COLUMNS };

static const char *kind_name(unsigned i)
{
    return i < PAGE_KINDS ? page_kind_name((enum page_kind)i) : NULL;
}

static const struct column columns[COLUMNS] = {
    [KIND] = {"kind", "KIND", "what they are", VALUE_ENUM, 0, 16, .names = kind_name},
    [COUNT] = {"count", "PAGES", "how many there are", VALUE_NUMBER, COLUMN_RIGHT, 9},
    [UNTOUCHED] = {"untouched", "UNTOUCHED", "of them, holes of the file", VALUE_NUMBER,
                   COLUMN_RIGHT, 9, 1},
    [SIZE] = {"size", "SIZE", "of all of them", VALUE_SIZE, COLUMN_NO_JSON | COLUMN_RIGHT, 6, 2},
};
static const struct shape shape = SHAPE(columns);

static bool rows(struct query *query, struct error *err)
{
    struct census census = {0};
    uint64_t total = 0;
    struct pages *pages = session_pages(query->session, err);
    if (!pages)
        return false;
    if (*query->arguments)
        return error_at(err, 0, "pages takes no argument; page EXPR is about one");
    while (!session_is_cancelled(query->session) && !pages_census(pages, &census, 65536))
        ;
    for (unsigned kind = 0; kind < PAGE_KINDS; kind++) {
        struct value *row = query_row(query);
        uint64_t count = census.pages[kind];
        total += count;
        row[KIND] = value_word(VALUE_ENUM, kind_name(kind));
        row[COUNT] = value_of_type(VALUE_NUMBER, count);
        row[UNTOUCHED] = value_of_type(VALUE_NUMBER, census.untouched[kind]);
        row[SIZE] =
            value_of_type(VALUE_SIZE, count << session_space(query->session)->paging->page_shift);
        if (!query_emit(query))
            return true;
    }
    query_remark(query, "%" PRIu64 " pages in all", total);
    const struct error *broken = pages_broken_list(pages);
    if (broken)
        query_note_at(query, broken->va,
                      "free pages may be incomplete: broken per-CPU free list: %s", broken->text);
    const struct tasks *tasks = session_linux(query->session)->tasks;
    if (tasks && tasks->cut)
        query_note_at(query, tasks->why.va,
                      "page owners may be incomplete: task list truncated: %s", tasks->why.text);
    return true;
}

static const struct subject subject = {.shape = &shape, .rows = rows};

const struct command command_pages = {
    .name = "pages",
    .arguments = "",
    .brief = "how many pages of RAM there are of each kind",
    .subject = &subject,
};
