/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What physical pages, and the objects of slabs in them, are: found out beside the interface
 * (session/beside.h), and remembered until the guest is looked at again.
 *
 * Whoever asks gets what is known, at once or within the turn's patience (session_begin_turn()).
 * What is not is asked for as long as it is looked at in the latest frame.  A session that may wait
 * (not nonblocking) finds out in place.
 */
#ifndef RAMWALK_SESSION_KNOWN_PAGES_H
#define RAMWALK_SESSION_KNOWN_PAGES_H

#include "linux/pages/page.h"
#include "session/session.h"

struct known_pages;

struct known_pages *known_pages_create(struct session *session); /* NULL: out of memory */
void known_pages_destroy(struct known_pages *known);             /* NULL is fine */

/* The guest may have changed: what is known answers until it was found out anew. */
void known_pages_forget(struct known_pages *known);

/* It is another guest, or another kernel in it. */
void known_pages_clear(struct known_pages *known);

/* A frame begins: what the frame before wanted is no longer asked for, but for what this one wants.
 */
void known_pages_begin_frame(struct known_pages *known);

enum known_state {
    KNOWN_NOTHING, /* nothing is known of pages in this guest (yet) */
    KNOWN_COMING,  /* it is being found out */
    KNOWN_IT,
};

/* The page that a physical address lies in; *facts until the next call. */
enum known_state known_page(struct known_pages *known, uint64_t pa,
                            const struct page_facts **facts);

/* The object that it lies in; *object NULL: it lies in none. */
enum known_state known_object(struct known_pages *known, uint64_t pa,
                              const struct slab_object **object);

/* Takes over what was found out, and asks for what the frame wanted.  True: there was some. */
bool known_pages_step(struct known_pages *known);

/* For poll(): there is some.  -1: nothing is asked. */
int known_pages_descriptor(const struct known_pages *known);

#endif
