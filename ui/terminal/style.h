/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Colours are named by meaning.  256 colours, 16, mono and NO_COLOR are columns of one table;
 * in mono every meaning still differs from plain text by an attribute where it has to.
 */
#ifndef RAMWALK_UI_TERMINAL_STYLE_H
#define RAMWALK_UI_TERMINAL_STYLE_H

enum style {
    STYLE_TEXT,
    STYLE_DIM,      /* what is there but not the point: units, empty entries */
    STYLE_ZERO,     /* bytes of zero, and dots for what is no character: cheap to send */
    STYLE_TITLE,    /* the bar on top */
    STYLE_BORDER,   /* rules and titles of a pane */
    STYLE_FOCUS,    /* the same, of the focused pane */
    STYLE_ADDRESS,  /* address columns */
    STYLE_LINK,     /* a word that translates */
    STYLE_TARGET,   /* what a link points to */
    STYLE_ASCII,    /* printable bytes */
    STYLE_HOLE,     /* never touched */
    STYLE_UNMAPPED, /* no mapping */
    STYLE_DEVICE,   /* not in the file */
    STYLE_TABLE,    /* page-table entries that lead on */
    STYLE_LEAF,     /* page-table entries that map */
    STYLE_BAD,      /* reserved encodings, loops, missing tables */
    STYLE_EXEC,     /* permissions: executable */
    STYLE_WRITE,    /* permissions: writable */
    STYLE_CURSOR,   /* the cursor of the focused pane */
    STYLE_CURSOR_OTHER,
    STYLE_MATCH,       /* what was searched for */
    STYLE_CHANGED,     /* changed a moment ago */
    STYLE_CHANGED_OLD, /* changed a while ago: fading */
    STYLE_ERROR,       /* a message that something failed */
    STYLE_MESSAGE,
    STYLE_KEY, /* a key's name in help and hints */
    STYLES
};

/* Sets up the pairs for this terminal; `mono` where NO_COLOR is set or asked for. */
void style_init(int colors, int mono);

/* The curses attributes of a meaning. */
unsigned style_attributes(enum style style);

#endif
