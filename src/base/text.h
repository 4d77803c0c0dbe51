/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bounded text builder over the caller's array, and how numbers are written for people.
 * The text is always terminated; what does not fit is cut, never an error.
 */
#ifndef RAMWALK_BASE_TEXT_H
#define RAMWALK_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *data;
    size_t size;   /* bytes of data[] */
    size_t length; /* bytes used, without the terminator */
};

/* An empty text over array[size]; size is at least 1. */
struct text text_over(char *array, size_t size);
#define TEXT_OVER(array) text_over((array), sizeof(array))

void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Bytes of the guest made printable: everything outside 0x20..0x7e becomes '.'. */
void text_add_printable(struct text *text, const void *bytes, size_t length);

/*
 * Makes a string harmless for a terminal, in place: control characters but tabs, C1 controls
 * (U+0080 to U+009F) and bytes that are no UTF-8 become '?'.
 */
void text_make_harmless(char *string);

/* Bytes that are no UTF-8 become '?', in place; a NUL stands after bytes[length]. */
void text_make_utf8(char *bytes, size_t length);

/* A size in bytes as people read it: "4K", "2M", "3.99G", "68K", "1T"; at most 3 digits kept. */
void text_add_size(struct text *text, uint64_t bytes);

/* Parses "4096", "0x1000", "4K", "2M", "1G", "1T" (binary units).  False: not a size. */
bool parse_size(const char *s, uint64_t *bytes);

/* Parses an unsigned hexadecimal number, "0x" allowed, whole string.  False: not one. */
bool parse_hex(const char *s, uint64_t *value);

/*
 * The first address in a text that others wrote, as the kernel's log: a hexadecimal number of 9 to
 * 16 small digits, for shorter ones are lengths and counts.  False: there is none.
 */
bool find_address(const char *s, uint64_t *value);

#endif
