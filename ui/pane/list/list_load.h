/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of a list are read and sorted beside the interface (session/beside.h); the rows of
 * before stay meanwhile.
 */
#ifndef RAMWALK_UI_PANE_LIST_LIST_LOAD_H
#define RAMWALK_UI_PANE_LIST_LIST_LOAD_H

#include "ui/pane/list/list_pane.h"

/* Asks for the rows of a question, in place of what was asked before.  False: list->why says why.
 */
bool list_load_ask(struct list_pane *list, const struct list_question *question);

enum list_load_state {
    LIST_LOAD_NONE, /* nothing is asked, or it is being read */
    LIST_LOAD_DONE, /* the rows were taken over, or list->why says why there are none */
};

/*
 * Takes over what has been read, if it is there within the turn's patience (session_begin_turn()).
 * *cursor is the key of the row that the cursor was on when it was asked; 0: none.
 */
enum list_load_state list_load_take(struct list_pane *list, bool wait, uint64_t *cursor);

/* Remarks on the rows that are shown.  NULL: none. */
const char *list_load_note(const struct list_pane *list);

#endif
