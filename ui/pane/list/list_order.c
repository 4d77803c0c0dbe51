/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorting at once, filtering in slices: a list of 200,000 rows answers each letter. */
#include "ui/pane/list/list_pane.h"

#include <stdlib.h>
#include <string.h>

/* Rows looked at in one go, before the next key: about a millisecond.  To write out every cell
 * of a row takes that much longer than to look into what the kind has at hand. */
size_t list_pane_slice(const struct list_pane *list)
{
    return list->kind->has ? 4096 : 512;
}

static char lower_of(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

void list_pane_lower(const char *text, char *lower)
{
    size_t i = 0;
    for (; text[i] && i < LIST_PANE_FILTER - 1; i++)
        lower[i] = lower_of(text[i]);
    lower[i] = '\0';
}

bool text_has(const char *text, const char *lower)
{
    for (; *text; text++) {
        size_t i = 0;
        while (lower[i] && lower_of(text[i]) == lower[i])
            i++;
        if (!lower[i])
            return true;
    }
    return !*lower;
}

bool list_pane_has(const struct list_pane *list, size_t row, const char *lower)
{
    const struct list_source *kind = list->kind;
    if (kind->has)
        return kind->has(list, row, lower);
    for (unsigned i = 0; i < kind->columns; i++) {
        char cell[LIST_PANE_TEXT];
        struct text text = TEXT_OVER(cell);
        kind->text(list, row, i, &text);
        if (text_has(cell, lower))
            return true;
    }
    return false;
}

static int by_column(const void *a, const void *b, void *context)
{
    const struct list_pane *list = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int order = list->kind->compare(list, left, right, list->sort);
    return order ? order : left < right ? -1 : left > right;
}

static bool make_room(struct list_pane *list, size_t count)
{
    if (count <= list->capacity)
        return true;
    size_t capacity = count + count / 2;
    uint32_t *order = realloc(list->order, capacity * sizeof *order);
    list->order = order ? order : list->order;
    uint32_t *shown = realloc(list->shown, capacity * sizeof *shown);
    list->shown = shown ? shown : list->shown;
    if (!order || !shown)
        return false;
    list->capacity = capacity;
    return true;
}

bool list_pane_sort(struct list_pane *list)
{
    const struct list_source *kind = list->kind;
    size_t count = list->loaded ? kind->count(list) : 0;
    bool enough = make_room(list, count);
    list->count = enough ? count : 0;
    count = list->count;
    if (count && !(kind->order && kind->order(list, list->sort, list->order))) {
        for (size_t i = 0; i < count; i++)
            list->order[i] = (uint32_t)i;
        qsort_r(list->order, count, sizeof *list->order, by_column, list);
    }
    for (size_t i = 0; list->inverted && i < count / 2; i++) {
        uint32_t other = list->order[count - 1 - i];
        list->order[count - 1 - i] = list->order[i];
        list->order[i] = other;
    }
    list_pane_narrow(list, NULL);
    return enough;
}

void list_pane_keep_cursor(struct list_pane *list)
{
    size_t row;
    if (list->seeking || !list_pane_row(list, &row))
        return;
    list->seeking = true;
    list->sought_key = list->kind->key(list, row);
}

void list_pane_narrow(struct list_pane *list, const char *text)
{
    list->search_left = 0;
    if (text) {
        list->filter[0] = '\0';
        strncat(list->filter, text, LIST_PANE_FILTER - 1);
        list_pane_lower(text, list->lower);
    }
    list->scanned = list->matches = 0;
    /* Without a filter nothing is looked into. */
    size_t most = list->lower[0] ? list_pane_slice(list) : list->count;
    for (size_t rows = 0; rows < most && list->matches <= list->scroll.top + list->scroll.height;
         rows += 256)
        if (!list_pane_scan(list, 256))
            break;
}

static void append(struct list_pane *list, uint32_t row)
{
    size_t at = list->matches++;
    list->shown[at] = row;
    if (!list->seeking || list->kind->key(list, row) != list->sought_key)
        return;
    struct scroll *scroll = &list->scroll;
    list->seeking = false;
    scroll->rows = list->matches;
    scroll_place(scroll, at, scroll->top ? scroll->cursor - scroll->top : at);
}

bool list_pane_scan(struct list_pane *list, size_t rows)
{
    for (; rows && list->scanned < list->count; rows--) {
        uint32_t row = list->order[list->scanned++];
        if (!list->lower[0] || list_pane_has(list, row, list->lower))
            append(list, row);
    }
    list->scroll.rows = list->matches;
    if (list->scanned < list->count)
        return true;
    list->seeking = false;
    return false;
}
