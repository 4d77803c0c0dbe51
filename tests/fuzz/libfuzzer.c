/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer's way in.  One program for all targets: FUZZ_TARGET in the environment names it. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct fuzz_target *target;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *name = getenv("FUZZ_TARGET");
    (void)argc;
    target = fuzz_target_named(name ? name : "");
    if (!target) {
        fprintf(stderr, "%s: FUZZ_TARGET names no target: %s\n", **argv, name ? name : "");
        exit(2);
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_run(target, data, size);
    return 0;
}
