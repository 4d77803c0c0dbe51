/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A note of any bytes, in an image of zeros: read, and never believed. */
#include "linux/find/vmcoreinfo_probe.h"
#include "session/session_private.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

bool fuzz_vmcoreinfo(const uint8_t *data, size_t size)
{
    static const char *const keys[] = {"VA_BITS", "kimage_voffset", "phys_base", "x", ""};
    struct vmcoreinfo info;
    uint8_t *exact = malloc(size ? size : 1); /* so that reading beyond it is seen */
    FUZZ_HOLDS(exact);
    memcpy(exact, data, size);
    bool taken = vmcoreinfo_parse(&info, exact, size);
    if (taken) {
        char text[16];
        uint64_t value;
        struct kernel kernel;
        struct vmcoreinfo_probe probe;
        enum probe_result result;
        FUZZ_HOLDS(strlen(info.text) <= size && strlen(info.text) <= VMCOREINFO_SIZE);
        for (const char *c = info.text; *c; c++)
            FUZZ_HOLDS(*c == '\n' || (*c >= 0x20 && *c < 0x7f));
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            vmcoreinfo_number(&info, keys[i], &value);
            vmcoreinfo_symbol(&info, keys[i], &value);
            if (vmcoreinfo_text(&info, keys[i], text, sizeof text))
                FUZZ_HOLDS(strlen(text) < sizeof text);
        }
        probe_start(&probe, fuzz_session()->memory.reader, &info);
        while ((result = probe_step(&probe, 100)) == PROBE_PENDING)
            ;
        if (result == PROBE_VERIFIED)
            probe_kernel(&probe, &kernel);
    }
    free(exact);
    return taken;
}
