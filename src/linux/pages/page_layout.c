/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where struct page keeps what (include/linux/mm_types.h), and which numbers mean what
 * (include/linux/page-flags.h): by BTF, and without it by what VMCOREINFO says.  The ways in
 * which kernels mark a page's type are told apart by the names that are there.
 */
#include "base/text.h"
#include "linux/pages/page_private.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The offset of the first of these members that there is. */
static int member(const struct btf *btf, const char *type, const char *const *names, size_t count)
{
    uint64_t offset;
    for (size_t i = 0; btf && i < count; i++)
        if (btf_offset(btf, type, names[i], &offset) && offset < PAGE_STRUCT_MAX)
            return (int)offset;
    return NO_MEMBER;
}

static int member_or_note(const struct linux_context *linux, const char *name)
{
    char key[64], text[24];
    int offset = member(linux->btf, "page", &name, 1);
    uint64_t value = 0;
    if (offset != NO_MEMBER || !linux->info)
        return offset;
    struct text builder = TEXT_OVER(key);
    text_add(&builder, "OFFSET(page.%s)", name);
    if (!vmcoreinfo_text(linux->info, key, text, sizeof text))
        return NO_MEMBER;
    for (const char *c = text; *c; c++) {
        if (*c < '0' || *c > '9' || value >= PAGE_STRUCT_MAX)
            return NO_MEMBER;
        value = value * 10 + (uint64_t)(*c - '0');
    }
    return value < PAGE_STRUCT_MAX ? (int)value : NO_MEMBER;
}

bool page_constant(const struct btf *btf, const char *type, const char *name, uint64_t *value)
{
    uint32_t id = btf ? btf_find(btf, type, BTF_ENUM) : 0;
    for (uint32_t i = 0; id && i < btf_values(btf, id); i++) {
        int64_t number;
        if (strcmp(btf_value(btf, id, i, &number), name) == 0) {
            *value = (uint64_t)number;
            return true;
        }
    }
    return false;
}

/* A flag of enum pageflags as a mask; 0: none. */
static uint64_t flag(const struct linux_context *linux, const char *name)
{
    uint64_t bit;
    if (!page_constant(linux->btf, "pageflags", name, &bit) &&
        !(linux->info && vmcoreinfo_number(linux->info, name, &bit)))
        return 0;
    return bit < 64 ? UINT64_C(1) << bit : 0;
}

/* PAGE_x_MAPCOUNT_VALUE is ~flag (inverted bits, 4.18 to 6.11), or the type in the top byte. */
static struct type_rule rule_of_value(uint32_t value)
{
    uint32_t bit = ~value;
    if (bit && !(bit & (bit - 1))) {
        /* PAGE_TYPE_BASE: 0xf0000000 with flags from 0x80 on, 0x80000000 with flags below it. */
        uint32_t top = bit >= 0x01000000 ? 0x80000000u : 0xf0000000u;
        return (struct type_rule){top | bit, top};
    }
    if (!(value & 0xffffff) && value >> 31)
        return (struct type_rule){0xff000000u, value};
    return (struct type_rule){UINT32_MAX, value}; /* before 4.18: the mapcount itself */
}

/* By enum pagetype (PGTY_x: 6.12; PG_x in it: 6.11), else VMCOREINFO, else what was a macro. */
static struct type_rule rule(const struct linux_context *linux, const char *name, const char *note,
                             uint32_t macro)
{
    char text[64];
    uint64_t value, base;
    struct text builder = TEXT_OVER(text);
    text_add(&builder, "PGTY_%s", name);
    if (page_constant(linux->btf, "pagetype", text, &value))
        return (struct type_rule){0xff000000u, (uint32_t)value << 24};
    builder = TEXT_OVER(text);
    text_add(&builder, "PG_%s", name);
    if (page_constant(linux->btf, "pagetype", text, &value) &&
        page_constant(linux->btf, "pagetype", "PAGE_TYPE_BASE", &base))
        return (struct type_rule){(uint32_t)(base | value), (uint32_t)base};
    builder = TEXT_OVER(text);
    text_add(&builder, "PAGE_%s_MAPCOUNT_VALUE", note);
    if (linux->info && vmcoreinfo_number(linux->info, text, &value))
        return rule_of_value((uint32_t)value);
    if (!macro || page_constant(linux->btf, "pagetype", "PGTY_buddy", &value) ||
        page_constant(linux->btf, "pagetype", "PG_buddy", &value))
        return (struct type_rule){0, 0};
    return rule_of_value(~macro);
}

static void types_of(struct page_layout *layout, const struct linux_context *linux)
{
    layout->buddy = rule(linux, "buddy", "BUDDY", 0x80);
    layout->offline = rule(linux, "offline", "OFFLINE", 0x100);
    layout->slab = rule(linux, "slab", "SLAB", 0);
    layout->hugetlb = rule(linux, "hugetlb", "HUGETLB", 0);
    layout->table = rule(linux, "table", "TABLE", 0);
    layout->guard = rule(linux, "guard", "GUARD", 0);
    /* Without names: buddy's way of writing tells which numbers its neighbours have. */
    if (!layout->table.mask && layout->buddy.mask == 0xff000000u)
        layout->table = (struct type_rule){0xff000000u, 0xf2000000u};
    else if (!layout->table.mask && layout->buddy.value == 0xf0000000u)
        layout->table = rule_of_value(~UINT32_C(0x200));
    else if (!layout->table.mask && layout->buddy.value == 0x80000000u)
        layout->table = rule_of_value(~UINT32_C(0x10000000));
}

/* Three ways to say hugetlb before it became a type. */
static void hugetlb_of(struct page_layout *layout, const struct linux_context *linux)
{
    static const char *const dtor[] = {"compound_dtor"};
    static const char *const folio_dtor[] = {"_folio_dtor"};
    uint64_t value;
    layout->tail_dtor = layout->tail_flags = NO_MEMBER;
    if (layout->hugetlb.mask)
        return;
    if (page_constant(linux->btf, "pageflags", "PG_hugetlb", &value) && value < 64) {
        layout->tail_flags = layout->flags;
        layout->hugetlb_flag = UINT64_C(1) << value;
        return;
    }
    if (!page_constant(linux->btf, "compound_dtor_id", "HUGETLB_PAGE_DTOR",
                       &layout->hugetlb_dtor) &&
        !(linux->info &&
          vmcoreinfo_number(linux->info, "HUGETLB_PAGE_DTOR", &layout->hugetlb_dtor)))
        return;
    layout->tail_dtor = member_or_note(linux, dtor[0]);
    int folio = member(linux->btf, "folio", folio_dtor, 1);
    if (layout->tail_dtor == NO_MEMBER && folio >= (int)layout->size)
        layout->tail_dtor = folio - (int)layout->size;
    if (layout->tail_dtor >= (int)layout->size)
        layout->tail_dtor = NO_MEMBER;
}

static void members_of(struct page_layout *layout, const struct linux_context *linux)
{
    static const char *const flags[] = {"flags.f", "flags"};
    static const char *const index[] = {"index", "__folio_index"};
    static const char *const cache[] = {"slab_cache"};
    static const char *const head[] = {"compound_head", "compound_info"};
    layout->flags = member(linux->btf, "page", flags, COUNT(flags));
    if (layout->flags == NO_MEMBER)
        layout->flags = member_or_note(linux, "flags");
    layout->refcount = member_or_note(linux, "_refcount");
    layout->mapcount = member_or_note(linux, "_mapcount");
    layout->mapping = member_or_note(linux, "mapping");
    layout->lru = member_or_note(linux, "lru");
    layout->private = member_or_note(linux, "private");
    layout->head = member(linux->btf, "page", head, COUNT(head));
    if (layout->head == NO_MEMBER)
        layout->head = member_or_note(linux, "compound_head");
    layout->index = member(linux->btf, "page", index, COUNT(index));
    layout->cache = member(linux->btf, "slab", cache, 1);
    if (layout->cache == NO_MEMBER) /* before 5.17 */
        layout->cache = member(linux->btf, "page", cache, 1);
}

static unsigned order_most(const struct linux_context *linux)
{
    char text[24];
    uint32_t zone = linux->btf ? btf_find(linux->btf, "zone", BTF_STRUCT) : 0;
    struct btf_member areas;
    unsigned count = 0;
    if (zone && btf_path(linux->btf, zone, "free_area", &areas))
        count = btf_array_length(linux->btf, areas.type);
    else if (linux->info &&
             vmcoreinfo_text(linux->info, "LENGTH(zone.free_area)", text, sizeof text))
        for (const char *c = text; *c >= '0' && *c <= '9' && count < 100; c++)
            count = count * 10 + (unsigned)(*c - '0');
    return count && count <= ORDER_MAX + 1 ? count - 1 : ORDER_MAX;
}

static void lists_of(struct page_layout *layout, const struct linux_context *linux)
{
    struct field lists;
    uint64_t types;
    if (linux->btf && field_of(linux->btf, "per_cpu_pages", "lists", &lists))
        layout->pcp_lists = btf_array_length(linux->btf, lists.type);
    if (layout->pcp_lists > 64)
        layout->pcp_lists = 0;
    bool known = page_constant(linux->btf, "migratetype", "MIGRATE_PCPTYPES", &types);
    layout->pcp_types = known && types && types < 16 ? (unsigned)types : 3;
}

bool page_layout_of(struct page_layout *layout, const struct linux_context *linux,
                    struct error *err)
{
    char text[24];
    uint32_t page = linux->btf ? btf_find(linux->btf, "page", BTF_STRUCT) : 0;
    *layout = (struct page_layout){.size = page ? btf_size(linux->btf, page) : 0};
    if (!page && linux->info && vmcoreinfo_text(linux->info, "SIZE(page)", text, sizeof text))
        for (const char *c = text; *c >= '0' && *c <= '9' && layout->size <= PAGE_STRUCT_MAX; c++)
            layout->size = layout->size * 10 + (uint64_t)(*c - '0');
    if (!layout->size)
        return error_set(err, "neither types nor VMCOREINFO say what a struct page is");
    if (layout->size < 32 || layout->size > PAGE_STRUCT_MAX || layout->size % 8)
        return error_set(err, "a struct page of %llu bytes cannot be",
                         (unsigned long long)layout->size);
    members_of(layout, linux);
    const int needed[] = {layout->refcount, layout->mapcount, /* of 4 bytes; then those of 8 */
                          layout->flags,    layout->mapping,  layout->head,
                          layout->lru,      layout->private};
    for (size_t i = 0; i < COUNT(needed); i++)
        if (needed[i] == NO_MEMBER || (uint64_t)needed[i] + (i < 2 ? 4 : 8) > layout->size)
            return error_set(err, "struct page lacks a member that its kind depends on");
    if (layout->index != NO_MEMBER && (uint64_t)layout->index + 8 > layout->size)
        layout->index = NO_MEMBER;
    if (layout->cache != NO_MEMBER && (uint64_t)layout->cache + 8 > layout->size)
        layout->cache = NO_MEMBER;
    layout->reserved = flag(linux, "PG_reserved");
    layout->head_flag = flag(linux, "PG_head");
    if (!layout->head_flag && linux->info)
        vmcoreinfo_number(linux->info, "PG_head_mask", &layout->head_flag);
    layout->swapbacked = flag(linux, "PG_swapbacked");
    layout->poison = flag(linux, "PG_hwpoison");
    types_of(layout, linux);
    if (!layout->slab.mask)
        layout->slab_flag = flag(linux, "PG_slab");
    hugetlb_of(layout, linux);
    layout->order_most = order_most(linux);
    lists_of(layout, linux);
    return true;
}

void page_view_of(const struct page_layout *layout, uint64_t va, const uint8_t *bytes,
                  struct page_view *view)
{
    *view = (struct page_view){
        .va = va,
        .flags = load_le64(bytes + layout->flags),
        .mapping = load_le64(bytes + layout->mapping),
        .head = load_le64(bytes + layout->head),
        .type = load_le32(bytes + layout->mapcount),
        .refcount = (int32_t)load_le32(bytes + layout->refcount),
        .bytes = bytes,
    };
}
