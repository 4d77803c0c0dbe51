/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys by name, one after the other: each is printed as it is parsed, and runs a line that exists.
 */
#include "tests/fuzz/fuzz.h"
#include "ui/command/command_line.h"
#include "ui/command/contexts.h"
#include "ui/command/keymap.h"
#include "ui/terminal/key.h"

#include <stdlib.h>
#include <string.h>

static struct keymap *usual_keys(void)
{
    static struct keymap map;
    struct error err;
    if (!map.count)
        FUZZ_HOLDS(keymap_init(&map, &err));
    return &map;
}

static void check_name(int key, bool full)
{
    char name[KEY_NAME], again[KEY_NAME];
    const char *rest;
    key_notation(key, full, name, sizeof name);
    FUZZ_HOLDS(key_parse(name, &rest) == key && !*rest);
    FUZZ_HOLDS(strcmp(key_notation(key, full, again, sizeof again), name) == 0);
}

/* In every context alone. */
static void check_bindings(const struct keymap *map, int key)
{
    for (unsigned context = 1; context; context <<= 1) {
        const struct binding *binding = keymap_find(map, key, context);
        unsigned where;
        struct error err;
        if (!binding)
            continue;
        FUZZ_HOLDS(binding->key == key && (binding->where & context));
        FUZZ_HOLDS(command_line_check(binding->line, &where, &err) && (where & context));
    }
}

bool fuzz_keys(const uint8_t *data, size_t size)
{
    char *text = fuzz_string(data, size), character[4];
    const char *at = text, *rest;
    struct keymap *map = usual_keys();
    size_t keys = 0, before = map->count;
    for (int key; (key = key_parse(at, &rest)) != PRESS_NONE; at = rest + strspn(rest, " ")) {
        FUZZ_HOLDS(rest > at && rest <= text + strlen(text));
        FUZZ_HOLDS(key_text(key, character) <= sizeof character);
        check_name(key, false);
        check_name(key, true);
        check_bindings(map, key);
        keys++;
    }
    FUZZ_HOLDS(map->count == before);
    free(text);
    return keys > 0;
}
