/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list pane from outside: the elements of one list of structs (list_elements.c). */
#ifndef RAMWALK_UI_PANE_LIST_LIST_ELEMENTS_H
#define RAMWALK_UI_PANE_LIST_LIST_ELEMENTS_H

#include "ui/pane/pane.h"

/* Walks the TYPEs linked by their member `path`; see list_iterator_start() of
 * linux/lists/list_iterator.h. */
bool elements_pane_show(struct pane *pane, const char *type, const char *path,
                        struct address address, bool is_object, struct error *err);

#endif
