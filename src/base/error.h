/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One failure, as one sentence: what, where, what to try.
 *
 * A function that can fail takes `struct error *` last, returns false, and writes its other
 * out-parameters only on success.  Failing is one line: `return error_set(err, "...")`.
 */
#ifndef RAMWALK_BASE_ERROR_H
#define RAMWALK_BASE_ERROR_H

#include <stdbool.h>

struct error {
    int column;     /* byte index into the input that was parsed, or -1 where there is none */
    char text[320]; /* no newline; safe for a terminal */
};

/* Formats the sentence (cut at the array's end); column becomes -1.  Always returns false. */
bool error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same, pointing at a column of the input. */
bool error_at(struct error *err, int column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "context: " before the sentence that is there.  Always returns false. */
bool error_context(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
