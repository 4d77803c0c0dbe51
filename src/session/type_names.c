/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sorted array over the names in the BTF; each name once. */
#include "session/type_names.h"

#include <stdlib.h>
#include <string.h>

struct type_names {
    const struct btf *btf;
    size_t count;
    const char *name[]; /* the BTF's */
};

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Types that memory can be shown as. */
static bool is_wanted(const struct btf *btf, uint32_t id)
{
    static const bool wanted[BTF_ENUM64 + 1] = {
        [BTF_INT] = true,  [BTF_STRUCT] = true, [BTF_UNION] = true,
        [BTF_ENUM] = true, [BTF_FLOAT] = true,  [BTF_TYPEDEF] = true,
    };
    return wanted[btf_kind(btf, id)] && *btf_name(btf, id);
}

bool type_names_use(struct type_names **names, const struct btf *btf)
{
    if (*names && (*names)->btf == btf)
        return true;
    type_names_destroy(*names);
    uint32_t ids = btf_count(btf);
    struct type_names *made = *names = malloc(sizeof *made + ids * sizeof *made->name);
    if (!made)
        return false;
    made->btf = btf;
    made->count = 0;
    for (uint32_t id = 1; id < ids; id++)
        if (is_wanted(btf, id))
            made->name[made->count++] = btf_name(btf, id);
    qsort(made->name, made->count, sizeof *made->name, compare);
    size_t kept = 0;
    for (size_t i = 0; i < made->count; i++)
        if (kept == 0 || strcmp(made->name[kept - 1], made->name[i]) != 0)
            made->name[kept++] = made->name[i];
    made->count = kept;
    return true;
}

void type_names_destroy(struct type_names *names)
{
    free(names);
}

/* The first name that is not less than `text` in its first `length` bytes (`after`: greater). */
static size_t bound(const struct type_names *names, const char *text, bool after)
{
    size_t low = 0, high = names->count, length = strlen(text);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strncmp(names->name[middle], text, length);
        if (order < 0 || (after && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool type_names_prefix(const struct type_names *names, const char *prefix, size_t *first,
                       size_t *last)
{
    *first = bound(names, prefix, false);
    *last = bound(names, prefix, true);
    return *first < *last;
}

const char *type_names_at(const struct type_names *names, size_t i)
{
    return names->name[i];
}
