/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The entry under the cursor at the bottom of the screen: where it lies, what it says bit by bit,
 * what it maps and what is there.
 */
#include "session/owners.h"
#include "ui/pane/tables/pane_tree.h"
#include "ui/widget/pen.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define OWNER_FROM 4 /* lines from which what is there has one */

/* A further name, where it fits: half an address is a wrong one. */
static void put_name(struct pen *pen, struct address address)
{
    char text[ADDRESS_TEXT];
    address_text(address, text);
    if (pen->column + 1 + (int)strlen(text) > pen->area.columns)
        return;
    pen_put(pen, STYLE_TEXT, " ");
    pen_put(pen, STYLE_TEXT, text);
}

/* A place in memory by its physical address and the other names it has. */
static void put_place(struct tree_pane *self, struct pen *pen, enum style style, uint64_t pa)
{
    struct place place;
    session_locate(self->session, address_phys(pa), self->space, &place);
    pen_address(pen, style, address_phys(pa));
    if (place.has_offset)
        put_name(pen, address_file(place.offset));
    else if (!place.is_ram)
        pen_put(pen, STYLE_DEVICE, " not in the file");
    if (place.has_va)
        put_name(pen, place_virtual(&place));
}

static enum style kind_style(enum entry_kind kind)
{
    switch (kind) {
    case ENTRY_TABLE:
        return STYLE_TABLE;
    case ENTRY_LEAF:
        return STYLE_LEAF;
    case ENTRY_MISSING:
    case ENTRY_RESERVED:
        return STYLE_BAD;
    case ENTRY_EMPTY:
    case ENTRY_NOT_PRESENT:
        break;
    }
    return STYLE_DIM;
}

/* "PTE [451-453] the first 0068...  page  at p:..." */
static void line_entry(struct tree_pane *self, const struct tree_row *row, struct pen *pen)
{
    const struct paging *paging = self->paging;
    if (row->depth == 0) {
        pen_put(pen, STYLE_TABLE, row->user ? "user root" : "kernel root");
        pen_printf(pen, STYLE_DIM, ": the %s at ", paging->level[0].name);
        put_place(self, pen, STYLE_TEXT, row->target_pa);
        return;
    }
    pen_printf(pen, STYLE_TEXT, "%s [%u", paging->level[row->level].name, row->index);
    if (row->count > 1)
        pen_printf(pen, STYLE_TEXT, "-%u", row->index + row->count - 1);
    pen_put(pen, STYLE_TEXT, "] ");
    if (row->count > 1 && row->kind != ENTRY_EMPTY && row->kind != ENTRY_MISSING)
        pen_put(pen, STYLE_DIM, "first ");
    if (row->kind != ENTRY_MISSING)
        pen_printf(pen, STYLE_TEXT, "%016" PRIx64 " ", row->entry);
    pen_put(pen, kind_style(row->kind), paging_kind_name(paging, row->level, row->kind));
    pen_put(pen, STYLE_DIM, " at ");
    put_place(self, pen, STYLE_TEXT, row->table_pa + 8 * (uint64_t)row->index);
}

static void put_range(struct pen *pen, enum style style, struct address first, uint64_t last)
{
    pen_address(pen, style, first);
    pen_printf(pen, style, "-%" PRIx64, last);
}

static uint64_t last_va(const struct tree_pane *self, const struct tree_row *row)
{
    if (row->depth == 0) {
        const struct tree_span *span = &self->tree.root[tree_root_of(&self->tree, row->va)].span;
        return span_va(span, span->last) + (paging_span(self->paging, 0) - 1);
    }
    return row->va + (row->count * paging_span(self->paging, row->level) - 1);
}

static void put_mapped(const struct tree_row *row, struct pen *pen)
{
    if (row->mapped == TREE_UNKNOWN)
        return;
    pen_put(pen, STYLE_TEXT, "  ");
    pen_size(pen, row->mapped);
    if (!row->mapped)
        return;
    pen_put(pen, STYLE_TEXT, " ");
    pen_access(pen, row->access);
}

static void put_table(struct tree_pane *self, const struct tree_row *row, struct pen *pen)
{
    if (row->fold) {
        pen_printf(pen, STYLE_DIM,
                   row->repeats ? "  %u times the table of the entry before; Enter shows them"
                                : "  %u empty tables; Enter shows them",
                   row->fold);
        return;
    }
    if (row->depth > 0) {
        pen_printf(pen, STYLE_DIM, "  by the %s at ", self->paging->level[row->level + 1].name);
        put_place(self, pen, STYLE_TARGET, row->target_pa);
    }
    if (row->loop)
        pen_put(pen, STYLE_BAD, "  on the path already");
    else if (row->missing)
        pen_printf(pen, extent_is_open(row->missing) ? STYLE_DIM : STYLE_BAD, "  %s",
                   extent_name(row->missing));
}

/* What the addresses of the entry lead to. */
static void line_maps(struct tree_pane *self, const struct tree_row *row, struct pen *pen)
{
    uint64_t pa, last = last_va(self, row);
    put_range(pen, STYLE_ADDRESS, address_in(self->space, row->va), last);
    switch (row->kind) {
    case ENTRY_TABLE:
        put_mapped(row, pen);
        put_table(self, row, pen);
        break;
    case ENTRY_LEAF:
        pen_put(pen, STYLE_DIM, " → ");
        put_range(pen, STYLE_TARGET, address_phys(row->target_pa),
                  row->target_pa + (last - row->va));
        put_mapped(row, pen);
        if (row->device)
            pen_put(pen, STYLE_DEVICE,
                    row->partly ? "  partly not in the file" : "  not in the file");
        break;
    case ENTRY_EMPTY:
        pen_put(pen, STYLE_DIM, " map nothing");
        break;
    case ENTRY_NOT_PRESENT:
        pen_printf(pen, STYLE_UNMAPPED, " not present: %s", self->paging->arch->absent(row->entry));
        if (self->paging->arch->absent_pa(self->paging, row->level, row->entry, &pa)) {
            pen_put(pen, STYLE_DIM, " keeps ");
            pen_address(pen, STYLE_TARGET, address_phys(pa));
        }
        break;
    case ENTRY_MISSING:
        pen_printf(pen, extent_is_open(row->missing) ? STYLE_DIM : STYLE_BAD, " %s%s",
                   extent_name(row->missing),
                   row->missing == EXTENT_NONE ? ", which has only a part of this table" : "");
        break;
    case ENTRY_RESERVED:
        pen_put(pen, STYLE_BAD, " fault: the architecture reserves this encoding");
        break;
    }
}

/* False: nothing is known, or nothing is there. */
static bool line_owner(struct tree_pane *self, const struct tree_row *row, struct pen *pen)
{
    char line[480] = "";
    struct text text = TEXT_OVER(line);
    bool is_table = row->kind == ENTRY_TABLE;
    if (is_table)
        owners_describe(app_owners(self->app), address_phys(row->target_pa), &text);
    else if (row->kind == ENTRY_LEAF)
        owners_describe(app_owners(self->app), address_in(self->space, row->va), &text);
    if (!*line)
        return false;
    bool is_one = row->kind == ENTRY_LEAF && row->mapped == UINT64_C(1) << self->paging->page_shift;
    pen_put(pen, STYLE_DIM, is_table ? "the table is " : is_one ? "is " : "begins with ");
    pen_put(pen, STYLE_TARGET, line);
    return true;
}

/* One fact, on the next line where it does not fit.  False: there is none. */
static bool put_fact(struct pen *pen, enum style style, const char *name, const char *meaning)
{
    int width = (int)strlen(name) + (meaning ? 1 + (int)strlen(meaning) : 0);
    if (pen->column > 0 && pen->column + 2 + width > pen->area.columns)
        pen_next(pen);
    if (pen->row >= pen->area.rows)
        return false;
    if (pen->column > 0)
        pen_put(pen, STYLE_TEXT, "  ");
    pen_put(pen, style, name);
    if (meaning) {
        pen_put(pen, STYLE_DIM, " ");
        pen_put(pen, STYLE_DIM, meaning);
    }
    return true;
}

/* Names and meanings, where there is room for all of them; else names. */
static void lines_facts(struct tree_pane *self, const struct tree_row *row, struct pen *pen)
{
    struct paging_fact fact[PAGING_FACTS];
    char group[GROUP_TEXT];
    size_t count = row->depth ? paging_facts(self->paging, row->level, row->entry, fact) : 0;
    const struct pen start = *pen;
    bool in_full = true;
    paging_group_text(&row->group, group);
    if (!row->group.broken && row->count > row->group.count && row->group.count)
        snprintf(group, sizeof group, "groups of %u", row->group.count);
    if (row->group.broken)
        put_fact(pen, STYLE_BAD, group, NULL);
    for (size_t i = 0; i < count && in_full; i++)
        in_full = put_fact(pen, STYLE_TEXT, fact[i].name, fact[i].meaning);
    if (row->group.count && !row->group.broken && in_full)
        put_fact(pen, STYLE_DIM, group, NULL);
    if (in_full)
        return;
    *pen = start;
    for (int line = pen->row; line < pen->area.rows; line++)
        screen_fill(pen->area, line, 0, STYLE_TEXT);
    if (row->group.broken)
        put_fact(pen, STYLE_BAD, group, NULL);
    for (size_t i = 0; i < count; i++)
        put_fact(pen, STYLE_TEXT, fact[i].name, NULL);
}

bool tree_pane_inspect(struct pane *pane, struct area area)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_row row;
    if (!self->paging || !tree_row(&self->tree, self->list.cursor, &row))
        return false;
    struct pen pen = {{area.y, area.x + 1, area.rows, area.columns - 1}, 0, 0};
    line_entry(self, &row, &pen);
    pen_next(&pen);
    if (pen.row < area.rows)
        line_maps(self, &row, &pen);
    pen_next(&pen);
    if (area.rows >= OWNER_FROM && line_owner(self, &row, &pen))
        pen_next(&pen);
    lines_facts(self, &row, &pen);
    return true;
}
