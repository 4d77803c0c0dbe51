/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Filters of `tables`: taken or pointed at; and every line of a command is answered: as text and as
 * JSON alike, each line of the latter an object.
 */
#include "answer/filter.h"
#include "answer/command.h"
#include "base/buffer.h"
#include "session/session_private.h"
#include "tests/fuzz/fuzz.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct answer {
    size_t lines;
    bool is_clean;   /* text without control characters */
    char last[2048]; /* the last of them, as much of it as that */
    char error[512]; /* JSON: of the object that has one */
};

static bool is_clean(const char *line)
{
    for (const char *c = line; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return true;
}

static bool take_text(void *context, const char *line)
{
    struct answer *answer = context;
    FUZZ_HOLDS(line && !strchr(line, '\n'));
    answer->lines++;
    answer->is_clean &= is_clean(line);
    strncpy(answer->last, line, sizeof answer->last - 1);
    return true;
}

static bool take_json(void *context, const char *line)
{
    struct answer *answer = context;
    json_t *object = json_loads(line, 0, NULL);
    FUZZ_HOLDS(json_is_object(object));
    const char *error = json_string_value(json_object_get(object, "error"));
    if (error)
        strncpy(answer->error, error, sizeof answer->error - 1);
    json_decref(object);
    answer->lines++;
    return true;
}

/* What the text says is what the JSON says. */
static void check_line(struct session *session, const char *line)
{
    static struct answer text, json;
    memset(&text, 0, sizeof text);
    memset(&json, 0, sizeof json);
    text.is_clean = true;
    struct output as_text = {.line = take_text, .context = &text};
    struct output as_json = {.json = true, .line = take_json, .context = &json};
    bool good = command_line(session, line, &as_text);
    FUZZ_HOLDS(command_line(session, line, &as_json) == good);
    FUZZ_HOLDS(good == !json.error[0]);
    /* A mistake is printed after what was typed, as that was typed. */
    FUZZ_HOLDS(good ? text.is_clean : is_clean(json.error));
    if (!good)
        FUZZ_HOLDS(text.lines <= 2 && json.lines == 1 && strstr(text.last, json.error));
}

bool fuzz_filter(const uint8_t *data, size_t size)
{
    struct session *session = fuzz_session();
    char *text = fuzz_string(data, size);
    struct filter filter;
    struct error err = {.column = -2, .text = ""};
    struct mapping run = {.va = UINT64_MAX - 4095, .size = 4096, .page_size = 4096, .level = 3};
    filter_is_term(text, strlen(text));
    bool taken = filter_parse(&filter, session, text, &err);
    if (taken)
        filter_matches(&filter, session, &run);
    else
        FUZZ_HOLDS(err.column >= 0 && (size_t)err.column <= strlen(text) && err.text[0]);
    if (!strchr(text, '\n'))
        check_line(session, text);
    free(text);
    return taken;
}
