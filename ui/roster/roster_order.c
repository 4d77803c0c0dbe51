/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorting at once, filtering in slices: a list of 200,000 rows answers each letter. */
#include "ui/roster/roster.h"

#include <stdlib.h>
#include <string.h>

/* Rows looked at in one go, before the next key: about a millisecond.  To write out every cell
 * of a row takes that much longer than to look into what the kind has at hand. */
size_t roster_slice(const struct roster *roster)
{
    return roster->kind->has ? 4096 : 512;
}

static char lower_of(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

void roster_lower(const char *text, char *lower)
{
    size_t i = 0;
    for (; text[i] && i < ROSTER_FILTER - 1; i++)
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

bool roster_has(const struct roster *roster, size_t row, const char *lower)
{
    const struct roster_kind *kind = roster->kind;
    if (kind->has)
        return kind->has(roster, row, lower);
    for (unsigned i = 0; i < kind->columns; i++) {
        char cell[ROSTER_TEXT];
        struct text text = TEXT_OVER(cell);
        kind->text(roster, row, i, &text);
        if (text_has(cell, lower))
            return true;
    }
    return false;
}

static int by_column(const void *a, const void *b, void *context)
{
    const struct roster *roster = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int order = roster->kind->compare(roster, left, right, roster->sort);
    return order ? order : left < right ? -1 : left > right;
}

static bool make_room(struct roster *roster, size_t count)
{
    if (count <= roster->room)
        return true;
    size_t room = count + count / 2;
    uint32_t *order = realloc(roster->order, room * sizeof *order);
    roster->order = order ? order : roster->order;
    uint32_t *shown = realloc(roster->shown, room * sizeof *shown);
    roster->shown = shown ? shown : roster->shown;
    if (!order || !shown)
        return false;
    roster->room = room;
    return true;
}

bool roster_sort(struct roster *roster)
{
    const struct roster_kind *kind = roster->kind;
    size_t count = roster->loaded ? kind->count(roster) : 0;
    bool enough = make_room(roster, count);
    roster->count = enough ? count : 0;
    count = roster->count;
    if (count && !(kind->order && kind->order(roster, roster->sort, roster->order))) {
        for (size_t i = 0; i < count; i++)
            roster->order[i] = (uint32_t)i;
        qsort_r(roster->order, count, sizeof *roster->order, by_column, roster);
    }
    for (size_t i = 0; roster->inverted && i < count / 2; i++) {
        uint32_t other = roster->order[count - 1 - i];
        roster->order[count - 1 - i] = roster->order[i];
        roster->order[i] = other;
    }
    roster_narrow(roster, NULL);
    return enough;
}

void roster_keep_cursor(struct roster *roster)
{
    size_t row;
    if (roster->seeking || !roster_row(roster, &row))
        return;
    roster->seeking = true;
    roster->sought_key = roster->kind->key(roster, row);
}

void roster_narrow(struct roster *roster, const char *text)
{
    roster->search_left = 0;
    if (text) {
        roster->filter[0] = '\0';
        strncat(roster->filter, text, ROSTER_FILTER - 1);
        roster_lower(text, roster->lower);
    }
    roster->scanned = roster->matches = 0;
    /* Without a filter nothing is looked into. */
    size_t most = roster->lower[0] ? roster_slice(roster) : roster->count;
    for (size_t rows = 0; rows < most && roster->matches <= roster->list.top + roster->list.height;
         rows += 256)
        if (!roster_scan(roster, 256))
            break;
}

static void append(struct roster *roster, uint32_t row)
{
    size_t at = roster->matches++;
    roster->shown[at] = row;
    if (!roster->seeking || roster->kind->key(roster, row) != roster->sought_key)
        return;
    struct list *list = &roster->list;
    roster->seeking = false;
    list->rows = roster->matches;
    list_place(list, at, list->top ? list->cursor - list->top : at);
}

bool roster_scan(struct roster *roster, size_t rows)
{
    for (; rows && roster->scanned < roster->count; rows--) {
        uint32_t row = roster->order[roster->scanned++];
        if (!roster->lower[0] || roster_has(roster, row, roster->lower))
            append(roster, row);
    }
    roster->list.rows = roster->matches;
    if (roster->scanned < roster->count)
        return true;
    roster->seeking = false;
    return false;
}
