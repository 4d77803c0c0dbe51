/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One page table as pieces: an entry that leads on, or a run of entries that say the same.
 * Leaves that follow one another physically with equal attributes are one piece, and so are
 * neighbouring empty entries, and those that are not there; everything else is a piece of one
 * entry.  The first entry of a piece says what all of its entries are, so the pieces are the whole
 * table, compressed.
 */
#ifndef RAMWALK_UI_PANE_TABLES_TREE_RUN_H
#define RAMWALK_UI_PANE_TABLES_TREE_RUN_H

#include "paging/walk.h"

struct tree_node; /* an opened table: ui/tree.h */

#define TREE_UNKNOWN UINT64_MAX /* bytes mapped below: not counted yet */
#define TREE_NEVER   INT64_MIN  /* a time: not seen changing */

struct tree_piece {
    uint64_t entry;          /* the first one, as read */
    uint64_t mapped;         /* bytes mapped below a table, or TREE_UNKNOWN */
    int64_t changed_ms;      /* when it was seen changed, or TREE_NEVER */
    struct tree_node *child; /* the opened table, or NULL; the tree's */
    uint32_t start;          /* rows of the pieces before this one */
    uint16_t first, count;   /* entries [first, first + count) */
    uint8_t kind;            /* enum entry_kind */
    uint8_t missing;         /* ENTRY_MISSING: the enum extent_kind that says why */
    uint8_t measured;        /* the tree's generation when `mapped` was counted */
    bool open;               /* a run that is shown entry by entry */
    bool empty;              /* a table with nothing below it, counted with `mapped` */
    bool repeats;            /* the table entry before it says the same */
    bool unfolded;           /* a table that could be folded is to have its own row */
    bool folded;             /* the row of a piece before this one stands for it too */
    uint16_t fold;           /* tables that its row stands for; 0: it is no fold */
    struct access below;     /* what any leaf below a table allows, counted with `mapped` */
};

/* Where a table's entries lie in virtual space. */
struct tree_span {
    const struct paging *paging;
    unsigned level;
    uint64_t va;          /* of entry 0 */
    unsigned first, last; /* the entries that count, both included */
};

/* Canonical VA of an entry. */
uint64_t span_va(const struct tree_span *span, unsigned index);

/* PA that the leaf `entry` at `index` maps (of a RISC-V NAPOT group its own part). */
uint64_t span_leaf_pa(const struct tree_span *span, unsigned index, uint64_t entry);

/*
 * Reads the table at `pa` into a new array, to be freed.  Each entry is loaded once: a live guest
 * may write meanwhile.  Returns how many pieces; 0 with *pieces NULL: nothing of it is there, and
 * *missing says why; else that is EXTENT_DATA, with no pieces out of memory.
 */
size_t entry_runs_read(const struct tree_span *span, const struct table_source *source, uint64_t pa,
                       struct tree_piece **pieces, enum extent_kind *missing);

/*
 * Carries over from the table as it was: opened children (moved: NULL in `old` then), opened
 * runs, what is mapped below, when it changed.  What differs from `old` changed at now_ms.
 * True where anything did.
 */
bool entry_runs_inherit(const struct tree_span *span, struct tree_piece *old, size_t olds,
                        struct tree_piece *piece, size_t pieces, int64_t now_ms);

/* The piece with that entry; `pieces` is at least 1.  The nearest, for an index outside. */
size_t entry_runs_find(const struct tree_piece *piece, size_t pieces, unsigned index);

#endif
