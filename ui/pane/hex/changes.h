/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which bytes on screen changed a moment ago.  Rows of bytes are remembered by their address;
 * a byte that differs from what was there at the last look is marked with the time.
 */
#ifndef RAMWALK_UI_PANE_HEX_CHANGES_H
#define RAMWALK_UI_PANE_HEX_CHANGES_H

#include "memory/address.h"

#include <stdbool.h>
#include <stddef.h>

struct changes;

enum freshness { FRESH_NOT, FRESH_NOW, FRESH_OLD };

struct changes *changes_create(void); /* NULL: out of memory */
void changes_destroy(struct changes *changes);

/* Looks at up to 64 bytes of a row at `address`, a multiple of 8.  A row not seen for a while, or
 * for the first time, only becomes known. */
void changes_note(struct changes *changes, struct address address, const uint8_t *bytes,
                  size_t length, int64_t now_ms);

/* How fresh byte `index` of the row at `address` is. */
enum freshness changes_of(const struct changes *changes, struct address address, size_t index,
                          int64_t now_ms);

/* Forgets everything: another guest, another row length. */
void changes_forget(struct changes *changes);

#endif
