/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The memory pane's state, shared by what moves in it (pane_hex.c) and what draws it
 * (hex_draw.c), and where its columns are (hex_format).
 */
#ifndef RAMWALK_UI_PANE_HEX_HEX_H
#define RAMWALK_UI_PANE_HEX_HEX_H

#include "memory/search.h"
#include "session/beside.h"
#include "ui/app/settings.h"
#include "ui/pane/hex/changes.h"
#include "ui/pane/hex/hex_rows.h"
#include "ui/pane/pane.h"

#define HEX_ROWS 512 /* rows on screen at most */

/* Where the columns of a row are; all relative to the pane's left edge. */
struct hex_format {
    unsigned width, word; /* bytes a row, bytes a word */
    int digits;           /* of the address column */
    bool elide;           /* the address's first four digits are left out */
    bool group;           /* a blank more after each eight bytes */
    int words;            /* first column of the words */
    int text;             /* first column of the characters, -1: none */
    int note;             /* first column of what a word points to, -1: none */
};

struct hex {
    struct pane pane;
    struct app *app;
    struct session *session;
    struct settings *settings;
    const struct space *space;   /* of cursor and top */
    const struct space *virt;    /* the virtual space that it shows, or would */
    uint64_t cursor, top;        /* top: the first address of the first row */
    uint64_t named_va, named_pa; /* the same place, when the virtual space was last left; or 0 */
    struct hex_rows rows;
    struct hex_format format;
    struct hex_row visible[HEX_ROWS]; /* what the last drawing showed */
    int shown, height, columns;
    struct changes *changes;
    int64_t now_ms;
    uint8_t pattern[SEARCH_PATTERN]; /* what was searched for; pattern_length 0: nothing */
    size_t pattern_length;
    uint8_t found[SEARCH_PATTERN]; /* the last that was found, for when the next one is not */
    size_t found_length;
    bool backward;
    struct beside *asked;    /* the search under way; NULL: none */
    struct beside *skipping; /* the next change is being looked for; NULL: it is not */
    int64_t told_ms;         /* when progress was last shown */
};

/* The format for a pane of that many columns.  digits: of the largest address there. */
void hex_format_compute(struct hex_format *format, int columns, int digits,
                        const struct settings *settings);

/* Column, relative to the pane, of the word that holds byte `index` of a row. */
int hex_format_column(const struct hex_format *format, unsigned index);

/* The byte of a row that a column shows, or -1. */
int hex_format_index(const struct hex_format *format, int column);

/* Makes the format, the visible rows and `top` right for that size. */
void hex_fit(struct hex *hex, int height, int columns);

static inline struct hex *hex_of(struct pane *pane)
{
    return (struct hex *)(void *)pane;
}

/* Operations of the pane, in hex_search.c: struct pane_type. */
bool hex_search(struct pane *pane, const char *text, bool backward, struct error *err);
bool hex_search_again(struct pane *pane, bool reverse, struct error *err);
void hex_search_cancel(struct pane *pane);

/* Takes over what was found. */
void hex_search_step(struct hex *hex);

/* What was asked by a key ends, without a word. */
void hex_search_stop(struct hex *hex);

/* Leaves the range that the cursor is in, so many times; what takes long goes on beside. */
void hex_skip(struct hex *hex, int count, bool backward);

/* Takes over where that leads.  True: it was known. */
bool hex_skip_step(struct hex *hex);

void hex_draw(struct pane *pane, struct area area, bool focused);
void hex_title(struct pane *pane, char *text, size_t size);

#endif
