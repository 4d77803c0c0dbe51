/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fuzz targets without a fuzzer: the corpus as it is, and mutations of it, the same each time.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT 65536

struct input {
    uint8_t *bytes;
    size_t size;
};

struct corpus {
    struct input *input;
    size_t count;
};

static struct input read_input(const char *folder, const char *name)
{
    char path[600];
    struct input input = {.bytes = malloc(INPUT)};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_non_null(input.bytes);
    input.size = fread(input.bytes, 1, INPUT, file);
    fclose(file);
    return input;
}

/* In the order of the names. */
static struct corpus read_corpus(const char *name)
{
    char folder[200];
    struct dirent **entry;
    snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s", name);
    int count = scandir(folder, &entry, NULL, alphasort);
    if (count < 0)
        fail_msg("no %s: unit tests run in the project's folder", folder);
    struct corpus corpus = {.input = calloc(count > 0 ? (size_t)count : 1, sizeof *corpus.input)};
    assert_non_null(corpus.input);
    for (int i = 0; i < count; i++) {
        if (entry[i]->d_name[0] != '.')
            corpus.input[corpus.count++] = read_input(folder, entry[i]->d_name);
        free(entry[i]);
    }
    free(entry);
    assert_true(corpus.count > 0);
    return corpus;
}

static void free_corpus(struct corpus *corpus)
{
    for (size_t i = 0; i < corpus->count; i++)
        free(corpus->input[i].bytes);
    free(corpus->input);
}

/* A piece of another input in the place of one's own, a word that is near, or any byte. */
static void mutate_once(struct rng *rng, uint8_t *bytes, size_t size, const struct input *other)
{
    size_t at = (size_t)rng_below(rng, size), length = 1 + (size_t)rng_below(rng, 16);
    uint64_t word;
    switch (rng_below(rng, 4)) {
    case 0:
        bytes[at] ^= (uint8_t)(1u << rng_below(rng, 8));
        break;
    case 1:
        bytes[at] = (uint8_t)rng_next(rng);
        break;
    case 2:
        if (size < 8)
            break;
        at = (size_t)rng_below(rng, size - 7);
        memcpy(&word, bytes + at, 8);
        word += (rng_below(rng, 17) - 8) * (UINT64_C(1) << 3 * rng_below(rng, 5));
        memcpy(bytes + at, &word, 8);
        break;
    default:
        for (size_t from = (size_t)rng_below(rng, other->size + 1);
             length && at < size && from < other->size; length--)
            bytes[at++] = other->bytes[from++];
    }
}

/* In a buffer of exactly its size: the sanitizer sees a byte too far. */
static bool run_mutated(const struct fuzz_target *target, const struct corpus *corpus,
                        struct rng *rng)
{
    const struct input *of = &corpus->input[rng_below(rng, corpus->count)];
    size_t size = rng_below(rng, 8) ? of->size : (size_t)rng_below(rng, of->size + 1);
    uint8_t *bytes = malloc(size ? size : 1);
    assert_non_null(bytes);
    memcpy(bytes, of->bytes, size);
    for (uint64_t changes = rng_below(rng, 6); size && changes; changes--)
        mutate_once(rng, bytes, size, &corpus->input[rng_below(rng, corpus->count)]);
    bool taken = fuzz_run(target, bytes, size);
    free(bytes);
    return taken;
}

static void run_target(void **state)
{
    const struct fuzz_target *target = *state;
    struct corpus corpus = read_corpus(target->name);
    struct rng rng = {1};
    size_t taken = 0, mutated = 0;
    for (size_t i = 0; i < corpus.count; i++)
        taken += fuzz_run(target, corpus.input[i].bytes, corpus.input[i].size);
    for (unsigned i = 0; i < target->runs; i++)
        mutated += run_mutated(target, &corpus, &rng);
    print_message("  %s: %zu of %zu inputs, %zu of %u mutations are what the parser parses\n",
                  target->name, taken, corpus.count, mutated, target->runs);
    free_corpus(&corpus);
    /* A target that takes nothing tests nothing. */
    assert_true(taken > 0 && mutated > 0);
}

#define TARGETS_MAX 32

/* tests/unit/test_fuzz [TARGET]: all of them, or one. */
int main(int argc, char **argv)
{
    struct CMUnitTest tests[TARGETS_MAX];
    size_t count = 0;
    for (const struct fuzz_target *target = fuzz_targets; target->name; target++)
        tests[count++] = (struct CMUnitTest){
            .name = target->name, .test_func = run_target, .initial_state = (void *)target};
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return _cmocka_run_group_tests("fuzz", tests, count, NULL, NULL);
}
