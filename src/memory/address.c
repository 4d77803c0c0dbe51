/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses as they are written. */
#include "memory/address.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

char *address_prefix(struct address address, char text[ADDRESS_TEXT])
{
    const struct space *space = address_canonical(address).space;
    char letter = space_letter(space->kind);
    if (space->process.pid)
        snprintf(text, ADDRESS_TEXT, "%c:%" PRId32 ":", letter, space->process.pid);
    else
        snprintf(text, ADDRESS_TEXT, "%c:", letter);
    return text;
}

char *address_text(struct address address, char text[ADDRESS_TEXT])
{
    size_t length = strlen(address_prefix(address, text));
    snprintf(text + length, ADDRESS_TEXT - length, "%" PRIx64, address.value);
    return text;
}
