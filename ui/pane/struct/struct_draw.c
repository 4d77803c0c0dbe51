/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A struct on the screen:
 *
 *   +0    ▾ thread_info        struct thread_info     {...}
 *   +0        flags            unsigned long          2 (0x2)
 *
 * Where there is little room, the type gives way first, then the offset.
 */
#include "base/text.h"
#include "session/guest.h"
#include "session/owners.h"
#include "ui/pane/struct/pane_struct.h"
#include "ui/widget/paragraph.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    OFFSET_FROM = 36,
    TYPE_FROM = 50,
    OFFSET_CELLS = 6,
    NAME_MIN = 12,
    TYPE_MAX = 34,
    VALUE_MIN = 19 /* an address, and the sign that something is cut */
};

struct columns {
    int name, type, value; /* where they begin; type -1: not shown */
    int offset;            /* -1: not shown */
};

static int between(int least, int wanted, int most)
{
    return wanted > most ? most : wanted < least ? least : wanted;
}

/* Names take what they need (`name` cells), up to their share; the value gets what is left. */
static struct columns columns_for(int width, size_t name)
{
    struct columns columns = {.offset = width >= OFFSET_FROM ? 1 : -1, .type = -1};
    columns.name = columns.offset < 0 ? 1 : columns.offset + OFFSET_CELLS;
    int rest = width - columns.name, needs = name < (size_t)width ? (int)name : width;
    bool types = width >= TYPE_FROM;
    int most = types ? rest * 7 / 20 : rest * 2 / 5;
    columns.value = columns.name + between(NAME_MIN, needs, most) + 1;
    if (types) {
        columns.type = columns.value;
        rest = width - columns.type;
        int type = rest * 2 / 5, left = rest - VALUE_MIN - 1;
        type = between(0, type, TYPE_MAX);
        columns.value += (type < left ? type : left) + 1;
    }
    return columns;
}

static enum style value_style(const struct view_row *row)
{
    if (!row->readable && row->kind != VIEW_STRUCT && row->kind != VIEW_UNION)
        return STYLE_UNMAPPED;
    if (row->has_target)
        return STYLE_LINK;
    if (row->kind == VIEW_STRING)
        return STYLE_ASCII;
    if (row->kind == VIEW_STRUCT || row->kind == VIEW_UNION || row->kind == VIEW_ARRAY)
        return STYLE_DIM;
    return row->has_number && row->number == 0 ? STYLE_ZERO : STYLE_TEXT;
}

/* Text between two columns, cut with a sign. */
static void put_between(struct area area, int line, int from, int to, enum style style,
                        const char *text)
{
    int wide = to - from < area.columns - from ? to - from : area.columns - from;
    if (wide < 1)
        return;
    struct area cell = {area.y + line, area.x + from, 1, wide};
    screen_put(cell, 0, 0, style, text);
    if (screen_width(text, strlen(text)) > wide)
        screen_put(cell, 0, wide - 1, STYLE_DIM, "…");
}

/* A name that is cut keeps its bits. */
static void draw_name(const struct view_row *row, struct area area, int line, int from, int to)
{
    char label[VIEW_NAME + 24], bits[24] = "";
    struct text text = TEXT_OVER(label);
    text_add(&text, "%s %s", row->can_open ? row->open ? "▾" : "▸" : " ",
             row->name[0]     ? row->name
             : row->anonymous ? "(anonymous)"
                              : "");
    if (row->bits)
        snprintf(bits, sizeof bits, ":%" PRIu32, row->bits);
    int width = screen_width(label, strlen(label)), most = to - from - (int)strlen(bits);
    width = width < most ? width : most;
    put_between(area, line, from, from + width, STYLE_TEXT, label);
    put_between(area, line, from + width, to, STYLE_TEXT, bits);
}

/* "file *" for "struct file *": its mark shows that it is a struct. */
static void draw_type(const struct view_row *row, struct area area, int line, int from, int to)
{
    static const char keyword[] = "struct ";
    char type[VIEW_TYPE];
    struct text text = TEXT_OVER(type);
    const char *at = strstr(row->type, keyword);
    if (at)
        text_add(&text, "%.*s", (int)(at - row->type), row->type);
    text_add(&text, "%s", at ? at + strlen(keyword) : row->type);
    put_between(area, line, from, to, STYLE_DIM, type);
}

static void draw_row(const struct struct_pane *self, struct area area, int line,
                     const struct columns *columns, size_t at)
{
    static const enum style fresh_style[] = {
        [FRESH_NOW] = STYLE_CHANGED, [FRESH_OLD] = STYLE_CHANGED_OLD};
    struct view_row row;
    view_row(self->view, at, &row);
    int after = (columns->type >= 0 ? columns->type : columns->value) - 1;
    int indent = (int)row.depth * 2, most = (after - columns->name) / 2;
    int name = columns->name + (indent > most ? most : indent);
    if (columns->offset >= 0)
        screen_printf(area, line, columns->offset, STYLE_DIM, "+%" PRIx64, row.offset);
    draw_name(&row, area, line, name, after);
    if (columns->type >= 0)
        draw_type(&row, area, line, columns->type, columns->value - 1);
    enum freshness fresh = value_changes_of(&self->changes, at, row.va ^ row.type_id, self->now_ms);
    put_between(area, line, columns->value, area.columns,
                fresh == FRESH_NOT ? value_style(&row) : fresh_style[fresh],
                row.value[0] || row.kind == VIEW_OTHER ? row.value
                : row.open                             ? ""
                                                       : "{...}");
}

static void draw_nothing(const struct struct_pane *self, struct area area)
{
    struct error why;
    char doing[120];
    double done;
    if (session_progress(self->session, doing, sizeof doing, &done)) {
        screen_printf(area, 0, 1, STYLE_DIM, "%s %d%%", doing, (int)(100 * done));
    } else if (!session_knows(self->session, LINUX_TYPES, &why)) {
        int line = paragraph_put(area, 0, STYLE_TEXT, "no types are known of this guest");
        paragraph_put(area, line, STYLE_DIM, why.text);
    } else {
        int at = screen_put(area, 0, 1, STYLE_DIM, "to show one: ");
        screen_put(area, 0, at, STYLE_KEY, ":struct task_struct init_task");
        at = screen_put(area, 1, 1, STYLE_DIM, "or in memory: ");
        screen_put(area, 1, at, STYLE_KEY, "T");
    }
}

void struct_pane_draw(struct pane *pane, struct area area, bool focused)
{
    struct struct_pane *self = struct_pane_of(pane);
    if (!self->shows) {
        draw_nothing(self, area);
        return;
    }
    struct columns columns = columns_for(area.columns, view_widest_name(self->view) + 2);
    scroll_fit(&self->list, view_rows(self->view), area.rows > 0 ? (unsigned)area.rows : 0);
    if (!view_rows(self->view))
        screen_put(area, 0, 1, STYLE_DIM, "no members: it takes 0 bytes");
    for (int line = 0; line < area.rows; line++) {
        size_t at = (size_t)self->list.top + (size_t)line;
        if (at >= view_rows(self->view))
            break;
        draw_row(self, area, line, &columns, at);
        if (at == self->list.cursor)
            screen_restyle(area, line, 0, area.columns,
                           focused ? STYLE_CURSOR : STYLE_CURSOR_OTHER);
    }
}

void struct_pane_title(struct pane *pane, char *text, size_t size)
{
    struct struct_pane *self = struct_pane_of(pane);
    struct text title = text_over(text, size);
    char type[VIEW_TYPE], symbol[128];
    text_add(&title, "Struct");
    if (!self->shows)
        return;
    instance_type_text(self->instance, type, sizeof type);
    text_add(&title, "  %s", strncmp(type, "struct ", 7) == 0 ? type + 7 : type);
    if (owners_symbol(app_owners(self->app), self->va, symbol, sizeof symbol))
        text_add(&title, " %s", symbol);
    else
        text_add(&title, " v:%" PRIx64, self->va);
    const struct space_process *process =
        &address_canonical(address_in(self->space, self->va)).space->process;
    if (process->pid)
        text_add(&title, " of %s (%d)", process->comm, process->pid);
    if (view_rows(self->view))
        text_add(&title, "  %" PRIu64 "/%zu", self->list.cursor + 1, view_rows(self->view));
}
