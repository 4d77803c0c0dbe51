/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page of text over the panes: a command's answer, be it still coming, or the help.  It scrolls,
 * can be searched, and Enter goes to the first address in its line, in the process that the answer
 * is about.
 */
#ifndef RAMWALK_POPUP_H
#define RAMWALK_POPUP_H

#include "base/address.h"
#include "ui/keys.h"

#define POPUP_LINES 100000 /* kept, of POPUP_BYTES at most; the last one says that it is cut */
#define POPUP_BYTES (32 << 20)

struct popup;

struct popup *popup_create(const char *title); /* NULL: out of memory */
void popup_destroy(struct popup *popup);

/* Adds a line, its tabs as blanks; controls are made harmless when drawn.  False: full, or no
 * memory. */
bool popup_add(struct popup *popup, const char *line);
size_t popup_lines(const struct popup *popup);
const char *popup_line(const struct popup *popup, size_t number);

/* More is to come, since that moment (app_now()); -1: no more. */
void popup_coming(struct popup *popup, int64_t since_ms);

/* How many lines the screen shows of it. */
size_t popup_rows(const struct popup *popup);

/* The process whose addresses these are; 0: none in particular. */
void popup_set_process(struct popup *popup, int32_t pid);
int32_t popup_process(const struct popup *popup);

/* Marks the last line added as a heading. */
void popup_heading(struct popup *popup);

void popup_draw(struct popup *popup, struct area area);

/* False: it has no such action. */
bool popup_act(struct popup *popup, enum action action, int count);

/* Goes to the next line that has the text, ignoring case.  False: none; then the text that was
 * found last stays the one for NULL, "the next". */
bool popup_search(struct popup *popup, const char *text, bool backward);

/* A click on a row of the area that it was drawn in. */
void popup_click(struct popup *popup, int row);

/* The first "v:...", "p:..." or "f:..." in the cursor's line; where there is none, the first
 * hexadecimal number of 9 digits or more, as a virtual address. */
bool popup_address(const struct popup *popup, struct address *address);

#endif
