/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The colour table.  What is drawn often (addresses, text columns) uses the first sixteen
 * colours even where there are 256: their escape sequences are half as long, and a scrolled
 * screen is mostly those.  All tones are readable on a dark and on a light background.
 */
#define NCURSES_WIDECHAR 1
#include "ui/terminal/style.h"

#include <curses.h>

enum { PLAIN = -1, GREY = 8 };

struct tone {
    short ink, paper; /* a terminal colour, PLAIN: the terminal's own */
    attr_t attributes;
};

static const struct style_row {
    struct tone rich;  /* 256 colours */
    struct tone basic; /* 16, or 8 with bold for the bright ones */
    attr_t mono;
} table[STYLES] = {
    [STYLE_TEXT] = {{PLAIN, PLAIN, 0}, {PLAIN, PLAIN, 0}, 0},
    [STYLE_DIM] = {{245, PLAIN, 0}, {GREY, PLAIN, 0}, A_DIM},
    [STYLE_ZERO] = {{GREY, PLAIN, 0}, {GREY, PLAIN, 0}, A_DIM},
    [STYLE_TITLE] = {{255, 24, 0}, {15, 4, 0}, A_REVERSE},
    [STYLE_BORDER] = {{244, PLAIN, 0}, {GREY, PLAIN, 0}, 0},
    [STYLE_FOCUS] = {{33, PLAIN, A_BOLD}, {6, PLAIN, A_BOLD}, A_BOLD},
    [STYLE_ADDRESS] = {{6, PLAIN, 0}, {6, PLAIN, 0}, 0},
    [STYLE_LINK] = {{33, PLAIN, 0}, {6, PLAIN, 0}, A_UNDERLINE},
    [STYLE_TARGET] = {{37, PLAIN, 0}, {6, PLAIN, 0}, 0},
    [STYLE_ASCII] = {{2, PLAIN, 0}, {2, PLAIN, 0}, 0},
    [STYLE_HOLE] = {{67, PLAIN, 0}, {4, PLAIN, 0}, A_DIM},
    [STYLE_UNMAPPED] = {{245, PLAIN, 0}, {GREY, PLAIN, 0}, A_DIM},
    [STYLE_DEVICE] = {{133, PLAIN, 0}, {5, PLAIN, 0}, A_BOLD},
    [STYLE_TABLE] = {{172, PLAIN, 0}, {3, PLAIN, 0}, A_BOLD},
    [STYLE_LEAF] = {{PLAIN, PLAIN, 0}, {PLAIN, PLAIN, 0}, 0},
    [STYLE_BAD] = {{160, PLAIN, A_BOLD}, {1, PLAIN, A_BOLD}, A_BOLD | A_UNDERLINE},
    [STYLE_EXEC] = {{34, PLAIN, 0}, {2, PLAIN, 0}, 0},
    [STYLE_WRITE] = {{166, PLAIN, 0}, {3, PLAIN, 0}, 0},
    [STYLE_CURSOR] = {{PLAIN, PLAIN, A_REVERSE}, {PLAIN, PLAIN, A_REVERSE}, A_REVERSE},
    [STYLE_CURSOR_OTHER] = {{255, 240, 0}, {PLAIN, PLAIN, A_UNDERLINE}, A_UNDERLINE},
    [STYLE_MATCH] = {{16, 220, 0}, {0, 3, 0}, A_BOLD | A_UNDERLINE},
    [STYLE_CHANGED] = {{231, 160, 0}, {15, 1, 0}, A_BOLD | A_REVERSE},
    [STYLE_CHANGED_OLD] = {{167, PLAIN, 0}, {1, PLAIN, 0}, A_BOLD},
    [STYLE_ERROR] = {{160, PLAIN, A_BOLD}, {1, PLAIN, A_BOLD}, A_BOLD},
    [STYLE_MESSAGE] = {{PLAIN, PLAIN, 0}, {PLAIN, PLAIN, 0}, 0},
    [STYLE_KEY] = {{33, PLAIN, A_BOLD}, {6, PLAIN, A_BOLD}, A_BOLD},
};

static attr_t resolved[STYLES];

/* On 8 colours the bright ones are the dark ones in bold, and grey is dimmed text. */
static struct tone narrow_tone(struct tone tone, int colors)
{
    if (colors >= 16)
        return tone;
    if (tone.ink == GREY)
        return (struct tone){PLAIN, tone.paper, tone.attributes | A_DIM};
    if (tone.ink > 7)
        return (struct tone){(short)(tone.ink - 8), tone.paper, tone.attributes | A_BOLD};
    return tone;
}

void style_init(int colors, int mono)
{
    for (int i = 0; i < STYLES; i++) {
        if (mono || colors < 8) {
            resolved[i] = table[i].mono;
            continue;
        }
        struct tone tone = colors >= 256 ? table[i].rich : narrow_tone(table[i].basic, colors);
        resolved[i] = tone.attributes;
        if (tone.ink == PLAIN && tone.paper == PLAIN)
            continue;
        short pair = (short)(i + 1);
        init_pair(pair, tone.ink, tone.paper);
        resolved[i] |= (attr_t)COLOR_PAIR(pair);
    }
}

unsigned style_attributes(enum style style)
{
    return resolved[style];
}
