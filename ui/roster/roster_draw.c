/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list on the screen: the names of its columns, then its rows. */
#include "ui/paragraph.h"
#include "ui/roster/roster.h"

#include <stdlib.h>
#include <string.h>

#define HEAD_FROM 4 /* lines from which the columns are named */

/* Cells that the columns that are not `out` need; *lowest is the one that is worth least of
 * those that may give way, or kind->columns. */
static int cells_needed(const struct roster_kind *kind, const bool *out, unsigned *lowest)
{
    int used = 0;
    *lowest = kind->columns;
    for (unsigned i = 0; i < kind->columns; i++) {
        const struct roster_column *column = &kind->column[i];
        if (out[i])
            continue;
        used += 1 + abs(column->width);
        if (column->worth &&
            (*lowest == kind->columns || column->worth < kind->column[*lowest].worth))
            *lowest = i;
    }
    return used;
}

void roster_layout(const struct roster *roster, int width, struct roster_layout *layout)
{
    const struct roster_kind *kind = roster->kind;
    bool out[ROSTER_COLUMNS] = {false};
    unsigned lowest;
    int used;
    for (unsigned i = 0; i < kind->columns; i++)
        out[i] = kind->blank && kind->blank(roster, i);
    while ((used = cells_needed(kind, out, &lowest)) > width && lowest < kind->columns)
        out[lowest] = true;
    int at = 1, rest = width > used ? width - used : 0;
    *layout = (struct roster_layout){0};
    for (unsigned i = 0; i < kind->columns; i++) {
        int wide = kind->column[i].width;
        layout->at[i] = at;
        layout->width[i] = out[i] ? 0 : wide > 0 ? wide : rest - wide;
        at += out[i] ? 0 : layout->width[i] + 1;
    }
}

/* One cell's own area: what is too long is cut at its edge. */
static struct area cell_area(struct area area, int line, const struct roster_layout *layout,
                             unsigned column)
{
    int left = area.columns - layout->at[column];
    int wide = layout->width[column] < left ? layout->width[column] : left;
    return (struct area){area.y + line, area.x + layout->at[column], 1, wide > 0 ? wide : 0};
}

static void put_cell(struct area cell, enum style style, bool right, const char *text)
{
    int width = screen_width(text, strlen(text));
    if (cell.columns < 1)
        return;
    screen_put(cell, 0, right && width < cell.columns ? cell.columns - width : 0, style, text);
    if (width > cell.columns)
        screen_put(cell, 0, cell.columns - 1, STYLE_DIM, "…");
}

static void draw_head(const struct roster *roster, struct area area,
                      const struct roster_layout *layout)
{
    for (unsigned i = 0; i < roster->kind->columns; i++) {
        const struct roster_column *column = &roster->kind->column[i];
        struct area cell = cell_area(area, 0, layout, i);
        bool sorted = i == roster->sort;
        char name[32];
        struct text text = TEXT_OVER(name);
        if (!layout->width[i])
            continue;
        text_add(&text, "%s", column->name);
        if (sorted && column->width != 1)
            text_add(&text, "%s", roster->inverted ? "↑" : "↓");
        put_cell(cell, sorted ? STYLE_FOCUS : STYLE_DIM, column->right, name);
    }
}

static void draw_row(const struct roster *roster, struct area area, int line,
                     const struct roster_layout *layout, size_t row)
{
    static const enum style fresh_style[] = {
        [FRESH_NOW] = STYLE_CHANGED, [FRESH_OLD] = STYLE_CHANGED_OLD};
    const struct roster_kind *kind = roster->kind;
    for (unsigned i = 0; i < kind->columns; i++) {
        char cell[ROSTER_TEXT];
        struct text text = TEXT_OVER(cell);
        if (!layout->width[i])
            continue;
        kind->text(roster, row, i, &text);
        enum freshness fresh = kind->fresh ? kind->fresh(roster, row, i) : FRESH_NOT;
        put_cell(cell_area(area, line, layout, i),
                 fresh == FRESH_NOT ? kind->column[i].style : fresh_style[fresh],
                 kind->column[i].right, cell);
    }
}

static void draw_why(const struct roster *roster, struct area area)
{
    char doing[120];
    double done;
    if (session_progress(roster->session, doing, sizeof doing, &done)) {
        screen_printf(area, 0, 1, STYLE_DIM, "%s %d%%", doing, (int)(100 * done));
        return;
    }
    paragraph_put(area, 0, STYLE_TEXT, roster->why.text);
}

void roster_draw(struct pane *pane, struct area area, bool focused)
{
    struct roster *roster = (struct roster *)(void *)pane;
    struct roster_layout layout;
    if (!roster->loaded) {
        draw_why(roster, area);
        return;
    }
    roster_layout(roster, area.columns, &layout);
    struct area body = area;
    roster->width = area.columns;
    roster->head = area.rows >= HEAD_FROM;
    if (roster->head) {
        draw_head(roster, area, &layout);
        body.y++;
        body.rows--;
    }
    struct list *list = &roster->list;
    list_fit(list, roster->matches, body.rows > 0 ? (unsigned)body.rows : 0);
    if (roster->matches == 0)
        screen_put(body, 0, 1, STYLE_DIM,
                   roster->scanned < roster->count ? "looking ..."
                   : roster->filter[0]             ? "nothing has that text; Esc shows all"
                                                   : "nothing there");
    for (int line = 0; line < body.rows && list->top + (uint64_t)line < list->rows; line++) {
        size_t at = (size_t)list->top + (size_t)line;
        draw_row(roster, body, line, &layout, roster->shown[at]);
        if (at == list->cursor)
            screen_restyle(body, line, 0, body.columns,
                           focused ? STYLE_CURSOR : STYLE_CURSOR_OTHER);
    }
}

void roster_title(struct pane *pane, char *text, size_t size)
{
    const struct roster *roster = (const struct roster *)(const void *)pane;
    struct text title = text_over(text, size);
    text_add(&title, "%s", roster->kind->title);
    if (!roster->loaded)
        return;
    if (roster->kind->caption)
        roster->kind->caption(roster, &title);
    if (roster->filter[0])
        text_add(&title, "  \\%s", roster->filter);
    text_add(&title, "  %llu/%zu",
             roster->matches ? (unsigned long long)roster->list.cursor + 1 : 0ULL, roster->matches);
    if (roster->filter[0])
        text_add(&title, " of %zu", roster->count);
}
