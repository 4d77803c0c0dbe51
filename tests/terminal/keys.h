/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and clicks written as text: "jj<Enter>", "<C-c>", "<Mouse:3,10>". */
#ifndef RAMWALK_TERMINAL_KEYS_H
#define RAMWALK_TERMINAL_KEYS_H

#include <stdbool.h>
#include <vterm.h>

struct key {
    VTermKey special; /* VTERM_KEY_NONE for a character or a click */
    VTermModifier modifier;
    char text[8];     /* a character's bytes, modifiers applied; "" for anything else */
    size_t text_size; /* counts a NUL (<C-Space>) that text may be */
    int paste;        /* 1 and -1: the marks around pasted text, where the program asked for them */
    int button, row, col; /* 1 to 3 a click, 4 and 5 the wheel up and down; row and col from 0 */
};

/* Reads the first key of text into key and returns what follows it; NULL if it is no key.
 * Characters stand for themselves, but for <. Names, with any of C- M- S- before them:
 *   <Enter> <Tab> <Esc> <Space> <Bs> <lt> <Up> <Down> <Left> <Right> <Home> <End> <PgUp> <PgDn>
 *   <Ins> <Del> <F1> to <F12>, and <C-a> or <M-a> for characters
 *   <Mouse:ROW,COL> <Mouse2:...> <Mouse3:...> <WheelUp:...> <WheelDown:...>; rows and columns
 *   count from 1
 *   <Paste> and <PasteEnd> around pasted text. */
const char *keys_next(const char *text, struct key *key);

#endif
