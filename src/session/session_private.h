/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between session.c, live.c (what becomes of knowledge while the guest runs) and process.c. */
#ifndef RAMWALK_SESSION_SESSION_PRIVATE_H
#define RAMWALK_SESSION_SESSION_PRIVATE_H

#include "session/session.h"

/* The index of who maps what: a slice of it, or of the next one where that is due.  True while
 * one is under way. */
bool session_step_pages(struct session *session);

/* The list of tasks is read anew. */
void session_read_tasks(struct session *session, struct linux_context *linux);

#endif
