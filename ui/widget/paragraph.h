/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sentence that is longer than its area is wide, on as many lines as it takes. */
#ifndef RAMWALK_UI_WIDGET_PARAGRAPH_H
#define RAMWALK_UI_WIDGET_PARAGRAPH_H

#include "ui/terminal/screen.h"

/* Draws from line `line` on, broken at blanks; answers the line after it. */
int paragraph_put(struct area area, int line, enum style style, const char *text);

#endif
