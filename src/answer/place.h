/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What subjects share that are about one place: `translate`, `walk`, `hex`, `page`. */
#ifndef RAMWALK_ANSWER_PLACE_H
#define RAMWALK_ANSWER_PLACE_H

#include "answer/query.h"

/*
 * Evaluates the query's arguments as one expression (a bare number is virtual) and locates it by
 * all names.
 */
bool query_place(struct query *query, struct place *place, struct error *err);

/* "mapped", "not-present", ..., "not-in-image" of a place; all of them, for a column's names. */
const char *place_end_name(const struct place *place);
const char *place_end_names(unsigned i);

/* "data", "never touched", "not saved" ... of a range, for a column's names. */
const char *place_state_names(unsigned i);

/* Their first columns, with `flags` for those of the three addresses. */
enum { PLACE_INPUT, PLACE_SPACE, PLACE_VIRT, PLACE_PHYS, PLACE_FILE, PLACE_COLUMNS };
#define PLACE_TABLE(flags)                                                                         \
    [PLACE_INPUT] = {"input", "INPUT", "what was asked for", VALUE_TEXT, COLUMN_NO_TEXT},          \
    [PLACE_SPACE] = SPACE_COLUMN,                                                                  \
    [PLACE_VIRT] = {"virt", "VIRTUAL", "its virtual address", VALUE_ADDRESS, (flags)},             \
    [PLACE_PHYS] =                                                                                 \
        {"phys",        "PHYSICAL", "its guest physical address", VALUE_ADDRESS, (flags),          \
         .letter = 'p', .gap = "  "},                                                              \
    [PLACE_FILE] = {"file",        "FILE",     "its offset in the file", VALUE_ADDRESS, (flags),   \
                    .letter = 'f', .gap = "  "}

/* Whose an address is, for a column that says so in words; none for f: and p:. */
struct value query_space(struct query *query, struct address address);
#define SPACE_COLUMN                                                                               \
    {                                                                                              \
        "space", "SPACE", "whose virtual address it is", VALUE_TEXT, COLUMN_NO_TEXT                \
    }

/* Fills them in. */
void fill_place(struct query *query, const struct place *place, struct value *row);

#endif
