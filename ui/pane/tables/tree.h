/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page tables as a tree of rows: which rows there are, what each says.  No curses, no
 * session: paging, roots and a source of tables are all it takes.
 *
 * Neighbouring tables that are known to be empty (tree_measure.h), or are all the same as the one
 * before them, share a row, a fold, until it is opened, or empty entries are shown.
 *
 * Rows are numbered from 0, in the order of the addresses.  Depth 0 is a root, depth d an entry
 * of level d - 1; the single entries of an opened run lie one deeper than the run.  Only opened
 * tables are read.  Every table keeps its row count, so row <-> entry costs O(depth * log).
 *
 * A row number is good until the next call that changes the tree; a `struct tree_place` stays.
 */
#ifndef RAMWALK_UI_PANE_TABLES_TREE_H
#define RAMWALK_UI_PANE_TABLES_TREE_H

#include "paging/walk.h"
#include "ui/pane/tables/tree_node.h"

#include <limits.h>

#define TREE_ROOTS    2
#define TREE_FOLD_MIN 3        /* so many tables share a row */
#define TREE_DEEPEST  UINT_MAX /* as a depth: as deep as the tables go */

struct tree_root {
    uint64_t pa;
    struct tree_span span;
    bool user;
};

struct tree {
    const struct paging *paging;
    struct table_source source;
    /* Are `size` bytes at `pa` in the image?  NULL: everything is.  Set after tree_init(). */
    bool (*in_image)(void *context, uint64_t pa, uint64_t size);
    void *in_image_context;
    struct tree_root root[TREE_ROOTS];
    size_t roots;
    struct tree_node *top;
    bool show_empty;    /* change it by tree_show_empty() */
    uint8_t generation; /* sizes counted in another one are old; wraps at 256 */
};

/* A row by what it shows, not by its number. */
struct tree_place {
    uint64_t va;
    unsigned depth;
};

/* What a row says. */
struct tree_row {
    unsigned depth;            /* 0: a root; then level is 0 and index means nothing */
    unsigned level;            /* of the entry */
    unsigned index, count;     /* the entries it stands for */
    enum entry_kind kind;      /* a root is an ENTRY_TABLE */
    bool user;                 /* under the user root */
    bool member;               /* a single entry of an opened run */
    bool openable, open;       /* a table, or a run of several entries */
    bool unfolded;             /* a single table of a fold: closing it folds it again */
    unsigned fold;             /* tables among those entries, shown by this row; else 0 */
    bool repeats;              /* of a fold: all are the table of the entry before; else empty */
    bool loop;                 /* the table it leads to is on the path already */
    enum extent_kind missing;  /* ENTRY_TABLE: why the table it leads to is not there, and
                                  ENTRY_MISSING: why the entry itself is not; else EXTENT_DATA */
    bool device;               /* it maps what is not in the image ... */
    bool partly;               /* ... but not all of it lies outside */
    uint64_t va;               /* first address it maps */
    uint64_t table_pa;         /* the table it lies in; 0 for a root */
    uint64_t entry;            /* as read; for a root 0 */
    uint64_t target_pa;        /* ENTRY_TABLE, ENTRY_LEAF */
    uint64_t mapped;           /* bytes mapped by it or below it, or TREE_UNKNOWN */
    struct paging_group group; /* ENTRY_LEAF: a contiguous group it is of */
    struct access access;      /* effective, of the whole path; of a table: what is left below */
    int64_t changed_ms;        /* when it was seen changed, or TREE_NEVER */
};

/* Roots that are NO_ROOT are left out.  Their tables are opened.  False: out of memory. */
bool tree_init(struct tree *tree, const struct paging *paging, const struct table_source *source,
               const struct roots *roots);
void tree_deinit(struct tree *tree);

size_t tree_rows(const struct tree *tree);

/* False: no such row.  A member of a run is read from its table at this moment. */
bool tree_row(const struct tree *tree, size_t n, struct tree_row *row);

static inline struct tree_place tree_place(const struct tree_row *row)
{
    return (struct tree_place){row->va, row->depth};
}

/* enum tree_opened: ui/tree_node.h. */
enum tree_opened tree_open(struct tree *tree, size_t n);

/* A table that was in a fold goes back to it.  False: there was nothing to close.  What was opened
 * below is forgotten. */
bool tree_close(struct tree *tree, size_t n);

/* Closes everything below a row, which stays open itself. */
void tree_close_all(struct tree *tree, size_t n);

enum tree_opened_all {
    TREE_ALL,  /* every table below is open */
    TREE_FULL, /* the tree has about `limit` rows */
    TREE_MORE, /* so many entries were read: the next call goes on */
};

/* Opens every table below a row (loops and runs stay closed). */
enum tree_opened_all tree_open_all(struct tree *tree, size_t n, size_t limit, size_t entries);

void tree_show_empty(struct tree *tree, bool show);

/* The row that a row hangs from; a root itself. */
size_t tree_parent(const struct tree *tree, size_t n);

/* The next row (before, where backward) of the same table, opened or not; n where none is. */
size_t tree_sibling(const struct tree *tree, size_t n, bool backward);

/* The next row that is neither empty nor a fold; n where none is. */
size_t tree_used(const struct tree *tree, size_t n, bool backward);

/* The row of a place, or the nearest one above it that is there.  0 in an empty tree. */
size_t tree_find(const struct tree *tree, struct tree_place place);

/*
 * The same, opening what leads there.  Where the path ends early (or in an empty entry that is
 * not shown), the deepest row there is.  False: no root covers that address.
 */
bool tree_reveal(struct tree *tree, struct tree_place place, size_t *n);

/*
 * Reads the tables of the rows [first, first + rows) again, and those above them.  What changed
 * gets the time now_ms; opened tables stay open.  True where anything changed.
 */
bool tree_refresh(struct tree *tree, size_t first, size_t rows, int64_t now_ms);

/* The piece of a row, for the tree's companions.  *node is the table it lies in. */
struct tree_piece *tree_piece_at(const struct tree *tree, size_t n, struct tree_node **node);

/* The piece that begins at a place, folded or not; NULL: none. */
struct tree_piece *tree_piece_of(const struct tree *tree, struct tree_place place,
                                 struct tree_node **node);

/* The root that covers an address; tree->roots where none does. */
size_t tree_root_of(const struct tree *tree, uint64_t va);

#endif
