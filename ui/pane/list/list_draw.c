/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list on the screen: the names of its columns, then its rows. */
#include "ui/pane/list/list_load.h"
#include "ui/widget/paragraph.h"

#include <string.h>

enum {
    HEAD_FROM = 4,   /* lines from which the columns are named */
    VIRTUAL = 16,    /* cells of a virtual address, without the prefix */
    REST_LEAST = 14, /* cells of the column that gets what is left over */
    AS_WIDE = 12,    /* of others that are as wide as their values */
};

/* The columns that a list shows. */
struct shown {
    const struct shape *shape;
    const unsigned *column;
    unsigned count, rest; /* `rest`: the place of the one that gets what is left over */
};

static const struct column *column_at(const struct shown *shown, unsigned i)
{
    return &shown->shape->column[shown->column[i]];
}

/* What is left over goes to the first column without a width, else to the last one. */
static struct shown shown_of(const struct list_pane *list)
{
    struct shown shown = {.shape = browser_shape(list->view.browser)};
    shown.count = browser_shown(list->view.browser, &shown.column);
    while (shown.rest < shown.count && column_at(&shown, shown.rest)->width)
        shown.rest++;
    if (shown.rest == shown.count && shown.count)
        shown.rest--;
    return shown;
}

static int width_of(const struct column *column)
{
    if (column->type == VALUE_ADDRESS && !column->letter)
        return VIRTUAL;
    return column->width ? (int)column->width : AS_WIDE;
}

static int least_of(const struct shown *shown, unsigned i)
{
    int width = width_of(column_at(shown, i));
    return i == shown->rest && width < REST_LEAST ? REST_LEAST : width;
}

/* Cells that the columns that are not `out` need; *lowest is the place of the one with the least
 * priority of those that may give way, or shown->count. */
static int cells_needed(const struct shown *shown, const bool *out, unsigned *lowest)
{
    int used = 0;
    *lowest = shown->count;
    for (unsigned i = 0; i < shown->count; i++) {
        if (out[i])
            continue;
        unsigned priority = column_at(shown, i)->priority;
        used += 1 + least_of(shown, i);
        if (priority && (*lowest == shown->count || priority < column_at(shown, *lowest)->priority))
            *lowest = i;
    }
    return used;
}

void list_pane_layout(const struct list_pane *list, int width, struct list_layout *layout)
{
    struct shown shown = shown_of(list);
    bool out[COLUMNS_MAX] = {false};
    unsigned lowest;
    int used;
    while ((used = cells_needed(&shown, out, &lowest)) > width && lowest < shown.count)
        out[lowest] = true;
    int at = 1, left = width > used ? width - used : 0;
    *layout = (struct list_layout){0};
    for (unsigned i = 0; i < shown.count; i++) {
        layout->at[i] = at;
        layout->width[i] = out[i] ? 0 : least_of(&shown, i) + (i == shown.rest ? left : 0);
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
    struct shown shown = shown_of(list);
    for (unsigned i = 0; i < shown.count; i++) {
        const struct column *column = column_at(&shown, i);
        struct area cell = cell_area(area, 0, layout, i);
        bool sorted = shown.column[i] == list->view.sort;
        char name[80];
        struct text text = TEXT_OVER(name);
        if (!layout->width[i])
            continue;
        text_add(&text, "%s", column->heading ? column->heading : "");
        if (sorted && column->width != 1)
            text_add(&text, "%s", list->view.inverted ? "↑" : "↓");
        put_cell(cell, sorted ? STYLE_FOCUS : STYLE_DIM, column->flags & COLUMN_RIGHT, name);
    }
}

static enum style style_of(const struct column *column, enum freshness fresh)
{
    if (fresh != FRESH_NOT)
        return fresh == FRESH_NOW ? STYLE_CHANGED : STYLE_CHANGED_OLD;
    return column->type == VALUE_ADDRESS   ? STYLE_ADDRESS
           : column->flags & COLUMN_LESSER ? STYLE_DIM
                                           : STYLE_TEXT;
}

/* How deep the row lies below others. */
static int depth_of(const struct shape *shape, const struct value *row)
{
    for (unsigned i = 0; i < shape->columns; i++)
        if (shape->column[i].flags & COLUMN_DEPTH)
            return (int)row[i].bits;
    return 0;
}

static void draw_row(const struct list_pane *list, struct area area, int line,
                     const struct list_layout *layout, size_t row)
{
    struct shown shown = shown_of(list);
    const struct value *cells = browser_row(list->view.browser, row);
    for (unsigned i = 0; i < shown.count; i++) {
        const struct column *column = column_at(&shown, i);
        char cell[ROW_TEXT];
        struct text text = TEXT_OVER(cell);
        if (!layout->width[i])
            continue;
        if (column->flags & COLUMN_TREE)
            text_add(&text, "%*s", 2 * depth_of(shown.shape, cells), "");
        row_cell_text(column, &cells[shown.column[i]], &text);
        enum freshness fresh =
            list->kind->fresh ? list->kind->fresh(list, row, shown.column[i]) : FRESH_NOT;
        put_cell(cell_area(area, line, layout, i), style_of(column, fresh),
                 column->flags & COLUMN_RIGHT, cell);
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
    if (list->asked) {
        screen_put(area, 0, 1, STYLE_DIM, "reading ...");
        return;
    }
    paragraph_put(area, 0, STYLE_TEXT, list->why.text);
}

/* Why no row is there. */
static void draw_nothing(const struct list_pane *list, struct area body)
{
    const struct row_view *view = &list->view;
    char key[KEYMAP_HINT];
    if (view->wrong.text[0])
        paragraph_put(body, 0, STYLE_TEXT, view->wrong.text);
    else if (view->scanned < view->count)
        screen_put(body, 0, 1, STYLE_DIM, "looking ...");
    else if (view->filter[0])
        screen_printf(body, 0, 1, STYLE_DIM,
                      view->lower[0] ? "nothing has that text; %s shows all"
                                     : "no row meets those terms; %s shows all",
                      app_hint(list->app, "cancel", key, sizeof key));
    else
        screen_put(body, 0, 1, STYLE_DIM, "nothing there");
}

void list_pane_draw(struct pane *pane, struct area area, bool focused)
{
    struct list_pane *list = (struct list_pane *)(void *)pane;
    struct list_layout layout;
    if (!list->view.browser) {
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
    struct scroll *scroll = &list->view.scroll;
    scroll_fit(scroll, list->view.matches, body.rows > 0 ? (unsigned)body.rows : 0);
    if (list->view.matches == 0)
        draw_nothing(list, body);
    for (int line = 0; line < body.rows && scroll->top + (uint64_t)line < scroll->rows; line++) {
        size_t at = (size_t)scroll->top + (size_t)line;
        draw_row(list, body, line, &layout, list->view.shown[at]);
        if (at == scroll->cursor)
            screen_restyle(body, line, 0, body.columns,
                           focused ? STYLE_CURSOR : STYLE_CURSOR_OTHER);
    }
}

void list_pane_title(struct pane *pane, char *text, size_t size)
{
    const struct list_pane *list = (const struct list_pane *)(const void *)pane;
    const struct row_view *view = &list->view;
    struct text title = text_over(text, size);
    text_add(&title, "%s", list->kind->title);
    if (!view->browser)
        return;
    if (list->kind->caption)
        list->kind->caption(list, &title);
    browser_caption(view->browser, &title);
    if (list->kind->live_ms && list_load_note(list))
        text_add(&title, "  (there may be more)");
    if (view->arranger)
        text_add(&title, "  sorting ...");
    if (view->filter[0])
        text_add(&title, "  \\%s", view->filter);
    text_add(&title, "  %llu/%zu",
             view->matches ? (unsigned long long)view->scroll.cursor + 1 : 0ULL, view->matches);
    if (view->filter[0])
        text_add(&title, " of %zu", view->count);
}
