/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding types by name, and members by path. */
#include "linux/types/btf.h"

#include "linux/types/btf_private.h"

#include <stdlib.h>

/* Members looked at for one name, those of anonymous ones, too: what nests them exponentially is
 * not C.  The largest structs of kernels have some hundreds. */
#define LOOKS 10000

/* Smaller wins where a name means several types; 0: not in the hash. */
static unsigned rank(enum btf_kind kind)
{
    switch (kind) {
    case BTF_STRUCT:
        return 1;
    case BTF_UNION:
        return 2;
    case BTF_TYPEDEF:
        return 3;
    case BTF_ENUM:
    case BTF_ENUM64:
        return 4;
    case BTF_INT:
        return 5;
    case BTF_FLOAT:
        return 6;
    default:
        return 0;
    }
}

/* The first of a name and kind is found; to enter as many as there are would be quadratic. */
static bool is_hashed(const struct btf *btf, const struct btf_part *part, const char *name,
                      uint32_t hash, enum btf_kind kind)
{
    struct hash_search search = hash_search(&part->names, hash);
    uint32_t place;
    while ((place = hash_next(&search)) != HASH_NONE)
        if (btf_kind(btf, part->first + place) == kind &&
            strcmp(btf_name(btf, part->first + place), name) == 0)
            return true;
    return false;
}

bool btf_hash_names(const struct btf *btf, struct btf_part *part)
{
    for (uint32_t i = 0; i < part->count; i++) {
        uint32_t id = part->first + i;
        const char *name = btf_name(btf, id);
        enum btf_kind kind = btf_kind(btf, id);
        uint32_t hash = rank(kind) && *name ? hash_text(name) : 0;
        if (rank(kind) && *name && !is_hashed(btf, part, name, hash, kind) &&
            !hash_add(&part->names, hash, i))
            return false;
    }
    return true;
}

static bool kind_fits(enum btf_kind kind, enum btf_kind wanted)
{
    return wanted == BTF_VOID || kind == wanted || (wanted == BTF_ENUM && kind == BTF_ENUM64);
}

/* Of several of one rank the first. */
static uint32_t find_hashed(const struct btf *btf, const struct btf_part *part, const char *name,
                            uint32_t hash, enum btf_kind wanted)
{
    struct hash_search search = hash_search(&part->names, hash);
    uint32_t place, best = 0;
    unsigned best_rank = UINT32_MAX;
    while ((place = hash_next(&search)) != HASH_NONE) {
        uint32_t id = part->first + place;
        enum btf_kind kind = btf_kind(btf, id);
        unsigned this_rank = rank(kind);
        if (kind_fits(kind, wanted) && strcmp(btf_name(btf, id), name) == 0 &&
            (this_rank < best_rank || (this_rank == best_rank && id < best))) {
            best = id;
            best_rank = this_rank;
        }
    }
    return best;
}

static uint32_t find_slowly(const struct btf *btf, const char *name, enum btf_kind wanted)
{
    for (uint32_t id = 1; id < btf->count; id++)
        if (btf_kind(btf, id) == wanted && strcmp(btf_name(btf, id), name) == 0)
            return id;
    return 0;
}

/* Takes "struct " and the like away; false where that is not what is wanted. */
static bool without_keyword(const char **name, enum btf_kind *wanted)
{
    static const struct {
        const char *word;
        enum btf_kind kind;
    } keyword[] = {
        {"struct", BTF_STRUCT}, {"union", BTF_UNION}, {"enum", BTF_ENUM}, {"typedef", BTF_TYPEDEF}};
    *name += strspn(*name, " ");
    for (size_t i = 0; i < sizeof keyword / sizeof *keyword; i++) {
        size_t length = strlen(keyword[i].word);
        if (strncmp(*name, keyword[i].word, length) != 0 || (*name)[length] != ' ')
            continue;
        *name += length + strspn(*name + length, " ");
        if (*wanted != BTF_VOID && *wanted != keyword[i].kind)
            return false;
        *wanted = keyword[i].kind;
        return true;
    }
    return true;
}

uint32_t btf_find(const struct btf *btf, const char *name, enum btf_kind kind)
{
    if (!without_keyword(&name, &kind) || !*name)
        return 0;
    if (kind != BTF_VOID && !rank(kind))
        return find_slowly(btf, name, kind);
    uint32_t id = 0, hash = hash_text(name);
    for (size_t i = 0; i < btf->parts && !id; i++)
        id = find_hashed(btf, &btf->part[i], name, hash, kind);
    return id;
}

/* --- members -----------------------------------------------------------------------------------*/

static bool find_member(const struct btf *btf, uint32_t id, const char *name, size_t length,
                        unsigned *looks, struct btf_member *found)
{
    uint32_t n = btf_members(btf, id);
    for (uint32_t i = 0; i < n && *looks; i++) {
        --*looks;
        struct btf_member member = btf_member(btf, id, i);
        if (*member.name) {
            if (strncmp(member.name, name, length) != 0 || member.name[length])
                continue;
            *found = member;
            return true;
        }
        if (find_member(btf, btf_strip(btf, member.type), name, length, looks, found)) {
            found->bit_offset += member.bit_offset;
            return true;
        }
    }
    return false;
}

/* "[3]" at **path. */
static bool step_element(const struct btf *btf, uint32_t id, const char **path,
                         struct btf_member *found)
{
    char *end;
    if ((*path)[1] < '0' || (*path)[1] > '9' || btf_kind(btf, id) != BTF_ARRAY)
        return false;
    unsigned long long index = strtoull(*path + 1, &end, 0);
    uint32_t length = btf_array_length(btf, id);
    /* An array without a length is as long as who asks for an element says. */
    if (*end != ']' || index >= (length ? length : UINT32_MAX))
        return false;
    *found = (struct btf_member){.name = "", .type = btf_target(btf, id)};
    found->bit_offset = 8 * btf_size(btf, found->type) * index;
    *path = end + 1;
    return true;
}

/* "name" at **path. */
static bool step_member(const struct btf *btf, uint32_t id, const char **path,
                        struct budget *budget, struct btf_member *found)
{
    unsigned looks = LOOKS;
    size_t length = strcspn(*path, ".[");
    bool is_found = length && find_member(btf, id, *path, length, &looks, found);
    if (budget)
        budget_take(budget, LOOKS - looks);
    if (!is_found)
        return false;
    *path += length;
    return true;
}

bool btf_path(const struct btf *btf, uint32_t id, const char *path, struct btf_member *member)
{
    return btf_path_within(btf, id, path, NULL, member);
}

bool btf_path_within(const struct btf *btf, uint32_t id, const char *path, struct budget *budget,
                     struct btf_member *member)
{
    uint64_t bits_before = 0;
    struct btf_member found;
    for (bool start = true;; start = false) {
        id = btf_strip(btf, id);
        if (*path == '.' && !start)
            path++;
        else if (*path != '[' && !start)
            return false;
        bool good = *path == '[' ? step_element(btf, id, &path, &found)
                                 : step_member(btf, id, &path, budget, &found);
        if (!good || bits_before + found.bit_offset < bits_before)
            return false;
        found.bit_offset += bits_before;
        if (!*path) {
            *member = found;
            return true;
        }
        bits_before = found.bit_offset;
        id = found.type;
    }
}

bool btf_offset(const struct btf *btf, const char *type, const char *path, uint64_t *offset)
{
    struct btf_member member;
    uint32_t id = btf_find(btf, type, BTF_VOID);
    if (!id || !btf_path(btf, id, path, &member) || member.bits)
        return false;
    *offset = member.bit_offset / 8;
    return true;
}
