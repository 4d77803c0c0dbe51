/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every element is remembered in a hash, so that a loop is cut where it closes, not somewhere
 * after.  A wrong back link alone does not end a walk: a guest that runs is torn, and an element
 * taken off by list_del_rcu() still leads on (include/linux/rculist.h).
 */
#include "linux/lists/list_iterator.h"

#include "base/array.h"
#include "linux/lists/list_heads.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What kind of link the member is. */
static bool know_link(struct list_iterator *list, const struct field *member)
{
    const struct btf *btf = list->linux->btf;
    uint32_t bare = btf_strip(btf, member->type);
    struct field next, prev;
    if (btf_kind(btf, bare) == BTF_PTR) {
        list->self = btf_strip(btf, btf_complete(btf, btf_target(btf, bare))) == list->type;
        return list->self && member->size == 8;
    }
    const char *name = btf_name(btf, bare);
    if (!field_in(btf, bare, "next", &next) || next.size != 8)
        return false;
    list->next = next.offset;
    if (strcmp(name, "list_head") == 0) {
        list->has_prev = list->ring = field_in(btf, bare, "prev", &prev);
        list->prev = prev.offset;
        return list->ring;
    }
    list->nulls = strcmp(name, "hlist_nulls_node") == 0;
    return list->nulls || strcmp(name, "hlist_node") == 0 || strcmp(name, "llist_node") == 0;
}

bool list_iterator_start(struct list_iterator *list, const struct linux_context *linux,
                         const char *type, const char *path, uint64_t va, bool is_object,
                         struct error *err)
{
    const struct btf *btf = linux->btf;
    struct list_iterator start = {.linux = linux, .most = LIST_ITERATOR_MAX};
    struct field member;
    start.type = btf_strip(btf, btf_find(btf, type, BTF_VOID));
    if (!start.type)
        return error_set(err, "there is no type %s", type);
    if (!field_in(btf, start.type, path, &member))
        return error_set(err, "%s has no member %s", type, path);
    if (!know_link(&start, &member))
        return error_set(err,
                         "%s.%s links no list: it is neither a list_head nor a node nor a "
                         "pointer to %s",
                         type, path, type);
    start.link = member.offset;
    is_object |= start.self;
    start.head = start.self ? va : is_object ? va + member.offset : va;
    /* Before the first element; an object is that itself. */
    start.at = is_object ? 0 : va;
    start.is_object = is_object;
    *list = start;
    return true;
}

/* Does the node at `va` lead to one that leads back? */
static bool is_node(struct memory *memory, uint64_t va)
{
    uint64_t next, back;
    return memory_read_u64(memory, address_in(memory->space, va), &next) &&
           memory_read_u64(memory, address_in(memory->space, next + 8), &back) && back == va;
}

bool list_iterator_find(struct list_iterator *list, const struct linux_context *linux,
                        uint32_t type, const char *path, uint64_t va, struct error *err)
{
    const struct btf *btf = linux->btf;
    const char *name = btf_name(btf, btf_strip(btf, type));
    const struct list_head_known *known = list_head_known(btf, type, path);
    struct field member;
    if (!field_in(btf, type, path, &member))
        return error_set(err, "%s has no member %s", name, path);
    struct memory *memory = linux->memory;
    bool inside = is_node(memory, va + member.offset) || !is_node(memory, va);
    return known ? list_iterator_start(list, linux, known->type, known->path,
                                       inside ? va + member.offset : va, false, err)
                 : list_iterator_start(list, linux, name, path, va, inside, err);
}

void list_iterator_end(struct list_iterator *list)
{
    free(list->seen);
    list->seen = NULL;
    list->seen_count = list->seen_capacity = 0;
    hash_free(&list->by_va);
}

/* --- elements seen -------------------------------------------------------------------------- */

/* False: out of memory. */
static bool remember(struct list_iterator *list, uint64_t va)
{
    if (!budget_take_bytes(memory_budget(list->linux->memory), 4 * sizeof va) ||
        !ARRAY_ROOM(&list->seen, list->seen_count, &list->seen_capacity) ||
        !hash_add(&list->by_va, hash_number(va), list->seen_count))
        return false;
    list->seen[list->seen_count++] = va;
    return true;
}

static bool stop(struct list_iterator *list, enum list_iterator_state state, const char *what,
                 uint64_t va)
{
    list->state = state;
    if (state == LIST_ITERATOR_END)
        return false;
    snprintf(list->remark, sizeof list->remark, "%s v:%" PRIx64 ", after %zu elements", what, va,
             list->count);
    list->end_va = va;
    return false;
}

/* --- the walk ----------------------------------------------------------------------------------*/

static bool read_word(struct list_iterator *list, uint64_t va, uint64_t *word)
{
    return memory_read_u64(list->linux->memory, address_in(list->linux->memory->space, va), word);
}

/* Where the link at list->at leads.  A list's head holds its first element at 0 always. */
static bool read_next(struct list_iterator *list, uint64_t *next)
{
    if (list->at == 0) {
        *next = list->head;
        return true;
    }
    bool from_head = !list->self && list->at == list->head && !list->ring && list->count == 0;
    uint64_t offset = list->self ? list->link : from_head ? 0 : list->next;
    return read_word(list, list->at + offset, next);
}

static void check_back(struct list_iterator *list, uint64_t va)
{
    uint64_t back;
    if (!list->has_prev || list->at == 0 || !read_word(list, va + list->prev, &back) ||
        back == list->at)
        return;
    if (list->strays++)
        return;
    list->stray_va = va + list->prev;
    snprintf(list->stray, sizeof list->stray,
             "the back link at v:%" PRIx64 " is %" PRIx64 " and should be %" PRIx64, list->stray_va,
             back, list->at);
}

/* The next node.  False: there is none, and why. */
static bool step(struct list_iterator *list)
{
    uint64_t next, word;
    if (!read_next(list, &next))
        return stop(list, LIST_ITERATOR_BROKEN, "no memory at", list->at);
    bool first = list->at == 0, round = list->ring || list->self;
    if (next == 0 || (list->nulls && (next & 1)))
        return stop(list, LIST_ITERATOR_END, "", next);
    memory_data_pointer(list->linux->memory, next,
                        &next); /* takes a tag away; what is unmapped stays */
    if (round && !first && next == list->head)
        return stop(list, LIST_ITERATOR_END, "", next);
    if (list->count >= list->most)
        return stop(list, LIST_ITERATOR_LONG, "the list goes on at", next);
    if (next & 7)
        return stop(list, LIST_ITERATOR_BROKEN, "no element can lie at", next);
    if (!read_word(list, next + (list->self ? list->link : list->next), &word))
        return stop(list, LIST_ITERATOR_BROKEN, "the list leads to unmapped", next);
    if (list->seen_count &&
        hash_find(&list->by_va, list->seen, sizeof *list->seen, next) != HASH_NONE)
        return stop(list, LIST_ITERATOR_LOOP, "the list comes back to", next);
    if (!remember(list, next))
        return stop(list, LIST_ITERATOR_BROKEN, "out of memory at", next);
    check_back(list, next);
    list->at = next;
    return true;
}

bool list_iterator_next(struct list_iterator *list, struct object *object)
{
    if (list->state != LIST_ITERATOR_ON || !step(list))
        return false;
    if (list->ring && list->is_object && !list->head_va &&
        list_is_head(list->linux, list->type, list->link, list->at)) {
        list->head_va = list->at;
        if (!step(list))
            return false;
    }
    list->count++;
    uint64_t va = list->self ? list->at : list->at - list->link;
    *object = (struct object){list->linux, list->type, va};
    return true;
}
