/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of commands: whatever the bytes, lines are whole text, and each is run or a mistake. */
#include "ui/command/rc.h"
#include "tests/fuzz/fuzz.h"
#include "ui/command/command_line.h"
#include "ui/command/keymap.h"

#include <string.h>

struct seen {
    struct keymap *map;
    size_t lines, refused, last;
};

static enum rc_line see(void *context, const char *line, size_t number, struct error *err)
{
    struct seen *seen = context;
    unsigned where = 0;
    const char *rest;
    FUZZ_HOLDS(*line && *line != '#' && *line != ' ' && strlen(line) < RC_LINE);
    FUZZ_HOLDS(number > seen->last);
    for (const char *c = line; *c; c++)
        FUZZ_HOLDS((unsigned char)*c >= ' ' && *c != 0x7f);
    seen->last = number;
    seen->lines++;
    /* As a key and a line, too: bound where that is both. */
    int key = key_parse(line, &rest);
    if (key != PRESS_NONE && keymap_bind(seen->map, key, 0, rest, err))
        FUZZ_HOLDS(keymap_unbind(seen->map, key, CONTEXT_EVERYWHERE));
    if (command_line_check(line, &where, err))
        return where ? RC_DONE : RC_MISTAKE;
    FUZZ_HOLDS(err->text[0] && err->column >= 0 && (size_t)err->column <= strlen(line));
    seen->refused++;
    return RC_MISTAKE;
}

bool fuzz_rc(const uint8_t *data, size_t size)
{
    static struct keymap map;
    struct rc_text text = {(char *)(uintptr_t)data, size};
    struct seen seen = {.map = &map};
    struct rc_result result;
    struct error err = {.text = ""};
    rc_run(&text, see, &seen, &result);
    FUZZ_HOLDS(result.mistakes >= seen.refused && result.line <= size + 1);
    FUZZ_HOLDS(rc_verdict(&result, "rc", &err) == (result.mistakes == 0));
    FUZZ_HOLDS(!result.mistakes || (strncmp(err.text, "rc:", 3) == 0 && result.line > 0));
    keymap_deinit(&map);
    return result.mistakes == 0;
}
