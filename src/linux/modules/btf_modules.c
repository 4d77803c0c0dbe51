/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Modules' split BTF, by the kernel's own list of it (kernel/bpf/btf.c: btf_modules, struct
 * btf_module, struct btf).  All hang on one list head; where no symbol names that, its
 * shape does: a list_head in the image whose first element is a btf_module, in which the BTF
 * and the module agree about name and size.
 */
#include "linux/modules/btf_modules.h"

#include "linux/lists/list_iterator.h"
#include "linux/types/btf_scan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PIECE       (UINT64_C(1) << 20)
#define MODULES_MAX 4096
#define TYPES_MAX   4000000 /* of all: what lies beyond is no kernel's */

/* What struct btf says of the BTF it holds. */
struct holder {
    uint64_t data, size;
    char name[BTF_MODULE_NAME];
};

static bool read_holder(const struct linux_context *linux, uint64_t va, struct holder *holder)
{
    struct object entry, of;
    return object_at(&entry, linux, "struct btf_module", va) && object_follow(&entry, "btf", &of) &&
           object_pointer(&of, "data", &holder->data) &&
           object_u64(&of, "data_size", &holder->size) &&
           object_string(&of, "name", holder->name, sizeof holder->name);
}

struct btf_list_search {
    const struct linux_context *linux;
    struct field list; /* of struct btf_module */
};

/* Does a struct btf_module lie at `va`? */
static bool is_entry(const struct btf_list_search *search, uint64_t va)
{
    struct holder holder;
    struct object entry, module;
    char name[BTF_MODULE_NAME];
    uint64_t size;
    if (!read_holder(search->linux, va, &holder) || !*holder.name ||
        !object_at(&entry, search->linux, "struct btf_module", va) ||
        !object_follow(&entry, "module", &module) ||
        !object_string(&module, "name", name, sizeof name) || strcmp(name, holder.name) != 0)
        return false;
    return !object_u64(&module, "btf_data_size", &size) || size == holder.size;
}

/* Is the pair of words at `va` a list's head, with a btf_module first? */
static bool is_head(const struct btf_list_search *search, uint64_t va, uint64_t next, uint64_t prev)
{
    uint64_t back, first;
    if ((next & 7) || (prev & 7) || next >> 56 == 0 || prev >> 56 == 0)
        return false;
    /* The elements were allocated: what points into the image itself is most of its pointers. */
    const struct kernel_image *image = &search->linux->image;
    if (kernel_image_holds(image, next) || kernel_image_holds(image, prev))
        return false;
    if (!memory_data_pointer(search->linux->memory, next, &first) ||
        !memory_read_u64(search->linux->memory, address_in(search->linux->memory->space, first + 8),
                         &back) ||
        back != va)
        return false;
    return is_entry(search, first - search->list.offset);
}

static bool search_words(const struct btf_list_search *search, uint64_t va, const uint64_t *word,
                         size_t words, uint64_t *list)
{
    for (size_t i = 0; i + 1 < words; i++) {
        if (!is_head(search, va + 8 * i, word[i], word[i + 1]))
            continue;
        *list = va + 8 * i;
        return true;
    }
    return false;
}

static bool search_image(const struct btf_list_search *search, uint64_t *word, uint64_t *list)
{
    const struct kernel_image *image = &search->linux->image;
    uint64_t end = image->va + image->size, va = (image->va + 7) & ~UINT64_C(7);
    while (va < end) {
        struct range range;
        memory_range(search->linux->memory, address_in(search->linux->memory->space, va), &range);
        uint64_t left = (range.last < end - 1 ? range.last : end - 1) - va + 1;
        uint64_t piece = left < PIECE ? left : PIECE;
        if (range.kind != RANGE_DATA) {
            va += left;
            continue;
        }
        size_t got = memory_read_at(search->linux->memory, range.offset, word, (size_t)piece);
        if (search_words(search, va, word, got / 8, list))
            return true;
        /* The last word is looked at again: a pair may start there. */
        va += piece > 8 && piece < left ? piece - 8 : piece;
    }
    return false;
}

static bool find_list(const struct linux_context *linux, uint64_t *list)
{
    const struct kernel_image *image = &linux->image;
    struct btf_list_search search = {.linux = linux};
    if (!linux->memory->paging || image->va + image->size < image->va ||
        !field_of(linux->btf, "struct btf_module", "list", &search.list))
        return false;
    uint64_t *word = malloc(PIECE);
    bool found = word && search_image(&search, word, list);
    free(word);
    return found;
}

static bool load_one(const struct linux_context *linux, uint64_t va, struct error *err)
{
    struct holder holder;
    size_t length;
    if (!read_holder(linux, va, &holder))
        return error_set(err, "no struct btf_module can be read at v:%" PRIx64, va);
    for (char *c = holder.name; *c; c++)
        *c = *c < 0x20 || *c > 0x7e ? '.' : *c;
    void *bytes = btf_read(linux->memory, holder.data, holder.size, &length, err);
    return (bytes && btf_extend(linux->btf, holder.name, bytes, length, err)) ||
           error_context(err, "types of module %s", holder.name);
}

void btf_modules_load(struct btf_modules *modules, const struct linux_context *linux)
{
    struct list_iterator walk;
    struct object entry;
    struct error err;
    *modules = (struct btf_modules){0};
    if (!find_list(linux, &modules->list_va) ||
        !list_iterator_start(&walk, linux, "btf_module", "list", modules->list_va, false, &err))
        return;
    walk.most = MODULES_MAX;
    while (btf_count(linux->btf) < TYPES_MAX && list_iterator_next(&walk, &entry)) {
        if (load_one(linux, entry.va, &err))
            modules->count++;
        else if (!modules->bad++) {
            modules->why = err;
            modules->why.va = entry.va;
        }
    }
    list_iterator_end(&walk);
}
