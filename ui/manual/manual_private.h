/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds, and what the completions have in common. */
#ifndef RAMWALK_UI_MANUAL_MANUAL_PRIVATE_H
#define RAMWALK_UI_MANUAL_MANUAL_PRIVATE_H

#include "ui/manual/manual.h"

void man_page_print(const char *version, FILE *to);
void bash_print(const char *version, FILE *to);
void zsh_print(const char *version, FILE *to);
void fish_print(const char *version, FILE *to);

struct option_row;

enum option_takes { OPTION_ANYTHING, OPTION_FILE, OPTION_WORDS };

/* What may stand after an option that takes a value. */
enum option_takes option_takes(const struct option_row *row);

/* Adds each word of OPTION_WORDS, with its meaning; "" where the word says it all. */
void option_each_value(const struct option_row *row,
                       void (*add)(void *list, const char *word, const char *meaning), void *list);

/* Writes `length` bytes of a text with a backslash before each character of `special`. */
void print_escaped(FILE *to, const char *text, size_t length, const char *special);

/* The length of the first line: what there is room for beside an option. */
size_t first_line(const char *text);

#endif
