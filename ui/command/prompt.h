/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The line at the bottom: readline's editing, history and completion, fed key by key and drawn
 * by us, so that nothing waits for it.
 */
#ifndef RAMWALK_UI_COMMAND_PROMPT_H
#define RAMWALK_UI_COMMAND_PROMPT_H

#include "ui/terminal/screen.h"

#include <stdbool.h>
#include <stddef.h>

enum prompt_kind { PROMPT_COMMAND, PROMPT_SEARCH, PROMPT_FILTER };

/* What the words of a line may be completed to. */
struct prompt_source {
    void *context;
    /* Adds candidates for the word that starts at byte `start` of `line` by calling `add`.
     * True: file names too. */
    bool (*candidates)(void *context, const char *line, size_t start,
                       void (*add)(void *list, const char *word), void *list);
};

/* For candidates(): how many there are in all, where not all of them were added. */
void prompt_count(size_t count);

void prompt_init(const struct prompt_source *source);

/* Writes the history out and gives everything back. */
void prompt_deinit(void);

/* Opens the line with some text in it; `cursor` is a byte index, or -1: after the text. */
void prompt_open(enum prompt_kind kind, const char *text, int cursor);
bool prompt_is_open(void);
enum prompt_kind prompt_kind_now(void);
void prompt_cancel(void);

/* Text in the line; valid until the next key. */
const char *prompt_text(void);

enum prompt_event { PROMPT_EDITING, PROMPT_ACCEPTED, PROMPT_CANCELLED };

/* One key (ui/terminal/key.h).  After PROMPT_ACCEPTED prompt_accepted() is the line. */
enum prompt_event prompt_key(int key);
const char *prompt_accepted(void);

/* Puts text where the cursor is; the ends of its lines become blanks, and nothing is run. */
void prompt_insert(const char *text);

/* The line with its cursor; completions, or what is wrong with the line, stand above it in the
 * bottom of `above`. */
void prompt_draw(struct area line, struct area above);

/* Shows a failure at a column of the text, until the next key; a ':' then begins a new line. */
void prompt_complain(const char *sentence, int column);

#endif
