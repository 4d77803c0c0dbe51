/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any words as the log's ring: `prb` is the word at 0x1000 of the image. */
#include "linux/log/printk.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/small_guest.h"

#include <string.h>

#define PRB_VA     (IMAGE_VA + 0x1000)
#define RECORD_MIN 8 /* bytes of a descriptor at least, of all that memory holds */

struct seen {
    uint64_t count, last_seq;
};

static bool see(void *context, const struct printk_record *record)
{
    struct seen *seen = context;
    FUZZ_HOLDS(strlen(record->text) < PRINTK_TEXT && fuzz_is_printable(record->text, "\n\t"));
    FUZZ_HOLDS(record->level <= 8);
    seen->count++;
    seen->last_seq = record->seq;
    return true;
}

bool fuzz_printk(const uint8_t *data, size_t size)
{
    static struct symbols *symbols;
    struct error err = {.text = ""};
    struct seen seen = {0};
    uint64_t lost = 0;
    if (!symbols) {
        symbols = symbols_create();
        FUZZ_HOLDS(symbols && symbols_add(symbols, PRB_VA, 'd', "prb", 3, NULL));
        symbols_complete(symbols);
    }
    struct linux_context linux = *fuzz_memory(data, size);
    linux.btf = fuzz_types(false);
    linux.symbols = symbols;
    bool good = printk_each(&linux, see, &seen, &lost, &err);
    FUZZ_HOLDS(good == !err.text[0]);
    FUZZ_HOLDS(seen.count <= IMAGE_SIZE / RECORD_MIN);
    return good && seen.count;
}
