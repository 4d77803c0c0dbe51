/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes libvterm 0.1 understand what terminfo promises of xterm-256color but it does not know: dim
 * (SGR 2), repetition (REP), several private modes in one sequence. It also notes which private
 * modes the program has turned on. */
#ifndef RAMWALK_TERMINAL_DIALECT_H
#define RAMWALK_TERMINAL_DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <vterm.h>

/* libvterm keeps ten fonts a cell, which nobody uses: the last one stands for dim. */
#define DIALECT_DIM_FONT 9

struct dialect {
    enum { DIALECT_TEXT, DIALECT_ESCAPE, DIALECT_CSI } state;
    char csi[128]; /* the control sequence under way, from ESC on */
    size_t csi_size;
    char last[4]; /* the last character written, for repetition */
    size_t last_size;
    unsigned modes; /* bits in the order of a table in dialect.c */
};

void dialect_init(struct dialect *dialect);

/* Passes a program's output on to vterm. Sequences may be cut anywhere between two calls. */
void dialect_feed(struct dialect *dialect, VTerm *vterm, const char *bytes, size_t size);

/* Whether a private mode is set: 1 cursor keys, 25 cursor visible, 1000 1002 1003 mouse, 1006 SGR
 * mouse, 47 1047 1049 alternate screen, 2004 bracketed paste. False for any other number. */
bool dialect_mode(const struct dialect *dialect, unsigned number);

#endif
