/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions: an address, or a column inside the text and a sentence. */
#include "session/expression.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* What is printed is that address, whatever a bare number would be. */
static void check_print(struct session *session, struct address address)
{
    char text[ADDRESS_TEXT];
    struct address again;
    struct error err;
    FUZZ_HOLDS(address.space->kind <= SPACE_VIRT);
    FUZZ_HOLDS(expression_eval(session, address_text(address, text), SPACE_FILE, &again, &err));
    FUZZ_HOLDS(address_equal(address, again));
}

bool fuzz_expression(const uint8_t *data, size_t size)
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
        check_print(session, address);
    /* A number's brackets read at offsets of the file: so it is one itself. */
    if (expression_number(session, text, &number, &err)) {
        FUZZ_HOLDS(expression_eval(session, text, SPACE_FILE, &address, &err));
        FUZZ_HOLDS(address.value == number && address.space->kind == SPACE_FILE);
    }
    free(text);
    return whole;
}
