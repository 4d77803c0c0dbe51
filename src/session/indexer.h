/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Builds the indexes beside the interface: physical -> virtual (memory/reverse.h), and who maps
 * what (linux/pages/page.h).  One at a time; the old one answers until the next is complete.
 */
#ifndef RAMWALK_SESSION_INDEXER_H
#define RAMWALK_SESSION_INDEXER_H

#include "session/session.h"

/* Takes over what is complete, and begins what is wanted.  True: something was taken over. */
bool indexer_step(struct session *session);

/* The same work in the thread that calls, to its end: the reverse indexes that are wanted; who maps
 * what, anew, which linux->pages of the session must be there for. */
void indexer_build_names(struct session *session);
void indexer_build_pages(struct session *session);

#endif
