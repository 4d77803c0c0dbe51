/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three spaces: one row each. */
#include "base/address.h"

#include <inttypes.h>
#include <stdio.h>

static const struct {
    char letter;
    const char *name;
} spaces[SPACES] = {
    [SPACE_FILE] = {'f', "file offset"},
    [SPACE_PHYS] = {'p', "physical"},
    [SPACE_VIRT] = {'v', "virtual"},
};

char space_letter(enum space space)
{
    return spaces[space].letter;
}

const char *space_name(enum space space)
{
    return spaces[space].name;
}

bool space_of_letter(char letter, enum space *space)
{
    for (int i = 0; i < SPACES; i++)
        if (spaces[i].letter == letter) {
            *space = (enum space)i;
            return true;
        }
    return false;
}

char *address_text(struct address address, char text[ADDRESS_TEXT])
{
    snprintf(text, ADDRESS_TEXT, "%c:%" PRIx64, space_letter(address.space), address.value);
    return text;
}
