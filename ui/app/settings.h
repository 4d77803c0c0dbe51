/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The user's settings: a row each, for `set NAME VALUE`, its help and its completion.
 */
#ifndef RAMWALK_UI_APP_SETTINGS_H
#define RAMWALK_UI_APP_SETTINGS_H

#include "base/error.h"

#include <stddef.h>

struct settings {
    unsigned word;       /* bytes a word: 1, 2, 4, 8 */
    unsigned big_endian; /* words are shown with the first byte as the most significant */
    unsigned row;        /* bytes a row: 8, 16, 32, 64; 0: as many as fit */
    unsigned rate;       /* refreshes a second: 1 ... 50 */
    unsigned live;       /* follow the guest's changes */
    unsigned chains;     /* memory: a word a row, and the pointers after it */
    unsigned mouse;      /* take the mouse (off: the terminal's own selection works) */
};

extern const struct settings default_settings;

struct setting {
    const char *name;
    const char *values; /* "1 2 4 8": each may be typed, and is completed */
    const char *brief;
    size_t offset;          /* of its unsigned in struct settings */
    const unsigned *number; /* what each of the values means; NULL: a number in [least, most] */
    unsigned least, most;
};

/* Sorted by name; the row after the last has name NULL. */
extern const struct setting setting_table[];

/* NULL: no such setting. */
const struct setting *setting_find(const char *name, size_t length);

/* Failure: a sentence that names the values. */
bool setting_set(struct settings *settings, const struct setting *setting, const char *value,
                 struct error *err);

/* The value as it would be typed.  Returns text. */
char *setting_text(const struct settings *settings, const struct setting *setting, char *text,
                   size_t size);

/* The next of the values, wrapping at the end: for a key that cycles through them. */
void setting_cycle(struct settings *settings, const struct setting *setting);

#endif
