/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walking a list of structs: list_head rings, hlist, llist and *_nulls chains, and structs that
 * point to the next of their own type.  Bounded; a loop is cut, and broken links are reported.
 */
#ifndef RAMWALK_LINUX_LISTS_LIST_ITERATOR_H
#define RAMWALK_LINUX_LISTS_LIST_ITERATOR_H

#include "base/error.h"
#include "base/hash.h"
#include "linux/context.h"
#include "linux/symbols/symbols.h"
#include "linux/types/object.h"

enum list_iterator_state {
    LIST_ITERATOR_ON,
    LIST_ITERATOR_END,    /* came to its proper end */
    LIST_ITERATOR_LOOP,   /* came to an element a second time */
    LIST_ITERATOR_BROKEN, /* a link leads nowhere */
    LIST_ITERATOR_LONG,   /* more than `most` elements */
};

#define LIST_ITERATOR_MAX 1000000

struct list_iterator {
    enum list_iterator_state state;
    char remark[160];  /* in LOOP, BROKEN, LONG: what is wrong, where */
    uint64_t end_va;   /* that is where; 0: not said */
    size_t count;      /* elements so far */
    size_t most;       /* LIST_ITERATOR_MAX; may be lowered after the start */
    size_t strays;     /* elements whose back link does not lead back: torn, or overwritten */
    char stray[160];   /* the first of them, as a sentence */
    uint64_t stray_va; /* its back link */
    uint64_t head_va;  /* of the ring, found among its elements and left out; 0: not found */

    /* private */
    const struct linux_context *linux;
    uint32_t type;
    uint64_t link;       /* offset of the link in the struct */
    uint64_t next, prev; /* offsets in the link */
    bool has_prev, ring, nulls, self, is_object;
    uint64_t head, at;
    uint64_t *seen; /* addresses of links, so that a loop is cut where it closes */
    size_t seen_count, seen_capacity;
    struct hash by_va;
};

/*
 * The list of TYPEs linked by their member `path`.  `va` is the list's head (a list_head, a
 * hlist_head); with `is_object` it is a TYPE in the list, which comes first and stands for the
 * head: "task_struct", "tasks", init_task.  For a pointer to the own type it always is.  A head
 * that is found among the elements is left out.  The context has to live until the end.
 */
bool list_iterator_start(struct list_iterator *list, const struct linux_context *linux,
                         const char *type, const char *path, uint64_t va, bool is_object,
                         struct error *err);

/*
 * The same of whatever lies at `va`: a TYPE in a list of its kind, or with a list's head as its
 * member (list_heads.h: then the list is of what that says), or a list's head by itself.
 */
bool list_iterator_find(struct list_iterator *list, const struct linux_context *linux,
                        uint32_t type, const char *path, uint64_t va, struct error *err);

/* The next element.  False: list->state and list->remark have the reason. */
bool list_iterator_next(struct list_iterator *list, struct object *object);
void list_iterator_end(struct list_iterator *list);

#endif
