/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much is mapped below the tables on screen, and with what permissions, and which are empty,
 * counted in slices.  One table at a time; what is counted is kept in the tree until
 * tree->generation moves on.
 */
#ifndef RAMWALK_UI_PANE_TABLES_TREE_MEASURE_H
#define RAMWALK_UI_PANE_TABLES_TREE_MEASURE_H

#include "paging/table_memo.h"
#include "ui/pane/tables/tree.h"

struct tree_measure {
    struct tree_place place; /* the row whose size is being counted */
    uint64_t target_pa;      /* the table it led to when counting began */
    bool waits;              /* a table is on its way: the next call goes on */
    unsigned depth;          /* frames in use; 0: nothing is being counted */
    unsigned above;          /* tables on the path down to frame[0] */
    uint8_t generation;      /* the tree's when counting began */
    uint64_t counted;        /* sizes that became known, ever */
    uint64_t path[PAGING_LEVELS + 1];
    struct tree_measure_frame {
        struct known_table table; /* what is below it, as far as it was counted */
        unsigned next, last;      /* entries still to be looked at */
    } frame[PAGING_LEVELS];
    struct table_memo memo; /* each table below is counted once */
    unsigned again;         /* tables with loops below them, which depend on the path, that were
                               counted again */
};

/* All zero is a counter at rest; tree_measure_stop() brings it back there and frees what it holds.
 */
void tree_measure_stop(struct tree_measure *measure);

/*
 * Rows come and go as tables turn out to be empty, or no longer are.  Counts on, looking at about
 * `entries` table entries; first for the rows [first, first + rows).  True while any of them has no
 * size, or an old one, and counting does not wait for a table that is on its way.
 */
bool tree_measure_step(struct tree_measure *measure, struct tree *tree, size_t first, size_t rows,
                       size_t entries);

#endif
