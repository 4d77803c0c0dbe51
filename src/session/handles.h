/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The records of the core that a session holds, for what is in the core itself: the answers.  What
 * ui/ wants to know it asks the session (session.h, guest.h, owners.h, instance.h) or an answer.
 */
#ifndef RAMWALK_SESSION_HANDLES_H
#define RAMWALK_SESSION_HANDLES_H

#include "linux/find/kernel.h"
#include "linux/linux.h"
#include "memory/memory.h"
#include "session/session.h"

/* The image; what was found of the kernel (found: KERNEL_UNKNOWN before that). */
const struct source *session_source(const struct session *session);
const struct kernel *session_kernel(const struct session *session);

/* A handle of the core for a space, for this thread. */
struct memory session_memory(const struct session *session, const struct space *space);

/*
 * What is known of the Linux in the guest.  session_linux() answers at once: NULL while it is
 * being loaded, or where there is none.  session_need() waits for it (as session_await()), and
 * fails with the reason where `part` cannot be known.
 */
struct linux_context *session_linux(struct session *session);
struct linux_context *session_need(struct session *session, enum linux_stage part,
                                   struct error *err);

/*
 * The tasks as they are now (at most a moment ago), and one of them: by its number, or by comm
 * where only one has it.  The pointers hold until the next call.  NULL with a reason.
 */
const struct tasks *session_tasks(struct session *session, struct error *err);
const struct task *session_task(struct session *session, const char *name, struct error *err);

/* The space of a task.  NULL with a reason: it has no user memory. */
const struct space *session_space_of(struct session *session, const struct task *task,
                                     struct error *err);

/*
 * What is known of pages, with an index of who maps what that is some seconds old at most: where
 * nobody calls session_step() it is built here.  NULL with a reason.
 */
struct pages *session_pages(struct session *session, struct error *err);

#endif
