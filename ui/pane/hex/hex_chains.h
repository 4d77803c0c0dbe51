/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The telescope: what a word points to, what is there, and so on.
 *
 *   → init_task → ffff0000c0a3b000 slab task_struct → "swapper/0"
 */
#ifndef RAMWALK_UI_PANE_HEX_HEX_CHAINS_H
#define RAMWALK_UI_PANE_HEX_HEX_CHAINS_H

#include "session/owners.h"
#include "ui/terminal/screen.h"

#define CHAIN_LINKS 6

/* How a chain ends. */
enum chain_end {
    CHAIN_NONE,   /* the word is no pointer: value */
    CHAIN_VALUE,  /* at a word that is no pointer */
    CHAIN_STRING, /* at text, which the last link's name is */
    CHAIN_CODE,   /* at code: what is there is no word */
    CHAIN_LOOP,   /* at an address that was there before */
    CHAIN_LONG,   /* after CHAIN_LINKS */
    CHAIN_BROKEN, /* where nothing can be read */
};

struct chain_link {
    uint64_t va;
    char name[96]; /* "" none */
};

struct chain_of {
    struct chain_link link[CHAIN_LINKS];
    unsigned links;
    enum chain_end end;
    uint64_t value;      /* CHAIN_NONE, CHAIN_VALUE */
    const char *missing; /* CHAIN_BROKEN: why */
};

/* Follows the word in a virtual space. */
void chain_follow(struct chain_of *chain, struct session *session, const struct space *space,
                  struct owners *owners, uint64_t word);

/* Draws it from a column on; of a word that is no pointer, the text that it may be. Answers the
 * column after it. */
int chain_draw(const struct chain_of *chain, struct area area, int row, int column);

#endif
