/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks: a letter for a place, and for the process whose place it is. */
#include "paging/walk.h"
#include "session/session.h"

static bool is_user(const struct session *session, struct address address)
{
    const struct paging *paging = session->memory.paging;
    return address_is_virtual(address) && paging && !paging_is_kernel_half(paging, address.value);
}

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
    *mark = (struct mark){true, address, session_user_half(session)};
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
    if (is_user(session, mark->address) && !session_reenter(session, &mark->half, err))
        return false;
    *address = mark->address;
    return true;
}
