/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a source has at a place: the one vocabulary from the file up to the panes. */
#ifndef RAMWALK_SOURCE_EXTENT_H
#define RAMWALK_SOURCE_EXTENT_H

enum extent_kind {
    EXTENT_DATA,       /* bytes are there */
    EXTENT_HOLE,       /* never touched by the guest: reads as zeros */
    EXTENT_NOT_SAVED,  /* RAM that the dump left out */
    EXTENT_UNREADABLE, /* an I/O error, or no permission */
    EXTENT_PENDING,    /* on its way: asked of a slow source, not here yet */
    EXTENT_NONE,       /* not in the source */
};

/* In words: "not saved", "on its way", "not in the file" ... */
const char *extent_name(enum extent_kind kind);

#endif
