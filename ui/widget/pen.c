/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of a line, each after the one before. */
#include "ui/widget/pen.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

void pen_put(struct pen *pen, enum style style, const char *text)
{
    pen->column = screen_put(pen->area, pen->row, pen->column, style, text);
}

void pen_printf(struct pen *pen, enum style style, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    pen_put(pen, style, text);
}

void pen_address(struct pen *pen, enum style style, struct address address)
{
    char text[ADDRESS_TEXT];
    pen_put(pen, style, address_text(address, text));
}

void pen_access(struct pen *pen, struct access access)
{
    char text[ACCESS_TEXT];
    access_text(access, text);
    for (int i = 0; i < ACCESS_TEXT - 1; i++) {
        char letter[2] = {text[i], 0};
        pen_put(pen,
                text[i] == 'x'   ? STYLE_EXEC
                : text[i] == 'w' ? STYLE_WRITE
                : text[i] == '-' ? STYLE_DIM
                                 : STYLE_TEXT,
                letter);
    }
}

void pen_size(struct pen *pen, uint64_t size)
{
    char number[32];
    struct text text = TEXT_OVER(number);
    text_add_size(&text, size);
    pen_put(pen, STYLE_TEXT, number);
}

void pen_next(struct pen *pen)
{
    pen->row++;
    pen->column = 0;
}
