/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding an entry by what it says, through all tables, opened or not, in steps.  Of the tree only
 * its roots are used: one that nothing was opened in, of another thread, will do.
 *
 * Words are, all of which have to fit: a flag ("AF", "UXN", or the beginning of one, three
 * letters at least), a permission ("rwx", "r-xu"), or what an entry is: block, page, table,
 * not-present, PROT_NONE, reserved, loop, missing (its table is not in the file), device (it
 * maps what is not in the image).  Case does not matter.  A run of leaves is found once.
 *
 * Beside words, or instead of them, the caller may choose among the runs: then only what maps
 * something is found.  A run ends with its table here.
 */
#ifndef RAMWALK_UI_PANE_TABLES_TREE_SEARCH_H
#define RAMWALK_UI_PANE_TABLES_TREE_SEARCH_H

#include "base/error.h"
#include "paging/mapping.h"
#include "ui/pane/tables/tree.h"

#define TREE_SEARCH_TEXT 240

struct tree_wanted {
    const char *words;                                      /* all of them have to fit */
    bool (*fits)(void *context, const struct mapping *run); /* NULL: whatever the words fit */
    void *context;
    uint64_t first_va, last_va; /* `fits` refuses what does not touch these */
};

/* A table being looked through: its pieces, as they were when it was entered. */
struct tree_search_frame {
    struct tree_span span;
    struct tree_piece *piece;
    size_t pieces, at;
    uint64_t pa;
    struct access access;
    bool whole; /* it was entered at its end, and is gone through to the other */
};

struct tree_search {
    char text[TREE_SEARCH_TEXT];
    bool (*fits)(void *context, const struct mapping *run);
    void *context;
    uint64_t first_va, last_va;
    bool backward;
    struct table_memo memo;      /* nothing below these fits */
    struct tree_place start, at; /* `at` is the match, when found */
    size_t start_root, root;
    unsigned rounds; /* how often it wrapped at the last root */
    unsigned depth;  /* frames in use */
    bool waits;      /* a table is on its way: the step that needs it is taken again */
    bool descends;   /* backward: on the way to the last piece below */
    struct tree_search_frame frame[PAGING_LEVELS];
};

enum tree_search_result {
    TREE_SEARCH_RUNNING,
    TREE_SEARCH_WAITING, /* for a table that is on its way: go on when it has come */
    TREE_SEARCH_FOUND,   /* search->at */
    TREE_SEARCH_END,     /* wrapped once: not found */
};

/* True where every word (one at least) is one that entries of this paging mode can say. */
bool tree_search_knows(const struct paging *paging, const char *text);

/* Calls `add` for each word that entries of a paging mode can say, but permissions. */
void tree_search_words(const struct paging *paging, void (*add)(void *list, const char *word),
                       void *list);

/* False with the reason: nothing wanted, too long, no tables. */
bool tree_search_check(const struct tree *tree, const struct tree_wanted *wanted,
                       struct error *err);

/* Starts after (before, where backward) `from`.  False: as tree_search_check(). */
bool tree_search_start(struct tree_search *search, const struct tree *tree,
                       const struct tree_wanted *wanted, struct tree_place from, bool backward,
                       struct error *err);

/* Looks through about `entries` table entries.  The tree must not lose its roots meanwhile. */
enum tree_search_result tree_search_step(struct tree_search *search, const struct tree *tree,
                                         size_t entries);

/* 0..1 of the whole search, by address within the first level. */
double tree_search_progress(const struct tree_search *search, const struct tree *tree);

/* Frees what it holds.  To be called before the struct is dropped or started anew. */
void tree_search_stop(struct tree_search *search);

#endif
