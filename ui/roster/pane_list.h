/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list pane from outside: the elements of one list of structs (ui/roster_elements.c). */
#ifndef RAMWALK_PANE_LIST_H
#define RAMWALK_PANE_LIST_H

#include "ui/pane.h"

/* Walks the TYPEs linked by their member `path`; see view_list_start() of guest/view_list.h. */
bool list_pane_show(struct pane *pane, const char *type, const char *path, uint64_t va,
                    bool is_object, struct error *err);

#endif
