/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A direct-mapped table of rows: rows on screen follow one another and so have slots of their
 * own; the rare clash costs a highlight, nothing else.
 */
#include "ui/pane/hex/changes.h"

#include <stdlib.h>
#include <string.h>

enum {
    SLOTS = 1024,
    BYTES = 64,
    NOW_MS = 700,
    OLD_MS = 2000,
    STALE_MS = 3000, /* a row not looked at for so long starts anew */
};

struct slot {
    bool used;
    struct address address;
    int64_t seen;
    size_t length; /* bytes known */
    uint8_t bytes[BYTES];
    uint32_t when[BYTES]; /* of the last change, low 32 bits of the clock; 0: never */
};

struct changes {
    struct slot slot[SLOTS];
};

struct changes *changes_create(void)
{
    return calloc(1, sizeof(struct changes));
}

void changes_destroy(struct changes *changes)
{
    free(changes);
}

void changes_forget(struct changes *changes)
{
    for (size_t i = 0; i < SLOTS; i++)
        changes->slot[i].used = false;
}

static size_t slot_number(struct address address)
{
    return (size_t)((address.value >> 3) ^ (address.value >> 17)) % SLOTS;
}

void changes_note(struct changes *changes, struct address address, const uint8_t *bytes,
                  size_t length, int64_t now_ms)
{
    struct slot *slot = &changes->slot[slot_number(address)];
    if (length > BYTES)
        length = BYTES;
    if (!slot->used || slot->address.space != address.space ||
        slot->address.value != address.value || now_ms - slot->seen > STALE_MS) {
        memset(slot, 0, sizeof *slot);
        slot->used = true;
        slot->address = address;
    }
    /* A row that has become longer only becomes known. */
    if (length > slot->length) {
        memcpy(slot->bytes + slot->length, bytes + slot->length, length - slot->length);
        slot->length = length;
    }
    slot->seen = now_ms;
    if (memcmp(slot->bytes, bytes, length) == 0)
        return;
    for (size_t i = 0; i < length; i++)
        if (slot->bytes[i] != bytes[i]) {
            slot->bytes[i] = bytes[i];
            slot->when[i] = (uint32_t)now_ms | 1u;
        }
}

enum freshness changes_of(const struct changes *changes, struct address address, size_t index,
                          int64_t now_ms)
{
    const struct slot *slot = &changes->slot[slot_number(address)];
    if (!slot->used || slot->address.value != address.value ||
        slot->address.space != address.space || index >= BYTES || slot->when[index] == 0)
        return FRESH_NOT;
    uint32_t age = (uint32_t)now_ms - slot->when[index];
    return age < NOW_MS ? FRESH_NOW : age < OLD_MS ? FRESH_OLD : FRESH_NOT;
}
