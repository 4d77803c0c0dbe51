/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A type at an address in any virtual space: its rows are a view (linux/types/view.h), and it says
 * where a member leads.
 */
#ifndef RAMWALK_SESSION_INSTANCE_H
#define RAMWALK_SESSION_INSTANCE_H

#include "linux/types/view.h"
#include "session/owners.h"

struct instance;

/* `owners` names what pointers lead to.  NULL: out of memory. */
struct instance *instance_create(struct session *session, struct owners *owners);
void instance_destroy(struct instance *instance); /* NULL is fine */

/* Takes over the types where they became known, or are another kernel's: then nothing is shown, and
 * the view is another one.  True: so it was. */
bool instance_update(struct instance *instance);

/* Its rows; NULL: no types are known (yet). */
struct view *instance_view(const struct instance *instance);

/* Shows a type (session_type()) at a virtual address.  False with a reason, as view_show(). */
bool instance_show(struct instance *instance, uint32_t type, struct address address,
                   struct error *err);

/* The same address in another space: that of what a process has become. */
void instance_use(struct instance *instance, const struct space *space);

/* What is shown: its name ("" anonymous), and as C writes it (returns text). */
const char *instance_type_name(const struct instance *instance);
char *instance_type_text(const struct instance *instance, char *text, size_t size);

enum lead_kind {
    LEAD_NONE,     /* it is no pointer */
    LEAD_NULL,     /* a pointer, and a list's link, to nothing */
    LEAD_UNMAPPED, /* nothing is mapped there */
    LEAD_INSIDE,   /* the row opens */
    LEAD_BYTES,    /* to an address of which no type is known */
    LEAD_STRUCT,   /* to a type */
    LEAD_HEAD,     /* to a link of the same kind: the head of the list that the member links */
    LEAD_LINK,     /* to a link of the same kind, in or of what is not known */
};

/*
 * Where row i leads.  A pointer leads to its own type.  A list_head may be a link, whose next
 * element is a struct of the same type, or the head of a list of another type: the usual heads are
 * known by name (linux/lists/list_heads.h), and a link is believed where what lies there reads as
 * that type.
 */
struct lead {
    enum lead_kind kind;
    uint32_t type;          /* STRUCT, HEAD, LINK */
    struct address address; /* BYTES and after it */
    const char *linked;     /* LINK: the type that does not lie there */
};
struct lead instance_lead(const struct instance *instance, size_t i);

/* The list that row i links, or is the head of. */
enum linked_kind {
    LINKED_NONE,   /* the member is no link */
    LINKED_UNTOLD, /* a link, of a list of what is not known */
    LINKED_HEAD,   /* the list's head is at `address` */
    LINKED_OBJECT, /* what is shown is one of its elements */
};
struct linked_list {
    enum linked_kind kind;
    const char *type; /* of the elements; as long as the types are known */
    char path[256];   /* of the member that links them */
    struct address address;
};
void instance_list(const struct instance *instance, size_t i, struct linked_list *list);

#endif
