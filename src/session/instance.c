/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/instance.h"

#include "linux/lists/list_heads.h"
#include "session/session_private.h"

#include <stdio.h>
#include <stdlib.h>

struct instance {
    struct session *session;
    struct owners *owners;
    const struct linux_context *known; /* NULL: no types are known (yet) */
    struct linux_context linux;        /* the same, reads `memory` */
    struct memory memory;              /* of the space */
    struct view *view;                 /* NULL where `known` is */
    uint32_t type;                     /* 0: nothing is shown */
    uint64_t va;
};

static struct address address_at(const struct instance *instance, uint64_t va)
{
    return address_in(instance->memory.space, va);
}

static char *name_of(void *context, uint64_t va, char *text, size_t size)
{
    const struct instance *instance = context;
    return owners_name_in(instance->owners, address_at(instance, va), text, size);
}

struct instance *instance_create(struct session *session, struct owners *owners)
{
    struct instance *instance = calloc(1, sizeof *instance);
    if (!instance)
        return NULL;
    instance->session = session;
    instance->owners = owners;
    instance_use(instance, session_space(session));
    return instance;
}

void instance_destroy(struct instance *instance)
{
    if (instance)
        view_destroy(instance->view);
    free(instance);
}

bool instance_update(struct instance *instance)
{
    const struct linux_context *linux = session_linux(instance->session);
    if (linux && !linux->btf)
        linux = NULL;
    if (linux == instance->known)
        return false;
    view_destroy(instance->view);
    instance->view = NULL;
    instance->known = NULL;
    instance->type = 0;
    if (!linux)
        return true;
    instance_use(instance, session_space(instance->session));
    instance->linux = linux_in(linux, &instance->memory);
    instance->view = view_create(&instance->linux);
    if (instance->view) {
        instance->known = linux;
        view_set_symbolizer(instance->view, name_of, instance);
    }
    return true;
}

struct view *instance_view(const struct instance *instance)
{
    return instance->view;
}

bool instance_show(struct instance *instance, uint32_t type, struct address address,
                   struct error *err)
{
    if (!instance->view)
        return error_set(err, "no types are known of this guest");
    if (!view_show(instance->view, type, address.value, err))
        return false;
    instance->type = type;
    instance->va = address.value;
    instance_use(instance, address.space);
    return true;
}

void instance_use(struct instance *instance, const struct space *space)
{
    instance->memory = session_memory(instance->session, space);
}

static uint32_t bare_type(const struct instance *instance)
{
    return btf_strip(instance->linux.btf, instance->type);
}

const char *instance_type_name(const struct instance *instance)
{
    return instance->type ? btf_name(instance->linux.btf, bare_type(instance)) : "";
}

char *instance_type_text(const struct instance *instance, char *text, size_t size)
{
    if (instance->type)
        return btf_type_text(instance->linux.btf, instance->type, text, size);
    text[0] = '\0';
    return text;
}

/* --- where a member leads --------------------------------------------------------------------- */

/* What a link member is of. */
struct way {
    const char *type, *path;
    bool is_head;    /* the member is one */
    bool to_head;    /* it leads to one */
    uint64_t object; /* of the first, or next, element; 0: not known */
};

static struct way way_of(const struct instance *instance, const struct view_row *row,
                         const char *path)
{
    const struct linux_context *linux = &instance->linux;
    const struct btf *btf = linux->btf;
    uint32_t type = bare_type(instance);
    const struct list_head_known *head = list_head_known(btf, type, path);
    uint64_t offset;
    if (head) {
        struct way way = {head->type, head->path, .is_head = true};
        if (row->has_target && btf_offset(btf, head->type, head->path, &offset))
            way.object = row->target_va - offset;
        return way;
    }
    struct way way = {btf_name(btf, type), path, .is_head = false};
    bool leads = row->has_target && btf_members(btf, type);
    way.to_head = leads && list_is_head(linux, type, row->offset, row->target_va);
    if (leads && !way.to_head && list_reads_as(linux, type, row->target_va - row->offset))
        way.object = row->target_va - row->offset;
    return way;
}

static struct lead lead_of_link(const struct instance *instance, size_t i,
                                const struct view_row *row)
{
    char path[256];
    if (!row->has_target)
        return (struct lead){.kind = LEAD_NULL};
    struct way way = way_of(instance, row, view_path(instance->view, i, path, sizeof path));
    if (way.object)
        return (struct lead){LEAD_STRUCT, btf_find(instance->linux.btf, way.type, BTF_STRUCT),
                             address_at(instance, way.object), NULL};
    /* Not an element of that type: the list's head, or links of another type. */
    return (struct lead){way.to_head ? LEAD_HEAD : LEAD_LINK, row->type_id,
                         address_at(instance, row->target_va), way.type};
}

enum { ELEMENTS = 16 }; /* shown of what may be any number */

/* What a pointer leads to, as a type: of pointers to pointers there are mostly several. */
static uint32_t target_type(const struct instance *instance, const struct view_row *row)
{
    struct btf *btf = instance->linux.btf;
    uint32_t n = 0;
    uint64_t word;
    if (btf_kind(btf, btf_strip(btf, row->target_type)) != BTF_PTR)
        return row->target_type;
    while (n < ELEMENTS &&
           session_read_u64(instance->session, address_at(instance, row->target_va + 8 * n), &word))
        n++;
    uint32_t array = n > 1 ? btf_derive(btf, row->target_type, n) : 0;
    return array ? array : row->target_type;
}

static struct lead lead_of_pointer(const struct instance *instance, const struct view_row *row)
{
    const struct btf *btf = instance->linux.btf;
    uint32_t target = btf_strip(btf, row->target_type);
    struct lead lead = {.kind = LEAD_BYTES, .address = address_at(instance, row->target_va)};
    if (row->kind == VIEW_POINTER && target && !btf_is_char(btf, target) && btf_size(btf, target)) {
        lead.kind = LEAD_STRUCT;
        lead.type = target_type(instance, row);
    }
    return lead;
}

struct lead instance_lead(const struct instance *instance, size_t i)
{
    struct view_row row;
    uint64_t va;
    view_row(instance->view, i, &row);
    if (row.kind == VIEW_LIST)
        return lead_of_link(instance, i, &row);
    if (row.can_open)
        return (struct lead){.kind = LEAD_INSIDE};
    if (row.has_target)
        return lead_of_pointer(instance, &row);
    if (row.kind == VIEW_POINTER || row.kind == VIEW_FUNCTION)
        return (struct lead){.kind = row.number ? LEAD_UNMAPPED : LEAD_NULL};
    if (row.has_number &&
        session_data_pointer(instance->session, instance->memory.space, row.number, &va))
        return (struct lead){.kind = LEAD_BYTES, .address = address_at(instance, va)};
    return (struct lead){.kind = LEAD_NONE};
}

void instance_list(const struct instance *instance, size_t i, struct linked_list *list)
{
    const struct btf *btf = instance->linux.btf;
    struct view_row row;
    char path[sizeof list->path];
    uint32_t type = bare_type(instance);
    view_row(instance->view, i, &row);
    view_path(instance->view, i, path, sizeof path);
    bool is_self = row.kind == VIEW_POINTER && btf_strip(btf, row.target_type) == type;
    struct way way = {btf_name(btf, type), path, .is_head = false};
    *list = (struct linked_list){.kind = LINKED_NONE, .address = address_at(instance, row.va)};
    if (row.kind != VIEW_LIST && !is_self)
        return;
    if (!is_self)
        way = way_of(instance, &row, path);
    list->type = way.type;
    snprintf(list->path, sizeof list->path, "%s", way.path);
    list->kind = LINKED_UNTOLD;
    if (way.is_head)
        list->kind = LINKED_HEAD;
    else if (way.object || way.to_head || is_self)
        list->kind = LINKED_OBJECT;
    if (list->kind == LINKED_OBJECT)
        list->address = address_at(instance, instance->va);
}
