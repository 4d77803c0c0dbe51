/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions: an address, or a column inside the text and a sentence. */
#include "session/expression.h"
#include "tests/unit/fuzz.h"

#include <string.h>

int fuzz_expression(const uint8_t *data, size_t size)
{
    struct session *session = fuzz_session();
    char *text = fuzz_string(data, size);
    struct address address;
    struct error err = {.column = -2, .text = ""};
    const char *end = NULL;
    uint64_t number;
    if (expression_prefix(session, text, SPACE_VIRT, &address, &end, &err))
        FUZZ_HOLDS(end >= text && end <= text + strlen(text));
    else
        FUZZ_HOLDS(err.column >= 0 && (size_t)err.column <= strlen(text) && err.text[0]);
    bool whole = expression_eval(session, text, SPACE_PHYS, &address, &err);
    if (whole)
        FUZZ_HOLDS(address.space->kind <= SPACE_VIRT);
    /* What has a number's meaning has an address's. */
    if (expression_number(session, text, &number, &err))
        FUZZ_HOLDS(whole && address.value == number);
    free(text);
    return 0;
}

FUZZ_ENTRY(fuzz_expression)
