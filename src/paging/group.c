/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contiguous groups: whether the members say the same. */
#include "paging/paging.h"

#include "base/text.h"

static bool is_member(const struct paging *paging, enum entry_kind kind, uint64_t entry)
{
    return kind == ENTRY_LEAF && (entry & paging->arch->contiguous);
}

/* PA of a member's own part: a Svnapot entry names that of its whole group. */
static uint64_t own_pa(const struct paging *paging, unsigned level, unsigned index, uint64_t entry)
{
    uint64_t within = paging_leaf_size(paging, level, entry) - 1;
    return paging_target(paging, level, ENTRY_LEAF, entry) |
           (((uint64_t)index << paging->level[level].shift) & within);
}

static uint64_t shared(const struct paging *paging, unsigned level, uint64_t entry)
{
    return paging->arch->shared(paging_attributes(paging, level, entry));
}

/* What is wrong with a member, as another one sees it; NULL: nothing. */
static const char *disagreement(const struct paging *paging, unsigned level, uint64_t entry,
                                uint64_t expected_pa, unsigned index, uint64_t member)
{
    enum entry_kind kind = paging->arch->kind(paging, level, member);
    if (kind != ENTRY_LEAF)
        return kind == ENTRY_EMPTY ? "is empty" : "maps nothing";
    if (!is_member(paging, kind, member))
        return "is not marked as a member";
    if (shared(paging, level, member) != shared(paging, level, entry))
        return "has other attributes";
    if (own_pa(paging, level, index, member) != expected_pa)
        return "does not follow physically";
    return NULL;
}

void paging_group(const struct paging *paging, unsigned level, const uint64_t *table,
                  unsigned index, struct paging_group *group)
{
    unsigned count = 1u << paging->level[level].group;
    uint64_t entry = __atomic_load_n(&table[index], __ATOMIC_RELAXED);
    *group = (struct paging_group){0};
    if (count == 1 || !is_member(paging, paging->arch->kind(paging, level, entry), entry))
        return;
    group->first = index & ~(count - 1);
    group->count = count;
    uint64_t span = paging_span(paging, level);
    uint64_t pa = own_pa(paging, level, index, entry) - (index - group->first) * span;
    if (pa & (count * span - 1)) {
        group->broken = true;
        group->odd = index;
        group->why = "is not aligned as the group is";
    }
    for (unsigned i = group->first; i < group->first + count && !group->broken; i++) {
        uint64_t member = __atomic_load_n(&table[i], __ATOMIC_RELAXED);
        group->why = disagreement(paging, level, entry, pa, i, member);
        group->broken = group->why;
        group->odd = i;
        pa += span;
    }
}

const char *paging_group_name(const struct paging_group *group)
{
    return !group->count ? NULL : group->broken ? "broken" : "whole";
}

char *paging_group_text(const struct paging_group *group, char text[GROUP_TEXT])
{
    struct text line = text_over(text, GROUP_TEXT);
    if (group->count)
        text_add(&line, "%sgroup [%u-%u]", group->broken ? "broken " : "", group->first,
                 group->first + group->count - 1);
    if (group->broken)
        text_add(&line, ": [%u] %s", group->odd, group->why);
    return text;
}
