/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text that grows. */
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

/* Space for `more` bytes and a NUL; where it ends. */
static char *grow(struct buffer *buffer, size_t more)
{
    size_t wanted = buffer->length + more + 1;
    if (wanted > buffer->capacity) {
        size_t capacity = wanted + wanted / 2 + 64;
        char *data = realloc(buffer->data, capacity);
        if (!data) {
            buffer->failed = true;
            return NULL;
        }
        buffer->data = data;
        buffer->capacity = capacity;
    }
    return buffer->data + buffer->length;
}

void buffer_add(struct buffer *buffer, const char *bytes, size_t length)
{
    char *end = grow(buffer, length);
    if (!end)
        return;
    memcpy(end, bytes, length);
    end[length] = '\0';
    buffer->length += length;
}

void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void buffer_pad(struct buffer *buffer, size_t blanks)
{
    char *end = grow(buffer, blanks);
    if (!end)
        return;
    memset(end, ' ', blanks);
    end[blanks] = '\0';
    buffer->length += blanks;
}

void buffer_cut(struct buffer *buffer, size_t length)
{
    if (length >= buffer->length)
        return;
    buffer->length = length;
    buffer->data[length] = '\0';
}

void buffer_deinit(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}
