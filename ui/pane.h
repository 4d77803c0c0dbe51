/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pane is a row of operations: what a new view of the guest has to supply.  Panes read the
 * session and never each other; what concerns others is asked of the app (ui/app.h).
 */
#ifndef RAMWALK_PANE_H
#define RAMWALK_PANE_H

#include "session/navigator.h"
#include "ui/screen/screen.h"

struct app;
struct pane;

/* The panes, in the order of their keys; all but the memory share one place on the screen. */
enum pane_number {
    PANE_TABLES,
    PANE_MEMORY,
    PANE_PROCESSES,
    PANE_SYMBOLS,
    PANE_MAPPINGS,
    PANE_STRUCT,
    PANE_LIST,
    PANES
};

/* What the keys and the prompt ask of a pane; ui/keys.c binds keys to these. */
enum action {
    ACTION_NONE,
    ACTION_UP,
    ACTION_DOWN,
    ACTION_LEFT,
    ACTION_RIGHT,
    ACTION_PAGE_UP,
    ACTION_PAGE_DOWN,
    ACTION_HALF_UP,
    ACTION_HALF_DOWN,
    ACTION_FIRST,
    ACTION_LAST,
    ACTION_ROW_START,
    ACTION_ROW_END,
    ACTION_FOLLOW, /* Enter: as v: (hex), open or go to the page (tree) */
    ACTION_FOLLOW_PHYS,
    ACTION_FOLLOW_FILE,
    ACTION_OPEN,
    ACTION_CLOSE,
    ACTION_TOGGLE,
    ACTION_OPEN_ALL,
    ACTION_CLOSE_ALL,
    ACTION_PARENT,
    ACTION_NEXT_SIBLING,
    ACTION_PREVIOUS_SIBLING,
    ACTION_NEXT,
    ACTION_PREVIOUS, /* next stretch (hex), next used entry (tree) */
    ACTION_SHOW_EMPTY,
    ACTION_GO_ENTRY,
    ACTION_GO_TABLE,
    ACTION_GO_PAGE, /* tree -> hex */
    ACTION_REVEAL,  /* hex -> tree */
    ACTION_SPACE,
    ACTION_WORD,
    ACTION_ORDER, /* hex: next space, word size, byte order */
    ACTION_SEARCH_NEXT,
    ACTION_SEARCH_PREVIOUS,
    ACTION_SORT, /* lists: by the next column, the other way round */
    ACTION_INVERT,
    ACTION_MAPPINGS, /* of the process in this row */
    ACTION_STRUCT,   /* what the row stands for, as the kernel's own struct */
    ACTION_LIST,     /* walks the list that a member links */
    ACTIONS
};

struct pane_type {
    const char *name; /* "tables", "memory" */
    /* Rows and columns below which it is not worth showing. */
    int least_rows, least_columns;
    struct pane *(*create)(struct app *app, struct session *session); /* NULL: out of memory */
    void (*destroy)(struct pane *pane);
    /* The words in its upper border. */
    void (*title)(struct pane *pane, char *text, size_t size);
    void (*draw)(struct pane *pane, struct area area, bool focused);
    /* False: this pane has no such action.  count: a number typed before the key, 1 without. */
    bool (*act)(struct pane *pane, enum action action, int count);
    /* A click on a cell of its area; `twice` for a double click. */
    void (*click)(struct pane *pane, int row, int column, bool twice);
    /* Moves the cursor to the address (in the pane's way).  False with a reason: cannot. */
    bool (*go)(struct pane *pane, struct address address, struct error *err);
    /* Where the cursor is. */
    struct address (*here)(const struct pane *pane);
    /* For history: the address of the first row; `restore` sets both. */
    uint64_t (*top)(const struct pane *pane);
    void (*restore)(struct pane *pane, struct address cursor, uint64_t top);
    /* For history, where those do not say it all: fills what is zero at first; recall comes before
     * restore.  May be NULL. */
    void (*detail)(const struct pane *pane, struct visit_detail *detail);
    void (*recall)(struct pane *pane, const struct visit_detail *detail);
    /* The pane's `/`.  False with a reason. */
    bool (*search)(struct pane *pane, const char *text, bool backward, struct error *err);
    /* Shows only what has the text in it ("": everything; NULL: asks).  Answers the text in
     * force.  May be NULL. */
    const char *(*filter)(struct pane *pane, const char *text);
    /* What the cursor is on, in full, for the line at the bottom.  May be NULL. */
    void (*status)(struct pane *pane, char *text, size_t size);
    /* Draws what the cursor is on, where the pane has more to say of it than the inspector says of
     * its address.  False: it has not.  May be NULL. */
    bool (*inspect)(struct pane *pane, struct area area);
    /* A slice of the pane's own long work (a search).  True while more is to be done. */
    bool (*step)(struct pane *pane);
    void (*cancel)(struct pane *pane);
    /* The guest may have changed: take note of changed bytes.  now_ms: a monotonic clock. */
    void (*refresh)(struct pane *pane, int64_t now_ms);
    /* Paging, root or place became known, or were changed. */
    void (*facts_changed)(struct pane *pane);
};

struct pane {
    const struct pane_type *type;
};

extern const struct pane_type hex_pane_type;
extern const struct pane_type tree_pane_type;
extern const struct pane_type struct_pane_type;
extern const struct pane_type processes_pane_type;
extern const struct pane_type symbols_pane_type;
extern const struct pane_type mappings_pane_type;
extern const struct pane_type list_pane_type;

#endif
