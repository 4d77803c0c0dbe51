/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys back to text.  The end is known by its bytes too: on a slow line they may come one by one.
 */
#include "ui/app/paste.h"

#include <string.h>

static const char end_mark[] = "\033[201~";

static void add_byte(struct paste *paste, char byte)
{
    memmove(paste->tail, paste->tail + 1, sizeof paste->tail - 1);
    paste->tail[sizeof paste->tail - 1] = byte;
    if (paste->length < PASTE_MAX)
        paste->text[paste->length++] = byte;
}

static void add_key(struct paste *paste, int key)
{
    char bytes[4];
    if (key & PRESS_ALT)
        add_byte(paste, PRESS_ESCAPE);
    key &= ~PRESS_ALT;
    size_t length = key_text(key, bytes);
    for (size_t i = 0; i < length; i++)
        add_byte(paste, bytes[i]);
}

static enum paste_event finish(struct paste *paste)
{
    paste->on = false;
    paste->text[paste->length] = '\0';
    for (char *c = paste->text; *c; c++)
        if (*c == '\r')
            *c = '\n';
        else if ((unsigned char)*c < 0x20 && *c != '\n')
            *c = ' ';
    return PASTE_DONE;
}

enum paste_event paste_key(struct paste *paste, int key)
{
    if (key == PRESS_PASTE) {
        *paste = (struct paste){.on = true};
        return PASTE_ON;
    }
    if (!paste->on)
        return PASTE_NOT;
    if (key == PRESS_PASTE_END)
        return finish(paste);
    add_key(paste, key);
    if (memcmp(paste->tail, end_mark, sizeof paste->tail) != 0)
        return PASTE_ON;
    if (paste->length < PASTE_MAX)
        paste->length -= sizeof paste->tail;
    return finish(paste);
}
