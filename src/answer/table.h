/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an answer is: a table of typed columns, and rows of values under them.  The columns alone
 * say how rows are printed, written as JSON, filtered, sorted and explained by `help`.
 */
#ifndef RAMWALK_ANSWER_TABLE_H
#define RAMWALK_ANSWER_TABLE_H

#include "answer/value.h"

enum column_flag {
    COLUMN_NO_TEXT = 1,    /* text and screens have it only when it is asked for by columns= */
    COLUMN_NO_JSON = 2,    /* JSON has it only then: it says in words what other columns hold */
    COLUMN_WIDE = 4,       /* screens have it where there is room, lines of text as NO_TEXT */
    COLUMN_RIGHT = 8,      /* to the right edge of its width */
    COLUMN_BARE = 16,      /* numbers without "0x", addresses without "v:" */
    COLUMN_TREE = 32,      /* moved to the right by the depth of its list */
    COLUMN_FIRST = 64,     /* a list: printed before the line of its row, not after it */
    COLUMN_MAY_LACK = 128, /* JSON may have not even the key */
    COLUMN_DEPTH = 256,    /* how deep a row of the table lies below the ones before it */
    COLUMN_LESSER = 512,   /* of less weight than others on screens */
};

/* Tables of columns name all members but the first seven. */
struct column {
    const char *name;    /* snake_case: the key in JSON, the word after where, sort=, columns= */
    const char *heading; /* above it; NULL: none */
    const char *brief;   /* for help; no full stop */
    enum value_type type;
    unsigned flags;
    unsigned width;    /* cells; 0: as many as the value has */
    unsigned priority; /* on screens the lowest gives way first; 0: never */
    unsigned digits;   /* zeros before a hexadecimal number, up to so many digits */
    const char *gap;   /* printed before it; NULL: a blank, or nothing at the start of a line */
    const char *after; /* printed after it: "]" */
    char letter;       /* VALUE_ADDRESS: the space of a bare number in a term; 0: v */
    /* VALUE_ENUM: the name of value i; NULL from the last one on. */
    const char *(*names)(unsigned i);
    const struct shape *inner; /* VALUE_LIST, VALUE_OBJECT */
    /* Of a record: the column whose address its line leads to, where it has none; 0: nowhere. */
    unsigned lead;
};

struct shape {
    const struct column *column;
    unsigned columns;
};
#define SHAPE(table)                                                                               \
    {                                                                                              \
        .column = (table), .columns = sizeof(table) / sizeof *(table)                              \
    }
#define COLUMNS_MAX 64 /* of one shape */

/* Rows under a shape, one after the other. */
struct list {
    const struct shape *shape;
    size_t rows, capacity;
    struct value *cell; /* rows * shape->columns */
};

static inline const struct value *list_row(const struct list *list, size_t row)
{
    return list->cell + row * list->shape->columns;
}

/* The first row of a list as an object; without one no value. */
static inline struct value value_object(const struct list *list)
{
    return list->rows ? (struct value){.type = VALUE_OBJECT, .list = list}
                      : (struct value){.type = VALUE_NULL};
}

struct arena; /* base/arena.h */

/* A copy of the columns with their names and headings, which may be a query's.  False: no memory.
 */
bool shape_copy(struct arena *arena, const struct shape *shape, struct shape *copy);

/* A column by its name of `length` bytes.  shape->columns: none. */
unsigned shape_find(const struct shape *shape, const char *name, size_t length);

/* The same as people type it: in small or capital letters, or as the heading has it. */
unsigned shape_find_shown(const struct shape *shape, const char *word, size_t length);

#endif
