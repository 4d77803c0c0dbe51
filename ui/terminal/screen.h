/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * curses in one place.  Panes draw into a `struct area`; everything drawn outside it is cut, and
 * every byte that came from a guest or a file name passes through here and is made harmless.
 */
#ifndef RAMWALK_UI_TERMINAL_SCREEN_H
#define RAMWALK_UI_TERMINAL_SCREEN_H

#include "base/error.h"
#include "ui/terminal/key.h"
#include "ui/terminal/style.h"

#include <stdbool.h>
#include <stdint.h>

struct area {
    int y, x, rows, columns; /* rows or columns may be 0: nothing is drawn */
};

/*
 * Starts and ends curses; end restores the terminal and may be called at any time, twice too.
 * start fails, with what to do instead, where there is no terminal that can be drawn on.
 */
bool screen_start(bool mono, struct error *err);
void screen_end(void);

/* Restores the terminal from a signal handler of a dying program. */
void screen_abandon(void);

/* Gives the terminal back to the shell and takes it again. */
void screen_suspend(void);
void screen_resume(void);

/* The terminal's size may have changed. */
void screen_resized(void);

/* Forgets what the terminal is believed to show: the next frame is sent whole. */
void screen_redraw(void);

/* Begins and ends a frame: everything is repainted, curses sends the difference. */
void screen_begin(void);
void screen_finish(void);
struct area screen_area(void);

/* A number for what the terminal shows: other contents have another one. */
uint64_t screen_fingerprint(void);

/* Draws UTF-8 text at a row and column of the area; answers the column after it. */
int screen_put(struct area area, int row, int column, enum style style, const char *text);
int screen_printf(struct area area, int row, int column, enum style style, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Fills the row from `column` to the area's right edge with blanks of that style. */
void screen_fill(struct area area, int row, int column, enum style style);

/* Gives cells already drawn another style, their text kept: for cursors and selections. */
void screen_restyle(struct area area, int row, int column, int columns, enum style style);

/* Puts the terminal's own cursor there; without a call in a frame it is hidden. */
void screen_cursor(struct area area, int row, int column);

/* Columns that `length` bytes of UTF-8 take when drawn by screen_put(). */
int screen_width(const char *text, size_t length);

/* The next key that was pressed (ui/terminal/key.h); PRESS_NONE: none waits.  Never blocks, but for
 * the few milliseconds that tell a lone Esc from a sequence. */
int screen_key(void);

/* What and where, for each PRESS_MOUSE.  False: an event that means nothing. */
bool screen_mouse(struct mouse *mouse);
void screen_mouse_enable(bool on);

/* The bytes that a terminal of this type sends for a named key; NULL: unknown. */
const char *screen_key_bytes(int key);

/* Asks the terminal to put text into its clipboard (OSC 52); terminals may ignore it. */
void screen_copy(const char *text);

#endif
