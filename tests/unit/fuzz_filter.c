/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters of `tables`: taken or pointed at; and every line of a command is answered. */
#include "answer/command.h"
#include "answer/filter.h"
#include "session/session_private.h"
#include "tests/unit/fuzz.h"

#include <string.h>

static bool drop_line(void *context, const char *line)
{
    FUZZ_HOLDS(line && !strchr(line, '\n'));
    ++*(size_t *)context;
    return true;
}

int fuzz_filter(const uint8_t *data, size_t size)
{
    struct session *session = fuzz_session();
    char *text = fuzz_string(data, size);
    struct filter filter;
    struct error err = {.column = -2, .text = ""};
    struct mapping run = {.va = UINT64_MAX - 4095, .size = 4096, .page_size = 4096, .level = 3};
    filter_is_term(text, strlen(text));
    if (filter_parse(&filter, session, text, &err))
        filter_matches(&filter, session, &run);
    else
        FUZZ_HOLDS(err.column >= 0 && (size_t)err.column <= strlen(text) && err.text[0]);
    size_t lines = 0;
    struct output output = {.json = true, .line = drop_line, .context = &lines};
    if (!strchr(text, '\n') && !command_line(session, text, &output))
        FUZZ_HOLDS(lines == 1);
    free(text);
    return 0;
}

FUZZ_ENTRY(fuzz_filter)
