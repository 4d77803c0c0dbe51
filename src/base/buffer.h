/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A text that grows: a line of an answer, however long.  A buffer of all zero is an empty one.
 * Where memory runs out what is there stays, and `failed` says so.
 */
#ifndef RAMWALK_BASE_BUFFER_H
#define RAMWALK_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *data; /* with a NUL at its end once anything was added; the buffer's own */
    size_t length, capacity;
    bool failed;
};

void buffer_add(struct buffer *buffer, const char *bytes, size_t length);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_pad(struct buffer *buffer, size_t blanks);

/* Cuts it to `length` bytes: what is longer is gone. */
void buffer_cut(struct buffer *buffer, size_t length);
void buffer_deinit(struct buffer *buffer);

#endif
