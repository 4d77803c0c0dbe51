/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Columns of the memory pane: as many bytes a row as fit, the address shortened where only that
 * makes a longer row fit, the characters given up last.  Pure arithmetic.
 */
#include "ui/pane/hex/hex.h"

enum { NOTE_MIN = 20, CHAIN_MIN = 34, ELIDED = 4 };

static int words_columns(unsigned width, unsigned word, bool group)
{
    int count = (int)(width / word);
    return count * (int)(2 * word + 1) - 1 + (group ? (int)width / 8 - 1 : 0);
}

static int row_columns(const struct hex_format *f)
{
    return f->digits - (f->elide ? ELIDED - 1 : 0) + 2 +
           words_columns(f->width, f->word, f->group) + 2 + (int)f->width;
}

static void place_columns(struct hex_format *f, int columns)
{
    f->words = f->digits - (f->elide ? ELIDED - 1 : 0) + 2;
    int after = f->words + words_columns(f->width, f->word, f->group) + 2;
    f->text = after + 4 <= columns ? after : -1;
    int note = after + (int)f->width + 2;
    f->note = note + NOTE_MIN <= columns ? note : -1;
}

/* Chains stand after the characters, or in their place where there is not room for both. */
static void show_chains(struct hex_format *f, const struct settings *settings, int columns)
{
    int after = f->words + words_columns(f->width, f->word, false) + 2;
    int note = after + (int)f->width + 2;
    if (!settings->chains)
        return;
    bool both = note + CHAIN_MIN <= columns;
    f->text = both ? after : -1;
    f->note = both ? note : after;
}

void hex_format_compute(struct hex_format *format, int columns, int digits,
                        const struct settings *settings)
{
    static const unsigned widths[] = {32, 16, 8};
    struct hex_format f = {.word = settings->word, .digits = digits};
    unsigned asked = settings->chains ? 8 : settings->row;
    if (settings->chains)
        f.word = 8;
    for (size_t i = asked ? 2 : 0; i < 3; i++) {
        f.width = asked ? asked : widths[i];
        for (int tight = 0; tight < 4; tight++) {
            f.group = f.word == 1 && f.width > 8 && !(tight & 1);
            f.elide = (tight & 2) && digits == 16;
            if (row_columns(&f) > columns)
                continue;
            place_columns(&f, columns);
            show_chains(&f, settings, columns);
            *format = f;
            return;
        }
    }
    f.group = false;
    f.elide = digits == 16;
    place_columns(&f, columns);
    show_chains(&f, settings, columns);
    *format = f;
}

int hex_format_column(const struct hex_format *format, unsigned index)
{
    unsigned word = index / format->word;
    return format->words + (int)(word * (2 * format->word + 1)) +
           (format->group ? (int)index / 8 : 0);
}

int hex_format_index(const struct hex_format *format, int column)
{
    if (format->text >= 0 && column >= format->text && column < format->text + (int)format->width)
        return column - format->text;
    for (unsigned i = 0; i < format->width; i += format->word) {
        int from = hex_format_column(format, i);
        if (column >= from && column < from + (int)(2 * format->word) + 1)
            return (int)i;
    }
    return -1;
}
