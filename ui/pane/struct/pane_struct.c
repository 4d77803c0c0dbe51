/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the structure pane shows, where its cursor is, and how history brings it back. */
#include "ui/pane/struct/pane_struct.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void set_space(struct struct_pane *self, const struct space *space)
{
    self->space = space;
    instance_use(self->instance, space);
}

/* The types may have become known, or be another kernel's. */
static void bind_guest(struct struct_pane *self)
{
    if (instance_update(self->instance)) {
        self->view = instance_view(self->instance);
        self->shows = false;
        self->list.rows = self->list.cursor = self->list.top = 0;
    }
    if (!self->shows)
        self->space = session_space(self->session);
}

static void struct_pane_facts_changed(struct pane *pane)
{
    bind_guest(struct_pane_of(pane));
}

static struct pane *struct_pane_create(struct app *app, struct session *session)
{
    struct struct_pane *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->pane.type = &struct_pane_type;
    self->app = app;
    self->session = session;
    self->list.height = 1;
    self->space = session_space(session);
    self->instance = instance_create(session, app_owners(app));
    if (self->instance)
        return &self->pane;
    free(self);
    return NULL;
}

static void struct_pane_destroy(struct pane *pane)
{
    if (pane)
        instance_destroy(struct_pane_of(pane)->instance);
    free(pane);
}

bool struct_pane_show(struct pane *pane, uint32_t type, struct address address, struct error *err)
{
    struct struct_pane *self = struct_pane_of(pane);
    bind_guest(self);
    if (!instance_show(self->instance, type, address, err))
        return false;
    self->space = address.space;
    self->shows = true;
    self->type = type;
    self->va = address.value;
    self->list.top = 0;
    self->list.rows = view_rows(self->view);
    scroll_to(&self->list, 0);
    return true;
}

/* An address inside of what is shown: its member.  Any other: the same type there. */
static bool struct_pane_go(struct pane *pane, struct address address, struct error *err)
{
    struct struct_pane *self = struct_pane_of(pane);
    if (!self->shows || !address_is_virtual(address))
        return error_set(err, "a struct is shown at a virtual address: struct TYPE EXPR");
    bool is_same = address_equal(address_in(self->space, address.value), address);
    size_t row = view_row_at(self->view, address.value);
    if (!is_same || row >= view_rows(self->view))
        return struct_pane_show(pane, self->type, address, err);
    scroll_to(&self->list, row);
    return true;
}

static struct address struct_pane_here(const struct pane *pane)
{
    const struct struct_pane *self = (const struct struct_pane *)(const void *)pane;
    struct view_row row;
    if (!self->shows || self->list.cursor >= view_rows(self->view))
        return address_in(self->space, self->va);
    view_row(self->view, self->list.cursor, &row);
    return address_in(self->space, row.va);
}

static uint64_t struct_pane_top(const struct pane *pane)
{
    return ((const struct struct_pane *)(const void *)pane)->va;
}

/*
 * A visit's words: the type with the line of the screen that the cursor is on; then the way to its
 * member, whatever is open around it by the time that one comes back.
 */
#define DETAIL_TYPE 32
#define DETAIL_WAY  (VISIT_WORDS - 1)

static void struct_pane_detail(const struct pane *pane, struct visit_detail *detail)
{
    const struct struct_pane *self = (const struct struct_pane *)(const void *)pane;
    uint64_t line = self->list.cursor - self->list.top;
    if (!self->shows)
        return;
    detail->word[0] = (uint64_t)self->type << DETAIL_TYPE | line;
    view_way(self->view, (size_t)self->list.cursor, &detail->word[1], DETAIL_WAY);
}

static void struct_pane_recall(struct pane *pane, const struct visit_detail *detail)
{
    struct_pane_of(pane)->recalled = *detail;
}

static void struct_pane_restore(struct pane *pane, struct address cursor, uint64_t top)
{
    struct struct_pane *self = struct_pane_of(pane);
    const uint64_t *word = self->recalled.word;
    uint32_t type = (uint32_t)(word[0] >> DETAIL_TYPE), line = (uint32_t)word[0];
    struct error err;
    if (!type)
        return;
    if (!struct_pane_show(pane, type, address_in(cursor.space, top), &err)) {
        app_error(self->app, "%s", err.text);
        return;
    }
    size_t row = view_reveal(self->view, &word[1], DETAIL_WAY);
    self->list.rows = view_rows(self->view);
    scroll_place(&self->list, row, line);
}

void struct_pane_opened(struct struct_pane *self, size_t i)
{
    uint64_t before = self->list.rows;
    self->list.rows = view_rows(self->view);
    if (self->list.rows > before)
        scroll_to(&self->list, i + (self->list.rows - before));
    scroll_to(&self->list, i);
}

bool struct_pane_open(struct struct_pane *self, size_t i, bool open)
{
    if (!view_open(self->view, i, open))
        return false;
    struct_pane_opened(self, i);
    if (open && view_is_cut(self->view))
        app_message(self->app, "not everything is shown: that is %d rows", VIEW_ROWS);
    return true;
}

static bool search_rows(struct struct_pane *self, const char *text, bool backward,
                        struct error *err)
{
    size_t rows = self->shows ? view_rows(self->view) : 0;
    if (!*text)
        return error_set(err, "nothing was searched for here yet: search TEXT");
    for (size_t i = 1; i <= rows; i++) {
        struct view_row row;
        size_t at = ((size_t)self->list.cursor + (backward ? rows - i : i)) % rows;
        view_row(self->view, at, &row);
        if (strcasestr(row.name, text) || strcasestr(row.value, text) ||
            strcasestr(row.type, text)) {
            scroll_to(&self->list, at);
            return true;
        }
    }
    return error_set(err, "no row that is open has \"%s\"", text);
}

static bool struct_pane_search(struct pane *pane, const char *text, bool backward,
                               struct error *err)
{
    struct struct_pane *self = struct_pane_of(pane);
    bool found = search_rows(self, text, backward, err);
    /* n goes on with what was found last. */
    if (found || !self->searched[0]) {
        self->searched[0] = '\0';
        strncat(self->searched, text, sizeof self->searched - 1);
        self->backward = backward;
    }
    return found;
}

static bool struct_pane_search_again(struct pane *pane, bool reverse, struct error *err)
{
    struct struct_pane *self = struct_pane_of(pane);
    return search_rows(self, self->searched, self->backward != reverse, err);
}

static void struct_pane_refresh(struct pane *pane, int64_t now_ms)
{
    struct struct_pane *self = struct_pane_of(pane);
    self->now_ms = now_ms;
    const struct space *now;
    bind_guest(self);
    if (!self->shows)
        return;
    session_fate(self->session, self->space, &now);
    if (now != self->space)
        set_space(self, now);
    for (unsigned line = 0; line < self->list.height; line++) {
        struct view_row row;
        size_t at = (size_t)self->list.top + line;
        if (at >= view_rows(self->view))
            break;
        view_row(self->view, at, &row);
        value_changes_note(&self->changes, at, row.va ^ row.type_id, row.value, now_ms);
    }
}

/* The member in full: what a narrow pane has to cut. */
static void struct_pane_status(struct pane *pane, char *text, size_t size)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct text line = text_over(text, size);
    struct view_row row;
    char path[256];
    if (!self->shows || self->list.cursor >= view_rows(self->view))
        return;
    view_row(self->view, self->list.cursor, &row);
    const char *name = instance_type_name(self->instance);
    view_path(self->view, self->list.cursor, path, sizeof path);
    if (*path)
        text_add(&line, "%s%s%s: ", name, *path == '[' || !*name ? "" : ".", path);
    text_add(&line, "%s, ", row.type);
    uint64_t count = row.bits ? row.bits : row.size;
    text_add(&line, "%" PRIu64 " %s%s", count, row.bits ? "bit" : "byte", count == 1 ? "" : "s");
    if (row.value[0])
        text_add(&line, " = %s", row.value);
}

const struct pane_type struct_pane_type = {
    .name = "struct",
    .least_rows = 3,
    .least_columns = 24,
    .create = struct_pane_create,
    .destroy = struct_pane_destroy,
    .title = struct_pane_title,
    .draw = struct_pane_draw,
    .commands = struct_pane_commands,
    .move = struct_pane_move,
    .click = struct_pane_click,
    .go = struct_pane_go,
    .here = struct_pane_here,
    .top = struct_pane_top,
    .restore = struct_pane_restore,
    .detail = struct_pane_detail,
    .recall = struct_pane_recall,
    .search = struct_pane_search,
    .search_again = struct_pane_search_again,
    .status = struct_pane_status,
    .refresh = struct_pane_refresh,
    .facts_changed = struct_pane_facts_changed,
};
