/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a space: of bytes by arithmetic, of gaps as hex_gaps.h knows them. */
#include "ui/pane/hex/hex_rows.h"

static enum range_state kind_at(struct hex_rows *rows, uint64_t value, struct range *range)
{
    session_range(rows->session, address_in(rows->space, value), range);
    return range->kind;
}

static struct hex_row row_at(struct hex_rows *rows, uint64_t address, struct hex_ends ends)
{
    uint64_t first, last, mask = rows->width - 1;
    session_bounds(rows->session, rows->space, &first, &last);
    if (address > last)
        address = last;
    struct range range;
    struct hex_row bytes = {address & ~mask, address | mask, RANGE_DATA, UINT64_MAX};
    if (bytes.last > last)
        bytes.last = last;
    if (kind_at(rows, address, &range) == RANGE_DATA)
        return bytes;
    struct hex_row gap =
        hex_gap_at(&rows->gaps, rows->session, address_in(rows->space, address), &range, ends);
    /* Rows of bytes start at multiples of the width: a gap has what is left between them. */
    if (gap.first != first && (gap.first & mask)) {
        if ((gap.first | mask) >= gap.last)
            return bytes;
        gap.first = (gap.first | mask) + 1;
    }
    if (gap.last != last && (gap.last & mask) != mask) {
        if ((gap.last & ~mask) <= gap.first)
            return bytes;
        gap.last = (gap.last & ~mask) - 1;
    }
    return address < gap.first || address > gap.last ? bytes : gap;
}

struct hex_row hex_row_at(struct hex_rows *rows, uint64_t address)
{
    return row_at(rows, address, (struct hex_ends){false, false});
}

bool hex_row_next(struct hex_rows *rows, struct hex_row *row)
{
    uint64_t first, last;
    session_bounds(rows->session, rows->space, &first, &last);
    if (row->last >= last)
        return false;
    *row = row_at(rows, row->last + 1, (struct hex_ends){.has_first = true});
    return true;
}

bool hex_row_previous(struct hex_rows *rows, struct hex_row *row)
{
    uint64_t first, last;
    session_bounds(rows->session, rows->space, &first, &last);
    if (row->first <= first)
        return false;
    *row = row_at(rows, row->first - 1, (struct hex_ends){.has_last = true});
    return true;
}

/* Rows of bytes that certainly follow (precede) within the same page need no look-up each. */
static int64_t rows_in_page(const struct hex_rows *rows, const struct hex_row *row, bool back)
{
    if (row->kind != RANGE_DATA)
        return 0;
    uint64_t in_page = row->first & 0xfff;
    uint64_t bytes = back ? in_page : 0xfff - in_page;
    return (int64_t)(bytes / rows->width);
}

struct hex_row hex_row_move(struct hex_rows *rows, struct hex_row row, int64_t count)
{
    while (count != 0) {
        bool back = count < 0;
        int64_t inside = rows_in_page(rows, &row, back), left = back ? -count : count;
        if (inside > 1 && left > 1) {
            uint64_t step = (uint64_t)(inside < left ? inside : left) * rows->width;
            struct hex_row there = hex_row_at(rows, back ? row.first - step : row.first + step);
            /* Both ends hold bytes: so does what is between, pages being all or nothing. */
            if (there.kind == RANGE_DATA) {
                count += (back ? 1 : -1) * (int64_t)(step / rows->width);
                row = there;
                continue;
            }
        }
        if (!(back ? hex_row_previous(rows, &row) : hex_row_next(rows, &row)))
            break;
        count += back ? 1 : -1;
    }
    return row;
}
