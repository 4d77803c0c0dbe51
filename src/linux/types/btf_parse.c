/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Types as people write them, and those that follow from the kernel's own: pointers, arrays. */
#include "linux/types/btf.h"

#include "linux/types/btf_private.h"

#include <stdio.h>
#include <stdlib.h>

#define RECORD     (6 * sizeof(uint32_t))
#define LARGEST    (UINT64_C(1) << 40) /* bytes of an array: more is mapped nowhere */
#define NAME       256
#define DIMENSIONS 8
#define DIGITS     6 /* of an array's length; more are an address: "[ffff800081a3b000]" */

/* The record, found or added.  0: there are too many, or no memory. */
static uint32_t keep_derived(struct btf *btf, const uint32_t record[6])
{
    uint32_t count = atomic_load(&btf->derived_count);
    for (uint32_t i = 0; i < count; i++)
        if (memcmp(btf_derived(btf, i), record, RECORD) == 0)
            return BTF_DERIVED + i;
    if (count == DERIVED_BLOCK * DERIVED_BLOCKS)
        return 0;
    uint32_t(**block)[6] = &btf->derived[count / DERIVED_BLOCK];
    if (!*block)
        *block = calloc(DERIVED_BLOCK, sizeof **block);
    if (!*block)
        return 0;
    memcpy(btf_derived(btf, count), record, RECORD);
    atomic_store(&btf->derived_count, count + 1);
    return BTF_DERIVED + count;
}

uint32_t btf_derive(struct btf *btf, uint32_t target, uint32_t count)
{
    enum btf_kind kind = count ? BTF_ARRAY : BTF_PTR;
    uint64_t size = btf_size(btf, target);
    if (count && (!size || size > LARGEST / count))
        return 0;
    uint32_t record[6] = {0, htole32((uint32_t)kind << 24), count ? 0 : htole32(target)};
    if (count) {
        record[3] = htole32(target);
        record[5] = htole32(count);
    }
    pthread_mutex_lock(&btf->deriving);
    uint32_t id = keep_derived(btf, record);
    pthread_mutex_unlock(&btf->deriving);
    return id;
}

/* --- names -------------------------------------------------------------------------------------*/

static size_t identifier(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}

static const char *blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* After the word, where `text` begins with it; else NULL. */
static const char *after_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    return strncmp(text, word, length) == 0 && identifier(text) == length ? text + length : NULL;
}

/* The words of C's integers: how often each stands there. */
enum { UNSIGNED, SIGNED, LONG, SHORT, CHAR, INT, WORDS };

static const char *count_words(const char *text, unsigned count[WORDS])
{
    static const char *const word[WORDS] = {"unsigned", "signed", "long", "short", "char", "int"};
    for (;;) {
        const char *at = blanks(text), *next = NULL;
        for (size_t i = 0; i < WORDS && !next; i++)
            if ((next = after_word(at, word[i])))
                count[i]++;
        if (!next)
            return text;
        text = next;
    }
}

/* By what gcc calls it, and clang. */
static uint32_t find_integer(const struct btf *btf, const unsigned count[WORDS])
{
    static const char *const names[][2][2] = {
        {{"int", "int"}, {"unsigned int", "unsigned int"}},
        {{"long int", "long"}, {"long unsigned int", "unsigned long"}},
        {{"long long int", "long long"}, {"long long unsigned int", "unsigned long long"}},
        {{"short int", "short"}, {"short unsigned int", "unsigned short"}},
        {{"char", "char"}, {"unsigned char", "unsigned char"}},
    };
    size_t row = count[CHAR] ? 4 : count[SHORT] ? 3 : count[LONG] > 1 ? 2 : count[LONG];
    const char *const *name = names[row][count[UNSIGNED] > 0];
    uint32_t id = btf_find(btf, name[0], BTF_INT);
    return id ? id : btf_find(btf, name[1], BTF_INT);
}

/* NAME at *text, with what C may put before it. */
static uint32_t take_name(const struct btf *btf, const char **text, char name[NAME],
                          struct error *err)
{
    static const char *const keywords[] = {"struct", "union", "enum"};
    unsigned count[WORDS] = {0};
    const char *start = blanks(*text), *next;
    while ((next = after_word(start, "const")) || (next = after_word(start, "volatile")))
        start = blanks(next);
    const char *end = start;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if ((next = after_word(start, keywords[i])) && next != blanks(next))
            end = blanks(next);
    end += identifier(end);
    next = count_words(start, count);
    if (next != start)
        end = next;
    snprintf(name, NAME, "%.*s", (int)(end - start), start);
    uint32_t id = btf_find(btf, name, BTF_VOID);
    if (!id && next != start)
        id = find_integer(btf, count);
    *text = end;
    if (!id && end == start)
        error_at(err, 0, "no type given; usage: task_struct, file*[4], unsigned long");
    else if (!id)
        error_at(err, 0, "this kernel has no type %s", name);
    return id;
}

/* --- what follows the name ---------------------------------------------------------------------*/

/* "[12]" at `text`; NULL: something else. */
static const char *take_length(const char *text, uint32_t *length)
{
    size_t digits = *text == '[' ? strspn(text + 1, "0123456789") : 0;
    if (!digits || digits > DIGITS || text[1 + digits] != ']')
        return NULL;
    *length = (uint32_t)strtoul(text + 1, NULL, 10);
    return text + digits + 2;
}

/* Stars, then lengths: of several the last is the innermost's. */
static bool take_suffix(struct btf *btf, const char **text, uint32_t *type)
{
    const char *at = blanks(*text), *next;
    uint32_t length[DIMENSIONS];
    size_t n = 0;
    for (; *at == '*'; at = blanks(*text)) {
        *type = btf_derive(btf, *type, 0);
        *text = at + 1;
        if ((next = after_word(blanks(*text), "const")))
            *text = next;
    }
    while (n < DIMENSIONS && (next = take_length(blanks(*text), &length[n]))) {
        n++;
        *text = next;
    }
    while (n-- > 0 && *type)
        *type = length[n] ? btf_derive(btf, *type, length[n]) : 0;
    return *type;
}

bool btf_parse(struct btf *btf, const char *text, struct btf_member *what, const char **rest,
               struct error *err)
{
    char name[NAME], path[NAME];
    const char *at = text;
    struct btf_member found = {.name = ""};
    found.type = take_name(btf, &at, name, err);
    if (!found.type)
        return false;
    int column = (int)(at - text);
    if (*at == '.') {
        size_t length = strcspn(++at, " \t");
        snprintf(path, sizeof path, "%.*s", (int)length, at);
        if (!btf_path(btf, found.type, path, &found))
            return error_at(err, column + 1, "%s has no member %s", name, path);
        at += length;
    } else if (!take_suffix(btf, &at, &found.type)) {
        return error_at(err, column, "there is no array of so many %s", name);
    }
    if (*at && at == blanks(at) && at[-1] != '*' && at[-1] != ']')
        return error_at(err, 0, "this kernel has no type %.*s", (int)strcspn(text, " "), text);
    *what = found;
    *rest = blanks(at);
    return true;
}
