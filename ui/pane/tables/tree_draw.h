/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a row of the tree looks: which columns fit into a width, and the drawing of one row.
 *
 *   ▸ [256] ffff800000000000  PUD p:138199000  93.3M rwxk UXNTable
 *     [0-511] ffff000000000000  → p:40000000   2M    rw-k AF ISH
 *
 * The permissions of a table are those that any page below it has.
 * What matters least gives way first: flags, target, size, permissions, the upper digits of VA.
 */
#ifndef RAMWALK_UI_PANE_TABLES_TREE_DRAW_H
#define RAMWALK_UI_PANE_TABLES_TREE_DRAW_H

#include "ui/pane/tables/tree.h"
#include "ui/terminal/screen.h"

/* Where the columns begin; -1: not shown. */
struct tree_columns {
    int indent;       /* columns a level */
    int gap;          /* blanks between marker and index */
    int index_digits; /* single indices are padded to */
    int va, va_digits;
    int target, size, access, flags;
};

/* The columns for `width` cells; any width from 0 on. */
struct tree_columns tree_columns_for(const struct paging *paging, int width);

/* Draws a row on the area's line `line`; now_ms is what changed_ms is compared with. */
void tree_draw_row(struct area area, int line, const struct tree_columns *columns,
                   const struct paging *paging, const struct tree_row *row, int64_t now_ms);

#endif
