/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bar on top: which guest this is, and what goes on. */
#ifndef RAMWALK_TITLEBAR_H
#define RAMWALK_TITLEBAR_H

#include "session/session.h"
#include "ui/screen.h"
#include "ui/settings.h"

void titlebar_draw(const struct session *session, const struct settings *settings,
                   struct area area);

#endif
