/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scrolling arithmetic: every function leaves cursor and top inside the rows. */
#include "ui/widget/scroll.h"

static uint64_t height_of(const struct scroll *list)
{
    return list->height ? list->height : 1;
}

/* The highest top that leaves no empty line below the last row. */
static uint64_t last_top(const struct scroll *list)
{
    return list->rows > height_of(list) ? list->rows - height_of(list) : 0;
}

static uint64_t moved(uint64_t from, int64_t delta, uint64_t last)
{
    if (delta < 0) {
        uint64_t up = (uint64_t)0 - (uint64_t)delta;
        return from > up ? from - up : 0;
    }
    uint64_t down = (uint64_t)delta;
    return last > from && last - from > down ? from + down : last;
}

void scroll_to(struct scroll *list, uint64_t row)
{
    if (list->rows == 0) {
        list->cursor = list->top = 0;
        return;
    }
    list->cursor = row < list->rows ? row : list->rows - 1;
    if (list->cursor < list->top)
        list->top = list->cursor;
    else if (list->cursor - list->top >= height_of(list))
        list->top = list->cursor - height_of(list) + 1;
    if (list->top > last_top(list))
        list->top = last_top(list);
}

void scroll_move(struct scroll *list, int64_t delta)
{
    scroll_to(list, list->rows ? moved(list->cursor, delta, list->rows - 1) : 0);
}

void scroll_page(struct scroll *list, int64_t delta)
{
    list->top = moved(list->top, delta, last_top(list));
    scroll_move(list, delta);
}

void scroll_fit(struct scroll *list, uint64_t rows, unsigned height)
{
    list->rows = rows;
    list->height = height;
    scroll_to(list, list->cursor);
}

void scroll_place(struct scroll *list, uint64_t row, uint64_t line)
{
    if (line >= height_of(list))
        line = height_of(list) - 1;
    list->top = row > line ? row - line : 0;
    scroll_to(list, row);
}

bool scroll_motion(struct scroll *list, enum motion motion, int64_t steps)
{
    int64_t height = (int64_t)height_of(list), page = height > 1 ? height - 1 : 1;
    switch (motion) {
    case MOTION_ROW:
        scroll_move(list, steps);
        return true;
    case MOTION_PAGE:
        scroll_page(list, page * steps);
        return true;
    case MOTION_HALF_PAGE:
        scroll_page(list, (height + 1) / 2 * steps);
        return true;
    case MOTION_BOUND:
        scroll_to(list, steps < 0 ? 0 : list->rows);
        return true;
    case MOTION_COLUMN:
    case MOTION_ROW_BOUND:
        break;
    }
    return false;
}
