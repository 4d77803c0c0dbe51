/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is pasted into the terminal, gathered between the terminal's marks (bracketed paste), so
 * that no key of it is taken for a command.
 */
#ifndef RAMWALK_UI_APP_PASTE_H
#define RAMWALK_UI_APP_PASTE_H

#include "ui/terminal/key.h"

#define PASTE_MAX 1800 /* bytes; more is left out */

struct paste {
    bool on;
    size_t length;
    char text[PASTE_MAX + 1]; /* UTF-8; controls are blanks, but for '\n' */
    char tail[6];             /* the last bytes that came */
};

enum paste_event { PASTE_NOT, PASTE_ON, PASTE_DONE };

/* PASTE_NOT: the key is no part of a paste.  PASTE_DONE: text is all of it. */
enum paste_event paste_key(struct paste *paste, int key);

#endif
