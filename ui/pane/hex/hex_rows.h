/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A space as rows: `width` bytes each where there are bytes, and one row for a whole stretch
 * where there are none, whether 4 KiB or half the address space.
 *
 * Every address belongs to exactly one row; first and last are both inside, so that the end of
 * the 64-bit space needs no special case.  Nothing is drawn here.
 */
#ifndef RAMWALK_UI_PANE_HEX_HEX_ROWS_H
#define RAMWALK_UI_PANE_HEX_HEX_ROWS_H

#include "ui/pane/hex/hex_gaps.h"

#define HEX_WIDTH 64 /* bytes a row at most */

struct hex_rows {
    struct session *session;
    const struct space *space;
    unsigned width; /* a power of two, 8 ... HEX_WIDTH */
    struct hex_gaps gaps;
};

/* The row that `address` is in; an address outside of the space is taken to its end. */
struct hex_row hex_row_at(struct hex_rows *rows, uint64_t address);

/* False at the ends of the space. */
bool hex_row_next(struct hex_rows *rows, struct hex_row *row);
bool hex_row_previous(struct hex_rows *rows, struct hex_row *row);

/* The row `count` rows on (back, where negative), or the last (first) one. */
struct hex_row hex_row_move(struct hex_rows *rows, struct hex_row row, int64_t count);

#endif
