/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names by address, addresses by name, prefixes, and loading; the keys are in no order. */
#include "bench_symbols.h"

#include "bench.h"
#include "linux/find/kernel_image.h"
#include "linux/symbols/kallsyms.h"
#include "session/session_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES   200000u
#define LOOKUPS 1000000u
#define BASE    UINT64_C(0xffff800008000000)
#define SPREAD  176u /* bytes of a symbol, on average */

static volatile uint64_t sink;

static struct symbols *make_symbols(char (*name)[48])
{
    static const char *const parts[] = {"__pfx_", "do_", "__se_sys_", "tracepoint_probe_", "x86_"};
    struct symbols *symbols = symbols_create();
    for (unsigned i = 0; symbols && i < NAMES; i++) {
        int length =
            snprintf(name[i], sizeof *name, "%s%x_of_%u", parts[i % 5], i * 2654435761u, i / 7);
        symbols_add(symbols, BASE + (uint64_t)i * SPREAD, i % 3 ? 't' : 'T', name[i],
                    (size_t)length, NULL);
    }
    if (symbols)
        symbols_add_range(symbols, NULL, BASE, BASE + (uint64_t)NAMES * SPREAD - 1);
    return symbols;
}

static unsigned next_random(unsigned *random)
{
    return *random = *random * 1664525u + 1013904223u;
}

static void time_lookups(const struct symbols *symbols, char (*name)[48])
{
    unsigned random = 1;
    size_t first = 0, last = 0;
    int64_t start = bench_now();
    for (unsigned i = 0; i < LOOKUPS; i++) {
        uint64_t at = (uint64_t)next_random(&random) * NAMES * SPREAD >> 32;
        sink += symbols_at(symbols, BASE + at)->va;
    }
    bench_figure("name of an address, of 200,000", (double)(bench_now() - start) / LOOKUPS, "ns",
                 1000);
    start = bench_now();
    for (unsigned i = 0; i < LOOKUPS; i++)
        sink += symbols_find(symbols, name[(uint64_t)next_random(&random) * NAMES >> 32])->va;
    bench_figure("address of a name, of 200,000", (double)(bench_now() - start) / LOOKUPS, "ns",
                 1000);
    start = bench_now();
    for (unsigned i = 0; i < LOOKUPS; i++) {
        char prefix[16] = {0};
        memcpy(prefix, name[(uint64_t)next_random(&random) * NAMES >> 32], 10);
        symbols_prefix(symbols, prefix, &first, &last);
        sink += last - first;
    }
    bench_figure("names that begin so, of 200,000", (double)(bench_now() - start) / LOOKUPS, "ns",
                 2000);
}

static void time_loading(const char *image)
{
    struct session *session;
    struct error err;
    struct kernel_image range;
    struct symbols *symbols = symbols_create();
    session = bench_open(image);
    session_settle(session, false);
    int64_t start = bench_now();
    if (!symbols || !kernel_image_range(&session->memory, &session->kernel, &range))
        bench_fail("%s: the kernel's image was not found", image);
    struct linux_context linux = {.memory = &session->memory, .image = range};
    if (!kallsyms_load(symbols, &linux, &err))
        bench_fail("%s: %s", image, err.text);
    symbols_complete(symbols);
    bench_figure("kallsyms by its shape, loaded and sorted", (double)(bench_now() - start) / 1e6,
                 "ms", 150);
    symbols_destroy(symbols);
    session_close(session);
}

void bench_symbols(const char *image)
{
    char(*name)[48] = calloc(NAMES, sizeof *name);
    struct symbols *symbols = name ? make_symbols(name) : NULL;
    if (!symbols || symbols_count(symbols) != NAMES)
        bench_fail("out of memory");
    int64_t start = bench_now();
    symbols_complete(symbols);
    bench_figure("200,000 names sorted both ways", (double)(bench_now() - start) / 1e6, "ms", 100);
    time_lookups(symbols, name);
    symbols_destroy(symbols);
    free(name);
    if (image)
        time_loading(image);
}
