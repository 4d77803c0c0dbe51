/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bar on top: which guest this is, and what goes on. */
#ifndef RAMWALK_UI_WIDGET_TITLEBAR_H
#define RAMWALK_UI_WIDGET_TITLEBAR_H

#include "session/session.h"
#include "ui/app/settings.h"
#include "ui/terminal/screen.h"

/* `space`: whose virtual addresses are looked at.  `lost`: the file shrank or was removed; there is
 * nothing live to follow. */
void titlebar_draw(struct session *session, const struct space *space,
                   const struct settings *settings, bool lost, struct area area);

#endif
