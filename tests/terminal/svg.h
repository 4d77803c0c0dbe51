/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A terminal's screen as a picture: an SVG file of a window with a title bar, text kept as text. */
#ifndef RAMWALK_TERMINAL_SVG_H
#define RAMWALK_TERMINAL_SVG_H

#include "terminal.h"

#include <stdbool.h>

/* Writes the screen as it is now to path. False, with errno set, if the file cannot be written. */
bool terminal_write_svg(const struct terminal *terminal, const char *path, const char *title);

#endif
