/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a source has at a place: the one vocabulary from the file up to the panes. */
#ifndef RAMWALK_SOURCE_EXTENT_H
#define RAMWALK_SOURCE_EXTENT_H

#include <stdbool.h>

enum extent_kind {
    EXTENT_DATA,       /* bytes are there */
    EXTENT_HOLE,       /* never touched by the guest: reads as zeros */
    EXTENT_NOT_SAVED,  /* RAM that the dump left out */
    EXTENT_UNREADABLE, /* an I/O error, or no permission */
    EXTENT_PENDING,    /* on its way: asked of a slow source, not here yet */
    EXTENT_NONE,       /* not in the source */
    EXTENT_NOT_READ,   /* anything: not looked at, as a budget (base/budget.h) has ended */
};

/* It may be there, or not: who finds that can say nothing of the bytes. */
static inline bool extent_is_open(enum extent_kind kind)
{
    return kind == EXTENT_PENDING || kind == EXTENT_NOT_READ;
}

/* In words: "not saved", "on its way", "not in the file" ... */
const char *extent_name(enum extent_kind kind);

#endif
