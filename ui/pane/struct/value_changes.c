/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A slot a row; a value is remembered by its hash. */
#include "ui/pane/struct/value_changes.h"

#include "base/hash.h"

enum { NOW_MS = 700, OLD_MS = 2000 };

void value_changes_note(struct value_changes *changes, size_t row, uint64_t id, const char *value,
                        int64_t now_ms)
{
    uint32_t hash = hash_text(value);
    size_t at = row % VALUE_CHANGES;
    bool known = changes->row[at].used && changes->row[at].id == id;
    if (!known)
        changes->row[at].when = 0;
    else if (changes->row[at].hash != hash)
        changes->row[at].when = now_ms;
    changes->row[at].used = true;
    changes->row[at].id = id;
    changes->row[at].hash = hash;
}

enum freshness value_changes_of(const struct value_changes *changes, size_t row, uint64_t id,
                                int64_t now_ms)
{
    size_t at = row % VALUE_CHANGES;
    if (!changes->row[at].used || changes->row[at].id != id || !changes->row[at].when)
        return FRESH_NOT;
    int64_t age = now_ms - changes->row[at].when;
    return age < NOW_MS ? FRESH_NOW : age < OLD_MS ? FRESH_OLD : FRESH_NOT;
}
