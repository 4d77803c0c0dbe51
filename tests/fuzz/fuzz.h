/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzz targets: one file a parser of foreign bytes, of the file's name; corpus/NAME/ has inputs to
 * begin with and those that found something, NAME.dict words for libFuzzer.
 *
 *   make fuzz [TARGET=btf] [TIME=60 | RUNS=100000]     libFuzzer, under sanitizers
 *   tests/unit/test_fuzz.c                             the corpus and a few mutations of it
 *
 * A target aborts where a promise is broken; so does what takes more CPU than an input may.
 */
#ifndef RAMWALK_FUZZ_FUZZ_H
#define RAMWALK_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True: the parser took the bytes for what it parses. */
typedef bool fuzz_function(const uint8_t *data, size_t size);

fuzz_function fuzz_btf, fuzz_expression, fuzz_filter, fuzz_kallsyms, fuzz_keys, fuzz_modules,
    fuzz_pages, fuzz_paging, fuzz_printk, fuzz_rc, fuzz_source_spec, fuzz_tasks, fuzz_vmas,
    fuzz_vmcoreinfo;

struct fuzz_target {
    const char *name;
    fuzz_function *run;
    unsigned runs; /* mutations in the unit test: as many as take about a second */
};

/* In alphabetical order; the one after the last has no name. */
extern const struct fuzz_target fuzz_targets[];

/* NULL: none of that name. */
const struct fuzz_target *fuzz_target_named(const char *name);

/* Runs one input; a process that takes longer than FUZZ_SECONDS of CPU for it ends with a message.
 */
#define FUZZ_SECONDS 5
bool fuzz_run(const struct fuzz_target *target, const uint8_t *data, size_t size);

/* --- what targets share --- */

/* A promise that must hold: else a message, and abort(). */
#define FUZZ_HOLDS(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))
_Noreturn void fuzz_broken(const char *condition, const char *file, int line);

/* The bytes as a string; the caller frees it. */
char *fuzz_string(const uint8_t *data, size_t size);

/* As an answer prints foreign text: ASCII without control characters, but for those of `but`. */
bool fuzz_is_printable(const char *text, const char *but);

/* A session on a small image with tables; the same one in every call. */
struct session *fuzz_session(void);

/* A type by the memory that it lies in: a small guest's. */
struct btf *fuzz_types(bool old);

/*
 * The context of a guest of 8 MiB (tests/unit/small_guest.h) that is empty but for the words of the
 * input, records of 12 bytes: where (of which 18 bits count, in bytes, from IMAGE_VA on; with
 * 0x40000 from MODULES_VA on) and the word.  The same guest in every call.
 */
#define FUZZ_RECORD 12
struct linux_context *fuzz_memory(const uint8_t *data, size_t size);

/* The same with the bytes from IMAGE_VA on as they are. */
struct linux_context *fuzz_image(const uint8_t *data, size_t size);

#endif
