/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any words as the list of modules and their symbol tables: by the symbol `modules`, at 0x3000 of
 * the image, or (the first byte) by its shape. */
#include "linux/modules/module_symbols.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/small_guest.h"

#include <string.h>

#define HEAD_VA (IMAGE_VA + 0x3000)

static void check(const struct module_list *list, const struct symbols *symbols)
{
    size_t sum = 0;
    FUZZ_HOLDS(list->count <= MODULES_MAX);
    for (size_t i = 0; i < list->count; i++) {
        const struct module *module = &list->module[i];
        FUZZ_HOLDS(strlen(module->name) < MODULE_NAME && fuzz_is_printable(module->name, ""));
        FUZZ_HOLDS(module->va && module->ranges <= MODULE_RANGES);
        for (size_t range = 0; range < module->ranges; range++)
            FUZZ_HOLDS(module->range[range].first <= module->range[range].last);
        sum += module->symbols;
    }
    FUZZ_HOLDS(symbols_count(symbols) <= 1 + sum);
    for (size_t i = 0; i < symbols_count(symbols); i++)
        FUZZ_HOLDS(fuzz_is_printable(symbols_by_address(symbols, i)->name, ""));
}

bool fuzz_modules(const uint8_t *data, size_t size)
{
    struct module_list list;
    struct error err = {.text = ""};
    struct symbols *symbols = symbols_create();
    bool named = size && (*data & 1);
    FUZZ_HOLDS(symbols);
    if (named)
        FUZZ_HOLDS(symbols_add(symbols, HEAD_VA, 'd', "modules", 7, NULL));
    struct linux_context linux = *fuzz_memory(data + 1, size ? size - 1 : 0);
    bool loaded = module_symbols_load(symbols, &linux, &list, &err);
    FUZZ_HOLDS(loaded || err.text[0]);
    symbols_complete(symbols);
    check(&list, symbols);
    bool any = list.count > 0;
    module_list_free(&list);
    symbols_destroy(symbols);
    return any;
}
