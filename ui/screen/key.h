/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A key press as one number: a Unicode character (1 ... 31 are Ctrl-A ... Ctrl-_), or one of
 * the names below; PRESS_ALT is added for Alt.  Nothing here needs curses.
 */
#ifndef RAMWALK_KEY_H
#define RAMWALK_KEY_H

#include <stdbool.h>
#include <stddef.h>

enum press {
    PRESS_NONE = 0,
    PRESS_CTRL_C = 3,
    PRESS_CTRL_G = 7,
    PRESS_TAB = 9,
    PRESS_ENTER = 13,
    PRESS_CTRL_Z = 26,
    PRESS_ESCAPE = 27,
    PRESS_DELETE_CHAR = 127,
    PRESS_NAMED = 0x200000,
    PRESS_UP,
    PRESS_DOWN,
    PRESS_LEFT,
    PRESS_RIGHT,
    PRESS_PAGE_UP,
    PRESS_PAGE_DOWN,
    PRESS_HOME,
    PRESS_END,
    PRESS_INSERT,
    PRESS_DELETE,
    PRESS_BACKSPACE,
    PRESS_BACK_TAB,
    PRESS_F1,
    PRESS_F12 = PRESS_F1 + 11,
    PRESS_MOUSE,
    PRESS_PASTE, /* what comes up to PRESS_PASTE_END was pasted */
    PRESS_PASTE_END,
    PRESS_OTHER, /* a key that means nothing here */
    PRESS_ALT = 0x400000,
};

/* Parses "j", "C-f", "M-Left", "F1", "Space", ... up to a blank or the end; *rest is behind it.
 * PRESS_NONE: no such name, or nothing there. */
int key_parse(const char *text, const char **rest);

/* A character's key as UTF-8.  Answers its bytes; 0: a named key. */
size_t key_text(int key, char text[4]);

enum mouse_kind { MOUSE_PRESS, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct mouse {
    enum mouse_kind kind;
    int row, column; /* of the screen */
};

#endif
