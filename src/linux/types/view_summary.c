/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "linux/types/view_summary.h"
#include "linux/types/view.h"

#include <string.h>

static void tell(struct view_telling *telling, const char *name, const struct btf_member *member)
{
    telling->name[telling->count] = name;
    telling->member[telling->count++] = *member;
}

/* What takes one word to write. */
static bool is_scalar(const struct btf *btf, uint32_t type)
{
    enum btf_kind kind = btf_kind(btf, btf_strip(btf, type));
    return kind == BTF_INT || kind == BTF_ENUM || kind == BTF_ENUM64 || kind == BTF_PTR;
}

void view_telling(const struct btf *btf, uint32_t type, struct view_telling *telling)
{
    static const char *const names[] = {
        "pid",   "comm",     "name",   "d_name.name", "mnt_id",      "mnt_devname", "id",   "s_id",
        "i_ino", "vm_start", "vm_end", "nodename",    "object_size", "state",       "flags"};
    struct btf_member member;
    uint32_t bare = btf_strip(btf, type);
    *telling = (struct view_telling){.count = 0};
    for (size_t i = 0; i < sizeof names / sizeof *names && telling->count < VIEW_TELLING; i++)
        if (btf_path(btf, bare, names[i], &member) &&
            !btf_members(btf, btf_strip(btf, member.type)))
            tell(telling, names[i], &member);
    if (telling->count)
        return;
    for (uint32_t i = 0; i < btf_members(btf, bare) && !telling->more; i++) {
        member = btf_member(btf, bare, i);
        telling->more = telling->count == VIEW_TELLING;
        if (!telling->more && *member.name && is_scalar(btf, member.type))
            tell(telling, member.name, &member);
    }
}

bool view_summarize(const struct linux_context *linux, const struct view_telling *telling,
                    uint64_t va, struct text *text)
{
    for (unsigned i = 0; i < telling->count; i++) {
        const struct btf_member *member = &telling->member[i];
        struct view_row row;
        view_value(linux, NULL, NULL, member->type, va + member->bit_offset / 8,
                   (uint32_t)(member->bit_offset % 8), member->bits, &row);
        if (!row.readable)
            return false;
        /* Of a string the text matters, not where it lies. */
        text_add(text, "%s%s %s", i ? ", " : "", telling->name[i], row.value + row.string_at);
    }
    text_add(text, telling->more ? ", ..." : "");
    return telling->count;
}
