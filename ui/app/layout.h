/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where everything is on a screen of a given size: pure geometry, no curses.
 *
 * From top to bottom: the title bar, the panes, the inspector, and the line of messages and the
 * prompt.  A part that does not fit has 0 rows.
 *
 * The panes are the leaves of a tree whose inner nodes split their area in two.  What does not fit
 * is hidden: of a split, the side that was used last stays.  So the leaf in use is always shown.
 * A leaf holds the caller's number of a pane; leaves are told apart by their node's number, which
 * holds until the leaf is closed.
 */
#ifndef RAMWALK_UI_APP_LAYOUT_H
#define RAMWALK_UI_APP_LAYOUT_H

#include "ui/terminal/screen.h"

#include <stdbool.h>

#define LAYOUT_LEAVES 8
#define LAYOUT_NODES  (2 * LAYOUT_LEAVES - 1)
#define LAYOUT_NONE   (-1)

/* Auto: side by side where the area is wide, one above the other where it is not. */
enum layout_direction { LAYOUT_AUTO, LAYOUT_RIGHT, LAYOUT_BELOW };

/* What a pane's content has to have to be worth showing. */
struct layout_need {
    int least_rows, least_columns;
};

/* How a split divides its area. */
struct layout_share {
    int columns, rows;  /* of the first side, in thousandths */
    int wanted_columns; /* that the first side gets where the second keeps what it needs */
};

struct layout_node {
    bool used;
    int parent;   /* LAYOUT_NONE: the root */
    int child[2]; /* LAYOUT_NONE: a leaf */
    /* Of a split: */
    enum layout_direction direction;
    struct layout_share share;
    struct area divider; /* between sides that are shown side by side, else 0 rows */
    /* Of a leaf: */
    int pane;
    unsigned focused; /* larger: had the focus later */
    struct area rule; /* the pane's title; 0 rows: there is none */
    struct area area; /* its content; 0 rows: hidden */
};

struct layout {
    struct layout_node node[LAYOUT_NODES];
    int root, focus;  /* focus: a leaf */
    bool zoom;        /* the leaf in use is shown alone */
    unsigned clock;   /* counts focus */
    unsigned changes; /* grows whenever leaves, their panes, the focus or the zoom change */
    struct area title, inspector_rule, inspector, message;
};

/* How a split of the user's divides, and how the first two panes stand. */
extern const struct layout_share layout_halves, layout_first_two;

/* One leaf. */
void layout_init(struct layout *layout, int pane);

/*
 * Splits a node, which may be the root: it becomes one side, and a leaf with `pane` the other (the
 * first one if `before`).  Answers the leaf; LAYOUT_NONE: there are LAYOUT_LEAVES already.
 */
int layout_split(struct layout *layout, int node, enum layout_direction direction,
                 struct layout_share share, bool before, int pane);

/* Takes a leaf away; one that was used before gets the focus.  False: it is the only one. */
bool layout_close(struct layout *layout, int leaf);

/* Takes all leaves away but the one in use. */
void layout_only(struct layout *layout);

void layout_focus(struct layout *layout, int leaf);
void layout_put(struct layout *layout, int leaf, int pane);
void layout_zoom(struct layout *layout, bool zoom);

/* The leaves in their order, from the left and from the top: the first, the next after one (step
 * 1) or the one before (-1), wrapping at the ends. */
int layout_first(const struct layout *layout);
int layout_step(const struct layout *layout, int leaf, int step);
int layout_leaves(const struct layout *layout);

/* The leaf of a pane, and the one at a cell of the screen.  LAYOUT_NONE: there is none. */
int layout_leaf_of(const struct layout *layout, int pane);
int layout_at(const struct layout *layout, int row, int column);

/* Is the leaf on the screen, as last computed? */
bool layout_shows(const struct layout *layout, int leaf);

/* Fills all areas in.  need: by the number of a pane. */
void layout_compute(struct layout *layout, int rows, int columns, const struct layout_need *need);

/* True where the cell is inside the area. */
bool area_has(struct area area, int row, int column);

#endif
