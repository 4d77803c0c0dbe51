/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks: a letter for a place. */
#include "session/session_private.h"

static struct mark *mark_of(struct session *session, char letter)
{
    return letter >= 'a' && letter <= 'z' ? &session->mark[letter - 'a'] : NULL;
}

bool session_set_mark(struct session *session, char letter, struct address address,
                      struct error *err)
{
    struct mark *mark = mark_of(session, letter);
    if (!mark)
        return error_set(err, "a mark is a letter from a to z");
    *mark = (struct mark){true, address};
    return true;
}

bool session_has_mark(const struct session *session, char letter)
{
    return letter >= 'a' && letter <= 'z' && session->mark[letter - 'a'].set;
}

bool session_mark(struct session *session, char letter, struct address *address, struct error *err)
{
    const struct mark *mark = mark_of(session, letter);
    if (!mark || !mark->set)
        return error_set(err, "no mark is set there");
    *address = mark->address;
    return session_is_there(session, mark->address, err);
}
