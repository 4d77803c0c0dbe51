/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables pane from within: what its operations (pane_tree.c), its commands (pane_tree_act.c),
 * its search (pane_tree_search.c) and its inspector (pane_tree_inspect.c) share.  The app sees
 * tree_pane_type only (ui/pane/pane.h).
 */
#ifndef RAMWALK_UI_PANE_TABLES_PANE_TREE_H
#define RAMWALK_UI_PANE_TABLES_PANE_TREE_H

#include "session/beside.h"
#include "ui/app/app.h"
#include "ui/pane/tables/tree.h"
#include "ui/pane/tables/tree_measure.h"
#include "ui/pane/tables/tree_search.h"
#include "ui/widget/scroll.h"

struct tree_pane {
    struct pane pane;
    struct app *app;
    struct session *session;
    const struct space *space;   /* what the tree was made of */
    const struct paging *paging; /* its paging; NULL: there is no tree */
    struct tree tree;
    struct scroll list;
    struct tree_place cursor;
    /* Where a jump leads whose tables are on their way, and where it left the cursor. */
    bool is_underway;
    struct tree_place goal, stop;
    struct {
        size_t entries; /* to be read at most; 0: nothing is being opened */
        struct tree_place place;
    } opening; /* everything below a row */
    struct tree_measure measure;
    uint64_t counted;                /* sizes that were known when it was drawn last */
    struct beside *asked;            /* the search under way; NULL: none */
    char searched[TREE_SEARCH_TEXT]; /* for n and N; "": nothing, or an address */
    char found[TREE_SEARCH_TEXT];    /* the last that was found, for when the next one is not */
    bool backward;
    uint64_t alias[MEMORY_ALIASES]; /* the places that an address was found at */
    size_t aliases, alias_at;
    int64_t now_ms, sizes_ms;
    int width;
};

static inline struct tree_pane *tree_pane_of(struct pane *pane)
{
    return (struct tree_pane *)pane;
}

/* Puts the cursor on a row, after the tree may have changed. */
void tree_pane_move_to(struct tree_pane *self, size_t row);

/* Rows came or went: finds the cursor's row again, and keeps it on its line of the screen. */
void tree_pane_find_place(struct tree_pane *self);

/*
 * Opens what leads to a place and puts the cursor there; a row that has to be scrolled to comes
 * to the middle.  False: no known root covers the address.
 */
bool tree_pane_reveal(struct tree_pane *self, struct tree_place place);

/* Shows the entry that maps an address, or the last one on the way there. */
bool tree_pane_go_virtual(struct tree_pane *self, uint64_t va, struct error *err);

/* For the tree of a session: is all of `size` bytes at `pa` in the image? */
bool tree_pane_in_image(void *session, uint64_t pa, uint64_t size);

/* Opens a slice of what is being opened. */
void tree_pane_open_more(struct tree_pane *self);

/* Ends searching, opening and counting. */
void tree_pane_stop_work(struct tree_pane *self);

/* Takes over what the search has found, once it has ended; how far it is, 0..1. */
void tree_pane_search_take(struct tree_pane *self);
double tree_pane_search_progress(const struct tree_pane *self);

/* Operations of the pane: struct pane_type. */
extern const struct pane_command tree_pane_commands[];
bool tree_pane_search(struct pane *pane, const char *text, bool backward, struct error *err);
/* The next match, or the next name of the address that was searched for. */
bool tree_pane_search_again(struct pane *pane, bool reverse, struct error *err);
void tree_pane_search_words(struct pane *pane, void (*add)(void *list, const char *word),
                            void *list);
bool tree_pane_move(struct pane *pane, enum motion motion, int64_t steps);
bool tree_pane_inspect(struct pane *pane, struct area area);
void tree_pane_click(struct pane *pane, int line, int column, bool twice);

#endif
