/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines at the bottom: the place under the cursor by all its names, and the word there as
 * numbers, as a pointer and as a page-table entry.
 */
#ifndef RAMWALK_UI_WIDGET_INSPECTOR_H
#define RAMWALK_UI_WIDGET_INSPECTOR_H

#include "session/owners.h"
#include "session/session.h"
#include "ui/app/settings.h"
#include "ui/terminal/screen.h"

/* `names`: the virtual space in which a place in physical memory is named. */
void inspector_draw(struct session *session, struct owners *owners, const struct settings *settings,
                    struct address here, const struct space *names, struct area area);

#endif
