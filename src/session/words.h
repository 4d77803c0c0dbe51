/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names that a guest has, for completion.  Of a large set the first `most` words are given, and
 * the last: what these have in common at their start is common to all.
 */
#ifndef RAMWALK_SESSION_WORDS_H
#define RAMWALK_SESSION_WORDS_H

#include "session/session.h"

typedef void session_word(void *list, const char *word);

/* Symbols that begin so, those of per-CPU variables with ":0".  Returns how many there are; `most`
 * 0: none is given.  Never waits, as the next. */
size_t session_symbol_words(struct session *session, const char *beginning, size_t most,
                            session_word *add, void *list);

/* Types that begin so; of "task_struct.se." the members. */
size_t session_type_words(struct session *session, const char *beginning, size_t most,
                          session_word *add, void *list);

/* Calls `each` for the processes that have user memory, `most` of them. */
void session_each_process(struct session *session, size_t most,
                          void (*each)(void *context, int32_t pid, const char *comm),
                          void *context);

#endif
