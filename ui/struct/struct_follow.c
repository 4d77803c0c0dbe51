/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a member leads.  A pointer leads to its own type.  A list_head may be a link, whose next
 * element is a struct of the same type, or the head of a list of another type: the usual heads
 * are known by name, and a link is believed where what lies there reads as that type.
 */
#include "guest/object.h"
#include "ui/hex/owners.h"
#include "ui/struct/pane_struct.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Heads of lists, and the member that links their elements; those that a kernel has are used. */
static const struct head {
    const char *owner, *member; /* the head */
    const char *type, *path;    /* the elements */
} heads[] = {
    {"task_struct", "children", "task_struct", "sibling"},
    {"signal_struct", "thread_head", "task_struct", "thread_node"},
    {"super_block", "s_inodes", "inode", "i_sb_list"},
    {"super_block", "s_mounts", "mount", "mnt_instance"},
    {"file_system_type", "fs_supers", "super_block", "s_instances"},
    {"mount", "mnt_mounts", "mount", "mnt_child"},
    {"mnt_namespace", "list", "mount", "mnt_list"},
    {"inode", "i_dentry", "dentry", "d_u.d_alias"},
    {"dentry", "d_subdirs", "dentry", "d_child"},
    {"dentry", "d_children", "dentry", "d_sib"},
    {"kmem_cache_node", "partial", "slab", "slab_list"},
    {"cgroup_subsys_state", "children", "cgroup_subsys_state", "sibling"},
    {"net", "dev_base_head", "net_device", "dev_list"},
    {"workqueue_struct", "pwqs", "pool_workqueue", "pwqs_node"},
    {"worker_pool", "workers", "worker", "node"},
    {"mm_struct", "mmap", "vm_area_struct", "vm_next"},
    {"zone", "free_area", "page", "lru"},
    {"bus_type_private", "klist_devices", "klist_node", "n_node"},
};

/* Where a link member leads. */
struct way {
    const char *type, *path;
    bool is_head;
    uint64_t object; /* of the first, or next, element; 0: none can be told */
};

enum { LOOKED_AT = 64, FITS_PERCENT = 90 };

/* Do the pointers in there read as pointers? */
static bool reads_as(struct struct_pane *self, uint32_t type, uint64_t va)
{
    const struct btf *btf = self->guest->btf;
    struct memory *memory = &self->session->memory;
    unsigned good = 0, all = 0;
    for (uint32_t i = 0; i < btf_members(btf, type) && all < LOOKED_AT; i++) {
        struct btf_member member = btf_member(btf, type, i);
        uint64_t word, to;
        if (btf_kind(btf, btf_strip(btf, member.type)) != BTF_PTR)
            continue;
        all++;
        struct address at = address_in(SPACE_VIRT, va + member.bit_offset / 8);
        if (memory_read_u64(memory, at, &word))
            good += word == 0 || memory_pointer(memory, word, &to);
    }
    uint8_t byte;
    bool there = memory_read(memory, address_in(SPACE_VIRT, va), &byte, 1, NULL) == 1;
    return there && good * 100 >= all * FITS_PERCENT;
}

static const struct head *head_of(struct struct_pane *self, size_t at, const struct view_row *row)
{
    const struct btf *btf = self->guest->btf;
    uint32_t owner = self->type;
    size_t up = view_parent(self->view, at);
    struct view_row outer = {.anonymous = true};
    while (up != at && outer.anonymous) {
        view_row(self->view, up, &outer);
        owner = outer.anonymous ? self->type : outer.type_id;
        at = up;
        up = view_parent(self->view, up);
    }
    const char *name = btf_name(btf, btf_strip(btf, owner));
    struct btf_member unused;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (strcmp(heads[i].owner, name) == 0 && strcmp(heads[i].member, row->name) == 0 &&
            btf_path(btf, btf_find(btf, heads[i].type, BTF_STRUCT), heads[i].path, &unused))
            return &heads[i];
    return NULL;
}

static struct way way_of(struct struct_pane *self, const struct view_row *row, char *path,
                         size_t size)
{
    const struct btf *btf = self->guest->btf;
    size_t at = (size_t)self->list.cursor;
    const struct head *head = head_of(self, at, row);
    uint64_t offset;
    if (head) {
        struct way way = {head->type, head->path, true, 0};
        if (row->has_target && btf_offset(btf, head->type, head->path, &offset))
            way.object = row->target_va - offset;
        return way;
    }
    uint32_t type = btf_strip(btf, self->type);
    struct way way = {btf_name(btf, type), view_path(self->view, at, path, size), false, 0};
    if (row->has_target && btf_members(btf, type) &&
        reads_as(self, type, row->target_va - row->offset))
        way.object = row->target_va - row->offset;
    return way;
}

static void follow_list(struct struct_pane *self, const struct view_row *row)
{
    const struct btf *btf = self->guest->btf;
    char path[256], symbol[128];
    struct way way = way_of(self, row, path, sizeof path);
    if (!row->has_target) {
        app_message(self->app, "%s: %s", row->name, row->value);
        return;
    }
    bool named = owners_symbol(app_owners(self->app), row->target_va, symbol, sizeof symbol);
    if (way.object && !(named && !way.is_head)) {
        app_show_struct(self->app, btf_find(btf, way.type, BTF_STRUCT), way.object);
        return;
    }
    /* Not an element of that type: the list's head, or links of another type. */
    app_show_struct(self->app, row->type_id, row->target_va);
    app_message(self->app, named ? "the head of the list: %s" : "of another type than %s: L asks",
                named ? symbol : way.type);
}

void struct_follow(struct struct_pane *self)
{
    struct view_row row;
    if (self->list.cursor >= view_rows(self->view))
        return;
    view_row(self->view, (size_t)self->list.cursor, &row);
    const struct btf *btf = self->guest->btf;
    if (row.kind == VIEW_LIST) {
        follow_list(self, &row);
    } else if (row.can_open) {
        struct_pane_open(self, (size_t)self->list.cursor, !row.open);
    } else if (row.has_target) {
        uint32_t target = btf_strip(btf, row.target_type);
        if (row.kind == VIEW_POINTER && target && !btf_is_char(btf, target) &&
            btf_size(btf, target))
            app_show_struct(self->app, row.target_type, row.target_va);
        else
            app_go(self->app, address_in(SPACE_VIRT, row.target_va));
    } else if (row.kind == VIEW_POINTER || row.kind == VIEW_FUNCTION) {
        app_error(self->app, row.number ? "%s: nothing is mapped where it leads" : "%s is NULL",
                  row.name);
    } else if (row.has_number &&
               memory_data_pointer(&self->session->memory, row.number, &row.target_va)) {
        app_go(self->app, address_in(SPACE_VIRT, row.target_va));
    } else {
        app_message(self->app, "%s is no pointer: e goes to its bytes", row.name);
    }
}

void struct_walk_list(struct struct_pane *self)
{
    struct view_row row;
    char path[256], line[320];
    if (self->list.cursor >= view_rows(self->view))
        return;
    view_row(self->view, (size_t)self->list.cursor, &row);
    const struct btf *btf = self->guest->btf;
    uint32_t type = btf_strip(btf, self->type);
    bool self_linked = row.kind == VIEW_POINTER && btf_strip(btf, row.target_type) == type;
    if (row.kind != VIEW_LIST && !self_linked) {
        app_error(self->app, "%s links no list", row.name);
        return;
    }
    struct way way = {btf_name(btf, type),
                      view_path(self->view, (size_t)self->list.cursor, path, sizeof path), false,
                      self->va};
    if (!self_linked)
        way = way_of(self, &row, path, sizeof path);
    if (way.is_head) {
        app_show_list(self->app, way.type, way.path, row.va, false);
    } else if (way.object || self_linked) {
        app_show_list(self->app, way.type, way.path, self->va, true);
    } else {
        snprintf(line, sizeof line, "list  v:%" PRIx64, row.va);
        app_ask(self->app, line, (int)strlen("list "));
        app_message(self->app, "a list of what? TYPE.MEMBER that links it");
    }
}
