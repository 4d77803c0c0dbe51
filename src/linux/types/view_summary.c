/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "linux/types/view_summary.h"
#include "linux/types/view.h"
#include "memory/memory.h"

#include <string.h>

static void add_field(struct summary_fields *fields, const char *name,
                      const struct btf_member *member)
{
    fields->name[fields->count] = name;
    fields->member[fields->count++] = *member;
}

/* What takes one word to write. */
static bool is_scalar(const struct btf *btf, uint32_t type)
{
    enum btf_kind kind = btf_kind(btf, btf_strip(btf, type));
    return kind == BTF_INT || kind == BTF_ENUM || kind == BTF_ENUM64 || kind == BTF_PTR;
}

void view_summary_fields(const struct linux_context *linux, uint32_t type,
                         struct summary_fields *fields)
{
    static const char *const names[] = {
        "pid",   "comm",     "name",   "d_name.name", "mnt_id",      "mnt_devname", "id",   "s_id",
        "i_ino", "vm_start", "vm_end", "nodename",    "object_size", "state",       "flags"};
    const struct btf *btf = linux->btf;
    struct budget *budget = memory_budget(linux->memory);
    struct btf_member member;
    uint32_t bare = btf_strip(btf, type);
    *fields = (struct summary_fields){.count = 0};
    for (size_t i = 0; i < sizeof names / sizeof *names && fields->count < VIEW_SUMMARY_FIELDS; i++)
        if (btf_path_within(btf, bare, names[i], budget, &member) &&
            !btf_members(btf, btf_strip(btf, member.type)))
            add_field(fields, names[i], &member);
    if (fields->count)
        return;
    for (uint32_t i = 0; i < btf_members(btf, bare) && !fields->more; i++) {
        member = btf_member(btf, bare, i);
        fields->more = fields->count == VIEW_SUMMARY_FIELDS;
        if (!fields->more && *member.name && is_scalar(btf, member.type))
            add_field(fields, member.name, &member);
    }
}

bool view_summarize(const struct linux_context *linux, const struct summary_fields *fields,
                    uint64_t va, struct text *text)
{
    for (unsigned i = 0; i < fields->count; i++) {
        const struct btf_member *member = &fields->member[i];
        struct view_row row;
        view_value(linux, NULL, NULL, member->type, va + member->bit_offset / 8,
                   (uint32_t)(member->bit_offset % 8), member->bits, &row);
        if (!row.readable)
            return false;
        /* Of a string the text matters, not where it lies. */
        text_add(text, "%s%s %s", i ? ", " : "", fields->name[i], row.value + row.string_at);
    }
    text_add(text, fields->more ? ", ..." : "");
    return fields->count;
}
