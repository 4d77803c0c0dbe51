/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breaking lines at blanks; a word that is too long is broken where it has to be. */
#include "ui/widget/paragraph.h"

#include <string.h>

int paragraph_put(struct area area, int line, enum style style, const char *text)
{
    int across = area.columns - 2;
    for (; *text && line < area.rows && across > 0; line++) {
        size_t length = strlen(text);
        if (length > (size_t)across) {
            length = (size_t)across;
            while (length > 1 && text[length] != ' ')
                length--;
            length = length > 1 ? length : (size_t)across;
        }
        screen_printf(area, line, 1, style, "%.*s", (int)length, text);
        text += length;
        text += strspn(text, " ");
    }
    return line;
}
