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
#include <stdint.h>

struct error {
    int column;     /* byte index into the input that was parsed, or -1 where there is none */
    uint64_t va;    /* of the kernel: where in the guest the failure lies; 0: not said */
    char text[320]; /* no newline; safe for a terminal */
};

/* Formats the sentence (cut at the array's end); column becomes -1, va 0.  Always returns
 * false. */
#define error_set(err, ...) error_at(err, -1, __VA_ARGS__)

/*
 * The same, pointing at a column of the input.  These are macros so that a compiler that sees only
 * the caller knows the result: what a callee writes on success alone is then not taken for unset.
 */
#define error_at(err, column, ...) (error_write(err, column, __VA_ARGS__), error_result())

/* Puts "context: " before the sentence that is there.  Always returns false. */
#define error_context(err, ...) (error_prefix(err, __VA_ARGS__), error_result())

void error_write(struct error *err, int column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline bool error_result(void)
{
    return false;
}

#endif
