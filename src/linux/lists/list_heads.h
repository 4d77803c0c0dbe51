/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The heads of the kernel's lists: of what their elements are, and which node of a ring is one.
 * A ring itself does not tell: its nodes are all alike.
 */
#ifndef RAMWALK_LINUX_LISTS_LIST_HEADS_H
#define RAMWALK_LINUX_LISTS_LIST_HEADS_H

#include "linux/context.h"
#include "linux/types/btf.h"

struct list_head_known {
    const char *owner, *member; /* the head */
    const char *type, *path;    /* the elements, and the member that links them */
};

/* What the member `path` of a type is known to be the head of.  NULL: nothing. */
const struct list_head_known *list_head_known(const struct btf *btf, uint32_t type,
                                              const char *path);

/*
 * Is the node at `link`, in a list of `type`s linked `offset` bytes into them, the list's head?
 * Tells those that lie in the kernel image; where there are no symbols of data, of a list whose
 * elements do not.  Symbols and init_task are used where they are known.
 */
bool list_is_head(const struct linux_context *linux, uint32_t type, uint64_t offset, uint64_t link);

/* Do the pointers and lists of what lies at `va` read as such, if it is of that type? */
bool list_reads_as(const struct linux_context *linux, uint32_t type, uint64_t va);

#endif
