/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all modes have in common: fields, canonical addresses, names. */
#include "paging/paging.h"

#include "base/text.h"

#include <string.h>

/* RISC-V Svnapot: a PTE with N set maps 64 KiB; PPN[3:0] is 1000 then (privileged spec 5.1). */
#define NAPOT_BIT  (UINT64_C(1) << 63)
#define NAPOT_SIZE UINT64_C(0x10000)

static bool is_napot(const struct paging *paging, unsigned level, uint64_t entry)
{
    return paging->has_napot && level + 1u == paging->levels && (entry & NAPOT_BIT);
}

uint64_t paging_leaf_size(const struct paging *paging, unsigned level, uint64_t entry)
{
    return is_napot(paging, level, entry) ? NAPOT_SIZE : paging_span(paging, level);
}

uint64_t paging_target(const struct paging *paging, unsigned level, enum entry_kind kind,
                       uint64_t entry)
{
    uint64_t pa = (entry & paging->address_mask) << paging->address_shift;
    for (int i = 0; i < 2; i++) {
        const struct paging_field *field = &paging->high[i];
        uint64_t bits = (entry >> field->from) & ((UINT64_C(1) << field->bits) - 1);
        pa |= bits << field->to;
    }
    if (kind == ENTRY_LEAF)
        pa &= ~(paging_leaf_size(paging, level, entry) - 1);
    else if (level + 1u < paging->levels) {
        /* A table smaller than a page keeps its alignment bits: 64 bytes at least. */
        size_t size = paging_table_size(paging, level + 1);
        pa &= ~(uint64_t)(size - 1);
    }
    return pa;
}

/* The entry bits that hold address bits elsewhere than in their place. */
static uint64_t high_fields(const struct paging *paging)
{
    uint64_t mask = 0;
    for (int i = 0; i < 2; i++)
        mask |= ((UINT64_C(1) << paging->high[i].bits) - 1) << paging->high[i].from;
    return mask;
}

/* The bits of an entry that hold its address: those below a leaf's size are attributes (x86 PAT
 * in large pages). */
static uint64_t address_bits(const struct paging *paging, uint64_t size)
{
    uint64_t below = (size - 1) >> paging->address_shift;
    return (paging->address_mask & ~below) | high_fields(paging);
}

uint64_t paging_attributes(const struct paging *paging, unsigned level, uint64_t entry)
{
    return entry & ~address_bits(paging, paging_leaf_size(paging, level, entry));
}

uint64_t paging_canonical(const struct paging *paging, uint64_t va)
{
    unsigned sign = paging->arch->split_roots ? 55u : paging->va_bits - 1u;
    uint64_t low = (UINT64_C(1) << paging->va_bits) - 1;
    return va >> sign & 1 ? va | ~low : va & low;
}

bool paging_is_canonical(const struct paging *paging, uint64_t va)
{
    uint64_t canonical = paging_canonical(paging, va);
    uint64_t ignored = 0;
    if (paging->arch->top_byte_ignored_user && !paging_is_kernel_half(paging, va))
        ignored = UINT64_C(0xff) << 56;
    return ((canonical ^ va) & ~ignored) == 0;
}

bool paging_is_kernel_half(const struct paging *paging, uint64_t va)
{
    return va >> (paging->arch->split_roots ? 55 : 63) & 1;
}

uint64_t paging_half_first(const struct paging *paging, bool kernel_half)
{
    unsigned bits = paging->arch->split_roots ? paging->va_bits : paging->va_bits - 1u;
    return kernel_half ? ~((UINT64_C(1) << bits) - 1) : 0;
}

uint64_t paging_half_last(const struct paging *paging, bool kernel_half)
{
    return kernel_half ? UINT64_MAX : ~paging_half_first(paging, true);
}

static unsigned flag_kind(const struct paging *paging, unsigned level, uint64_t entry)
{
    switch (paging->arch->kind(paging, level, entry)) {
    case ENTRY_TABLE:
        return FLAG_TABLE;
    case ENTRY_LEAF:
        return level + 1u == paging->levels ? FLAG_PAGE : FLAG_BLOCK;
    case ENTRY_EMPTY:
    case ENTRY_NOT_PRESENT:
    case ENTRY_RESERVED:
    case ENTRY_MISSING:
        break;
    }
    return 0;
}

static bool flag_holds(const struct paging *paging, const struct paging_flag *flag, unsigned kind,
                       uint64_t entry)
{
    /* With LPA2 bits 9:8 are address, not shareability. */
    return (flag->kinds & kind) && !(flag->mask & high_fields(paging)) &&
           ((flag->kinds & FLAG_NUMBER) || (entry & flag->mask) == flag->value);
}

static void add_flag(struct text *text, const struct paging_flag *flag, uint64_t entry)
{
    uint64_t lowest = flag->mask & -flag->mask;
    text_add(text, "%s", flag->name);
    if (flag->kinds & FLAG_NUMBER)
        text_add(text, "=%u", (unsigned)((entry & flag->mask) / lowest));
}

char *paging_flags_text(const struct paging *paging, unsigned level, uint64_t entry, char *text,
                        size_t size)
{
    struct text flags = text_over(text, size);
    unsigned kind = flag_kind(paging, level, entry);
    for (const struct paging_flag *flag = paging->arch->flags; flag->name; flag++) {
        if ((flag->kinds & FLAG_DETAIL) || !flag_holds(paging, flag, kind, entry))
            continue;
        text_add(&flags, "%s", flags.length ? " " : "");
        add_flag(&flags, flag, entry);
    }
    if (paging->arch->kind(paging, level, entry) == ENTRY_NOT_PRESENT)
        text_add(&flags, "%s", paging->arch->absent(entry));
    return text;
}

size_t paging_facts(const struct paging *paging, unsigned level, uint64_t entry,
                    struct paging_fact fact[PAGING_FACTS])
{
    unsigned kind = flag_kind(paging, level, entry);
    uint64_t size = kind == FLAG_TABLE ? 1 : paging_span(paging, level);
    uint64_t unsaid = entry & ~address_bits(paging, size);
    size_t count = 0;
    if (kind == 0)
        return 0;
    for (const struct paging_flag *flag = paging->arch->flags; flag->name; flag++) {
        if (flag->kinds & kind)
            unsaid &= ~flag->mask;
        if (count == PAGING_FACTS || !flag_holds(paging, flag, kind, entry))
            continue;
        struct text name = TEXT_OVER(fact[count].name);
        add_flag(&name, flag, entry);
        fact[count++].meaning = flag->meaning;
    }
    for (unsigned bit = 0; bit < 64 && count < PAGING_FACTS; bit++)
        if (unsaid >> bit & 1) {
            struct text name = TEXT_OVER(fact[count].name);
            text_add(&name, "bit %u", bit);
            fact[count++].meaning = NULL;
        }
    return count;
}

const char *paging_kind_name(const struct paging *paging, unsigned level, enum entry_kind kind)
{
    switch (kind) {
    case ENTRY_EMPTY:
        return "empty";
    case ENTRY_NOT_PRESENT:
        return "not-present";
    case ENTRY_TABLE:
        return "table";
    case ENTRY_LEAF:
        return level + 1u == paging->levels ? "page" : "block";
    case ENTRY_MISSING:
        return "missing";
    case ENTRY_RESERVED:
        break;
    }
    return "reserved";
}

char *access_text(struct access access, char text[ACCESS_TEXT])
{
    uint8_t bits = access.user ? access.user : access.kernel;
    text[0] = bits & ACCESS_R ? 'r' : '-';
    text[1] = bits & ACCESS_W ? 'w' : '-';
    text[2] = bits & ACCESS_X ? 'x' : '-';
    text[3] = access.user ? 'u' : 'k';
    text[4] = '\0';
    return text;
}
