/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list on the screen: the names of its columns, then its rows. */
#include "ui/pane/list/list_pane.h"
#include "ui/widget/paragraph.h"

#include <stdlib.h>
#include <string.h>

#define HEAD_FROM 4 /* lines from which the columns are named */

/* Cells that the columns that are not `out` need; *lowest is the one that is priority least of
 * those that may give way, or kind->columns. */
static int cells_needed(const struct list_source *kind, const bool *out, unsigned *lowest)
{
    int used = 0;
    *lowest = kind->columns;
    for (unsigned i = 0; i < kind->columns; i++) {
        const struct list_column *column = &kind->column[i];
        if (out[i])
            continue;
        used += 1 + abs(column->width);
        if (column->priority &&
            (*lowest == kind->columns || column->priority < kind->column[*lowest].priority))
            *lowest = i;
    }
    return used;
}

void list_pane_layout(const struct list_pane *list, int width, struct list_layout *layout)
{
    const struct list_source *kind = list->kind;
    bool out[LIST_PANE_COLUMNS] = {false};
    unsigned lowest;
    int used;
    for (unsigned i = 0; i < kind->columns; i++)
        out[i] = kind->blank && kind->blank(list, i);
    while ((used = cells_needed(kind, out, &lowest)) > width && lowest < kind->columns)
        out[lowest] = true;
    int at = 1, rest = width > used ? width - used : 0;
    *layout = (struct list_layout){0};
    for (unsigned i = 0; i < kind->columns; i++) {
        int wide = kind->column[i].width;
        layout->at[i] = at;
        layout->width[i] = out[i] ? 0 : wide > 0 ? wide : rest - wide;
        at += out[i] ? 0 : layout->width[i] + 1;
    }
}

/* One cell's own area: what is too long is cut at its edge. */
static struct area cell_area(struct area area, int line, const struct list_layout *layout,
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

static void draw_head(const struct list_pane *list, struct area area,
                      const struct list_layout *layout)
{
    for (unsigned i = 0; i < list->kind->columns; i++) {
        const struct list_column *column = &list->kind->column[i];
        struct area cell = cell_area(area, 0, layout, i);
        bool sorted = i == list->sort;
        char name[32];
        struct text text = TEXT_OVER(name);
        if (!layout->width[i])
            continue;
        text_add(&text, "%s", column->name);
        if (sorted && column->width != 1)
            text_add(&text, "%s", list->inverted ? "↑" : "↓");
        put_cell(cell, sorted ? STYLE_FOCUS : STYLE_DIM, column->right, name);
    }
}

static void draw_row(const struct list_pane *list, struct area area, int line,
                     const struct list_layout *layout, size_t row)
{
    static const enum style fresh_style[] = {
        [FRESH_NOW] = STYLE_CHANGED, [FRESH_OLD] = STYLE_CHANGED_OLD};
    const struct list_source *kind = list->kind;
    for (unsigned i = 0; i < kind->columns; i++) {
        char cell[LIST_PANE_TEXT];
        struct text text = TEXT_OVER(cell);
        if (!layout->width[i])
            continue;
        kind->text(list, row, i, &text);
        enum freshness fresh = kind->fresh ? kind->fresh(list, row, i) : FRESH_NOT;
        put_cell(cell_area(area, line, layout, i),
                 fresh == FRESH_NOT ? kind->column[i].style : fresh_style[fresh],
                 kind->column[i].right, cell);
    }
}

static void draw_why(const struct list_pane *list, struct area area)
{
    char doing[120];
    double done;
    if (session_progress(list->session, doing, sizeof doing, &done)) {
        screen_printf(area, 0, 1, STYLE_DIM, "%s %d%%", doing, (int)(100 * done));
        return;
    }
    paragraph_put(area, 0, STYLE_TEXT, list->why.text);
}

void list_pane_draw(struct pane *pane, struct area area, bool focused)
{
    struct list_pane *list = (struct list_pane *)(void *)pane;
    struct list_layout layout;
    if (!list->loaded) {
        draw_why(list, area);
        return;
    }
    list_pane_layout(list, area.columns, &layout);
    struct area body = area;
    list->width = area.columns;
    list->head = area.rows >= HEAD_FROM;
    if (list->head) {
        draw_head(list, area, &layout);
        body.y++;
        body.rows--;
    }
    struct scroll *scroll = &list->scroll;
    scroll_fit(scroll, list->matches, body.rows > 0 ? (unsigned)body.rows : 0);
    char key[KEYMAP_HINT];
    if (list->matches == 0 && list->scanned == list->count && list->filter[0])
        screen_printf(body, 0, 1, STYLE_DIM, "nothing has that text; %s shows all",
                      app_hint(list->app, "cancel", key, sizeof key));
    else if (list->matches == 0)
        screen_put(body, 0, 1, STYLE_DIM,
                   list->scanned < list->count ? "looking ..." : "nothing there");
    for (int line = 0; line < body.rows && scroll->top + (uint64_t)line < scroll->rows; line++) {
        size_t at = (size_t)scroll->top + (size_t)line;
        draw_row(list, body, line, &layout, list->shown[at]);
        if (at == scroll->cursor)
            screen_restyle(body, line, 0, body.columns,
                           focused ? STYLE_CURSOR : STYLE_CURSOR_OTHER);
    }
}

void list_pane_title(struct pane *pane, char *text, size_t size)
{
    const struct list_pane *list = (const struct list_pane *)(const void *)pane;
    struct text title = text_over(text, size);
    text_add(&title, "%s", list->kind->title);
    if (!list->loaded)
        return;
    if (list->kind->caption)
        list->kind->caption(list, &title);
    if (list->filter[0])
        text_add(&title, "  \\%s", list->filter);
    text_add(&title, "  %llu/%zu",
             list->matches ? (unsigned long long)list->scroll.cursor + 1 : 0ULL, list->matches);
    if (list->filter[0])
        text_add(&title, " of %zu", list->count);
}
