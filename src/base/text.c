/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bounded text builder. */
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text text_over(char *array, size_t size)
{
    array[0] = '\0';
    return (struct text){.data = array, .size = size};
}

void text_add(struct text *text, const char *format, ...)
{
    size_t capacity = text->size - text->length;
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(text->data + text->length, capacity, format, args);
    va_end(args);
    if (wanted > 0)
        text->length += (size_t)wanted < capacity ? (size_t)wanted : capacity - 1;
}

void text_add_printable(struct text *text, const void *bytes, size_t length)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < length && text->length + 1 < text->size; i++)
        text->data[text->length++] = byte[i] >= 0x20 && byte[i] < 0x7f ? (char)byte[i] : '.';
    text->data[text->length] = '\0';
}

/* Bytes of the UTF-8 character at `c`, or 0 where there is none; overlong forms, surrogates and
 * what is above U+10FFFF are none. */
static size_t utf8_length(const unsigned char *c)
{
    size_t length = c[0] < 0x80                    ? 1
                    : c[0] >= 0xc2 && c[0] <= 0xdf ? 2
                    : c[0] >= 0xe0 && c[0] <= 0xef ? 3
                    : c[0] >= 0xf0 && c[0] <= 0xf4 ? 4
                                                   : 0;
    for (size_t i = 1; i < length; i++)
        if ((c[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xf0 && c[1] < 0x90);
    bool none = (c[0] == 0xed && c[1] >= 0xa0) || (c[0] == 0xf4 && c[1] >= 0x90);
    return overlong || none ? 0 : length;
}

void text_make_utf8(char *bytes, size_t length)
{
    unsigned char *c = (unsigned char *)bytes, *end = c + length;
    while (c < end) {
        size_t character = utf8_length(c);
        if (!character)
            *c = '?';
        c += character ? character : 1;
    }
}

void text_make_harmless(char *string)
{
    unsigned char *c = (unsigned char *)string;
    while (*c) {
        size_t length = utf8_length(c);
        bool control =
            (*c < 0x20 && *c != '\t') || *c == 0x7f || (length == 2 && *c == 0xc2 && c[1] < 0xa0);
        if (length && !control) {
            c += length;
            continue;
        }
        for (size_t i = 0; i < (length ? length : 1); i++)
            c[i] = '?';
    }
}

void text_add_size(struct text *text, uint64_t bytes)
{
    static const char unit[] = "BKMGTPE";
    int i = 0;
    uint64_t scale = 1;
    while (unit[i + 1] && bytes / scale >= 1024) {
        scale *= 1024;
        i++;
    }
    uint64_t whole = bytes / scale;
    /* Cut, not rounded: 3.999G must not read as the 4G that it is not.  (An exabyte's remainder
     * times 100 would not fit; its last bits do not matter.) */
    uint64_t rest = bytes % scale, whole_scale = scale;
    for (; rest > UINT64_MAX / 100; rest >>= 1)
        whole_scale >>= 1;
    uint64_t hundredths = rest * 100 / whole_scale;
    if (bytes % scale == 0 || whole >= 100)
        text_add(text, "%" PRIu64 "%c", whole, unit[i]);
    else if (whole >= 10)
        text_add(text, "%" PRIu64 ".%" PRIu64 "%c", whole, hundredths / 10, unit[i]);
    else
        text_add(text, "%" PRIu64 ".%02" PRIu64 "%c", whole, hundredths, unit[i]);
}

bool parse_size(const char *s, uint64_t *bytes)
{
    static const char unit[] = "KMGTPE";
    if (!isdigit((unsigned char)*s))
        return false;
    bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
    char *end;
    errno = 0;
    uint64_t value = strtoull(s, &end, hex ? 16 : 10);
    if (errno || end == s)
        return false;
    unsigned shift = 0;
    const char *found = *end ? strchr(unit, toupper((unsigned char)*end)) : NULL;
    if (found) {
        shift = 10 * ((unsigned)(found - unit) + 1);
        end++;
        if (*end == 'i')
            end++;
    }
    if (*end == 'B' || *end == 'b')
        end++;
    if (*end || (shift && value >> (64 - shift)))
        return false;
    *bytes = value << shift;
    return true;
}

bool parse_hex(const char *s, uint64_t *value)
{
    if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
        s += 2;
    size_t length = strlen(s);
    if (length == 0 || length > 16 || strspn(s, "0123456789abcdefABCDEF") != length)
        return false;
    *value = strtoull(s, NULL, 16);
    return true;
}

/* Does a number that begins at `at` stand by itself? */
static bool begins_number(const char *s, const char *at)
{
    return at == s || strchr(" (-[<\t", at[-1]) || (at - s > 1 && strncmp(at - 2, "0x", 2) == 0);
}

bool find_address(const char *s, uint64_t *value)
{
    enum { LEAST = 9, MOST = 16 };
    for (const char *at = s; *at; at++) {
        size_t digits = strspn(at, "0123456789abcdef");
        if (!digits)
            continue;
        if (digits >= LEAST && digits <= MOST && begins_number(s, at) &&
            !isalnum((unsigned char)at[digits])) {
            *value = strtoull(at, NULL, 16);
            return true;
        }
        at += digits - 1;
    }
    return false;
}
