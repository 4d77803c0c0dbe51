/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The structure pane: a type at an address as rows (session/instance.h), with a cursor.  What its
 * operations (pane_struct.c), its commands (pane_struct_act.c) and the ways on from a member
 * (struct_follow.c) share.
 */
#ifndef RAMWALK_UI_PANE_STRUCT_PANE_STRUCT_H
#define RAMWALK_UI_PANE_STRUCT_PANE_STRUCT_H

#include "session/instance.h"
#include "ui/app/app.h"
#include "ui/pane/struct/value_changes.h"
#include "ui/widget/scroll.h"

struct struct_pane {
    struct pane pane;
    struct app *app;
    struct session *session;
    struct instance *instance; /* of type at va, in space */
    struct view *view;         /* its rows; NULL: types are not known (yet) */
    bool shows;                /* a type at an address was asked for */
    uint32_t type;
    uint64_t va;
    const struct space *space; /* of va, and of what is there */
    struct scroll list;
    struct visit_detail recalled; /* for restore */
    struct value_changes changes;
    char searched[80];
    bool backward;
    int64_t now_ms;
};

/* Shows a type at an address, from its first row on; history is the caller's business. */
bool struct_pane_show(struct pane *pane, uint32_t type, struct address address, struct error *err);

static inline struct struct_pane *struct_pane_of(struct pane *pane)
{
    return (struct struct_pane *)(void *)pane;
}

/* Opens or closes row i; the cursor stays on what it is on. */
bool struct_pane_open(struct struct_pane *self, size_t i, bool open);

/* Row i was opened or closed: puts the cursor there, and as many of its parts as fit on screen. */
void struct_pane_opened(struct struct_pane *self, size_t i);

/* `follow` and `walk-list` on the row under the cursor, which there is.  False with a reason. */
bool struct_follow(struct struct_pane *self, struct error *err);
bool struct_walk_list(struct struct_pane *self, struct error *err);

/* Operations of the pane: struct pane_type. */
extern const struct pane_command struct_pane_commands[];
bool struct_pane_move(struct pane *pane, enum motion motion, int64_t steps);
void struct_pane_click(struct pane *pane, int line, int column, bool twice);
void struct_pane_draw(struct pane *pane, struct area area, bool focused);
void struct_pane_title(struct pane *pane, char *text, size_t size);

#endif
