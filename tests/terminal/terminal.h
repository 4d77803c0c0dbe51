/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A real program in a real pseudo-terminal, with libvterm as the one who looks at the screen.
 * Nothing happens in the background: output is read only within the calls that say so. Rows and
 * columns count from 0, times are in milliseconds unless named otherwise, texts are UTF-8.
 *
 * The program runs below a small supervisor that leads the session, since the kernel resets a
 * terminal's settings as soon as the session leader ends: only so can terminal_left_behind tell
 * what the program itself put back. */
#ifndef RAMWALK_TERMINAL_TERMINAL_H
#define RAMWALK_TERMINAL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct terminal;

struct terminal_cell {
    char text[32];   /* one character with its combining marks; "" for a blank cell */
    int width;       /* columns: 1, or 2 for a wide one; 0 for the right half of a wide one */
    uint32_t fg, bg; /* 0xrrggbb as set, before reverse is applied */
    bool default_fg, default_bg;
    bool bold, dim, italic, underline, blink, reverse, strike;
};

/* The dark theme: 16 colours are the palette's, the rest of the 256 are xterm's. */
#define TERMINAL_FG 0xd3d7cfU
#define TERMINAL_BG 0x14171bU

/* Starts argv[0] (searched in PATH) in a terminal. environment: strings to put over the current
 * one, "NAME=VALUE" sets and "NAME" removes, NULL at the end; TERM=xterm-256color unless set there.
 * NULL after a message to stderr. A program that cannot be started exits with 127. */
struct terminal *terminal_open(int rows, int cols, char *const argv[],
                               const char *const environment[]);

/* Kills what still runs and frees. NULL is fine. */
void terminal_close(struct terminal *terminal);

/* Writes bytes to the program as if typed. False if it takes none for 5 s, or is gone. */
bool terminal_send(struct terminal *terminal, const char *bytes, size_t size);

/* Types keys (keys.h), encoded as the modes that the program has set demand; a click is not sent
 * if mouse reports are off. After <Esc> it waits 120 ms before any further key, which would turn it
 * into Alt. False if a key is unknown or cannot be sent. */
bool terminal_keys(struct terminal *terminal, const char *keys);

bool terminal_resize(struct terminal *terminal, int rows, int cols);
void terminal_size(const struct terminal *terminal, int *rows, int *cols);

/* Waits up to timeout for output or an end of the program, and takes in all there is.
 * False if nothing came. */
bool terminal_pump(struct terminal *terminal, int timeout);

/* Takes in output until none has come for quiet; false if that has not happened after timeout. */
bool terminal_settle(struct terminal *terminal, int quiet, int timeout);

/* Takes in output until text is on the screen; false if it is not there after timeout. */
bool terminal_wait_text(struct terminal *terminal, const char *text, int timeout);

/* libvterm itself, and a private mode's state (dialect.h), for the reading functions below. */
struct VTerm *terminal_vterm(const struct terminal *terminal);
bool terminal_mode(const struct terminal *terminal, unsigned number);

/* The text of a row, or of all rows with a newline after each; blanks at the end of a row are cut.
 * To be freed by the caller; NULL if out of memory. */
char *terminal_row(const struct terminal *terminal, int row);
char *terminal_screen(const struct terminal *terminal);

/* Finds text within a row; row and col may be NULL. */
bool terminal_find(const struct terminal *terminal, const char *text, int *row, int *col);

/* False outside the screen. */
bool terminal_cell(const struct terminal *terminal, int row, int col, struct terminal_cell *cell);

/* Says where the cursor is, and returns whether it is visible. */
bool terminal_cursor(const struct terminal *terminal, int *row, int *col);

/* A mark, then: bytes received since, and microseconds between it and the last of them (0: none).
 * mark, keys, settle, latency measures a key to the picture that no longer changes; first
 * measures it to the first complete frame, which ends where no output comes for 1 ms. */
void terminal_mark(struct terminal *terminal);
size_t terminal_bytes(const struct terminal *terminal);
uint64_t terminal_latency_us(const struct terminal *terminal);
uint64_t terminal_first_us(const struct terminal *terminal);

/* Sends a signal to the program's process group; SIGCONT also after terminal_wait_stop. */
bool terminal_signal(struct terminal *terminal, int signal);

/* Wait for the program to end or to stop itself. status is as of waitpid. */
bool terminal_wait_end(struct terminal *terminal, int timeout, int *status);
bool terminal_has_ended(const struct terminal *terminal);
bool terminal_wait_stop(struct terminal *terminal, int timeout);

/* What the program, after one of these two, has not put back: "alternate screen", "cursor",
 * "mouse", "bracketed paste", "cursor keys", "line settings"; NULL if all is as it was. */
const char *terminal_left_behind(const struct terminal *terminal);

#endif
