/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A failure is a bounded sentence; control characters of file names never reach a terminal. */
#include "base/error.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 0))) static void error_vset(struct error *err, int column,
                                                             const char *format, va_list args)
{
    vsnprintf(err->text, sizeof err->text, format, args);
    err->column = column;
    text_make_harmless(err->text);
}

void error_write(struct error *err, int column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_vset(err, column, format, args);
    va_end(args);
    err->va = 0;
}

void error_prefix(struct error *err, const char *format, ...)
{
    struct error inner = *err;
    va_list args;
    va_start(args, format);
    error_vset(err, inner.column, format, args);
    va_end(args);
    size_t used = strlen(err->text);
    snprintf(err->text + used, sizeof err->text - used, ": %s", inner.text);
}
