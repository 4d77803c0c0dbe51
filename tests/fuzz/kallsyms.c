/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A kernel's kallsyms: the lines of a note up to a zero byte (none: the tables are found by their
 * shape), then the image.
 */
#include "linux/symbols/kallsyms.h"
#include "linux/find/vmcoreinfo.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_symbol(const struct symbols *symbols, const struct symbol *symbol)
{
    char text[SYMBOL_NAME + 64];
    FUZZ_HOLDS(*symbol->name && strlen(symbol->name) <= SYMBOL_NAME);
    FUZZ_HOLDS(fuzz_is_printable(symbol->name, "") && !symbol->module);
    const struct symbol *found = symbols_find(symbols, symbol->name);
    FUZZ_HOLDS(found && strcmp(found->name, symbol->name) == 0);
    const struct symbol *at = symbols_at(symbols, symbol->va);
    FUZZ_HOLDS(!at || at->va <= symbol->va);
    symbols_text(symbols, symbol->va, text, sizeof text);
    FUZZ_HOLDS(at ? strncmp(text, at->name, strlen(at->name)) == 0 : !*text);
}

static void check(struct symbols *symbols, size_t bytes)
{
    symbols_complete(symbols);
    size_t count = symbols_count(symbols);
    FUZZ_HOLDS(count > 0 && count <= bytes); /* a name is at least a byte */
    for (size_t i = 0; i < count; i++) {
        check_symbol(symbols, symbols_by_address(symbols, i));
        if (i) {
            FUZZ_HOLDS(symbols_by_address(symbols, i - 1)->va <=
                       symbols_by_address(symbols, i)->va);
            FUZZ_HOLDS(strcmp(symbols_by_name(symbols, i - 1)->name,
                              symbols_by_name(symbols, i)->name) <= 0);
        }
    }
}

bool fuzz_kallsyms(const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, 0, size);
    struct vmcoreinfo info = {.text = ""};
    struct error err = {.text = ""};
    if (!end)
        return false;
    size_t note = (size_t)(end - data), image = size - note - 1;
    struct linux_context linux = *fuzz_image(end + 1, image);
    if (note >= sizeof info.text)
        return false;
    memcpy(info.text, data, note);
    if (note && fuzz_is_printable(info.text, "\n"))
        linux.info = &info;
    struct symbols *symbols = symbols_create();
    FUZZ_HOLDS(symbols);
    bool loaded = kallsyms_load(symbols, &linux, &err);
    FUZZ_HOLDS(loaded == !err.text[0]);
    if (loaded)
        check(symbols, image);
    else
        FUZZ_HOLDS(symbols_count(symbols) == 0);
    symbols_destroy(symbols);
    return loaded;
}
