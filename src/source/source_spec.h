/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FILE[:OFFSET][@PA][+SIZE][,...]: which bytes of which files are RAM, and where it lies.
 * source_open() in source.h says what that means.
 */
#ifndef RAMWALK_SOURCE_SOURCE_SPEC_H
#define RAMWALK_SOURCE_SOURCE_SPEC_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One item of the list. */
struct source_item {
    const char *name; /* of the file: `length` bytes, not terminated */
    size_t length;
    const char *text; /* the whole item: `text_length` bytes */
    size_t text_length;
    bool has_offset, has_pa, has_size;
    uint64_t offset, pa, size;
};

/*
 * Takes the item at `*at` and moves on to the next; *at NULL: that was the last.  The longest name
 * that there is (a file, or one that a kind takes) wins before suffixes and commas are split off.
 */
bool source_spec_next(const char **at, struct source_item *item, struct error *err);

#endif
