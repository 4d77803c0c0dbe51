/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows sorted in a worker, filtered and searched in slices. */
#include "ui/widget/row_view.h"

#include <stdlib.h>
#include <string.h>

void row_view_deinit(struct row_view *view)
{
    row_view_stop(view);
    browser_close(view->browser);
    free(view->order);
    free(view->shown);
    *view = (struct row_view){0};
}

bool row_view_item(const struct row_view *view, size_t *item)
{
    if (!view->browser || view->scroll.cursor >= view->matches)
        return false;
    *item = view->shown[view->scroll.cursor];
    return true;
}

/* --- text --------------------------------------------------------------------------------------*/

static char lower_of(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

void row_lower(const char *text, char *lower)
{
    size_t i = 0;
    for (; text[i] && i < ROW_FILTER - 1; i++)
        lower[i] = lower_of(text[i]);
    lower[i] = '\0';
}

static bool bytes_have(const char *text, size_t length, const char *lower)
{
    for (const char *end = text + length; text < end; text++) {
        size_t i = 0;
        while (lower[i] && text + i < end && lower_of(text[i]) == lower[i])
            i++;
        if (!lower[i])
            return true;
    }
    return !*lower;
}

bool text_has(const char *text, const char *lower)
{
    return bytes_have(text, strlen(text), lower);
}

void row_cell_text(const struct column *column, const struct value *value, struct text *text)
{
    bool bare = column->flags & COLUMN_BARE ||
                (value->type == VALUE_ADDRESS && address_is_virtual(value->address));
    if (value_is_text(value))
        text_add(text, "%.*s", (int)value->text.length, value->text.bytes);
    else
        value_add(value, column->digits, bare, text);
}

/* Numbers and addresses are written out only for a text that could stand in one. */
static bool may_be_number(const char *lower)
{
    return !lower[strspn(lower, "0123456789abcdefxpv:.-kmgt")];
}

bool row_view_has(const struct row_view *view, size_t item, const char *lower)
{
    const struct shape *shape = browser_shape(view->browser);
    const struct value *row = browser_row(view->browser, item);
    const unsigned *shown;
    unsigned count = browser_shown(view->browser, &shown);
    bool numbers = may_be_number(lower);
    for (unsigned i = 0; i < count; i++) {
        const struct value *value = &row[shown[i]];
        char cell[ROW_TEXT];
        struct text text = TEXT_OVER(cell);
        if (value_is_text(value)) {
            if (value->text.bytes && bytes_have(value->text.bytes, value->text.length, lower))
                return true;
            continue;
        }
        if (!numbers && value->type != VALUE_BOOL && value->type != VALUE_ARRAY)
            continue;
        row_cell_text(&shape->column[shown[i]], value, &text);
        if (text_has(cell, lower))
            return true;
    }
    return false;
}

/* --- order -------------------------------------------------------------------------------------*/

static bool make_room(struct row_view *view, size_t count)
{
    if (count <= view->capacity)
        return true;
    size_t capacity = count + count / 2;
    uint32_t *order = realloc(view->order, capacity * sizeof *order);
    view->order = order ? order : view->order;
    uint32_t *shown = realloc(view->shown, capacity * sizeof *shown);
    view->shown = shown ? shown : view->shown;
    if (!order || !shown)
        return false;
    view->capacity = capacity;
    return true;
}

/* Which rows, in slices; what is on screen at once. */
static void narrow(struct row_view *view)
{
    view->search_left = 0;
    view->scanned = view->matches = 0;
    /* Without a filter nothing is looked into. */
    bool filtered = view->lower[0] || (view->browser && browser_has_terms(view->browser));
    size_t most = filtered ? ROW_SLICE : view->count;
    for (size_t rows = 0; rows < most && view->matches <= view->scroll.top + view->scroll.height;
         rows += 256)
        if (!row_view_scan(view, 256))
            break;
}

/* What the worker has made is lost. */
static void end_sorting(struct row_view *view)
{
    arranger_stop(view->arranger);
    view->arranger = NULL;
    free(view->coming);
    view->coming = NULL;
}

bool row_view_sort(struct row_view *view)
{
    size_t count = view->browser ? browser_count(view->browser) : 0;
    end_sorting(view);
    bool enough = make_room(view, count);
    view->count = enough ? count : 0;
    if (view->count)
        enough = browser_order(view->browser, view->sort, view->inverted, view->order);
    narrow(view);
    return enough;
}

bool row_view_take_order(struct row_view *view, uint32_t *order)
{
    size_t count = view->browser ? browser_count(view->browser) : 0;
    end_sorting(view);
    if (!make_room(view, count))
        return false;
    uint32_t *grown = realloc(order, (view->capacity ? view->capacity : 1) * sizeof *order);
    if (!grown)
        return false;
    free(view->order);
    view->order = grown;
    view->count = count;
    narrow(view);
    return true;
}

static void sort_rows(void *context, struct browser *browser, const atomic_bool *cancelled)
{
    const struct row_view *view = context;
    (void)cancelled; /* its end is near */
    browser_order(browser, view->sort, view->inverted, view->coming);
}

/* What is sorted within a part of a frame is there at once. */
void row_view_sort_soon(struct row_view *view)
{
    enum { SOON_MS = 4 };
    struct error ignored;
    view->coming = calloc(view->capacity ? view->capacity : 1, sizeof *view->coming);
    if (view->coming && view->count && view->count == browser_count(view->browser))
        view->arranger = arranger_start(view->browser, sort_rows, view, &ignored);
    if (view->arranger) {
        row_view_settle(view, SOON_MS);
        return;
    }
    row_view_keep_cursor(view);
    row_view_sort(view);
}

bool row_view_settle(struct row_view *view, int within_ms)
{
    if (!view->arranger)
        return false;
    if (!arranger_has_ended(view->arranger, within_ms))
        return true;
    uint32_t *order = view->coming;
    view->coming = NULL;
    end_sorting(view);
    row_view_keep_cursor(view);
    free(view->order);
    view->order = order;
    narrow(view);
    return false;
}

/* Another order is about to be asked for.  True: in place of one that was under way. */
static bool begin_sorting(struct row_view *view)
{
    bool was_sorting = view->arranger;
    end_sorting(view);
    if (!was_sorting) {
        view->sorted = view->sort;
        view->sorted_inverted = view->inverted;
    }
    return was_sorting;
}

void row_view_stop(struct row_view *view)
{
    if (!view->arranger)
        return;
    end_sorting(view);
    view->sort = view->sorted;
    view->inverted = view->sorted_inverted;
}

void row_view_sort_by(struct row_view *view, unsigned column)
{
    begin_sorting(view);
    view->inverted = view->sort == column && !view->inverted;
    view->sort = column;
    row_view_sort_soon(view);
}

/* --- filter ------------------------------------------------------------------------------------*/

/* What the filter says: terms and columns, or a text to look for. */
static void read_filter(struct row_view *view)
{
    unsigned column;
    bool descending;
    view->wrong.text[0] = view->lower[0] = '\0';
    if (!view->browser)
        return;
    bool takes = browser_takes(view->browser, view->filter);
    if (!browser_choose(view->browser, takes ? view->filter : "", &view->wrong))
        return;
    view->wrong.text[0] = '\0';
    if (!takes)
        row_lower(view->filter, view->lower);
    if (browser_is_sorted(view->browser, &column, &descending)) {
        view->sort = column;
        view->inverted = descending;
    }
}

void row_view_filter(struct row_view *view, const char *text)
{
    unsigned sort = view->sort;
    bool inverted = view->inverted, was_sorting = begin_sorting(view);
    row_view_keep_cursor(view);
    scroll_to(&view->scroll, 0);
    view->filter[0] = '\0';
    strncat(view->filter, text, ROW_FILTER - 1);
    read_filter(view);
    if (was_sorting || view->sort != sort || view->inverted != inverted)
        row_view_sort_soon(view);
    else
        narrow(view);
}

void row_view_take(struct row_view *view, struct browser *browser)
{
    unsigned sort = view->sort;
    bool inverted = view->inverted;
    end_sorting(view);
    row_view_keep_cursor(view);
    browser_close(view->browser);
    view->browser = browser;
    read_filter(view);
    /* A sort key that was pressed since the filter was typed counts. */
    view->sort = sort;
    view->inverted = inverted;
}

void row_view_keep_cursor(struct row_view *view)
{
    size_t item;
    if (view->seeking || !row_view_item(view, &item))
        return;
    view->seeking = true;
    view->sought_key = browser_key(view->browser, item);
}

static void append(struct row_view *view, uint32_t item)
{
    size_t at = view->matches++;
    view->shown[at] = item;
    if (!view->seeking || browser_key(view->browser, item) != view->sought_key)
        return;
    struct scroll *scroll = &view->scroll;
    view->seeking = false;
    scroll->rows = view->matches;
    scroll_place(scroll, at, scroll->top ? scroll->cursor - scroll->top : at);
}

static bool lets_through(const struct row_view *view, size_t item)
{
    return !view->wrong.text[0] && browser_holds(view->browser, item) &&
           (!view->lower[0] || row_view_has(view, item, view->lower));
}

bool row_view_scan(struct row_view *view, size_t rows)
{
    for (; rows && view->order && view->scanned < view->count; rows--) {
        uint32_t item = view->order[view->scanned++];
        if (lets_through(view, item))
            append(view, item);
    }
    view->scroll.rows = view->matches;
    if (view->scanned < view->count)
        return true;
    view->seeking = false;
    return false;
}

/* --- search ------------------------------------------------------------------------------------*/

void row_view_search(struct row_view *view, bool backward)
{
    view->search_at = (size_t)view->scroll.cursor;
    view->search_left = view->matches;
    view->search_back = backward;
}

enum row_found row_view_search_on(struct row_view *view)
{
    char lower[ROW_FILTER];
    size_t slice = ROW_SLICE;
    row_lower(view->sought, lower);
    for (; slice && view->search_left; slice--, view->search_left--) {
        size_t step = view->search_back ? view->matches - 1 : 1;
        view->search_at = (view->search_at + step) % view->matches;
        if (!row_view_has(view, view->shown[view->search_at], lower))
            continue;
        size_t from = (size_t)view->scroll.cursor, at = view->search_at;
        scroll_to(&view->scroll, at);
        view->search_left = 0;
        memcpy(view->searched, view->sought, sizeof view->searched);
        return (view->search_back ? at >= from : at <= from) ? ROW_FOUND_ROUND : ROW_FOUND;
    }
    return view->search_left ? ROW_LOOKING : ROW_NOT_FOUND;
}
