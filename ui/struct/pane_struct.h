/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The structure pane: a type at an address as rows (guest/view.h), with a cursor.  What its
 * operations (pane_struct.c), its keys (pane_struct_act.c) and the ways on from a member
 * (struct_follow.c) share.
 */
#ifndef RAMWALK_PANE_STRUCT_H
#define RAMWALK_PANE_STRUCT_H

#include "guest/view.h"
#include "ui/app.h"
#include "ui/list.h"
#include "ui/struct/value_changes.h"

struct struct_pane {
    struct pane pane;
    struct app *app;
    struct session *session;
    struct guest *guest; /* NULL: types are not known (yet) */
    struct view *view;   /* NULL where the guest is */
    bool shows;          /* a type at an address was asked for */
    uint32_t type;
    uint64_t va;
    struct list list;
    struct visit_detail recalled; /* for restore */
    struct value_changes changes;
    char searched[80];
    bool backward;
    int64_t now_ms;
};

/* Shows a type at an address, from its first row on; history is the caller's business. */
bool struct_pane_show(struct pane *pane, uint32_t type, uint64_t va, struct error *err);

static inline struct struct_pane *struct_pane_of(struct pane *pane)
{
    return (struct struct_pane *)(void *)pane;
}

/* Opens or closes row i; the cursor stays on what it is on. */
bool struct_pane_open(struct struct_pane *self, size_t i, bool open);

/* Row i was opened or closed: puts the cursor there, and as many of its parts as fit on screen. */
void struct_pane_opened(struct struct_pane *self, size_t i);

void struct_pane_search_again(struct struct_pane *self, bool reverse);

/* Enter, and L, on the row under the cursor. */
void struct_follow(struct struct_pane *self);
void struct_walk_list(struct struct_pane *self);

/* Operations of the pane: struct pane_type. */
bool struct_pane_act(struct pane *pane, enum action action, int count);
void struct_pane_click(struct pane *pane, int line, int column, bool twice);
void struct_pane_draw(struct pane *pane, struct area area, bool focused);
void struct_pane_title(struct pane *pane, char *text, size_t size);

#endif
