/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One driver for each parser of foreign bytes.  test_fuzz.c runs them all for a while with the
 * same random bytes each time; for libFuzzer, build one with -DRAMWALK_LIBFUZZER:
 *
 *   clang -g -fsanitize=fuzzer,address,undefined -DRAMWALK_LIBFUZZER -D_GNU_SOURCE -Isrc -I. \
 *         tests/unit/fuzz_paging.c tests/unit/fuzz_session.c src/X/X.c -ljansson
 *
 * A driver returns 0, or aborts where a promise is broken.
 */
#ifndef RAMWALK_UNIT_FUZZ_H
#define RAMWALK_UNIT_FUZZ_H

#include "session/session.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int fuzz_expression(const uint8_t *data, size_t size);
int fuzz_filter(const uint8_t *data, size_t size);
int fuzz_source_spec(const uint8_t *data, size_t size);
int fuzz_paging(const uint8_t *data, size_t size);
int fuzz_rc(const uint8_t *data, size_t size);
int fuzz_vmcoreinfo(const uint8_t *data, size_t size);

/* A session on its own small image, with tables; the same one in every call. */
struct session *fuzz_session(void);

/* The bytes as a string; the caller frees it. */
char *fuzz_string(const uint8_t *data, size_t size);

/* A promise that must hold. */
#define FUZZ_HOLDS(condition)                                                                      \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

#ifdef RAMWALK_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
#define FUZZ_ENTRY(driver)                                                                         \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                                   \
    {                                                                                              \
        return driver(data, size);                                                                 \
    }
#else
#define FUZZ_ENTRY(driver)
#endif

#endif
