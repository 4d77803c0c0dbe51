/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows of a list of values differ from a moment ago (ui/pane/hex/changes.h has
 * bytes). */
#ifndef RAMWALK_UI_PANE_STRUCT_VALUE_CHANGES_H
#define RAMWALK_UI_PANE_STRUCT_VALUE_CHANGES_H

#include "ui/pane/hex/changes.h"

#define VALUE_CHANGES 512 /* rows that are remembered: more than a screen has */

struct value_changes {
    struct {
        uint64_t id; /* of what stood in that row */
        uint32_t hash;
        int64_t when; /* it changed; 0: never */
        bool used;
    } row[VALUE_CHANGES];
};

/* What row number `row` shows now; by `id` it is known whether it is still the same thing's row. */
void value_changes_note(struct value_changes *changes, size_t row, uint64_t id, const char *value,
                        int64_t now_ms);
enum freshness value_changes_of(const struct value_changes *changes, size_t row, uint64_t id,
                                int64_t now_ms);

#endif
