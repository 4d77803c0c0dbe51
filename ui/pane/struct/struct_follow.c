/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a member leads.  A pointer leads to its own type.  A list_head may be a link, whose next
 * element is a struct of the same type, or the head of a list of another type: the usual heads
 * are known by name (linux/lists/list_heads.h), and a link is believed where what lies there reads
 * as that type.
 */
#include "linux/lists/list_heads.h"
#include "session/owners.h"
#include "ui/pane/struct/pane_struct.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Where a link member leads. */
struct way {
    const char *type, *path;
    bool is_head;    /* the member is one */
    bool to_head;    /* it leads to one */
    uint64_t object; /* of the first, or next, element; 0: not known */
};

static struct way way_of(struct struct_pane *self, const struct view_row *row, char *path,
                         size_t size)
{
    const struct btf *btf = self->linux->btf;
    uint32_t type = btf_strip(btf, self->type);
    view_path(self->view, (size_t)self->list.cursor, path, size);
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
    way.to_head = leads && list_is_head(&self->there, type, row->offset, row->target_va);
    if (leads && !way.to_head && list_reads_as(&self->there, type, row->target_va - row->offset))
        way.object = row->target_va - row->offset;
    return way;
}

static void follow_list(struct struct_pane *self, const struct view_row *row)
{
    const struct btf *btf = self->linux->btf;
    char path[256], symbol[128] = "", key[KEYMAP_HINT];
    struct way way = way_of(self, row, path, sizeof path);
    if (!row->has_target) {
        app_message(self->app, "%s: %s", row->name, row->value);
        return;
    }
    if (way.object) {
        app_show_struct(self->app, btf_find(btf, way.type, BTF_STRUCT),
                        address_in(self->space, way.object));
        return;
    }
    /* Not an element of that type: the list's head, or links of another type. */
    app_show_struct(self->app, row->type_id, address_in(self->space, row->target_va));
    bool named = owners_symbol(app_owners(self->app), row->target_va, symbol, sizeof symbol);
    if (way.to_head)
        app_message(self->app, "the head of the list%s%s", named ? ": " : "", named ? symbol : "");
    else
        app_message(self->app, "of another type than %s: %s asks", way.type,
                    app_hint(self->app, "walk-list", key, sizeof key));
}

enum { ELEMENTS = 16 }; /* shown of what may be any number */

/* What a pointer leads to, as a type: of pointers to pointers there are mostly several. */
static uint32_t target_type(struct struct_pane *self, const struct view_row *row)
{
    struct btf *btf = self->linux->btf;
    uint32_t n = 0;
    uint64_t word;
    if (btf_kind(btf, btf_strip(btf, row->target_type)) != BTF_PTR)
        return row->target_type;
    while (n < ELEMENTS &&
           session_read_u64(self->session, address_in(self->space, row->target_va + 8 * n), &word))
        n++;
    uint32_t array = n > 1 ? btf_derive(btf, row->target_type, n) : 0;
    return array ? array : row->target_type;
}

bool struct_follow(struct struct_pane *self, struct error *err)
{
    struct view_row row;
    view_row(self->view, (size_t)self->list.cursor, &row);
    const struct btf *btf = self->linux->btf;
    if (row.kind == VIEW_LIST) {
        follow_list(self, &row);
    } else if (row.can_open) {
        struct_pane_open(self, (size_t)self->list.cursor, !row.open);
    } else if (row.has_target) {
        uint32_t target = btf_strip(btf, row.target_type);
        if (row.kind == VIEW_POINTER && target && !btf_is_char(btf, target) &&
            btf_size(btf, target))
            app_show_struct(self->app, target_type(self, &row),
                            address_in(self->space, row.target_va));
        else
            app_go(self->app, address_in(self->space, row.target_va));
    } else if (row.kind == VIEW_POINTER || row.kind == VIEW_FUNCTION) {
        return error_set(err, row.number ? "%s: nothing is mapped where it leads" : "%s is NULL",
                         row.name);
    } else if (row.has_number &&
               session_data_pointer(self->session, self->space, row.number, &row.target_va)) {
        app_go(self->app, address_in(self->space, row.target_va));
    } else {
        char key[KEYMAP_HINT];
        app_message(self->app, "%s is no pointer: %s goes to its bytes", row.name,
                    app_hint(self->app, "go-entry", key, sizeof key));
    }
    return true;
}

bool struct_walk_list(struct struct_pane *self, struct error *err)
{
    struct view_row row;
    char path[256], line[320], at[ADDRESS_TEXT];
    view_row(self->view, (size_t)self->list.cursor, &row);
    const struct btf *btf = self->linux->btf;
    uint32_t type = btf_strip(btf, self->type);
    bool self_linked = row.kind == VIEW_POINTER && btf_strip(btf, row.target_type) == type;
    if (row.kind != VIEW_LIST && !self_linked)
        return error_set(err, "%s links no list", row.name);
    struct way way = {btf_name(btf, type),
                      view_path(self->view, (size_t)self->list.cursor, path, sizeof path),
                      .is_head = false};
    if (!self_linked)
        way = way_of(self, &row, path, sizeof path);
    if (way.is_head) {
        app_show_list(self->app, way.type, way.path, address_in(self->space, row.va), false);
    } else if (way.object || way.to_head || self_linked) {
        app_show_list(self->app, way.type, way.path, address_in(self->space, self->va), true);
    } else {
        snprintf(line, sizeof line, "list  %s", address_text(address_in(self->space, row.va), at));
        app_ask(self->app, line, (int)strlen("list "));
        app_message(self->app, "a list of what? TYPE.MEMBER that links it");
    }
    return true;
}
